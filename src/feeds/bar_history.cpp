#include "sentio/feeds/bar_history.h"

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <utility>

#include "json_items.h"
#include "sentio/log/log.h"
#include "sentio/net/html_page.h"
#include "sentio/net/http_client.h"
#include "sentio/net/rate_limit.h"
#include "sentio/net/retry.h"

namespace sentio {
namespace {

constexpr int kPagesMax = 2'000;  // a server that never ends a list

/// Why the server says no: its JSON's `message` (Alpaca) or `error` (Polygon); of a web page only that it is one.
std::string reason_in(std::string_view body) {
  if (is_html_page(body)) return kHtmlPage;
  const items::Json j = items::parse(body);
  std::string text = items::text(j, "message");
  if (text.empty()) text = items::text(j, "error");
  return items::tamed(text.empty() && !j.is_object() ? body : std::string_view(text));
}

/// GETs within the quota, repeated where that is allowed.
class DataClient {
 public:
  DataClient(HttpClient client, const BarHistoryOptions& options)
      : client_(std::move(client)),
        time_(options.time),
        now_(options.now ? options.now : [] { return TimePoint{std::chrono::system_clock::now()}; }),
        bucket_(options.requests_per_minute, std::max(1, options.requests_per_minute / 5)) {}

  struct Reply {
    std::string body;
    TimePoint server_now;
  };
  Result<Reply> get(HttpRequest& request, const FetchPatience& patience) {
    RetryOptions options;
    options.attempts_max = patience.tries;
    for (int attempt = 0;; ++attempt) {
      for (auto wait = bucket_.wait(time_.now()); !bucket_.try_take(time_.now());
           wait = bucket_.wait(time_.now())) {
        if (patience.until) return fail(Errc::timed_out, "history", "the quota of requests is used up");
        if (!sleep(wait)) return fail(Errc::network, "history", "shutting down");
      }
      request.total_timeout = time_for(patience);
      if (request.total_timeout->count() <= 0) return fail(Errc::timed_out, "history", "not in time");
      HttpOutcome outcome = client_.request(request);
      const RetryDecision decision = classify("GET", outcome, attempt, now_(), ++seed_, options);
      if (decision.verdict == RetryVerdict::retry) {
        log_line(LogLevel::info, "http_retry",
                 {{"path", request.path.substr(0, request.path.find('?'))}, {"tries", attempt + 1}, {"wait_ms", decision.delay}});
        if (!sleep(decision.delay)) return fail(Errc::network, "history", "shutting down");
        continue;
      }
      if (outcome.kind != HttpOutcome::Kind::ok) return tl::unexpected(std::move(outcome.error));
      if (outcome.response.status != 200) return refused(outcome.response);
      if (is_html_page(outcome.response.body)) return fail(Errc::network, "history", kHtmlPage);
      return reply(std::move(outcome.response));
    }
  }

  void cancel() {
    {
      const std::lock_guard lock(mutex_);
      stopped_ = true;
    }
    changed_.notify_all();
    client_.cancel();
  }

 private:
  static std::chrono::milliseconds time_for(const FetchPatience& patience) {
    if (!patience.until) return patience.try_max;
    const auto left = *patience.until - std::chrono::steady_clock::now();
    return std::min(patience.try_max, std::chrono::floor<std::chrono::milliseconds>(left));
  }
  Reply reply(HttpResponse response) const {
    TimePoint server = now_();
    // The server's own clock says which minutes are over; the earlier of the two is the safe one.
    if (const auto date = response.header("Date"))
      server = std::min(server, parse_http_date(*date).value_or(server));
    return {std::move(response.body), server};
  }
  static tl::unexpected<Error> refused(const HttpResponse& response) {
    const int status = response.status;
    const Errc code = status == 401                    ? Errc::unauthorized
                      : status >= 500 || status == 429 ? Errc::network
                                                       : Errc::rejected;
    const std::string why = reason_in(response.body);
    return fail(code, "history", "the data server answered " + std::to_string(status) + (why.empty() ? "" : ": " + why));
  }
  bool sleep(std::chrono::nanoseconds span) {
    std::unique_lock lock(mutex_);
    return !time_.pause(lock, changed_, span, [this] { return stopped_; });
  }

  HttpClient client_;
  Timeline time_;
  std::function<TimePoint()> now_;
  TokenBucket bucket_;
  std::uint64_t seed_ = 0;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool stopped_ = false;
};

void sort_bars(std::vector<SymbolBar>& bars) {
  std::stable_sort(bars.begin(), bars.end(), [](const SymbolBar& a, const SymbolBar& b) {
    return a.symbol != b.symbol ? a.symbol < b.symbol : a.bar.start < b.bar.start;
  });
}

class AlpacaHistory final : public BarHistory {
 public:
  AlpacaHistory(const Universe& universe, BarHistoryOptions options, HttpClient client)
      : universe_(universe), feed_(options.feed), client_(std::move(client), options) {}

  FetchedBars fetch_some(TimePoint from, TimePoint to, const FetchPatience& patience) override {
    FetchedBars fetched;
    if (auto done = fetch_pages(from, to, patience, fetched.bars); !done) fetched.error = std::move(done).error();
    sort_bars(fetched.bars);
    return fetched;
  }
  void cancel() override { client_.cancel(); }

 private:
  Result<> fetch_pages(TimePoint from, TimePoint to, const FetchPatience& patience, std::vector<SymbolBar>& all) {
    HttpRequest request;
    request.path = "/v2/stocks/bars";
    std::string token;
    for (int page_number = 0; page_number < kPagesMax; ++page_number) {
      request.query = alpaca_bars_query(universe_, from, to, feed_, token);
      const auto reply = client_.get(request, patience);
      if (!reply) return tl::unexpected(reply.error());
      auto page = parse_alpaca_bars(reply->body, universe_, reply->server_now);
      if (!page) return tl::unexpected(std::move(page).error());
      all.insert(all.end(), page->bars.begin(), page->bars.end());
      if (!page->next) return {};
      token = std::move(*page->next);
    }
    return fail(Errc::malformed, "history", "a list without end");
  }

  const Universe& universe_;
  std::string feed_;
  DataClient client_;
};

class PolygonHistory final : public BarHistory {
 public:
  PolygonHistory(const Universe& universe, const BarHistoryOptions& options, HttpClient client)
      : universe_(universe), client_(std::move(client), options) {}

  FetchedBars fetch_some(TimePoint from, TimePoint to, const FetchPatience& patience) override {
    FetchedBars fetched;
    for (std::size_t i = 0; i < universe_.size() && !fetched.error; ++i) {
      const auto symbol = static_cast<SymbolId>(i);
      if (auto added = fetch_symbol(symbol, from, to, patience, fetched.bars); !added) {
        fetched.error = std::move(added).error();
      }
    }
    sort_bars(fetched.bars);
    return fetched;
  }
  void cancel() override { client_.cancel(); }

 private:
  Result<> fetch_symbol(SymbolId symbol, TimePoint from, TimePoint to, const FetchPatience& patience,
                        std::vector<SymbolBar>& all) {
    HttpRequest request;
    request.path = polygon_aggs_path(universe_[symbol].name, from, to);
    for (int page_number = 0; page_number < kPagesMax; ++page_number) {
      const auto reply = client_.get(request, patience);
      if (!reply) return tl::unexpected(reply.error());
      auto page = parse_polygon_aggs(reply->body, symbol, reply->server_now);
      if (!page) return tl::unexpected(std::move(page).error());
      all.insert(all.end(), page->bars.begin(), page->bars.end());
      if (!page->next) return {};
      request.path = std::move(*page->next);
    }
    return fail(Errc::malformed, "history", "a list without end");
  }

  const Universe& universe_;
  DataClient client_;
};

Result<HttpClient> make_client(const BarHistoryOptions& options, HeaderList headers) {
  if (options.key_id.empty()) return fail(Errc::usage, "history", "the API key is missing");
  HttpClientOptions http;
  http.base_url = options.base_url;
  http.default_headers = std::move(headers);
  http.extra_ca_file = options.extra_ca_file;
  http.plain_text_allowed = options.plain_text_allowed;
  return HttpClient::create(std::move(http));
}

}  // namespace

Result<std::unique_ptr<BarHistory>> make_alpaca_history(const Universe& universe, BarHistoryOptions options) {
  auto client = make_client(
      options, {{"APCA-API-KEY-ID", options.key_id}, {"APCA-API-SECRET-KEY", options.secret_key}});
  if (!client) return tl::unexpected(std::move(client).error());
  return std::make_unique<AlpacaHistory>(universe, std::move(options), std::move(*client));
}

Result<std::unique_ptr<BarHistory>> make_polygon_history(const Universe& universe,
                                                         BarHistoryOptions options) {
  auto client = make_client(options, {{"Authorization", "Bearer " + options.key_id}});
  if (!client) return tl::unexpected(std::move(client).error());
  return std::make_unique<PolygonHistory>(universe, options, std::move(*client));
}

}  // namespace sentio
