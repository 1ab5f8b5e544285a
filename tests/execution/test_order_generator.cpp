// Sizes and names of orders.

#include <gtest/gtest.h>

#include "sentio/execution/order_generator.h"

namespace sentio {
namespace {

const TimePoint kTen = from_epoch_seconds(1'758'895'200);
constexpr Date kDay = std::chrono::year{2025} / 9 / 26;

struct SizeCase {
  std::string name;
  double equity, free_cash, close, half_spread, want;
  friend void PrintTo(const SizeCase& row, std::ostream* out) { *out << row.name; }
};

class EntrySize : public ::testing::TestWithParam<SizeCase> {};

TEST_P(EntrySize, IsWholeSharesOfTheSmallerBudget) {
  const SizeCase& c = GetParam();
  const OrderGenerator orders{RotationConfig{}};  // 33 % a position
  EXPECT_EQ(orders.entry_size(Usd{c.equity}, Usd{c.free_cash}, Price{c.close}, Price{c.half_spread}).v,
            c.want);
}

INSTANTIATE_TEST_SUITE_P(Sizes, EntrySize,
                         ::testing::Values(SizeCase{"ShareOfEquity", 100'000, 100'000, 100, 0, 330},
                                           SizeCase{"TheSpreadIsPaidToo", 100'000, 100'000, 100, 0.012, 329},
                                           SizeCase{"CashIsShort", 100'000, 10'050, 100, 0.005, 100},
                                           SizeCase{"NotEvenOneShare", 100'000, 99, 100, 0.005, 0},
                                           SizeCase{"NoCash", 100'000, 0, 100, 0.005, 0},
                                           SizeCase{"ReservedBeyondCash", 100'000, -500, 100, 0.005, 0},
                                           SizeCase{"EquityGoneNegative", -1, 1'000, 100, 0.005, 0},
                                           SizeCase{"NoPrice", 100'000, 100'000, 0, 0, 0}),
                         [](const auto& row) { return row.param.name; });

Order make(OrderGenerator& orders, int minute, SymbolId symbol, Side side) {
  return orders.make(minute, kTen + minute * kBarLength, symbol, side, Qty{5}, Price{50}, Reason::entered);
}

TEST(OrderGenerator, NamesAnOrderByWhatWasDecided) {
  OrderGenerator orders{RotationConfig{}};
  orders.on_session_open(kDay);
  const Order order = make(orders, 7, 3, Side::sell);
  EXPECT_EQ(order.key, (OrderKey{kDay, 7, 3, Side::sell, 0}));
  EXPECT_EQ(order.side, Side::sell);
  EXPECT_EQ(order.symbol, 3);
  EXPECT_EQ(order.qty, Qty{5});
  EXPECT_EQ(order.reference, Price{50});
  EXPECT_EQ(order.reason, Reason::entered);
  EXPECT_EQ(order.decided_at, kTen + 7 * kBarLength);
}

TEST(OrderGenerator, CountsAttemptsPerSetSymbolAndSide) {
  OrderGenerator orders{RotationConfig{}};
  orders.on_session_open(kDay);
  EXPECT_EQ(make(orders, 7, 3, Side::buy).key.attempt, 0);
  EXPECT_EQ(make(orders, 7, 3, Side::buy).key.attempt, 1);
  EXPECT_EQ(make(orders, 7, 3, Side::sell).key.attempt, 0);
  EXPECT_EQ(make(orders, 7, 4, Side::buy).key.attempt, 0);
  EXPECT_EQ(make(orders, 7, 3, Side::buy).key.attempt, 2);
  EXPECT_EQ(make(orders, 8, 3, Side::buy).key.attempt, 0);
}

TEST(OrderGenerator, EntriesHaveTheStylesLimitAndExitsNone) {
  OrderGenerator market{RotationConfig{}};
  market.on_session_open(kDay);
  EXPECT_FALSE(make(market, 7, 3, Side::buy).limit);
  OrderGenerator limits(RotationConfig{}, {OrderStyle::Kind::marketable_limit, Bps{21}});
  limits.on_session_open(kDay);
  const Order entry = make(limits, 7, 3, Side::buy);
  ASSERT_TRUE(entry.limit);
  EXPECT_EQ(*entry.limit, Price{50.11});  // 50.105
  EXPECT_EQ(entry.price(), Price{50.11});
  EXPECT_EQ(entry.reference, Price{50});
  const Order exit = make(limits, 7, 3, Side::sell);
  EXPECT_FALSE(exit.limit);
  EXPECT_EQ(exit.price(), Price{50});
}

TEST(OrderGenerator, StartsOverAtTheOpen) {
  OrderGenerator orders{RotationConfig{}};
  orders.on_session_open(kDay);
  (void)make(orders, 7, 3, Side::buy);
  constexpr Date kNextDay = std::chrono::year{2025} / 9 / 29;
  orders.on_session_open(kNextDay);
  EXPECT_EQ(make(orders, 7, 3, Side::buy).key, (OrderKey{kNextDay, 7, 3, Side::buy, 0}));
}

TEST(OrderGenerator, AnOrderForNothingIsABrokenInvariant) {
  OrderGenerator orders{RotationConfig{}};
  orders.on_session_open(kDay);
  EXPECT_DEATH((void)orders.make(0, kTen, 0, Side::buy, Qty{0}, Price{50}, Reason::entered), "qty");
}

}  // namespace
}  // namespace sentio
