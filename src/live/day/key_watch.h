#pragma once
/// Whether the broker still takes our keys, by what it said. Pure: time comes with the calls.

#include <algorithm>
#include <chrono>
#include <optional>

#include "sentio/core/time.h"

namespace sentio {

/// Good keys are refused now and then, and one refusal must not cost the day's entries: they wait until the account has
/// been read again. Only where the account itself is refused half a minute after that is the day without more of them.
class KeyWatch {
 public:
  enum class Verdict {
    nothing,  // as it was
    suspend,  // no entries until the account can be read
    lift,     // it can
    latch     // no more entries today
  };

  /// A 401 or its like, to any question or order.
  [[nodiscard]] Verdict refused(TimePoint now) {
    if (latched_ || since_) return Verdict::nothing;
    since_ = now;
    look_at_ = now;
    pause_ = kFirstPause;
    return Verdict::suspend;
  }
  /// The account was asked for at `asked`, and refused.
  [[nodiscard]] Verdict account_refused(TimePoint asked, TimePoint now) {
    if (latched_ || !since_) return refused(now);
    if (asked < *since_ + kLatchAfter) return Verdict::nothing;
    latched_ = true;
    look_at_.reset();
    return Verdict::latch;
  }
  /// The account was asked for at `asked`, and read. What was asked before the refusal says nothing.
  [[nodiscard]] Verdict account_read(TimePoint asked) {
    if (latched_ || !since_ || asked < *since_) return Verdict::nothing;
    since_.reset();
    look_at_.reset();
    return Verdict::lift;
  }

  /// While entries wait: when the account is to be asked for next, with pauses that grow to a minute.
  [[nodiscard]] std::optional<TimePoint> look_at() const { return look_at_; }
  void looked(TimePoint now) {
    if (!look_at_) return;
    look_at_ = now + pause_;
    pause_ = std::min<std::chrono::nanoseconds>(2 * pause_, kLongestPause);
  }

 private:
  static constexpr std::chrono::seconds kLatchAfter{30}, kFirstPause{5}, kLongestPause{60};

  std::optional<TimePoint> since_;    ///< of the first refusal, while entries wait
  std::optional<TimePoint> look_at_;
  std::chrono::nanoseconds pause_{kFirstPause};
  bool latched_ = false;
};

}  // namespace sentio
