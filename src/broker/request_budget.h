#pragma once
/// Who may send a request to the trading host, and when.

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <utility>

#include "sentio/log/log.h"
#include "sentio/net/rate_limit.h"
#include "sentio/net/retry.h"
#include "sentio/net/timeline.h"

namespace sentio {

enum class Urgency { exit, entry, background };

/// One account's quota of 200 requests a minute, shared by all threads.
///
/// Everything takes from a common bucket that never gives more than 150 in any minute; polls and queries also
/// from one of their own (70), so that they cannot use up what orders need; exits and cancels, where the
/// common one is empty, from a reserve of 45. A 429 silences everybody until the server's reset, but exits for
/// five seconds only: shares that must go are worth asking again. Threads any.
class RequestBudget {
 public:
  explicit RequestBudget(Timeline time) : time_(std::move(time)) {}

  /// Blocks until the request may be sent; false once stop() was called.
  [[nodiscard]] bool wait(Urgency urgency) {
    std::unique_lock lock(mutex_);
    while (!stopped_) {
      const auto span = take(urgency);
      if (span <= std::chrono::nanoseconds{0}) return true;
      (void)time_.pause(lock, changed_, span, [this] { return stopped_; });
    }
    return false;
  }
  /// Sleeps between two tries of one request; false once stop() was called.
  [[nodiscard]] bool sleep(std::chrono::nanoseconds span) {
    std::unique_lock lock(mutex_);
    return !time_.pause(lock, changed_, span, [this] { return stopped_; });
  }
  void observe(const RetryDecision& decision) {
    const std::lock_guard lock(mutex_);
    pause_.observe(decision, time_.now());
    if (!decision.pause_all) return;
    exits_from_ = time_.now() + std::chrono::seconds{5};
    log_line(LogLevel::warn, "requests_pause", {{"ms", decision.delay}});
  }
  void stop() {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
    changed_.notify_all();
  }

 private:
  /// 0: taken. Otherwise how long to wait before asking again.
  std::chrono::nanoseconds take(Urgency urgency) {
    const TimePoint now = time_.now();
    auto pause = pause_.remaining(now);
    if (urgency == Urgency::exit) pause = std::min<std::chrono::nanoseconds>(pause, exits_from_ - now);
    if (pause > std::chrono::nanoseconds{0}) return pause;
    if (urgency == Urgency::background) {
      const auto span = std::max(common_.wait(now), background_.wait(now));
      if (span > std::chrono::nanoseconds{0}) return span;
      return common_.try_take(now) && background_.try_take(now) ? std::chrono::nanoseconds{0}
                                                                : std::chrono::milliseconds{10};
    }
    if (common_.try_take(now)) return std::chrono::nanoseconds{0};
    if (urgency == Urgency::exit && reserve_.try_take(now)) return std::chrono::nanoseconds{0};
    return urgency == Urgency::exit ? std::min(common_.wait(now), reserve_.wait(now)) : common_.wait(now);
  }

  Timeline time_;
  std::mutex mutex_;
  std::condition_variable changed_;
  // burst + rate is what the worst minute may see.
  TokenBucket common_{120, 30}, background_{60, 10}, reserve_{30, 15};
  RequestPause pause_;
  TimePoint exits_from_{};
  bool stopped_ = false;
};

}  // namespace sentio
