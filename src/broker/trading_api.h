#pragma once
/// Alpaca's trading REST calls, blocking, one connection.

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "request_budget.h"
#include "sentio/broker/alpaca_wire.h"
#include "sentio/net/http_client.h"

namespace sentio {

/// What is known after a POST or DELETE. Only `done` and `refused` are answers.
struct WriteOutcome {
  enum class Kind {
    done,       // 2xx: `body` is the answer
    refused,    // the server said no and did nothing: `error`
    not_sent,   // nothing left this machine, or 429: sending it again is safe
    ambiguous,  // it may have acted
    stopped,    // we are shutting down
  };
  Kind kind = Kind::ambiguous;
  std::string body;
  ApiError error;
  std::string why;  ///< for not_sent and ambiguous
  std::chrono::steady_clock::time_point sent_at{};
};

/// Threads  one at a time; cancel() from any. Keys live in the client's default headers and never come out.
class TradingApi {
 public:
  using Query = std::vector<std::pair<std::string, std::string>>;
  TradingApi(HttpClient client, RequestBudget& budget, std::function<TimePoint()> now, std::uint64_t seed)
      : client_(std::move(client)), budget_(budget), now_(std::move(now)), seed_(seed) {}

  /// The body of a 200, after as many tries as the policy allows. Errc::not_found for 404, ::unauthorized for
  /// 401 and "forbidden.", ::network where a web page came instead of JSON.
  [[nodiscard]] Result<std::string> get(std::string path, Query query, Urgency urgency, int attempts_max = 4);
  /// One send, never repeated here.
  [[nodiscard]] WriteOutcome write(std::string method, std::string path, Query query,
                                   std::optional<std::string> body, Urgency urgency);

  [[nodiscard]] Result<AlpacaOrder> order_by_client_id(std::string_view id, Urgency urgency,
                                                       int attempts_max = 4);
  [[nodiscard]] Result<AlpacaOrder> order_by_id(const std::string& id, Urgency urgency, int attempts_max = 4);
  /// All orders submitted after that instant, whatever their status, oldest first.
  [[nodiscard]] Result<std::vector<AlpacaOrder>> orders_after(TimePoint after);
  /// Of every kind, created after that instant, oldest first.
  [[nodiscard]] Result<std::vector<Activity>> activities_after(TimePoint after);
  [[nodiscard]] Result<std::vector<Activity>> fills_of(const std::string& order_id);

  void cancel() { client_.cancel(); }

 private:
  HttpClient client_;
  RequestBudget& budget_;
  std::function<TimePoint()> now_;
  std::uint64_t seed_;
};

}  // namespace sentio
