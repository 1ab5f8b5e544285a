// How recorded minutes fill orders.

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <cmath>

#include "sentio/execution/fill_model.h"

namespace sentio {
namespace {

constexpr SymbolId kWide = 0, kThin = 1;                    // sorted by name
const TimePoint kOpen = from_epoch_seconds(1'758'893'400);  // 2025-09-26 09:30 New York
using Bars = std::vector<std::optional<Bar>>;

/// AAA: 10 bps of half-spread; BBB: below the floor of half a cent at 40 USD.
Universe universe() {
  SymbolInfo wide, thin;
  wide.name = "AAA";
  wide.half_spread = Bps{10};
  thin.name = "BBB";
  thin.half_spread = Bps{0.1};
  return Universe({wide, thin});
}

TimePoint minute(int i) {
  return kOpen + i * kBarLength;
}

Bar bar(int i, double open, double close, double volume) {
  return Bar{minute(i), open, std::max(open, close), std::min(open, close), close, volume};
}

Order order_of(Side side, SymbolId symbol, double qty, int decided = 0) {
  Order order;
  order.key = {std::chrono::year{2025} / 9 / 26, static_cast<std::int16_t>(decided), symbol, side, 0};
  order.side = side;
  order.symbol = symbol;
  order.qty = Qty{qty};
  order.reference = Price{100};
  order.decided_at = minute(decided + 1);
  return order;
}

class FillModelTest : public ::testing::Test {
 protected:
  std::vector<Fill> pass(int i, std::optional<Bar> wide, std::optional<Bar> thin = std::nullopt) {
    const Bars bars{wide, thin};
    const auto fills = model.on_minute(minute(i), bars);
    return {fills.begin(), fills.end()};
  }
  Universe symbols = universe();
  FillModel model{FillConfig{}, symbols};
};

TEST_F(FillModelTest, FillsAtTheFirstRealOpenFromItsMinuteOn) {
  const Order order = order_of(Side::buy, kWide, 10, 4);
  model.submit(order, minute(5));
  EXPECT_TRUE(pass(4, bar(4, 90, 91, 1e6)).empty());  // a minute that began before the order came
  const auto fills = pass(5, bar(5, 100, 101, 1e6));
  ASSERT_EQ(fills.size(), 1U);
  EXPECT_EQ(fills[0].order, order.key);
  EXPECT_EQ(fills[0].qty, Qty{10});
  EXPECT_DOUBLE_EQ(fills[0].price.v, 100.10);
  EXPECT_EQ(fills[0].at, minute(5));
  EXPECT_FALSE(fills[0].last_resort);
  EXPECT_NEAR(fills[0].spread_cost, 1.0, 1e-9);
  EXPECT_FALSE(model.working(order.key));
  EXPECT_TRUE(pass(6, bar(6, 100, 101, 1e6)).empty());
}

TEST_F(FillModelTest, MinutesWithoutATradeAreNoPrice) {
  model.submit(order_of(Side::sell, kWide, 10), minute(1));
  EXPECT_TRUE(pass(1, std::nullopt).empty());
  EXPECT_TRUE(pass(2, std::nullopt, bar(2, 40, 40, 1e6)).empty());
  const auto fills = pass(3, bar(3, 100, 100, 1e6));
  ASSERT_EQ(fills.size(), 1U);
  EXPECT_DOUBLE_EQ(fills[0].price.v, 99.90);
  EXPECT_EQ(fills[0].at, minute(3));
}

TEST_F(FillModelTest, HalfACentIsTheLeastSpread) {
  model.submit(order_of(Side::sell, kThin, 10), minute(1));
  const auto fills = pass(1, std::nullopt, bar(1, 40, 40, 1e6));
  ASSERT_EQ(fills.size(), 1U);
  EXPECT_DOUBLE_EQ(fills[0].price.v, 39.995);
}

TEST_F(FillModelTest, PricesAreRoundedToAHundredthOfACent) {
  model.submit(order_of(Side::buy, kWide, 1), minute(1));
  model.submit(order_of(Side::sell, kWide, 1), minute(1));
  const auto fills = pass(1, bar(1, 33.337, 33, 1e6));  // half-spread 0.033337
  ASSERT_EQ(fills.size(), 2U);
  EXPECT_DOUBLE_EQ(fills[0].price.v, 33.3703);
  EXPECT_DOUBLE_EQ(fills[1].price.v, 33.3037);
  EXPECT_NEAR(fills[0].spread_cost, 33.3703 - 33.337, 1e-12);
}

TEST_F(FillModelTest, EntriesTakeTheirShareOfEachRealBar) {
  const Order order = order_of(Side::buy, kWide, 25);
  model.submit(order, minute(1));
  auto fills = pass(1, bar(1, 100, 100, 109));
  ASSERT_EQ(fills.size(), 1U);
  EXPECT_EQ(fills[0].qty, Qty{10});                   // floor of 10.9
  EXPECT_TRUE(pass(2, bar(2, 101, 100, 9)).empty());  // less than one share
  EXPECT_TRUE(pass(3, std::nullopt).empty());
  fills = pass(4, bar(4, 102, 100, 100));
  ASSERT_EQ(fills.size(), 1U);
  EXPECT_EQ(fills[0].qty, Qty{10});
  EXPECT_DOUBLE_EQ(fills[0].price.v, 102.102);
  EXPECT_TRUE(model.working(order.key));
  fills = pass(5, bar(5, 103, 100, 100));
  ASSERT_EQ(fills.size(), 1U);
  EXPECT_EQ(fills[0].qty, Qty{5});
  EXPECT_FALSE(model.working(order.key));
}

TEST_F(FillModelTest, ParticipationZeroIsNoLimit) {
  FillModel unlimited{FillConfig{.participation = 0}, symbols};
  unlimited.submit(order_of(Side::buy, kWide, 5'000), minute(1));
  unlimited.submit(order_of(Side::sell, kWide, 7'000), minute(1));
  const Bars bars{bar(1, 100, 100, 1), std::nullopt};
  const auto fills = unlimited.on_minute(minute(1), bars);
  ASSERT_EQ(fills.size(), 2U);
  EXPECT_EQ(fills[0].qty, Qty{5'000});
  EXPECT_EQ(fills[1].qty, Qty{7'000});
}

TEST_F(FillModelTest, ExitsAboveTheShareFillWholeButWorse) {
  model.submit(order_of(Side::sell, kWide, 25), minute(1));
  const auto fills = pass(1, bar(1, 100, 100, 100));
  ASSERT_EQ(fills.size(), 2U);
  EXPECT_EQ(fills[0].qty, Qty{10});
  EXPECT_DOUBLE_EQ(fills[0].price.v, 99.90);
  EXPECT_NEAR(fills[0].spread_cost, 1.0, 1e-9);
  EXPECT_EQ(fills[1].qty, Qty{15});
  EXPECT_DOUBLE_EQ(fills[1].price.v, 99.80);
  EXPECT_NEAR(fills[1].spread_cost, 3.0, 1e-9);
  EXPECT_NE(fills[0].execution, fills[1].execution);
}

TEST_F(FillModelTest, ExitsMeetABarTooSmallForAnyShare) {
  model.submit(order_of(Side::sell, kWide, 25), minute(1));
  const auto fills = pass(1, bar(1, 100, 100, 3));
  ASSERT_EQ(fills.size(), 1U);
  EXPECT_EQ(fills[0].qty, Qty{25});
  EXPECT_DOUBLE_EQ(fills[0].price.v, 99.80);
}

TEST_F(FillModelTest, FillsInOrderOfSubmission) {
  const Order second_symbol = order_of(Side::sell, kThin, 1), first_symbol = order_of(Side::sell, kWide, 1);
  model.submit(second_symbol, minute(1));
  model.submit(first_symbol, minute(1));
  const auto fills = pass(1, bar(1, 100, 100, 1e6), bar(1, 40, 40, 1e6));
  ASSERT_EQ(fills.size(), 2U);
  EXPECT_EQ(fills[0].order, second_symbol.key);
  EXPECT_EQ(fills[1].order, first_symbol.key);
  EXPECT_LT(fills[0].execution, fills[1].execution);
}

TEST_F(FillModelTest, ACancelTakesWhatIsLeft) {
  const Order order = order_of(Side::buy, kWide, 25);
  model.submit(order, minute(1));
  ASSERT_EQ(pass(1, bar(1, 100, 100, 100)).size(), 1U);
  EXPECT_TRUE(model.cancel(order.key));
  EXPECT_FALSE(model.working(order.key));
  EXPECT_FALSE(model.cancel(order.key));
  EXPECT_TRUE(pass(2, bar(2, 100, 100, 100)).empty());
}

TEST_F(FillModelTest, ACancelAfterTheLastFillComesTooLate) {
  const Order order = order_of(Side::buy, kWide, 10);
  model.submit(order, minute(1));
  ASSERT_EQ(pass(1, bar(1, 100, 100, 100)).size(), 1U);
  EXPECT_FALSE(model.cancel(order.key));
}

TEST_F(FillModelTest, ExitsLeftAtTheCloseGetTheLastTradeTwoHalfSpreadsWorse) {
  (void)pass(388, bar(388, 101, 100, 1e6));
  model.submit(order_of(Side::sell, kWide, 10, 388), minute(389));
  (void)pass(389, std::nullopt);
  const FillModel::End end = model.end_session(minute(390));
  EXPECT_TRUE(end.expired.empty());
  ASSERT_EQ(end.fills.size(), 1U);
  EXPECT_DOUBLE_EQ(end.fills[0].price.v, 99.80);
  EXPECT_EQ(end.fills[0].at, minute(390));
  EXPECT_TRUE(end.fills[0].last_resort);
  EXPECT_NEAR(end.fills[0].spread_cost, 2.0, 1e-9);
}

TEST_F(FillModelTest, WithoutATradeTodayTheLastResortIsTheReference) {
  (void)pass(0, bar(0, 50, 50, 1e6));
  model.begin_session();
  model.submit(order_of(Side::sell, kWide, 10), minute(1));
  const FillModel::End end = model.end_session(minute(390));
  ASSERT_EQ(end.fills.size(), 1U);
  EXPECT_DOUBLE_EQ(end.fills[0].price.v, 99.80);  // reference 100
}

TEST_F(FillModelTest, EntriesLeftAtTheCloseExpire) {
  const Order order = order_of(Side::buy, kWide, 25);
  model.submit(order, minute(1));
  ASSERT_EQ(pass(1, bar(1, 100, 100, 100)).size(), 1U);
  const FillModel::End end = model.end_session(minute(390));
  EXPECT_TRUE(end.fills.empty());
  ASSERT_EQ(end.expired.size(), 1U);
  EXPECT_EQ(end.expired[0], order.key);
  EXPECT_FALSE(model.working(order.key));
}

TEST_F(FillModelTest, ANewSessionForgetsWorkingOrders) {
  const Order order = order_of(Side::buy, kWide, 25);
  model.submit(order, minute(1));
  model.begin_session();
  EXPECT_FALSE(model.working(order.key));
}

TEST_F(FillModelTest, AtTheCloseOfTheBarItFillsWhole) {
  const Fill bought = model.fill_at_close(order_of(Side::buy, kWide, 500), bar(0, 99, 100, 10));
  EXPECT_EQ(bought.qty, Qty{500});
  EXPECT_DOUBLE_EQ(bought.price.v, 100.10);
  EXPECT_EQ(bought.at, minute(1));
  const Fill sold = model.fill_at_close(order_of(Side::sell, kWide, 500, 3), bar(0, 99, 100, 10));
  EXPECT_DOUBLE_EQ(sold.price.v, 99.90);
  EXPECT_EQ(sold.at, minute(4));  // an old bar, but not before the decision
}

TEST_F(FillModelTest, TheSameNameTwiceIsABrokenInvariant) {
  const Order order = order_of(Side::buy, kWide, 25);
  model.submit(order, minute(1));
  EXPECT_DEATH(model.submit(order, minute(1)), "working");
  EXPECT_DEATH(model.submit(order_of(Side::sell, kWide, 0), minute(1)), "qty");
}

/// The same order on the same bars, worked out one bar at a time with nothing remembered but what is left.
RC_GTEST_PROP(FillModelProperty, EveryShareIsFilledOrAccountedFor, ()) {
  const Universe symbols = universe();
  const double participation = *rc::gen::element(0.0, 0.05, 0.1, 0.5);
  FillModel model(FillConfig{.participation = participation}, symbols);
  const Side side = *rc::gen::element(Side::buy, Side::sell);
  const double qty = *rc::gen::inRange(1, 3'000);
  const int from = *rc::gen::inRange(0, 6);
  const Order order = order_of(side, kWide, qty);
  model.submit(order, minute(from));
  double left = qty, spent = 0, spread = 0;
  for (int i = 0; i < 12; ++i) {
    std::optional<Bar> traded;
    if (*rc::gen::inRange(0, 3) > 0) {
      traded = bar(i, *rc::gen::inRange(5'000, 20'000) / 100.0, 100, *rc::gen::inRange(1, 9'000));
    }
    const Bars bars{traded, std::nullopt};
    double filled = 0, worst = 0;
    for (const Fill& fill : model.on_minute(minute(i), bars)) {
      RC_ASSERT(fill.qty.v >= 1 && fill.at == minute(i));
      RC_ASSERT(std::abs(fill.price.v * 1e4 - std::round(fill.price.v * 1e4)) < 1e-6);
      RC_ASSERT((fill.price.v > traded->open) == (side == Side::buy));
      worst = std::max(worst, std::abs(fill.price.v - traded->open));
      spread += fill.spread_cost;
      spent += fill.qty.v * std::abs(fill.price.v - traded->open);
      filled += fill.qty.v;
    }
    double want = 0;
    if (traded && i >= from) {
      const double share = participation > 0 ? std::floor(participation * traded->volume) : left;
      want = side == Side::sell ? left : std::min(left, share);
      const double half_spreads = side == Side::sell && left > share ? 2 : 1;
      if (want > 0) RC_ASSERT(std::abs(worst - half_spreads * 1e-3 * traded->open) < 1e-4);
    }
    RC_ASSERT(filled == want);
    left -= want;
    RC_ASSERT(model.working(order.key) == (left > 0));
  }
  RC_ASSERT(std::abs(spread - spent) < 1e-6);
  const FillModel::End end = model.end_session(minute(390));
  RC_ASSERT(end.expired.size() + end.fills.size() == (left > 0 ? 1U : 0U));
  if (!end.fills.empty()) RC_ASSERT(end.fills[0].qty.v == left);
}

}  // namespace
}  // namespace sentio
