// The one place where the price of an order is made.

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <cmath>

#include "sentio/execution/order_style.h"

namespace sentio {
namespace {

struct LimitCase {
  std::string name;
  Side side;
  double reference, offset_bps;
  double want;  ///< 0: no price
  friend void PrintTo(const LimitCase& row, std::ostream* out) { *out << row.name; }
};
class LimitTest : public testing::TestWithParam<LimitCase> {};
TEST_P(LimitTest, StaysMarketableOnTheGrid) {
  const auto& c = GetParam();
  const Price limit = limit_price(c.side, Price{c.reference}, Bps{c.offset_bps});
  if (c.want == 0) {
    EXPECT_TRUE(std::isnan(limit.v));
  } else {
    EXPECT_EQ(limit.v, c.want);
  }
}
INSTANTIATE_TEST_SUITE_P(Grid, LimitTest,
                         testing::Values(LimitCase{"OnTheTick", Side::buy, 80.15, 0, 80.15},
                                         LimitCase{"OnTheTickSell", Side::sell, 80.15, 0, 80.15},
                                         LimitCase{"BuyUp", Side::buy, 80.10, 20, 80.27},      // 80.2602
                                         LimitCase{"SellDown", Side::sell, 80.10, 20, 79.93},  // 79.9398
                                         LimitCase{"BelowADollar", Side::buy, 0.51234, 0, 0.5124},
                                         LimitCase{"OverTheDollar", Side::buy, 0.99999, 0, 1.0000},
                                         LimitCase{"AtTheDollar", Side::sell, 1.0, 0, 1.00},
                                         LimitCase{"OneTickAtLeast", Side::sell, 0.00001, 0, 0.0001},
                                         LimitCase{"Cents", Side::buy, 12.07, 0, 12.07},
                                         LimitCase{"NoPrice", Side::buy, 0, 20, 0},
                                         LimitCase{"NotANumber", Side::buy, std::nan(""), 20, 0},
                                         LimitCase{"OffsetBeyondZero", Side::sell, 5, 10'000, 0}),
                         [](const auto& tc) { return tc.param.name; });

RC_GTEST_PROP(LimitPrice, IsWithinOneTickOnTheMarketableSide, ()) {
  const double reference = *rc::gen::inRange(100, 90'000'000) / 10'000.0;
  const double offset = *rc::gen::inRange(0, 500);
  const Side side = *rc::gen::element(Side::buy, Side::sell);
  const double exact = reference * (1 + (side == Side::buy ? 1 : -1) * offset * 1e-4);
  const double price = limit_price(side, Price{reference}, Bps{offset}).v, tick = exact >= 1 ? 0.01 : 0.0001;
  const double away = side == Side::buy ? price - exact : exact - price;
  RC_ASSERT(away >= -1e-6);
  RC_ASSERT(away < tick + 1e-6);
}

struct StyleCase {
  std::string name;
  OrderStyle::Kind kind;
  double offset_bps, max_price_deviation;
  bool fits;
  friend void PrintTo(const StyleCase& row, std::ostream* out) { *out << row.name; }
};
class OrderStyleCheck : public testing::TestWithParam<StyleCase> {};
TEST_P(OrderStyleCheck, RefusesWhatRiskWouldRefuseAllDay) {
  const auto& c = GetParam();
  const auto checked = check_order_style({c.kind, Bps{c.offset_bps}}, {.max_price_deviation = c.max_price_deviation});
  ASSERT_EQ(checked.has_value(), c.fits);
  if (c.fits) return;
  EXPECT_EQ(checked.error().code, Errc::usage);
  EXPECT_NE(checked.error().message().find("--limit-offset-bps: "), std::string::npos);
  EXPECT_NE(checked.error().message().find("max_price_deviation"), std::string::npos);
}
constexpr auto kMarket = OrderStyle::Kind::market, kLimit = OrderStyle::Kind::marketable_limit;
INSTANTIATE_TEST_SUITE_P(Styles, OrderStyleCheck,
                         testing::Values(StyleCase{"MarketOrdersHaveNoOffset", kMarket, 1000, 0.001, true},
                                         StyleCase{"Within", kLimit, 20, 0.1, true},
                                         StyleCase{"JustWithin", kLimit, 999, 0.1, true},
                                         StyleCase{"AtTheBound", kLimit, 1000, 0.1, false},
                                         StyleCase{"Beyond", kLimit, 51, 0.005, false},
                                         StyleCase{"NotANumber", kLimit, std::nan(""), 0.1, false}),
                         [](const auto& tc) { return tc.param.name; });

}  // namespace
}  // namespace sentio
