// What a session makes of prices that are gone a minute later, and of crashes that are not.

#include <gtest/gtest.h>

#include "session_day.h"

namespace sentio {
namespace {

using testing::AAA;
using testing::kClose;
using testing::SessionDay;

constexpr double kShares = 900;  // of a hundred dollars: nine tenths of the capital
constexpr int kEvent = 60;

/// A day that holds AAA; its minutes are quiet unless a test says otherwise.
class BadPrints : public ::testing::Test {
 protected:
  BadPrints() {
    *day.wanted = true;
    day.open();
    day.adopt(AAA, kShares);
    for (int i = 0; i < kEvent; ++i) EXPECT_EQ(day.set(i), "-");
    cash = day.session.ledger().cash().v;
  }
  /// The minute's bar of AAA; BBB's is quiet. Returns what the session did, as SessionDay::tell().
  std::string set(int minute, double open, double high, double low, double close) {
    BarsArrived bars = day.bars(minute);
    bars.bars[AAA] = Bar{day.hours.minute_start(minute), open, high, low, close, 1e6};
    return day.tell(day.hours.minute_end(minute), bars);
  }
  std::string set(int minute, double price) { return set(minute, price, price, price, price); }
  [[nodiscard]] double mark() const { return day.session.ledger().position(AAA).mark.v; }
  [[nodiscard]] bool breaker() const { return day.session.risk().breaker_open(); }
  [[nodiscard]] double drawdown() const { return day.session.risk().drawdown(); }

  SessionDay day;
  double cash = 0;
};

/// Unseen, a fall of 40 % would stop the position out, and trip the breaker for the day.
TEST_F(BadPrints, ABadCloseIsNoMarkNoStopAndNoBreaker) {
  EXPECT_EQ(set(kEvent, 100, 100, 60, 60), "-");
  EXPECT_EQ(mark(), kClose);
  EXPECT_EQ(day.session.ledger().equity().v, cash + kShares * kClose);
  EXPECT_EQ(set(kEvent + 1, 100), "-");
  EXPECT_EQ(set(kEvent + 2, 100), "-");
  EXPECT_FALSE(breaker());
  EXPECT_EQ(drawdown(), 0);
}

/// Unseen, it would take the profit, and be a peak from which the next minute is a fall of a third.
TEST_F(BadPrints, ABadCloseIsNoProfitAndNoPeak) {
  EXPECT_EQ(set(kEvent, 100, 150, 100, 150), "-");
  EXPECT_EQ(mark(), kClose);
  EXPECT_EQ(set(kEvent + 1, 100), "-");
  EXPECT_FALSE(breaker());
  EXPECT_EQ(drawdown(), 0);
}

TEST_F(BadPrints, NoOtherPriceOfABarDoesEither) {
  EXPECT_EQ(set(kEvent, 60, 100, 60, 100), "-");
  EXPECT_EQ(set(kEvent + 1, 100), "-");
  EXPECT_EQ(set(kEvent + 2, 100, 150, 100, 100), "-");
  EXPECT_EQ(set(kEvent + 3, 100, 100, 60, 100), "-");
  EXPECT_EQ(set(kEvent + 4, 100), "-");
  EXPECT_EQ(set(kEvent + 5, 60), "-");  // all of them
  EXPECT_EQ(set(kEvent + 6, 100), "-");
  EXPECT_EQ(mark(), kClose);
  EXPECT_EQ(drawdown(), 0);
}

TEST_F(BadPrints, ACrashStopsOutOneBarLater) {
  EXPECT_EQ(set(kEvent, 100, 100, 97, 97), "-");
  EXPECT_EQ(set(kEvent + 1, 97), "S");
  ASSERT_TRUE(day.last_order);
  EXPECT_EQ(day.last_order->reason, Reason::stop_loss);
  EXPECT_EQ(mark(), 97);
}

TEST_F(BadPrints, ACrashTripsTheBreakerOneBarLater) {
  EXPECT_EQ(set(kEvent, 100, 100, 80, 80), "-");
  EXPECT_FALSE(breaker());
  EXPECT_EQ(set(kEvent + 1, 80), "S");
  EXPECT_TRUE(breaker());
  EXPECT_EQ(day.last_order->reason, Reason::circuit_breaker);
}

/// Minutes without a bar decide nothing about a price.
TEST_F(BadPrints, ACrashIntoAHaltWaitsForTheBarAfterIt) {
  EXPECT_EQ(set(kEvent, 100, 100, 80, 80), "-");
  for (int i = 1; i < 4; ++i) {
    BarsArrived halted = day.bars(kEvent + i);
    halted.bars[AAA].reset();
    EXPECT_EQ(day.tell(day.hours.minute_end(kEvent + i), halted), "-");
  }
  EXPECT_EQ(set(kEvent + 4, 82), "S");
  EXPECT_EQ(day.last_order->reason, Reason::circuit_breaker);
}

TEST_F(BadPrints, EntriesWaitForTheMinuteAfter) {
  SessionDay other;
  other.open();
  for (int i = 0; i < kEvent; ++i) other.set(i);
  *other.wanted = true;
  BarsArrived bad = other.bars(kEvent);
  bad.bars[AAA]->close = bad.bars[AAA]->low = 60;
  EXPECT_EQ(other.tell(other.hours.minute_end(kEvent), bad), "-");
  EXPECT_NE(std::find_if(other.done.begin(), other.done.end(),
                         [](const std::string& d) { return d.starts_with("blocked AAA no_real_bar"); }),
            other.done.end());
  EXPECT_EQ(other.set(kEvent + 1), "E");
  EXPECT_EQ(other.last_order->reference, Price{kClose});
}

/// The session's end settles nothing, and the positions went before.
TEST_F(BadPrints, TheLastMinuteOfTheDayIsToldAsUndecided) {
  const int last = day.hours.minutes - 1;
  for (int i = kEvent; i < last; ++i) {
    day.set(i);
    if (day.working(AAA) != nullptr) day.tell(day.latest, day.fill(AAA));
  }
  set(last, 100, 100, 60, 60);
  std::vector<PrintRecord> told;
  for (const Action& action : day.session.step(day.hours.close, SessionClosed{})) {
    if (const auto* print = std::get_if<PrintRecord>(&action)) told.push_back(*print);
  }
  ASSERT_EQ(told.size(), 1U);
  EXPECT_EQ(told[0].symbol, AAA);
  EXPECT_EQ(told[0].print.verdict, PrintVerdict::undecided);
  EXPECT_EQ(told[0].print.start, day.hours.minute_start(last));
}

TEST_F(BadPrints, AreToldWithTheirMinuteWhenTheNextBarCame) {
  set(kEvent, 100, 150, 100, 100);
  std::vector<PrintRecord> told;
  for (const Action& action : day.session.step(day.hours.minute_end(kEvent + 1), day.bars(kEvent + 1))) {
    if (const auto* print = std::get_if<PrintRecord>(&action)) told.push_back(*print);
  }
  ASSERT_EQ(told.size(), 1U);
  EXPECT_EQ(told[0].symbol, AAA);
  EXPECT_EQ(told[0].ts, day.hours.minute_end(kEvent + 1));
  EXPECT_EQ(told[0].print.start, day.hours.minute_start(kEvent));
  EXPECT_EQ(told[0].print.price, 150);
  EXPECT_EQ(told[0].print.verdict, PrintVerdict::bad);
}

/// A restart steps the day's events again: held back or not, it is where it was.
TEST_F(BadPrints, SteppedAgainUpToAHeldPriceTheDayGoesOnTheSame) {
  set(kEvent, 100, 100, 80, 80);
  SessionDay again;
  for (std::size_t i = 0; i < day.told.size(); ++i) {
    *again.wanted = day.wishes[i];
    again.tell(day.told[i].now, day.told[i].event);
  }
  EXPECT_EQ(again.done, day.done);
  EXPECT_EQ(set(kEvent + 1, 80), "S");
  BarsArrived next = day.bars(kEvent + 1);
  next.bars[AAA] = Bar{day.hours.minute_start(kEvent + 1), 80, 80, 80, 80, 1e6};
  EXPECT_EQ(again.tell(day.hours.minute_end(kEvent + 1), next), "S");
  EXPECT_EQ(again.done, day.done);
}

}  // namespace
}  // namespace sentio
