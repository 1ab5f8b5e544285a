#pragma once
/// When to connect a socket again: pure state, time is passed in.

#include <chrono>
#include <cstdint>
#include <optional>

#include "sentio/core/time.h"

namespace sentio {

struct ReconnectOptions {
  std::chrono::nanoseconds delay_min{std::chrono::seconds{1}};
  std::chrono::nanoseconds delay_max{std::chrono::seconds{60}};
  /// Pause after HTTP 429 on the upgrade, and after a server said "too many connections".
  std::chrono::nanoseconds crowded_delay{std::chrono::seconds{60}};
  /// A connection must live this long to count as a success. Not "authenticated": Polygon accepts a newcomer,
  /// and only then tells it max_connections.
  std::chrono::nanoseconds survival_min{std::chrono::seconds{10}};
  int tries_max = 20;  ///< failures in a row before giving up; at least 5
};

/// Why the last connection, or try, ended.
enum class ConnectionEnd {
  lost,     // dropped, timed out, refused, closed by the server
  crowded,  // HTTP 429, or max_connections: wait crowded_delay at least
  hopeless  // credentials or plan refused: before anything has worked, trying again changes nothing
};

/// Maps the status of a refused upgrade: 429 crowded, other 4xx hopeless, else lost (0 = none).
[[nodiscard]] ConnectionEnd connection_end(int http_status);

/// Usage: opened(now) when a socket opened; worked() when it did what it is for; ended(now, why) when it, or a try,
/// ended.
class ReconnectState {
 public:
  /// Checks tries_max ≥ 5.
  ReconnectState(const ReconnectOptions& options, std::uint64_t seed);

  void opened(TimePoint now);
  /// What has worked once is worth every further try, with growing pauses: servers refuse good keys now and then, and
  /// shares may be held.
  void worked() { worked_ = true; }
  /// The instant of the next try; none, only before worked(): give up.
  [[nodiscard]] std::optional<TimePoint> ended(TimePoint now, ConnectionEnd why);
  /// Ends in a row without a connection that survived.
  [[nodiscard]] int failures() const { return failures_; }

 private:
  ReconnectOptions options_;
  std::uint64_t seed_;
  std::optional<TimePoint> opened_at_;
  int failures_ = 0;
  bool worked_ = false;
};

}  // namespace sentio
