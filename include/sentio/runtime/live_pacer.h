#pragma once
/// Whose clock a live day runs on.

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <string>

#include "sentio/core/calendar.h"
#include "sentio/net/websocket_client.h"

namespace sentio {

/// Threads  now() and wake() from any; the rest from the driver's.
class LivePacer {
 public:
  virtual ~LivePacer() = default;
  [[nodiscard]] virtual TimePoint now() const = 0;
  /// Returns when `deadline` has come or something happened, whichever is first; it may return early for no
  /// reason.
  [[nodiscard]] virtual Result<> wait(TimePoint deadline) = 0;
  /// The other side says that nothing more will come.
  [[nodiscard]] virtual bool closed() const = 0;
  /// Broker or feed have news.
  void wake();

 protected:
  /// True once per wake().
  [[nodiscard]] bool take_news();
  /// Sleeps until wake(), at most that long in real time.
  void sleep(std::chrono::nanoseconds real);

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool news_ = false;
};

/// A clock that goes by itself: the system's, or a simulated one `speed` times as fast.
class RealTimePacer final : public LivePacer {
 public:
  RealTimePacer(std::function<TimePoint()> clock, double speed) : clock_(std::move(clock)), speed_(speed) {}
  [[nodiscard]] TimePoint now() const override { return clock_(); }
  [[nodiscard]] Result<> wait(TimePoint deadline) override;
  [[nodiscard]] bool closed() const override { return false; }

 private:
  std::function<TimePoint()> clock_;
  double speed_;
};

/// What lock step must know of both connections before it lets time go on.
struct LockStepProbes {
  std::function<bool()> broker_idle;                ///< no request queued or under way
  std::function<std::uint64_t()> updates_received;  ///< trade_updates so far
  std::function<std::uint64_t()> items_received;    ///< bars and statuses so far
  std::function<bool()> feed_up;
  std::function<std::size_t()> orders_open;  ///< without their end
  std::function<void()> poll_soon;           ///< asks the broker for them
  std::function<std::uint64_t()> polls_done;
};

/// exchange-sim's lock step (docs/exchange-sim.md): time moves only when everything sent has arrived here and
/// everything we sent has been answered.
class LockStepPacer final : public LivePacer {
 public:
  /// `url` of /control; waits for its greeting.
  [[nodiscard]] Result<> connect(const std::string& url, const SessionHours& hours);
  void set_probes(LockStepProbes probes) { probes_ = std::move(probes); }
  [[nodiscard]] TimePoint now() const override { return TimePoint{std::chrono::nanoseconds{now_.load()}}; }
  [[nodiscard]] Result<> wait(TimePoint deadline) override;
  [[nodiscard]] bool closed() const override { return closed_; }

 private:
  struct Told {
    std::string type;
    std::uint64_t updates = 0, items = 0;
  };
  [[nodiscard]] Result<Told> ask(const std::string& message);
  [[nodiscard]] Result<Told> read();
  [[nodiscard]] Result<> settle();
  void await_arrival(const Told& told);
  void ask_for_open_orders();
  /// When the exchange speaks next if it is acknowledged now.
  [[nodiscard]] TimePoint next_announcement() const;
  template <class Condition>
  bool until(Condition done, std::chrono::milliseconds real_max);

  WebSocketClient control_{WsOptions{}};
  LockStepProbes probes_;
  SessionHours hours_;
  int minute_ = -1, last_ = -1;
  std::atomic<std::int64_t> now_{0};
  bool closed_ = false;
  std::uint64_t updates_lost_ = 0,
                items_lost_ = 0;  ///< sent to connections that broke: nobody waits for them again
};

}  // namespace sentio
