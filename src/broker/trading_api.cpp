#include "trading_api.h"

#include <utility>

#include "sentio/core/time.h"
#include "sentio/log/log.h"
#include "sentio/net/html_page.h"

namespace sentio {
namespace {

constexpr std::size_t kOrdersPage = 500;
constexpr std::size_t kActivitiesPage = 100;
constexpr std::chrono::milliseconds kReadTimeout{5'000};

Errc errc_of(const ApiError& error) {
  switch (refusal(error)) {
    case Refusal::unauthorized:
      return Errc::unauthorized;
    case Refusal::not_found:
      return Errc::not_found;
    case Refusal::server_error:
    case Refusal::rate_limited:
      return Errc::network;
    default:
      return Errc::rejected;
  }
}

}  // namespace

Result<std::string> TradingApi::get(std::string path, Query query, Urgency urgency, int attempts_max) {
  HttpRequest request;
  request.path = std::move(path);
  request.query = std::move(query);
  request.total_timeout = kReadTimeout;
  RetryOptions options;
  options.attempts_max = attempts_max;
  for (int attempt = 0;; ++attempt) {
    if (!budget_.wait(urgency)) return fail(Errc::network, request.path, "shutting down");
    HttpOutcome outcome = client_.request(request);
    const RetryDecision decision = classify("GET", outcome, attempt, now_(), ++seed_, options);
    budget_.observe(decision);
    if (decision.verdict == RetryVerdict::retry) {
      log_line(LogLevel::info, "http_retry", {{"path", request.path}, {"tries", attempt + 1}, {"wait_ms", decision.delay}});
      if (!budget_.sleep(decision.delay)) return fail(Errc::network, request.path, "shutting down");
      continue;
    }
    if (outcome.kind != HttpOutcome::Kind::ok) return tl::unexpected(std::move(outcome.error));
    if (outcome.response.status == 200) {
      if (is_html_page(outcome.response.body)) return fail(Errc::network, request.path, kHtmlPage);
      return std::move(outcome.response.body);
    }
    const ApiError error = parse_api_error(outcome.response.status, outcome.response.body);
    return fail(errc_of(error), request.path, describe(error));
  }
}

WriteOutcome TradingApi::write(std::string method, std::string path, Query query,
                               std::optional<std::string> body, Urgency urgency) {
  if (!budget_.wait(urgency)) return {.kind = WriteOutcome::Kind::stopped};
  HttpRequest request;
  request.method = std::move(method);
  request.path = std::move(path);
  request.query = std::move(query);
  request.body = std::move(body);
  HttpOutcome outcome = client_.request(request);
  const RetryDecision decision = classify(request.method, outcome, 0, now_(), ++seed_);
  budget_.observe(decision);
  WriteOutcome result;
  result.sent_at = outcome.sent_at;
  if (outcome.kind != HttpOutcome::Kind::ok) {
    // A refused certificate stays refused: retrying is the owner's limited patience.
    result.kind = decision.never_acted ? WriteOutcome::Kind::not_sent : WriteOutcome::Kind::ambiguous;
    result.why = outcome.error.message();
    return result;
  }
  const int status = outcome.response.status;
  if (status >= 200 && status < 300) {
    result.kind = WriteOutcome::Kind::done;
    result.body = std::move(outcome.response.body);
    return result;
  }
  result.error = parse_api_error(status, outcome.response.body);
  result.why = describe(result.error);
  switch (refusal(result.error)) {
    case Refusal::rate_limited:
      result.kind = WriteOutcome::Kind::not_sent;
      break;
    case Refusal::server_error:
      result.kind = WriteOutcome::Kind::ambiguous;
      break;
    default:
      result.kind = WriteOutcome::Kind::refused;
      break;
  }
  return result;
}

Result<AlpacaOrder> TradingApi::order_by_client_id(std::string_view id, Urgency urgency, int attempts_max) {
  return get("/v2/orders:by_client_order_id", {{"client_order_id", std::string(id)}}, urgency, attempts_max)
      .and_then([](const std::string& body) { return parse_order(body); });
}

Result<AlpacaOrder> TradingApi::order_by_id(const std::string& id, Urgency urgency, int attempts_max) {
  return get("/v2/orders/" + id, {}, urgency, attempts_max).and_then([](const std::string& body) {
    return parse_order(body);
  });
}

Result<std::vector<AlpacaOrder>> TradingApi::orders_after(TimePoint after) {
  std::vector<AlpacaOrder> all;
  Query query{{"status", "all"},
              {"limit", std::to_string(kOrdersPage)},
              {"direction", "asc"},
              {"after", format_utc(std::chrono::floor<std::chrono::seconds>(after))}};
  for (;;) {
    const auto body = get("/v2/orders", query, Urgency::background);
    if (!body) return tl::unexpected(body.error());
    auto page = parse_orders(*body);
    if (!page) return tl::unexpected(std::move(page).error());
    const bool full = page->size() >= kOrdersPage;
    if (full) {
      // Pages by order id: equal submission times would be lost paging by time, which excludes its bound.
      query.back() = {"after_order_id", page->back().id};
    }
    all.insert(all.end(), std::make_move_iterator(page->begin()), std::make_move_iterator(page->end()));
    if (!full || all.size() > 20 * kOrdersPage) return all;
  }
}

Result<std::vector<Activity>> TradingApi::activities_after(TimePoint after) {
  std::vector<Activity> all;
  Query query{{"direction", "asc"},
              {"page_size", std::to_string(kActivitiesPage)},
              {"after", format_utc(std::chrono::floor<std::chrono::seconds>(after))}};
  for (;;) {
    auto page = get("/v2/account/activities", query, Urgency::background).and_then([](const std::string& body) {
      return parse_activities(body);
    });
    if (!page) return tl::unexpected(std::move(page).error());
    const bool full = page->size() >= kActivitiesPage;
    if (full) {
      const std::string last = std::visit([](const auto& row) { return row.id; }, page->back());
      if (query.size() == 3) query.emplace_back("page_token", last);
      query.back().second = last;
    }
    all.insert(all.end(), std::make_move_iterator(page->begin()), std::make_move_iterator(page->end()));
    if (!full || all.size() > 100 * kActivitiesPage) return all;
  }
}

Result<std::vector<Activity>> TradingApi::fills_of(const std::string& order_id) {
  return get("/v2/account/activities/FILL", {{"order_id", order_id}, {"direction", "asc"}},
             Urgency::background, 2)
      .and_then([](const std::string& body) { return parse_activities(body); });
}

}  // namespace sentio
