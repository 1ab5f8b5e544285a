#include "sentio/net/timeline.h"

#include <algorithm>

#include "sentio/core/check.h"

namespace sentio {
namespace {

/// A notification between a sleeper's look at the time and its wait is lost; this bounds the harm.
constexpr std::chrono::milliseconds kSlice{2};
/// Seconds of undriven pauses per real one.
constexpr double kUndrivenPace = 2000;

std::chrono::nanoseconds scaled(std::chrono::nanoseconds span, double pace) {
  return std::chrono::nanoseconds{static_cast<std::int64_t>(static_cast<double>(span.count()) / pace)};
}

}  // namespace

TimePoint SteppedTime::now() const {
  const std::lock_guard lock(mutex_);
  return now_;
}

void SteppedTime::move_to(TimePoint clock) {
  const std::lock_guard lock(mutex_);
  now_ = std::max(now_, clock + ahead_);
  for (std::condition_variable* sleeper : sleepers_) sleeper->notify_all();
}

void SteppedTime::drive(bool on) {
  const std::lock_guard lock(mutex_);
  driven_ = on;
  for (std::condition_variable* sleeper : sleepers_) sleeper->notify_all();
}

std::optional<TimePoint> SteppedTime::settled() const {
  const std::lock_guard lock(mutex_);
  const auto due = std::distance(dues_.begin(), dues_.upper_bound(now_));
  const auto paused = std::distance(pauses_.upper_bound(now_), pauses_.end());
  if (due > paused) return std::nullopt;
  TimePoint next = TimePoint::max();
  for (const auto* times : {&dues_, &pauses_}) {
    const auto at = times->upper_bound(now_);
    if (at != times->end()) next = std::min(next, *at);
  }
  return next == TimePoint::max() ? next : next - ahead_;
}

void SteppedTime::add_due(TimePoint when) {
  const std::lock_guard lock(mutex_);
  dues_.insert(when);
}

void SteppedTime::remove_due(TimePoint when) {
  const std::lock_guard lock(mutex_);
  const auto at = dues_.find(when);
  SENTIO_CHECK(at != dues_.end());
  dues_.erase(at);
}

void SteppedTime::wait(std::unique_lock<std::mutex>& lock, std::condition_variable& changed, TimePoint until,
                       bool pausing) {
  std::chrono::nanoseconds undriven{0};
  {
    const std::lock_guard own(mutex_);
    if (now_ >= until) return;
    sleepers_.push_back(&changed);
    if (pausing) pauses_.insert(until);
    if (pausing && !driven_) undriven = until - now_;
  }
  changed.wait_for(lock, undriven.count() > 0 ? scaled(undriven, kUndrivenPace) + std::chrono::milliseconds{1} : kSlice);
  const std::lock_guard own(mutex_);
  sleepers_.erase(std::find(sleepers_.begin(), sleepers_.end(), &changed));
  if (pausing) pauses_.erase(pauses_.find(until));
  if (undriven.count() == 0 || driven_ || now_ >= until) return;
  ahead_ += until - now_;
  now_ = until;
}

Timeline::Timeline(double pace) : pace_(pace), start_(std::chrono::steady_clock::now()) {
  SENTIO_CHECK(pace > 0);
}

Timeline::Timeline(std::shared_ptr<SteppedTime> stepped)
    : stepped_(std::move(stepped)), start_(std::chrono::steady_clock::now()) {
  SENTIO_CHECK(stepped_ != nullptr);
}

TimePoint Timeline::now() const {
  if (stepped_) return stepped_->now();
  const std::chrono::duration<double, std::nano> real = std::chrono::steady_clock::now() - start_;
  return TimePoint{std::chrono::nanoseconds{static_cast<std::int64_t>(real.count() * pace_)}};
}

void Timeline::wait(std::unique_lock<std::mutex>& lock, std::condition_variable& changed, TimePoint until) const {
  wait_once(lock, changed, until, false);
}

void Timeline::wait_once(std::unique_lock<std::mutex>& lock, std::condition_variable& changed, TimePoint until,
                         bool pausing) const {
  if (stepped_) return stepped_->wait(lock, changed, until, pausing);
  const auto left = until - now();
  if (left.count() > 0) changed.wait_for(lock, scaled(left, pace_) + std::chrono::microseconds{100});
}

}  // namespace sentio
