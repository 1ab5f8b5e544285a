#pragma once
/// The REST side: authentication, limits, faults, then the route.

#include "book/exchange.h"
#include "wire/http_types.h"
#include "wire/json_wire.h"

namespace sentio::exchange {

/// Counts calls per simulated minute, like the real token windows.
class RateLimit {
 public:
  explicit RateLimit(int per_minute) : per_minute_(per_minute) {}
  /// False when this call is one too many.
  bool take(TimePoint now);
  void describe(HttpReply& reply) const;  ///< X-RateLimit-* headers

 private:
  int per_minute_;
  int used_ = 0;
  TimePoint window_{};
};

class HttpRoutes {
 public:
  explicit HttpRoutes(Exchange& exchange);
  [[nodiscard]] HttpReply handle(const HttpRequest& request);

 private:
  [[nodiscard]] HttpReply answer(const HttpRequest& request, bool data);
  [[nodiscard]] bool authorized(const HttpRequest& request) const;
  [[nodiscard]] HttpReply route(const HttpRequest& request, const Call& call);
  /// Faults that strike before anything is done.
  [[nodiscard]] std::optional<HttpReply> struck(const HttpRequest& request, const Call& call);
  /// Faults that spoil an answer on its way.
  void spoil(HttpReply& reply, const Call& call);

  Exchange* exchange_;
  RateLimit trading_limit_, data_limit_;
  std::uint64_t next_request_ = 1;
};

// ---- what the route files offer -----------------------------------------------------------------

[[nodiscard]] HttpReply json_reply(int status, const Json& body);
[[nodiscard]] HttpReply refusal_reply(const Refusal& refusal);
[[nodiscard]] HttpReply not_found_reply(const std::string& what);
/// 400 as the data API says it.
[[nodiscard]] HttpReply bad_request(const std::string& message);
[[nodiscard]] bool truth(std::string_view text);  ///< "true", "True", "1"

[[nodiscard]] HttpReply account_route(Exchange& exchange,
                                      const HttpRequest& request);  ///< /v2/account…
[[nodiscard]] HttpReply activities_route(const Exchange& exchange, const HttpRequest& request);
[[nodiscard]] HttpReply positions_route(Exchange& exchange, const HttpRequest& request);
[[nodiscard]] HttpReply orders_route(Exchange& exchange, const HttpRequest& request);
[[nodiscard]] HttpReply reference_route(Exchange& exchange,
                                        const HttpRequest& request);  ///< clock, calendar, assets
[[nodiscard]] HttpReply stocks_route(Exchange& exchange, const HttpRequest& request);      ///< /v2/stocks/…
[[nodiscard]] HttpReply aggregates_route(Exchange& exchange, const HttpRequest& request);  ///< Polygon

}  // namespace sentio::exchange
