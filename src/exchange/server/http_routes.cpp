#include "server/http_routes.h"

#include <array>
#include <cstdio>

namespace sentio::exchange {

namespace {

constexpr std::string_view kUnauthorizedPage =
    "<html>\r\n<head><title>401 Authorization Required</title></head>\r\n<body>\r\n"
    "<center><h1>401 Authorization Required</h1></center>\r\n</body>\r\n</html>\r\n";

/// A hotel's or an office's log-in page, or one of maintenance.
constexpr std::string_view kPortalPage =
    "<html>\r\n<head><title>Welcome</title></head>\r\n<body>Please log in to use this "
    "network.</body>\r\n</html>\r\n";

HttpReply html(int status, std::string body) {
  HttpReply reply;
  reply.status = status;
  reply.content_type = "text/html";
  reply.body = std::move(body);
  return reply;
}

HttpReply coded(int status, int code, std::string_view message) {
  return json_reply(status, Json{{"code", code}, {"message", message}});
}

/// What wrong, mixed-up or restricted keys were seen to get: no code.
HttpReply forbidden_reply() {
  return json_reply(403, Json{{"message", "forbidden."}});
}

/// The body the real service was seen to give with that status.
HttpReply status_reply(int status) {
  switch (status) {
    case 401:
      return coded(401, 40110000, "request is not authorized");
    case 403:
      return coded(403, 40310000, "forbidden");
    case 429:
      return coded(429, 42910000, "rate limit exceeded");
    case 500:
      return coded(500, 50010000, "internal server error occurred");
    default:
      return html(status, "<html><body><h1>" + std::to_string(status) + "</h1></body></html>\r\n");
  }
}

bool polygon(const HttpRequest& request) {
  for (const char* prefix : {"/v2/aggs/", "/v2/last/", "/v2/snapshot/", "/v1/", "/v3/reference/"}) {
    if (request.path.starts_with(prefix)) return true;
  }
  return false;
}

bool starts_with_segment(std::string_view path, std::string_view prefix) {
  return path.starts_with(prefix) && (path.size() == prefix.size() || path[prefix.size()] == '/');
}

}  // namespace

bool RateLimit::take(TimePoint now) {
  const TimePoint window = std::chrono::floor<std::chrono::minutes>(now);
  if (window != window_) used_ = 0;
  window_ = window;
  ++used_;
  return per_minute_ == 0 || used_ <= per_minute_;
}

void RateLimit::describe(HttpReply& reply) const {
  const int limit = per_minute_ == 0 ? 1'000'000 : per_minute_;
  reply.headers.emplace_back("X-RateLimit-Limit", std::to_string(limit));
  reply.headers.emplace_back("X-RateLimit-Remaining", std::to_string(std::max(0, limit - used_)));
  reply.headers.emplace_back("X-RateLimit-Reset",
                             std::to_string(epoch_seconds(window_ + std::chrono::minutes{1})));
}

HttpReply json_reply(int status, const Json& body) {
  HttpReply reply;
  reply.status = status;
  reply.body = body.dump(-1, ' ', false, Json::error_handler_t::replace);
  return reply;
}

HttpReply refusal_reply(const Refusal& refusal) {
  return json_reply(refusal.http_status, refusal_json(refusal));
}

HttpReply not_found_reply(const std::string& what) {
  return coded(404, 40410000, what);
}

HttpReply bad_request(const std::string& message) {
  return json_reply(400, Json{{"message", message}});
}

bool truth(std::string_view text) {
  return text == "true" || text == "True" || text == "TRUE" || text == "1";
}

HttpRoutes::HttpRoutes(Exchange& exchange)
    : exchange_(&exchange),
      trading_limit_(exchange.options().rate_limit_per_minute),
      data_limit_(exchange.options().rate_limit_per_minute) {}

HttpReply HttpRoutes::handle(const HttpRequest& request) {
  exchange_->sync();
  exchange_->count_request();
  const bool data = starts_with_segment(request.path, "/v2/stocks") || polygon(request);
  RateLimit& limit = data ? data_limit_ : trading_limit_;
  const bool allowed = limit.take(exchange_->now());
  HttpReply reply = allowed ? answer(request, data) : status_reply(429);
  exchange_->flush_updates();
  limit.describe(reply);
  std::array<char, 33> id{};
  const auto number = static_cast<unsigned long long>(next_request_++);
  std::snprintf(id.data(), id.size(), "%016llx%016llx", number * 0x9e3779b97f4a7c15ULL, number);
  reply.headers.emplace_back("X-Request-ID", id.data());
  return reply;
}

HttpReply HttpRoutes::answer(const HttpRequest& request, bool data) {
  const Call call{request.method, request.path, request.path.starts_with("/v2/orders"), data};
  std::chrono::milliseconds delay{0};
  if (const auto slow = exchange_->faults().take_for_call(FaultKind::slow_rest, exchange_->now(), call)) {
    const double speed = exchange_->lock_step() ? 1 : exchange_->options().speed;
    delay = std::chrono::milliseconds{
        static_cast<std::int64_t>(1000.0 * static_cast<double>(slow->amount.count()) / speed)};
  }
  HttpReply reply = route(request, call);
  spoil(reply, call);
  reply.delay = delay;
  return reply;
}

HttpReply HttpRoutes::route(const HttpRequest& request, const Call& call) {
  if (auto reply = struck(request, call)) return *std::move(reply);
  if (!authorized(request)) {
    if (polygon(request)) {
      return json_reply(401, Json{{"status", "ERROR"}, {"request_id", "0"}, {"error", "Unknown API Key"}});
    }
    if (exchange_->wrong_keys_forbidden()) return forbidden_reply();
    const bool page = call.data || starts_with_segment(request.path, "/v2/clock") ||
                      starts_with_segment(request.path, "/v2/calendar");
    if (page) return html(401, std::string(kUnauthorizedPage));
    return json_reply(401, Json{{"message", "unauthorized."}});
  }
  if (polygon(request)) return aggregates_route(*exchange_, request);
  if (call.data) return stocks_route(*exchange_, request);
  if (starts_with_segment(request.path, "/v2/account")) return account_route(*exchange_, request);
  if (starts_with_segment(request.path, "/v2/positions")) return positions_route(*exchange_, request);
  if (call.orders) return orders_route(*exchange_, request);
  return reference_route(*exchange_, request);
}

bool HttpRoutes::authorized(const HttpRequest& request) const {
  const std::string_view authorization = request.header("authorization");
  if (polygon(request)) {
    if (authorization.starts_with("Bearer ")) return exchange_->polygon_key_matches(authorization.substr(7));
    return exchange_->polygon_key_matches(request.query_or("apiKey", ""));
  }
  const ExchangeOptions& options = exchange_->options();
  if (authorization.starts_with("Basic ")) {
    return authorization.substr(6) == base64(options.key_id + ":" + options.secret);
  }
  return exchange_->credentials_match(request.header("apca-api-key-id"),
                                      request.header("apca-api-secret-key"));
}

std::optional<HttpReply> HttpRoutes::struck(const HttpRequest& request, const Call& call) {
  const auto take = [&](FaultKind kind) {
    return exchange_->faults().take_for_call(kind, exchange_->now(), call);
  };
  if (const auto status = take(FaultKind::http_status)) return status_reply(status->http_status);
  if (take(FaultKind::forbidden)) return forbidden_reply();
  if (take(FaultKind::portal)) return html(200, std::string(kPortalPage));
  if (take(FaultKind::hang)) {
    HttpReply reply;
    reply.hangs = true;
    return reply;
  }
  if (!call.orders || request.method != "POST") return std::nullopt;
  const bool cut = exchange_->faults().take(FaultKind::accept_then_cut, exchange_->now()).has_value();
  if (!cut && !exchange_->faults().take(FaultKind::accept_then_500, exchange_->now())) return std::nullopt;
  if (!authorized(request)) return std::nullopt;
  HttpReply taken = orders_route(*exchange_, request);
  if (taken.status != 200) return taken;  // refused anyway: nothing was accepted that could get lost
  HttpReply reply = status_reply(500);
  reply.cut = cut;
  return reply;
}

void HttpRoutes::spoil(HttpReply& reply, const Call& call) {
  if (exchange_->faults().take_for_call(FaultKind::garbage, exchange_->now(), call)) {
    reply.body.resize(reply.body.size() / 2);
  }
  reply.trailers = exchange_->faults().take_for_call(FaultKind::trailers, exchange_->now(), call).has_value();
}

}  // namespace sentio::exchange
