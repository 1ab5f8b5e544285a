// Limits in front of the broker, and the circuit breaker.

#include <gtest/gtest.h>

#include <limits>

#include "sentio/execution/simple_risk_manager.h"

namespace sentio {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
const TimePoint kTen = from_epoch_seconds(1'758'894'000);

Order order_of(Side side, double qty, TimePoint decided_at = kTen) {
  Order order;
  order.side = order.key.side = side;
  order.qty = Qty{qty};
  order.reference = Price{100};
  order.decided_at = decided_at;
  return order;
}

Reason verdict(const std::variant<Approved<Order>, Refused>& reviewed) {
  const auto* refused = std::get_if<Refused>(&reviewed);
  return refused == nullptr ? Reason::none : refused->reason;
}

constexpr double kAtTheClose = -1;  // a market order

struct ReviewCase {
  std::string name;
  Side side;
  double qty, price, last_close, equity;
  Reason want;
  friend void PrintTo(const ReviewCase& row, std::ostream* out) { *out << row.name; }
};

class RiskReview : public ::testing::TestWithParam<ReviewCase> {};

TEST_P(RiskReview, JudgesAsTheTableSays) {
  const ReviewCase& c = GetParam();
  SimpleRiskManager risk{RiskConfig{}};
  risk.on_session_open(Usd{c.equity});
  Order order = order_of(c.side, c.qty);
  order.reference = Price{c.last_close};
  if (c.price != kAtTheClose) order.limit = Price{c.price};
  EXPECT_EQ(verdict(risk.review(order, Price{c.last_close}, Usd{c.equity})), c.want);
}

INSTANTIATE_TEST_SUITE_P(
    Limits, RiskReview,
    ::testing::Values(
        ReviewCase{"AThirdOfEquityPasses", Side::buy, 330, kAtTheClose, 100, 100'000, Reason::none},
        ReviewCase{"ExactlyTheFractionPasses", Side::buy, 400, kAtTheClose, 100, 100'000, Reason::none},
        ReviewCase{"OneShareMoreIsTooMuch", Side::buy, 401, kAtTheClose, 100, 100'000, Reason::risk_order_size},
        ReviewCase{"NotionalAtTheLimit", Side::buy, 400, 100.01, 100, 100'000, Reason::risk_order_size},
        ReviewCase{"NoEquityNoEntry", Side::buy, 1, 100, 100, 0, Reason::risk_order_size},
        ReviewCase{"EquityThatIsNoNumber", Side::buy, 1, 100, 100, kNan, Reason::risk_order_size},
        ReviewCase{"PriceThatIsNoNumber", Side::buy, 1, kNan, 100, 100'000, Reason::risk_order_size},
        ReviewCase{"PriceNearTheUpperBand", Side::buy, 1, 109.9, 100, 100'000, Reason::none},
        ReviewCase{"PriceBeyondTheUpperBand", Side::buy, 1, 110.1, 100, 100'000, Reason::risk_price_band},
        ReviewCase{"PriceBeyondTheLowerBand", Side::buy, 1, 89.9, 100, 100'000, Reason::risk_price_band},
        ReviewCase{"NoLastClose", Side::buy, 1, 100, 0, 100'000, Reason::risk_price_band},
        ReviewCase{"SizeIsAskedBeforePrice", Side::buy, 5'000, 150, 100, 100'000, Reason::risk_order_size},
        ReviewCase{"ExitsOfAnySizePass", Side::sell, 5'000, 100, 100, 100'000, Reason::none},
        ReviewCase{"ExitsPassAfterAJump", Side::sell, 10, 50, 100, 100'000, Reason::none}),
    [](const auto& row) { return row.param.name; });

TEST(SimpleRiskManager, ApprovesTheOrderItWasShown) {
  SimpleRiskManager risk{RiskConfig{}};
  const auto reviewed = risk.review(order_of(Side::buy, 12), Price{100}, Usd{100'000});
  ASSERT_TRUE(std::holds_alternative<Approved<Order>>(reviewed));
  EXPECT_EQ(std::get<Approved<Order>>(reviewed)->qty, Qty{12});
}

TEST(SimpleRiskManager, LimitsEntriesPerSet) {
  SimpleRiskManager risk{RiskConfig{.max_orders_per_minute = 3}};
  const auto review = [&risk](Side side, TimePoint decided_at) {
    return verdict(risk.review(order_of(side, 1, decided_at), Price{100}, Usd{100'000}));
  };
  EXPECT_EQ(review(Side::buy, kTen), Reason::none);
  EXPECT_EQ(review(Side::sell, kTen), Reason::none);  // counts, but is never stopped
  EXPECT_EQ(review(Side::buy, kTen), Reason::none);
  EXPECT_EQ(review(Side::buy, kTen), Reason::risk_order_rate);
  EXPECT_EQ(review(Side::sell, kTen), Reason::none);
  EXPECT_EQ(review(Side::buy, kTen + kBarLength), Reason::none);
}

TEST(SimpleRiskManager, RefusedEntriesDoNotCountTowardsTheRate) {
  SimpleRiskManager risk{RiskConfig{.max_orders_per_minute = 1}};
  EXPECT_EQ(verdict(risk.review(order_of(Side::buy, 9'999), Price{100}, Usd{100'000})),
            Reason::risk_order_size);
  EXPECT_EQ(verdict(risk.review(order_of(Side::buy, 1), Price{100}, Usd{100'000})), Reason::none);
}

TEST(CircuitBreaker, PeakIncludesTheOpeningEquity) {
  SimpleRiskManager risk{RiskConfig{}};
  risk.on_session_open(Usd{100'000});
  EXPECT_FALSE(risk.on_equity(Usd{95'001}));
  EXPECT_FALSE(risk.breaker_open());
  EXPECT_NEAR(risk.drawdown(), 0.04999, 1e-12);
  EXPECT_TRUE(risk.on_equity(Usd{95'000}));
  EXPECT_TRUE(risk.breaker_open());
}

TEST(CircuitBreaker, MeasuresFromTheSessionsPeak) {
  SimpleRiskManager risk{RiskConfig{}};
  risk.on_session_open(Usd{100'000});
  EXPECT_FALSE(risk.on_equity(Usd{120'000}));
  EXPECT_FALSE(risk.on_equity(Usd{114'001}));
  EXPECT_TRUE(risk.on_equity(Usd{113'999}));
}

TEST(CircuitBreaker, TripsOnceADayAndClosesAtTheNextOpen) {
  SimpleRiskManager risk{RiskConfig{}};
  risk.on_session_open(Usd{100'000});
  EXPECT_TRUE(risk.on_equity(Usd{90'000}));
  EXPECT_FALSE(risk.on_equity(Usd{80'000}));
  EXPECT_FALSE(risk.on_equity(Usd{100'000}));
  EXPECT_TRUE(risk.breaker_open());
  risk.on_session_open(Usd{80'000});
  EXPECT_FALSE(risk.breaker_open());
  EXPECT_EQ(risk.drawdown(), 0);
  EXPECT_FALSE(risk.on_equity(Usd{79'000}));
  EXPECT_TRUE(risk.on_equity(Usd{75'000}));
}

TEST(CircuitBreaker, EquityThatIsNoNumberTripsIt) {
  SimpleRiskManager risk{RiskConfig{}};
  risk.on_session_open(Usd{100'000});
  EXPECT_TRUE(risk.on_equity(Usd{kNan}));
}

TEST(CircuitBreaker, LatchedFromOutsideItNeitherTripsAgainNorLetsEntriesPass) {
  SimpleRiskManager risk{RiskConfig{}};
  risk.on_session_open(Usd{100'000});
  risk.latch_breaker();
  EXPECT_FALSE(risk.on_equity(Usd{50'000}));
  EXPECT_EQ(verdict(risk.review(order_of(Side::buy, 1), Price{100}, Usd{50'000})),
            Reason::breaker_open);
  EXPECT_EQ(verdict(risk.review(order_of(Side::sell, 1), Price{100}, Usd{50'000})), Reason::none);
}

}  // namespace
}  // namespace sentio
