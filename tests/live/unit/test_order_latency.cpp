/// Order latencies over made-up instants: nothing here takes time.

#include <gtest/gtest.h>

#include <cmath>

#include "sentio/live/order_latency.h"

namespace sentio {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

const Date kDay{std::chrono::year{2025}, std::chrono::July, std::chrono::day{2}};
const SessionHours kHours = *NyseCalendar::session(kDay);
const WallPoint kStart{std::chrono::hours{100}};

OrderKey order(int minute, SymbolId symbol = 0) {
  return {.session = kDay, .minute = static_cast<std::int16_t>(minute), .symbol = symbol};
}

TEST(OrderStopwatch, AStallOfManySecondsIsTheWorstAndWithEnoughOrdersTheP99) {
  OrderStopwatch watch;
  for (int i = 0; i < 200; ++i) {
    const bool stalled = i >= 190 && i < 193;
    watch.submitted(order(i), kStart + minutes{i});
    watch.left(order(i), kStart + minutes{i} + (stalled ? seconds{20 + i - 190} : microseconds{300}));
  }
  const OrderLatency latency = watch.result();
  EXPECT_EQ(latency.us.size(), 200U);
  EXPECT_DOUBLE_EQ(latency.quantile(.5), 300);
  EXPECT_DOUBLE_EQ(latency.quantile(.99), 21e6);
  EXPECT_DOUBLE_EQ(latency.quantile(1), 22e6);
  EXPECT_EQ(latency_line(latency), "Orders: 200 sent, p50 300 us, p99 21000000 us, worst 22000000 us after their bars\n");
}

TEST(OrderStopwatch, CountsWhatNoSetDecidedAndWhatNeverLeft) {
  OrderStopwatch watch;
  watch.submitted(order(5, 0), kStart);
  watch.submitted(order(5, 1), kStart);        // withdrawn before its request began
  watch.submitted(order(5, 2), std::nullopt);  // an exit after a refusal, a minute later
  watch.left(order(5, 0), kStart + microseconds{250});
  watch.left(order(5, 2), kStart + minutes{1});
  watch.left(order(4, 0), kStart);  // of the process before a restart
  const OrderLatency latency = watch.result();
  EXPECT_EQ(latency.us, std::vector<double>{250});
  EXPECT_EQ(latency.not_on_a_set, 1U);
  EXPECT_EQ(latency.never_left, 1U);
  EXPECT_EQ(latency_line(latency),
            "Orders: 1 sent, p50 250 us, p99 250 us, worst 250 us after their bars; not measured: "
            "1 not decided on bars, 1 never sent\n");
}

TEST(OrderStopwatch, TheFirstSendCounts) {
  OrderStopwatch watch;
  watch.submitted(order(5), kStart);
  watch.left(order(5), kStart + seconds{3});
  watch.left(order(5), kStart + seconds{9});  // sent again under the same name
  EXPECT_EQ(watch.result().us, std::vector<double>{3e6});
}

TEST(OrderStopwatch, WithoutOrdersThereIsNothingToSay) {
  const OrderLatency none = OrderStopwatch().result();
  EXPECT_EQ(latency_line(none), "");
  EXPECT_TRUE(std::isnan(none.quantile(.5)));
  OrderStopwatch watch;
  watch.submitted(order(7), std::nullopt);
  EXPECT_EQ(latency_line(watch.result()), "Orders: 0 sent; not measured: 1 not decided on bars\n");
}

/// A session whose minute 0 ends at kStart, looked at where the tests say.
struct Arrivals {
  explicit Arrivals(double pace = 1) : set(kHours, pace), speed(pace > 0 ? pace : 1) {}
  /// Somebody looks that long after the end of minute 0.
  void look(std::chrono::nanoseconds wall_after) {
    const auto session_after = std::chrono::nanoseconds{std::llround(static_cast<double>(wall_after.count()) * speed)};
    set.looked(kStart + wall_after, kHours.minute_end(0) + session_after);
  }
  void bar(int minute, std::chrono::nanoseconds wall_after) { set.bar(kHours.minute_start(minute), kStart + wall_after); }
  [[nodiscard]] std::chrono::nanoseconds complete(int minute, bool whole = true,
                                                  std::chrono::nanoseconds deadline_after_end = seconds{5}) const {
    return set.complete(minute, whole, kHours.minute_end(minute) + deadline_after_end) - kStart;
  }
  SetArrivals set;
  double speed;
};

TEST(SetArrivals, AWholeSetIsCompleteWithItsLastBarHoweverLateSomebodyLooks) {
  Arrivals a;
  a.bar(0, milliseconds{200});
  a.bar(0, milliseconds{310});
  a.look(seconds{40});
  EXPECT_EQ(a.complete(0), milliseconds{310});
}

TEST(SetArrivals, BarsOfLaterMinutesDoNotHideAStall) {
  Arrivals a;
  a.bar(0, milliseconds{300});
  a.bar(1, minutes{1} + milliseconds{300});
  a.bar(2, minutes{2} + milliseconds{300});
  a.look(minutes{2} + seconds{30});
  EXPECT_EQ(a.complete(0), milliseconds{300});
  EXPECT_EQ(a.complete(1), minutes{1} + milliseconds{300});
  EXPECT_EQ(a.complete(2), minutes{2} + milliseconds{300});
}

TEST(SetArrivals, ASetThatIsNotWholeIsCompleteAtItsDeadline) {
  Arrivals a;
  a.bar(0, milliseconds{300});
  a.look(seconds{25});
  EXPECT_EQ(a.complete(0, false), seconds{5});
}

TEST(SetArrivals, BarsAheadOfTheirMinutesEndWaitForIt) {
  Arrivals a;
  a.bar(0, milliseconds{-700});  // the server's clock is ahead of ours
  a.look(milliseconds{2});
  EXPECT_EQ(a.complete(0), seconds{0});
}

TEST(SetArrivals, AfterAnOutageNothingWasCompleteBeforeTheFeedWasUp) {
  Arrivals a;
  a.bar(0, milliseconds{300});
  a.look(minutes{3});
  a.set.feed_up();
  EXPECT_EQ(a.complete(0), minutes{3});
  EXPECT_EQ(a.complete(1, false), minutes{3});
  EXPECT_EQ(a.complete(2), minutes{3}) << "all of it was back-filled";
  a.look(minutes{3} + seconds{8});
  EXPECT_EQ(a.complete(2, false), minutes{3}) << "somebody looked later";
}

TEST(SetArrivals, AFasterClockMakesDelaysShorter) {
  Arrivals a(200);
  a.look(milliseconds{100});  // 20 s by the session's clock
  EXPECT_EQ(a.complete(0, false), milliseconds{25});
}

TEST(SetArrivals, InLockStepTheClockSaysNothing) {
  Arrivals a(0);
  a.bar(0, milliseconds{4});
  a.look(milliseconds{9});
  EXPECT_EQ(a.complete(0), milliseconds{4});
  EXPECT_EQ(a.complete(0, false), milliseconds{9});
}

}  // namespace
}  // namespace sentio
