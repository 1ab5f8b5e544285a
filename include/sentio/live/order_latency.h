#pragma once
/// How long orders take from their set to the network. Reads no clock: instants are the machine's monotonic ones,
/// taken where things happen.

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "sentio/core/calendar.h"
#include "sentio/core/order.h"

namespace sentio {

using WallPoint = std::chrono::steady_clock::time_point;

/// When the set of each minute could have been stepped.
///
/// Whole     the arrival of its last bar, once the minute was over. Of its own bars: after a stall those of several
///           minutes wait, and the newest says nothing of the oldest.
/// Not whole the instant of its deadline, however late somebody looked.
/// Outage    what back-fill completed: not before the feed was up again.
/// Threads   one at a time.
class SetArrivals {
 public:
  /// `pace`: the session's seconds per real one; 0: its clock stands while anybody works (lock step).
  SetArrivals(const SessionHours& hours, double pace);
  /// Somebody looks: `at` and the session's `now` are one instant.
  void looked(WallPoint at, TimePoint now);
  /// A bar of the feed that starts at `start`; of back-fill none is told.
  void bar(TimePoint start, WallPoint received);
  /// Subscribed, what was missed is here.
  void feed_up() { up_at_ = looked_at_; }
  /// `whole`: a bar of every symbol; else `deadline` is when it closed without them.
  [[nodiscard]] WallPoint complete(int minute, bool whole, TimePoint deadline) const;

 private:
  [[nodiscard]] WallPoint wall(TimePoint session_time) const;
  SessionHours hours_;
  double pace_;
  WallPoint looked_at_{}, up_at_{};
  TimePoint now_{};
  std::vector<WallPoint> last_bar_;  ///< by minute
};

/// Of a day, or of a part of it.
struct OrderLatency {
  std::vector<double> us;   ///< set complete → request handed to the network: every order decided on a set that left
  std::size_t not_on_a_set = 0;  ///< after a fill, cancel or refusal, at a timer, on request: their set is long over
  std::size_t never_left = 0;    ///< decided on a set; no request of theirs began
  /// NaN without orders.
  [[nodiscard]] double quantile(double q) const;
};

/// "Orders: 12 sent, p50 210 us, p99 480 us, worst 510 us after their bars; not measured: 2 not decided on bars,
/// 1 never sent"; empty without orders.
[[nodiscard]] std::string latency_line(const OrderLatency& latency);

/// Threads  one at a time.
class OrderStopwatch {
 public:
  /// `complete`: of the set it was decided on; none: it was decided on something else.
  void submitted(const OrderKey& order, std::optional<WallPoint> complete);
  /// A request with the order began; the first one counts. Orders of an earlier process are none of ours.
  void left(const OrderKey& order, WallPoint at);
  [[nodiscard]] OrderLatency result() const;

 private:
  struct Entry {
    OrderKey order;
    std::optional<WallPoint> complete, left;
  };
  std::vector<Entry> orders_;
};

}  // namespace sentio
