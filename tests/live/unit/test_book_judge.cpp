/// The broker's book beside ours: which differences are none, which are told, which stop entries, and what explains cash.

#include <gtest/gtest.h>

#include <cmath>

#include "mock_world.h"
#include "watch/book_judge.h"
#include "watch/cash_movements.h"

namespace sentio {
namespace {

using Lines = std::vector<std::string>;
using Movements = std::vector<AccountActivity>;
using testing::day;

Decimal decimal(double value) {
  Decimal d;
  d.value = value;
  d.text = std::to_string(value);
  return d;
}

BrokerPosition shares_of(const std::string& symbol, double shares) {
  BrokerPosition p;
  p.symbol = symbol;
  p.shares = shares;
  p.qty = decimal(shares);
  return p;
}

/// 100 TQQQ at 50 beside 100,000 USD.
class Books : public ::testing::Test {
 protected:
  Books() {
    (void)session.step(hours.open, SessionOpened{.hours = hours});
    (void)session.step(hours.open, PositionAdopted{tqqq, Qty{100}, Price{50}});
    book.account.cash = decimal(100'000);
    book.positions = {shares_of("TQQQ", 100)};
  }
  BookVerdict look() { return judge.judge(expected_book(session), book); }
  BookVerdict two_looks() {
    (void)look();
    return look();
  }
  void cash(double off) { book.account.cash = decimal(100'000 + off); }
  void moved(Movements movements) { book.movements = std::move(movements); }

  testing::MockWorld world = testing::walking_world(day(2025, 7, 3), day(2025, 7, 3), 0, 7);
  SessionHours hours = *NyseCalendar::session(day(2025, 7, 3));
  TradingSession session{{world.options.config, world.options.universe, world.options.fees, Usd{105'000}}};
  const SymbolId tqqq = *session.universe().find("TQQQ");
  BookJudge judge{session.universe()};
  BrokerBookSnapshot book;
  /// 1 bp of 105,000 USD and a cent for the one execution.
  const double allowance = 10.51;
};

AccountActivity movement(std::string id, std::string what, double usd) {
  return {.id = std::move(id), .what = std::move(what), .cash = usd};
}

AccountActivity execution(std::string id, std::string order, Side side, double shares, double price) {
  return {.id = std::move(id), .what = "execution", .cash = (side == Side::sell ? 1 : -1) * shares * price, .order_id = std::move(order),
          .symbol = "TQQQ", .side = side, .shares = shares, .price = price};
}

// ---- shares --------------------------------------------------------------------------------------------

TEST_F(Books, ThatAgreeSaySoAtOnce) {
  const BookVerdict v = look();
  EXPECT_TRUE(v.settled);
  EXPECT_EQ(v.stop(), "");
  EXPECT_EQ(v.lines, Lines{});
  EXPECT_EQ(v.alerts, Lines{});
}

TEST_F(Books, ADifferenceInSharesStopsEntriesAtTheSecondLookInARow) {
  book.positions[0].shares = 60;
  EXPECT_FALSE(look().settled);
  EXPECT_EQ(look().stop(), "the broker's book disagrees; TQQQ: we hold 100 shares, the broker 60");
  book.positions[0].shares = 100;
  EXPECT_TRUE(look().settled);
  book.positions.clear();
  EXPECT_EQ(look().stop(), "");  // the first again
  EXPECT_EQ(look().shares, (Lines{"TQQQ: we hold 100 shares, the broker 0"}));
}

TEST_F(Books, OneShareIsADifferenceAndOtherInstrumentsAreNone) {
  book.positions.push_back(shares_of("AAPL", 5));
  EXPECT_EQ(look().shares, Lines{});
  book.positions.push_back(shares_of("SQQQ", 1));
  EXPECT_EQ(look().shares, (Lines{"SQQQ: we hold 0 shares, the broker 1"}));
  book.positions[2].shares = std::nan("");
  EXPECT_EQ(look().shares.size(), 1U);
}

TEST_F(Books, WhatAnOrderAtWorkExplainsIsNoDifference) {
  (void)session.step(hours.minute_end(0), FlattenRequested{});
  ASSERT_FALSE(std::as_const(session).working_orders().empty());
  for (const double left : {100., 37., 0.}) {
    book.positions[0].shares = left;
    EXPECT_EQ(look().shares, Lines{}) << left;
  }
  cash(100 * 50);  // sold, and we have not heard
  EXPECT_TRUE(look().settled);
  book.positions[0].shares = 101;
  EXPECT_EQ(look().shares, (Lines{"TQQQ: we hold 0 to 100 shares, the broker 101"}));
  book.positions.push_back(shares_of("SQQQ", 3));  // no order there
  EXPECT_EQ(two_looks().shares.size(), 2U);
}

TEST_F(Books, WhatEitherMomentAllowsIsNoDifference) {
  const ExpectedBook asked = expected_book(session);
  ExpectedBook now = asked;  // sold meanwhile
  now.shares[tqqq] = {0, 0};
  now.cash = {105'000, 105'000};
  for (const double left : {100., 0., 50.}) {
    book.positions[0].shares = left;
    cash((100 - left) * 50);
    EXPECT_TRUE(judge.judge(either(asked, now), book).settled) << left;
  }
  book.positions[0].shares = 101;
  EXPECT_FALSE(judge.judge(either(asked, now), book).settled);
}

// ---- cash ----------------------------------------------------------------------------------------------

TEST_F(Books, ASmallDifferenceInCashIsOneLineUntilItMoves) {
  cash(-0.009);
  EXPECT_EQ(look().lines, Lines{});
  cash(-0.17);
  const BookVerdict v = look();
  EXPECT_EQ(v.lines, (Lines{"cash: ours 100000.00 USD, the broker's 99999.83 (-0.17), within what fees and rounding do"}));
  EXPECT_TRUE(v.settled);
  EXPECT_EQ(v.stop(), "");
  cash(-2.7);
  EXPECT_EQ(look().lines, Lines{});
  cash(-2.9);  // by more than a quarter of the allowance
  EXPECT_EQ(look().lines.size(), 1U);
  cash(allowance - 0.01);
  EXPECT_EQ(look().lines.size(), 1U);
  cash(-allowance + 0.01);
  EXPECT_TRUE(two_looks().settled);
}

TEST_F(Books, TheAllowanceIsADollarOrABasisPointACentAnExecutionAndOurFees) {
  EXPECT_DOUBLE_EQ(cash_allowance(5'000, 0, 0), 1);
  EXPECT_DOUBLE_EQ(cash_allowance(200'000, 0, 0), 20);
  EXPECT_DOUBLE_EQ(cash_allowance(200'000, 12, 0.5), 20.62);
  EXPECT_DOUBLE_EQ(expected_book(session).allowance, allowance);
}

TEST_F(Books, PendingFeesMayBeInTheBrokersCashOrNot) {
  book.account.pending_fees = 3;
  for (const double off : {-3., 0., 3.}) {
    cash(off);
    EXPECT_EQ(look().lines, Lines{}) << off;
  }
  cash(-allowance - 2.9);
  EXPECT_TRUE(look().settled);
  cash(-allowance - 3.1);
  EXPECT_FALSE(look().settled);
}

TEST_F(Books, ALargeShortfallThatNothingExplainsStopsEntriesUntilItHasGone) {
  cash(-500);
  EXPECT_FALSE(judge.wants_movements());
  EXPECT_FALSE(look().settled);
  EXPECT_TRUE(judge.wants_movements());
  EXPECT_FALSE(look().settled);  // asked for before anybody knew: without movements
  EXPECT_EQ(look().stop(), "");
  moved({});
  EXPECT_EQ(look().stop(), "the broker's book disagrees; cash: ours 100000.00 USD, the broker's 99500.00 (-500.00), which the "
                           "account's activities do not explain");
  EXPECT_NE(look().stop(), "");
  cash(0);
  EXPECT_EQ(look().stop(), "");
  EXPECT_FALSE(judge.wants_movements());
}

TEST_F(Books, CashThatIsNoNumberIsMissing) {
  moved({});
  book.account.cash.value = std::nan("");
  EXPECT_FALSE(look().settled);
  EXPECT_NE(look().stop(), "");
}

TEST_F(Books, MoreCashThanExpectedIsSaidOnceAndStopsNothing) {
  moved({});
  cash(1000);
  const BookVerdict v = two_looks();
  EXPECT_EQ(v.stop(), "");
  EXPECT_EQ(v.alerts, (Lines{"cash: ours 100000.00 USD, the broker's 101000.00 (+1000.00), which the account's activities do not "
                             "explain; more than we expect stops nothing"}));
  EXPECT_EQ(look().alerts, Lines{});
  cash(1500);
  EXPECT_EQ(look().alerts.size(), 1U);
}

TEST_F(Books, WhatTheActivitiesExplainIsToldOnceAndExpectedFromThenOn) {
  moved({movement("1", "dividend", 12.3), movement("2", "transfer", -500)});
  cash(-487.7);
  const BookVerdict v = two_looks();
  EXPECT_EQ(v.stop(), "");
  EXPECT_TRUE(v.settled);
  EXPECT_EQ(v.alerts, (Lines{"cash moved past our orders by -487.70 USD: dividend +12.30 USD; transfer -500.00 USD; expected from now "
                             "on, our own book stays as it is"}));
  EXPECT_DOUBLE_EQ(judge.explained(), -487.7);
  EXPECT_EQ(session.ledger().cash().v, 100'000);
  EXPECT_EQ(look().alerts, Lines{});
  EXPECT_FALSE(judge.wants_movements());
  cash(-987.7);  // another, and the first two explain nothing twice
  EXPECT_NE(two_looks().stop(), "");
  book.movements->value().push_back(movement("3", "fee", -500));
  const BookVerdict lifted = look();
  EXPECT_EQ(lifted.stop(), "");
  EXPECT_EQ(lifted.alerts.size(), 1U);
  EXPECT_DOUBLE_EQ(judge.explained(), -987.7);
}

TEST_F(Books, WhatCameBeforeTheSessionReadItsCashExplainsNothingLater) {
  moved({movement("1", "dividend", 40), movement("2", "transfer", 1000)});
  cash(1000);
  EXPECT_EQ(two_looks().alerts.size(), 1U);
  EXPECT_DOUBLE_EQ(judge.explained(), 1000);
  cash(1040);  // the dividend was in our cash already
  book.account.cash = decimal(101'040);
  EXPECT_EQ(two_looks().alerts.size(), 1U);
  EXPECT_DOUBLE_EQ(judge.explained(), 1000);
}

TEST_F(Books, ActivitiesThatCannotBeReadExplainNothing) {
  cash(-500);
  book.movements = Result<Movements>(fail(Errc::network, "activities", "gone"));
  EXPECT_NE(two_looks().stop().find("what moved it cannot be read: activities: gone"), std::string::npos) << look().stop();
  moved({movement("1", "transfer", -500)});
  EXPECT_EQ(look().stop(), "");
}

TEST_F(Books, SharesAndCashAreToldTogetherWhenBothLast) {
  moved({});
  cash(-500);
  (void)look();
  book.positions[0].shares = 90;  // first look at these
  EXPECT_EQ(look().stop().find("TQQQ"), std::string::npos);
  const std::string stop = look().stop();
  EXPECT_NE(stop.find("TQQQ: we hold 100 shares, the broker 90; cash: ours"), std::string::npos) << stop;
}

// ---- whose movements -----------------------------------------------------------------------------------

TEST(CashMovements, OursAreOrdersWithOurIdsWhatReplacedThemAndTheBrokersSalesForUs) {
  std::vector<BrokerOrder> orders(4);
  orders[0].id = "ours";
  orders[0].client_order_id = "sen-20250703-1030-TQQQ-B-0";
  orders[1].id = "replacing";
  orders[1].client_order_id = "theirs";
  orders[1].replaces = "ours";
  orders[2].id = "again";
  orders[2].replaces = "replacing";
  orders[3].id = "by-hand";
  orders[3].client_order_id = "hand-1";
  const Movements all{execution("1", "ours", Side::buy, 1, 10),      execution("2", "replacing", Side::buy, 2, 10),
                      execution("3", "again", Side::buy, 3, 10),     execution("4", "by-hand", Side::sell, 4, 10),
                      execution("5", "closing", Side::sell, 5, 10),  execution("6", "unknown", Side::buy, 6, 10),
                      movement("7", "interest", 1.5),                movement("8", "split", 0)};
  std::string ids;
  for (const AccountActivity& a : not_ours(all, orders, {"closing"})) ids += a.id;
  EXPECT_EQ(ids, "467");
}

TEST(CashMovements, AreToldWithWhatTheyWere) {
  EXPECT_EQ(told(movement("1", "interest", 1.5)), "interest +1.50 USD");
  EXPECT_EQ(told(execution("2", "x", Side::buy, 7, 80.25)), "bought 7 TQQQ at 80.25, not by us: -561.75 USD");
  EXPECT_EQ(told(execution("3", "x", Side::sell, 0.5, 80)), "sold 0.5 TQQQ at 80, not by us: +40.00 USD");
}

TEST(CashMovements, TheLatestThatFitExplain) {
  const Movements all{movement("1", "a", 40), movement("2", "b", -500), movement("3", "c", 7)};
  EXPECT_EQ(explaining(all, -453, 1).size(), 3U);
  EXPECT_EQ(explaining(all, -493.5, 1).size(), 2U);
  EXPECT_EQ(explaining(all, 40, 1).size(), 0U);
  EXPECT_EQ(explaining(all, 8, 1).size(), 1U);
  EXPECT_EQ(explaining({}, 8, 1).size(), 0U);
}

TEST(HeldAtBroker, NamesOurInstrumentsOnly) {
  const std::vector<BrokerPosition> positions{shares_of("TQQQ", 100), shares_of("AAPL", 100), shares_of("SPXL", 0)};
  const auto held = held_at_broker(testing::six_instruments(), positions);
  ASSERT_EQ(held.size(), 1U);
  EXPECT_EQ(held[0].substr(0, 8), "TQQQ 100");
}

}  // namespace
}  // namespace sentio
