#pragma once
/// A clock for whole days in a moment: it leaps to the next thing that is scripted or due once nobody is at work.

#include <functional>
#include <map>
#include <memory>
#include <thread>

#include "sentio/live/live_pacer.h"

namespace sentio::testing {

/// Threads  as LivePacer; the script runs on the driver's thread while the others have nothing to do.
class LeapingPacer final : public LivePacer {
 public:
  explicit LeapingPacer(TimePoint start) : stepped_(std::make_shared<SteppedTime>(start)), now_(start) {}

  void at(TimePoint when, std::function<void()> what) { script_.emplace(when, std::move(what)); }

  [[nodiscard]] TimePoint now() const override { return now_.load(); }
  [[nodiscard]] Timeline timeline() const override { return Timeline(stepped_); }
  [[nodiscard]] bool simulated() const override { return true; }
  [[nodiscard]] bool closed() const override { return false; }
  void release() override { stepped_->drive(false); }
  [[nodiscard]] Result<> wait(TimePoint deadline) override {
    stepped_->drive(true);
    if (take_news()) return {};
    std::optional<TimePoint> due;
    while (!(due = stepped_->settled())) std::this_thread::yield();
    if (take_news()) return {};
    TimePoint next = std::min(deadline, *due);
    if (!script_.empty()) next = std::min(next, script_.begin()->first);
    now_ = std::max(now(), next);
    stepped_->move_to(now());
    while (!script_.empty() && script_.begin()->first <= now()) script_.extract(script_.begin()).mapped()();
    return {};
  }

 private:
  std::shared_ptr<SteppedTime> stepped_;
  std::atomic<TimePoint> now_;
  std::multimap<TimePoint, std::function<void()>> script_;
};

}  // namespace sentio::testing
