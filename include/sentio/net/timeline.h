#pragma once
/// Whose seconds back-offs, polls and quotas count: the wall's, a faster wall's, or a rehearsal's in lock step.

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "sentio/core/time.h"

namespace sentio {

/// Time that stands still until its owner moves it, and a register of who has something to do when: the owner
/// moves it only where nobody is at work, and no further than to what comes next: settled() knows both.
///
/// While nobody drives (start-up, shutdown) a pause lasts a moment of real time and moves time by itself, so
/// that a call that backs off can still end.
/// Threads  any.
class SteppedTime {
 public:
  explicit SteppedTime(TimePoint start) : now_(start) {}

  [[nodiscard]] TimePoint now() const;
  /// The owner's clock says `clock`; time goes there (never back) and everybody who waits looks again.
  void move_to(TimePoint clock);
  /// From here on pauses wait for move_to(), or (false) no longer do.
  void drive(bool on);
  /// nullopt: something that is due is unfinished. Otherwise when the next thing is due, on the owner's clock;
  /// TimePoint::max() where nothing is.
  [[nodiscard]] std::optional<TimePoint> settled() const;

 private:
  friend class Timeline;
  void add_due(TimePoint when);
  void remove_due(TimePoint when);
  /// `pausing`: the caller holds a token whose time has come. Wakes at `until`, at a notification, or a little
  /// later for no reason.
  void wait(std::unique_lock<std::mutex>& lock, std::condition_variable& changed, TimePoint until, bool pausing);

  mutable std::mutex mutex_;
  TimePoint now_;
  std::chrono::nanoseconds ahead_{0};  ///< of the owner's clock, by pauses that nobody drove
  bool driven_ = false;
  std::multiset<TimePoint> dues_, pauses_;
  std::vector<std::condition_variable*> sleepers_;
};

/// A handle to one of three clocks; copies share it. Threads: free to share.
class Timeline {
 public:
  /// `pace` seconds pass in a real one. Monotonic.
  Timeline() : Timeline(1.0) {}
  explicit Timeline(double pace);
  explicit Timeline(std::shared_ptr<SteppedTime> stepped);

  [[nodiscard]] TimePoint now() const;

  /// While it lives there is something to do from `when` on. One per thread: what queues up behind work that
  /// pauses must not count as unfinished beside it. No effect but in lock step.
  class Due {
   public:
    Due() = default;
    Due(std::shared_ptr<SteppedTime> stepped, TimePoint when) : stepped_(std::move(stepped)), when_(when) {
      if (stepped_) stepped_->add_due(when_);
    }
    ~Due() { reset(); }
    Due(Due&& other) noexcept : stepped_(std::move(other.stepped_)), when_(other.when_) {}
    Due& operator=(Due&& other) noexcept {
      // The new one counts before the old one goes: no moment in between looks quiet.
      std::shared_ptr<SteppedTime> old = std::exchange(stepped_, std::move(other.stepped_));
      const TimePoint old_when = std::exchange(when_, other.when_);
      if (old) old->remove_due(old_when);
      return *this;
    }
    void reset() {
      if (stepped_) std::exchange(stepped_, nullptr)->remove_due(when_);
    }

   private:
    std::shared_ptr<SteppedTime> stepped_;
    TimePoint when_{};
  };
  [[nodiscard]] Due due(TimePoint when) const { return {stepped_, when}; }

  /// One wait on `changed` until `until`, a notification, or no reason: call it in a loop.
  void wait(std::unique_lock<std::mutex>& lock, std::condition_variable& changed, TimePoint until) const;
  /// Sleeps for `span` in the middle of work (the caller holds a Due whose time has come) unless `stop()` holds.
  /// Returns stop().
  template <class Stop>
  bool pause(std::unique_lock<std::mutex>& lock, std::condition_variable& changed, std::chrono::nanoseconds span,
             Stop stop) const {
    const TimePoint until = now() + span;
    while (!stop() && now() < until) wait_once(lock, changed, until, true);
    return stop();
  }

 private:
  void wait_once(std::unique_lock<std::mutex>& lock, std::condition_variable& changed, TimePoint until,
                 bool pausing) const;

  std::shared_ptr<SteppedTime> stepped_;
  double pace_ = 1;
  std::chrono::steady_clock::time_point start_;
};

}  // namespace sentio
