#pragma once
/// Real time, or a rehearsal's: `pace` seconds pass in a real one.

#include <chrono>

#include "sentio/core/check.h"
#include "sentio/core/time.h"

namespace sentio {

/// Monotonic. Threads: free to share.
class PacedTime {
 public:
  explicit PacedTime(double pace) : pace_(pace) { SENTIO_CHECK(pace > 0); }
  [[nodiscard]] TimePoint now() const {
    const std::chrono::duration<double, std::nano> real = std::chrono::steady_clock::now() - start_;
    return TimePoint{std::chrono::nanoseconds{static_cast<std::int64_t>(real.count() * pace_)}};
  }
  /// How long that span lasts on the wall.
  [[nodiscard]] std::chrono::nanoseconds real(std::chrono::nanoseconds span) const {
    return std::chrono::nanoseconds{static_cast<std::int64_t>(static_cast<double>(span.count()) / pace_)};
  }

 private:
  double pace_;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

}  // namespace sentio
