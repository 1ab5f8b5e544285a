#pragma once
/// Token bucket without a clock.

#include <chrono>
#include <cstdint>

#include "sentio/core/check.h"
#include "sentio/core/time.h"

namespace sentio {

/// Allows `burst` requests at once and `per_minute` in the long run: in any span of length d at most
/// burst + d · per_minute / 60 s. Full at the start.
///
/// Kept as the one instant at which the bucket will be full again (no floating point, no drift); the cost of
/// a token is 60 s / per_minute, rounded up to a nanosecond. A `now` before an earlier one counts as that
/// earlier one. Threads: one at a time.
class TokenBucket {
 public:
  TokenBucket(std::int64_t per_minute, std::int64_t burst)
      : token_cost_{(kMinute.count() + per_minute - 1) / checked_positive(per_minute)},
        capacity_{token_cost_ * checked_positive(burst)} {}

  /// Takes a token if there is one.
  [[nodiscard]] bool try_take(TimePoint now) {
    if (wait(now) > std::chrono::nanoseconds{0}) return false;
    full_at_ = (full_at_ > latest_ ? full_at_ : latest_) + token_cost_;
    return true;
  }

  /// Time until try_take would succeed; 0: now.
  [[nodiscard]] std::chrono::nanoseconds wait(TimePoint now) {
    if (now > latest_) latest_ = now;
    const std::chrono::nanoseconds owed = full_at_ - latest_ + token_cost_ - capacity_;
    return owed > std::chrono::nanoseconds{0} ? owed : std::chrono::nanoseconds{0};
  }

 private:
  static constexpr std::chrono::nanoseconds kMinute{std::chrono::minutes{1}};
  static std::int64_t checked_positive(std::int64_t n) {
    SENTIO_CHECK(n > 0);
    return n;
  }

  std::chrono::nanoseconds token_cost_;
  std::chrono::nanoseconds capacity_;
  TimePoint latest_{};
  TimePoint full_at_{};
};

}  // namespace sentio
