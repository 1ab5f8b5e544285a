// Bad prints are no fill prices, and waiting for a better one does not pay.

#include <gtest/gtest.h>

#include "sentio/execution/fill_model.h"

namespace sentio {
namespace {

const TimePoint kOpen = from_epoch_seconds(1'758'893'400);  // 2025-09-26 09:30 New York
constexpr double kVolume = 1e6;

TimePoint minute(int i) {
  return kOpen + i * kBarLength;
}

Bar bar(int i, double open, double close) {
  return {minute(i), open, std::max(open, close) + 0.05, std::min(open, close) - 0.05, close, kVolume};
}

Universe one() {
  return Universe({{.name = "AAA", .half_spread = Bps{0.1}}});  // half a cent
}

PrintGuard knows_a_quiet_session() {
  std::vector<Bar> before;
  for (int i = -1440; i < -1050; ++i) before.push_back(bar(i, 100, 100));
  return guard_after(before);
}

class FillPricesTest : public ::testing::Test {
 protected:
  FillPricesTest() {
    prices.begin_session(0, knows_a_quiet_session());
    for (int i = 0; i < 10; ++i) EXPECT_TRUE(pass(bar(i, 100, 100)).empty());
  }
  /// Both sides wait from the start of minute `from` on.
  void submit(int from) {
    for (const Side side : {Side::buy, Side::sell}) {
      Order order;
      order.key = {std::chrono::year{2025} / 9 / 26, static_cast<std::int16_t>(from - 1), 0, side, 0};
      order.side = side;
      order.qty = Qty{10};
      order.reference = Price{100};
      order.decided_at = minute(from);
      model.submit(order, minute(from));
    }
  }
  std::vector<Fill> pass(const Bar& b) {
    const std::vector<std::optional<Bar>> bars{b};
    const auto sound = prices.on_minute(bars);
    const auto fills = model.on_minute(b.start, sound, prices.passed());
    return {fills.begin(), fills.end()};
  }
  void expect_fills(const std::vector<Fill>& fills, double buy, double sell) {
    ASSERT_EQ(fills.size(), 2U);
    EXPECT_DOUBLE_EQ(fills[0].price.v, buy + 0.005);
    EXPECT_DOUBLE_EQ(fills[1].price.v, sell - 0.005);
  }
  Universe symbols = one();
  FillPrices prices{1};
  FillModel model{FillConfig{}, symbols};
};

TEST_F(FillPricesTest, ABadOpenIsWaitedOut) {
  int i = 10;
  for (const double open : {150.0, 60.0, 103.0}) {
    submit(i);
    EXPECT_TRUE(pass(bar(i, open, 100)).empty()) << open;
    expect_fills(pass(bar(i + 1, 100, 100)), 100, 100);
    i += 2;
  }
}

/// The bad open's own minute closed at 100.4: who waited bought no cheaper and sold no dearer than that.
TEST_F(FillPricesTest, TheCloseOfTheMinutePassedOverBoundsThePrice) {
  submit(10);
  EXPECT_TRUE(pass(bar(10, 150, 100.4)).empty());
  expect_fills(pass(bar(11, 100, 100)), 100.4, 100);
}

TEST_F(FillPricesTest, AnOpenThatTurnsOutRealBoundsThePriceToo) {
  submit(10);
  EXPECT_TRUE(pass(bar(10, 94, 94)).empty());
  expect_fills(pass(bar(11, 96, 95)), 96, 94);
  submit(12);
  expect_fills(pass(bar(12, 95, 95)), 95, 95);
}

TEST_F(FillPricesTest, AnOrderThatCameLaterHasPassedOverNothing) {
  EXPECT_TRUE(pass(bar(10, 150, 100.4)).empty());
  submit(11);
  expect_fills(pass(bar(11, 100, 100)), 100, 100);
}

TEST_F(FillPricesTest, MinutesInARowAreAllWaitedOut) {
  submit(10);
  EXPECT_TRUE(pass(bar(10, 150, 100.4)).empty());
  EXPECT_TRUE(pass(bar(11, 60, 99.8)).empty());
  expect_fills(pass(bar(12, 100, 100)), 100.4, 99.8);
}

/// What the market does later is no reason: the open is judged when it comes.
TEST_F(FillPricesTest, ABadCloseDoesNotUndoAFillAtTheOpen) {
  submit(10);
  expect_fills(pass(bar(10, 100, 160)), 100, 100);
}

TEST_F(FillPricesTest, ABadCloseIsNotTheLastTrade) {
  EXPECT_TRUE(pass(bar(10, 100.1, 60)).empty());
  submit(11);
  const auto end = model.end_session(minute(390));
  ASSERT_EQ(end.fills.size(), 1U);
  EXPECT_DOUBLE_EQ(end.fills[0].price.v, 100.1 - 0.01);
}

TEST_F(FillPricesTest, ABadOpenIsNotTheLastTradeEither) {
  submit(10);
  EXPECT_TRUE(pass(bar(10, 60, 60)).empty());
  const auto end = model.end_session(minute(390));
  ASSERT_EQ(end.fills.size(), 1U);
  EXPECT_DOUBLE_EQ(end.fills[0].price.v, 100 - 0.01);
}

TEST(FillPrices, KnowsTheRangeOfTheSessionBeforeInTheFirstMinutes) {
  for (const bool knows : {false, true}) {
    FillPrices prices{1};
    prices.begin_session(0, knows ? knows_a_quiet_session() : PrintGuard{});
    prices.on_minute(std::vector<std::optional<Bar>>{bar(0, 100, 100)});
    prices.on_minute(std::vector<std::optional<Bar>>{bar(1, 150, 100)});
    EXPECT_EQ(prices.bars()[0].has_value(), !knows);
  }
}

}  // namespace
}  // namespace sentio
