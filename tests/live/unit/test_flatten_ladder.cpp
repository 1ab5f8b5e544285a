/// The rungs that follow an exit which does not get the book flat, and the comparison of two books.

#include <gtest/gtest.h>

#include "mock_world.h"
#include "day/flatten_ladder.h"
#include "sentio/live/ledger_check.h"

namespace sentio {
namespace {

using std::chrono::seconds;

const TimePoint kStart{std::chrono::sys_days{std::chrono::year{2025} / 9 / 26}};

struct Climb {
  std::vector<int> exits, lates, close_outs;  // seconds after the start
};

Climb climb(int seconds_held, int seconds_watched) {
  FlattenLadder ladder;
  ladder.start(kStart);
  Climb c;
  for (int s = 0; s <= seconds_watched; ++s) {
    const auto due = ladder.poll(kStart + seconds{s}, s > seconds_held);
    if (due.exit_again) c.exits.push_back(s);
    if (due.late) c.lates.push_back(s);
    if (due.close_out) c.close_outs.push_back(s);
  }
  EXPECT_EQ(ladder.was_late(), !c.lates.empty());
  return c;
}

TEST(FlattenLadder, ClimbsWhileSharesAreHeld) {
  const Climb c = climb(125, 200);
  EXPECT_EQ(c.exits, (std::vector<int>{5, 15, 25, 35, 45, 55, 65, 75, 85, 95, 105, 115, 125}));
  EXPECT_EQ(c.lates, std::vector<int>{60});
  EXPECT_EQ(c.close_outs, (std::vector<int>{80, 100, 120}));
}

TEST(FlattenLadder, AMinuteIsInTimeAndAFlatBookClimbsNothing) {
  EXPECT_EQ(climb(59, 200).lates, std::vector<int>{});
  EXPECT_EQ(climb(60, 200).lates, std::vector<int>{60});
  EXPECT_EQ(climb(-1, 200).exits, std::vector<int>{});
}

TEST(FlattenLadder, SleepsUntilItStartsAndStartsOnce) {
  FlattenLadder ladder;
  EXPECT_EQ(ladder.next(), TimePoint::max());
  EXPECT_FALSE(ladder.poll(kStart, false).exit_again);
  ladder.start(kStart);
  ladder.start(kStart + seconds{40});
  EXPECT_EQ(ladder.next(), kStart + seconds{5});
}

TEST(FlattenLadder, NextIsTheMomentAtWhichPollSpeaks) {
  FlattenLadder ladder;
  ladder.start(kStart);
  for (int rungs = 0; rungs < 20; ++rungs) {
    const TimePoint at = ladder.next();
    const auto early = ladder.poll(at - std::chrono::nanoseconds{1}, false);
    EXPECT_FALSE(early.exit_again || early.late || early.close_out);
    const auto due = ladder.poll(at, false);
    EXPECT_TRUE(due.exit_again || due.late || due.close_out);
  }
}

// ---- books ------------------------------------------------------------------------------------------

Decimal decimal(double value) {
  Decimal d;
  d.value = value;
  d.text = std::to_string(value);
  return d;
}

/// A session that has bought 100 of its first instrument at 50 and pays 0.02 a share on sells.
struct Books {
  testing::MockWorld world = testing::walking_world(testing::day(2025, 7, 3), testing::day(2025, 7, 3), 1, 7);
  TradingSession session{{world.options.config, world.options.universe, world.options.fees, Usd{105'000}}};
  BrokerAccount account;
  std::vector<BrokerPosition> positions;
  std::string first = world.options.universe[0].name;

  Books() {
    (void)session.step(hours().open, SessionOpened{.hours = hours()});
    (void)session.step(hours().open, PositionAdopted{0, Qty{100}, Price{50}});
    account.cash = decimal(100'000);
    BrokerPosition p;
    p.symbol = first;
    p.shares = 100;
    p.qty = decimal(100);
    positions.push_back(p);
  }
  static SessionHours hours() { return *NyseCalendar::session(testing::day(2025, 7, 3)); }
  [[nodiscard]] std::vector<std::string> differences() const { return compare_books(session, account, positions); }
};

TEST(LedgerCheck, AgreeingBooksHaveNoDifference) {
  EXPECT_EQ(Books().differences(), std::vector<std::string>{});
}

TEST(LedgerCheck, NamesSharesOnEitherSide) {
  Books fewer;
  fewer.positions[0].shares = 60;
  ASSERT_EQ(fewer.differences().size(), 1U);
  EXPECT_EQ(fewer.differences()[0], fewer.first + ": we hold 100 shares, the broker 60");
  Books more;
  BrokerPosition other = more.positions[0];
  other.symbol = more.world.options.universe[1].name;
  more.positions.push_back(other);
  ASSERT_EQ(more.differences().size(), 1U);
  EXPECT_NE(more.differences()[0].find("we hold 0 shares, the broker 100"), std::string::npos);
  Books gone;
  gone.positions.clear();
  EXPECT_EQ(gone.differences().size(), 1U);
  Books foreign;
  foreign.positions.push_back(foreign.positions[0]);
  foreign.positions.back().symbol = "AAPL";  // none of our instruments
  EXPECT_EQ(foreign.differences().size(), 0U);
}

TEST(LedgerCheck, CashMayDifferByFeesAndACent) {
  const auto off_by = [](double usd) {
    Books b;
    b.account.cash = decimal(100'000 + usd);
    return b.differences().size();
  };
  EXPECT_EQ(off_by(0.009), 0U);
  EXPECT_EQ(off_by(-0.009), 0U);
  EXPECT_EQ(off_by(0.02), 1U);
  EXPECT_EQ(off_by(-0.02), 1U);
  EXPECT_EQ(off_by(std::nan("")), 1U);
}

TEST(LedgerCheck, HeldAtTheBrokerNamesOurInstrumentsOnly) {
  Books b;
  b.positions.push_back(b.positions[0]);
  b.positions.back().symbol = "AAPL";
  const auto held = held_at_broker(b.world.options.universe, b.positions);
  ASSERT_EQ(held.size(), 1U);
  EXPECT_EQ(held[0].substr(0, b.first.size() + 4), b.first + " 100");
}

}  // namespace
}  // namespace sentio
