#pragma once
/// Whose clock a live day runs on.

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>

#include "sentio/core/calendar.h"
#include "sentio/net/timeline.h"
#include "sentio/live/exchange_control.h"

namespace sentio {

/// Threads  now() and wake() from any; the rest from the driver's.
class LivePacer {
 public:
  virtual ~LivePacer() = default;
  [[nodiscard]] virtual TimePoint now() const = 0;
  /// For the back-offs, polls and quotas of connections that trade by this clock.
  [[nodiscard]] virtual Timeline timeline() const = 0;
  /// Returns when `deadline` has come or something happened, whichever is first; it may return early for no
  /// reason.
  [[nodiscard]] virtual Result<> wait(TimePoint deadline) = 0;
  /// Time belongs to a local exchange, which keeps nobody waiting for its books.
  [[nodiscard]] virtual bool simulated() const = 0;
  /// Seconds of a clock that goes by itself per real one.
  [[nodiscard]] virtual double pace() const { return 1; }
  /// The other side says that nothing more will come.
  [[nodiscard]] virtual bool closed() const = 0;
  /// After the last wait(): blocking calls may back off again without anybody who moves time.
  virtual void release() {}
  /// Broker or feed have news.
  void wake();

 protected:
  /// True once per wake().
  [[nodiscard]] bool take_news();
  /// Sleeps until wake(), at most that long in real time.
  void sleep(std::chrono::nanoseconds real);
  /// Waits until `done()`, looking again at every wake() and now and then; false after `real_max`.
  template <class Condition>
  bool await(Condition done, std::chrono::nanoseconds real_max);

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool news_ = false;
  std::uint64_t wakes_ = 0;
};

/// A clock that goes by itself: the system's, or a simulated one `speed` times as fast.
class RealTimePacer final : public LivePacer {
 public:
  explicit RealTimePacer(std::function<TimePoint()> clock) : clock_(std::move(clock)), timeline_(1.0) {}
  RealTimePacer(std::function<TimePoint()> clock, double speed)
      : clock_(std::move(clock)), speed_(speed), simulated_(true), timeline_(speed) {}
  [[nodiscard]] TimePoint now() const override { return clock_(); }
  [[nodiscard]] Timeline timeline() const override { return timeline_; }
  [[nodiscard]] Result<> wait(TimePoint deadline) override;
  [[nodiscard]] bool simulated() const override { return simulated_; }
  [[nodiscard]] double pace() const override { return speed_; }
  [[nodiscard]] bool closed() const override { return false; }

 private:
  std::function<TimePoint()> clock_;
  double speed_ = 1;
  bool simulated_ = false;
  Timeline timeline_;
};

/// What lock step must know of both connections before it lets time go on.
struct LockStepProbes {
  std::function<std::uint64_t()> updates_received;  ///< trade_updates so far
  std::function<std::uint64_t()> items_received;    ///< bars, quotes and statuses so far
  std::function<bool()> feed_up, stream_up;
};

/// exchange-sim's lock step: time moves only when everything sent has arrived here and nobody here is at work,
/// and no further than to what anybody here has to do next.
class LockStepPacer final : public LivePacer {
 public:
  /// `control` has been greeted with `hello`.
  LockStepPacer(ExchangeControl control, const ExchangeTold& hello, const SessionHours& hours);
  void set_probes(LockStepProbes probes) { probes_ = std::move(probes); }
  [[nodiscard]] TimePoint now() const override { return TimePoint{std::chrono::nanoseconds{now_.load()}}; }
  [[nodiscard]] Timeline timeline() const override { return Timeline(stepped_); }
  [[nodiscard]] Result<> wait(TimePoint deadline) override;
  [[nodiscard]] bool simulated() const override { return true; }
  [[nodiscard]] bool closed() const override { return closed_; }
  void release() override { stepped_->drive(false); }

 private:
  void take(const ExchangeTold& told);
  /// Waits until nobody here is at work; when the next one will be.
  [[nodiscard]] Result<TimePoint> settle();
  void await_arrival(const ExchangeTold& told);
  /// When the exchange speaks next if it is acknowledged now.
  [[nodiscard]] TimePoint next_announcement() const;

  ExchangeControl control_;
  SessionHours hours_;
  std::shared_ptr<SteppedTime> stepped_;
  LockStepProbes probes_;
  int minute_, last_;
  std::atomic<std::int64_t> now_{0};
  bool closed_ = false;
  /// Sent to connections that broke, or to an earlier process: nobody waits for them again.
  std::uint64_t updates_lost_, items_lost_;
};

}  // namespace sentio
