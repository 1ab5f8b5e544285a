#include "sentio/live/live_pacer.h"

#include <sys/prctl.h>

#include <algorithm>
#include <utility>

namespace sentio {

namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using Wall = std::chrono::steady_clock;

/// slow-rest faults last in real time.
constexpr seconds kWorkMax{120};
/// What was sent arrives over loopback or was lost with its connection.
constexpr milliseconds kArrivalMax{1500};
/// The exchange ends the day that long after the last minute.
constexpr seconds kDayEndDelay{10};
constexpr milliseconds kLongestSleep{500};
constexpr std::chrono::microseconds kTick{50};

}  // namespace

void LivePacer::wake() {
  {
    const std::lock_guard lock(mutex_);
    news_ = true;
    ++wakes_;
  }
  changed_.notify_all();
}

bool LivePacer::take_news() {
  const std::lock_guard lock(mutex_);
  return std::exchange(news_, false);
}

void LivePacer::sleep(std::chrono::nanoseconds real) {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, real, [this] { return news_; });
}

template <class Condition>
bool LivePacer::await(Condition done, std::chrono::nanoseconds real_max) {
  const auto end = Wall::now() + real_max;
  std::unique_lock lock(mutex_);
  for (;;) {
    const std::uint64_t seen = wakes_;
    lock.unlock();
    if (done()) return true;
    if (Wall::now() > end) return false;
    lock.lock();
    changed_.wait_for(lock, kTick, [&] { return wakes_ != seen; });
  }
}

Result<> RealTimePacer::wait(TimePoint deadline) {
  const std::chrono::duration<double, std::nano> left = deadline - now();
  const auto real = std::chrono::nanoseconds{static_cast<std::int64_t>(left.count() / speed_)};
  if (real.count() > 0) sleep(std::min<std::chrono::nanoseconds>(real, kLongestSleep));
  (void)take_news();
  return {};
}

// ---- lock step ------------------------------------------------------------------------------------

LockStepPacer::LockStepPacer(ExchangeControl control, const ExchangeTold& hello, const SessionHours& hours)
    : control_(std::move(control)),
      hours_(hours),
      stepped_(std::make_shared<SteppedTime>(hello.now)),
      minute_(hello.minute),
      last_(hello.last_minute),
      updates_lost_(hello.updates),
      items_lost_(hello.items) {
  // This thread looks every few microseconds whether time may go on; the default slack doubles that.
  ::prctl(PR_SET_TIMERSLACK, 1'000, 0, 0, 0);
  take(hello);
}

void LockStepPacer::take(const ExchangeTold& told) {
  now_ = std::max(now_.load(), told.now.time_since_epoch().count());
  if (told.type == "minute") minute_ = told.minute;
  if (told.type == "closed") closed_ = true;
  stepped_->move_to(now());
}

Result<TimePoint> LockStepPacer::settle() {
  std::optional<TimePoint> next;
  if (!await([&] { return (next = stepped_->settled()).has_value(); }, kWorkMax)) {
    return fail(Errc::timed_out, "rehearsal", "a request to the exchange does not end");
  }
  return *next;
}

void LockStepPacer::await_arrival(const ExchangeTold& told) {
  if (!await([&] { return probes_.updates_received() + updates_lost_ >= told.updates; }, kArrivalMax)) {
    updates_lost_ = told.updates - probes_.updates_received();
  }
  if (!await([&] { return probes_.items_received() + items_lost_ >= told.items; }, kArrivalMax)) {
    items_lost_ = told.items - probes_.items_received();
  }
  // A connection that the exchange has ended must be missed here before time goes on.
  if (told.data_sockets == 0) (void)await([&] { return !probes_.feed_up(); }, kArrivalMax);
  if (told.streams == 0) (void)await([&] { return !probes_.stream_up(); }, kArrivalMax);
}

TimePoint LockStepPacer::next_announcement() const {
  return minute_ < last_ ? hours_.minute_end(minute_ + 1) : hours_.minute_end(last_) + kDayEndDelay;
}

Result<> LockStepPacer::wait(TimePoint deadline) {
  stepped_->drive(true);
  if (take_news()) return {};
  auto next = settle();
  if (!next) return tl::unexpected(next.error());
  if (take_news()) return {};
  if (closed_) {
    now_ = std::max(now_.load(), std::min(deadline, *next).time_since_epoch().count());
    stepped_->move_to(now());
    return {};
  }
  // What our requests made the exchange send.
  auto told = control_.advance(now());
  if (!told) return tl::unexpected(told.error());
  take(*told);
  await_arrival(*told);
  if (take_news()) return {};
  next = settle();
  if (!next) return tl::unexpected(next.error());
  const TimePoint target = std::min(deadline, *next);
  told = next_announcement() <= target ? control_.acknowledge(minute_) : control_.advance(target);
  if (!told) return tl::unexpected(told.error());
  take(*told);
  await_arrival(*told);
  return {};
}

}  // namespace sentio
