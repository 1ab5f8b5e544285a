// Fees: worked example of the broker reference §8 (2025-03-03), caps, and the cost of a round trip.

#include <gtest/gtest.h>

#include "sentio/execution/ledger.h"

namespace sentio {
namespace {

using std::chrono::year;

constexpr FeeRates kMarch2025{year{2024} / 5 / 22, 27.80e-6, 0.000166, 8.30, 0.0000265, 0};
constexpr FeeRates kJuly2025{year{2025} / 5 / 14, 0, 0.000166, 8.30, 0.0000265, 0};

struct FeeCase {
  std::string name;
  FeeRates rates;
  Side side;
  double qty, price;
  double sec, taf, cat, commission;
  friend void PrintTo(const FeeCase& row, std::ostream* out) { *out << row.name; }
};

class FeesOf : public ::testing::TestWithParam<FeeCase> {};

TEST_P(FeesOf, GivesTheReferenceAmounts) {
  const FeeCase& c = GetParam();
  const Fees fees = fees_of(c.rates, c.side, Qty{c.qty}, Price{c.price});
  EXPECT_NEAR(fees.sec.v, c.sec, 1e-12);
  EXPECT_NEAR(fees.taf.v, c.taf, 1e-12);
  EXPECT_NEAR(fees.cat.v, c.cat, 1e-12);
  EXPECT_NEAR(fees.commission.v, c.commission, 1e-12);
  EXPECT_NEAR(fees.total().v, c.sec + c.taf + c.cat + c.commission, 1e-12);
}

INSTANTIATE_TEST_SUITE_P(
    Reference, FeesOf,
    ::testing::Values(
        FeeCase{"SellOfAThousandOn20250303", kMarch2025, Side::sell, 1000, 80, 2.224, 0.166, 0.0265, 0},
        FeeCase{"TheSameSellOn20250701", kJuly2025, Side::sell, 1000, 80, 0, 0.166, 0.0265, 0},
        FeeCase{"BuysPayCatOnly", kMarch2025, Side::buy, 1000, 80, 0, 0, 0.0265, 0},
        FeeCase{"TafUnderItsCap", kMarch2025, Side::sell, 50'000, 1, 1.39, 8.30, 1.325, 0},
        FeeCase{"TafAtItsCap", kJuly2025, Side::sell, 100'000, 1, 0, 8.30, 2.65, 0},
        FeeCase{"CommissionOnBothSides", FeeRates{{}, 0, 0, 0, 0, 1.5}, Side::buy, 10, 10, 0, 0, 0, 1.5},
        FeeCase{"OneShareIsNotRounded", kMarch2025, Side::sell, 1, 10, 0.000278, 0.000166, 0.0000265, 0}),
    [](const auto& row) { return row.param.name; });

TEST(RoundTripCost, IsSpreadTwicePlusTheFeesOfPurchaseAndSale) {
  // 2 · 0.0096 + 2 · 0.0000265 + 0.000166 + 0.0000278 · 80 = 0.021643 USD on 80 USD
  EXPECT_NEAR(round_trip_cost(kMarch2025, Price{0.0096}, Price{80}).v, 2.705375, 1e-9);
  // 1 bp of spread in all, TAF and CAT
  EXPECT_NEAR(round_trip_cost(kJuly2025, Price{0.005}, Price{100}).v, 1.0219, 1e-9);
}

TEST(FeesOf, NothingTradedIsABrokenInvariant) {
  EXPECT_DEATH((void)fees_of(kMarch2025, Side::sell, Qty{0}, Price{80}), "qty");
  EXPECT_DEATH((void)round_trip_cost(kMarch2025, Price{0.005}, Price{0}), "price");
}

}  // namespace
}  // namespace sentio
