#pragma once
/// What to do after an HTTP request: pure policy, no clock, no I/O.

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

#include "sentio/core/time.h"
#include "sentio/net/http_client.h"

namespace sentio {

struct RetryOptions {
  int attempts_max = 5;  ///< sends in all, the first included
  std::chrono::nanoseconds delay_min{std::chrono::seconds{1}};
  std::chrono::nanoseconds delay_max{std::chrono::seconds{30}};
  /// A server's wish (Retry-After, X-RateLimit-Reset) is honoured up to here: a wrong header or a wrong clock
  /// must not silence us for the day.
  std::chrono::nanoseconds server_delay_max{std::chrono::minutes{2}};
  /// Overrides is_idempotent(method); ignored for POST, which is never repeated automatically.
  std::optional<bool> idempotent;
};

enum class RetryVerdict {
  done,       // an answer to read: 1xx, 2xx, 3xx
  retry,      // send the same request again after `delay`
  ambiguous,  // the server may have acted: look it up before anything else
  fatal,      // repeating it unchanged is useless, not allowed here, or was tried often enough
};

struct RetryDecision {
  RetryVerdict verdict = RetryVerdict::done;
  std::chrono::nanoseconds delay{0};  ///< retry, and the length of the pause where pause_all
  bool pause_all = false;             ///< 429: every request to this host waits for `delay`
  /// The server cannot have acted on it (not sent, 429, another 4xx). A POST that ends `fatal` with this set
  /// may be submitted again by its owner, under the same client_order_id.
  bool never_acted = false;
};

/// GET and HEAD only. DELETE is left out on purpose: DELETE /v2/positions sells.
[[nodiscard]] bool is_idempotent(std::string_view method);

/// `attempt` counts from 0 for the first send. 5xx and 408 count as "may have acted".
[[nodiscard]] RetryDecision classify(std::string_view method, const HttpOutcome& outcome, int attempt,
                                     TimePoint now, std::uint64_t seed, const RetryOptions& options = {});

/// "Wed, 21 Oct 2015 07:28:00 GMT" (RFC 9110 §5.6.7), the only form servers may send today, and nothing after it.
[[nodiscard]] std::optional<TimePoint> parse_http_date(std::string_view text);

/// When the server wants to be asked again: the later of Retry-After (seconds or an HTTP date) and
/// X-RateLimit-Reset (epoch seconds); none if neither is there or readable.
[[nodiscard]] std::optional<TimePoint> resume_time(const HttpResponse& response, TimePoint now);

/// The pause every request of one account shares after a 429.
class RequestPause {
 public:
  void observe(const RetryDecision& decision, TimePoint now);
  [[nodiscard]] std::chrono::nanoseconds remaining(TimePoint now) const;

 private:
  TimePoint until_{};
};

}  // namespace sentio
