/// What a strategy without information must earn: nothing, less its costs.

#include <gtest/gtest.h>

#include <cmath>

#include "mock_world.h"
#include "planted_signals.h"

namespace sentio {
namespace {

using testing::day;
using testing::MockWorld;

TEST(HonestCosts, OnFlatPricesTheLossIsTheCostsToTheCent) {
  for (const Date date : {day(2025, 4, 14), day(2025, 7, 2)}) {  // with and without the SEC fee
    MockWorld world = testing::walking_world(date, date, 0, 3, {.volatility = 0, .volume = 1e6});
    for (auto& s : world.bars) {
      for (Bar& b : s.bars) b.open = b.high = b.low = b.close = 40;
    }
    const auto run = world.run(testing::random_signals(6, 17));
    ASSERT_EQ(run.error, "");
    const DayResult& d = run.result.days.at(0);
    const double costs = d.spread_cost + d.fee_sec + d.fee_taf + d.fee_other;
    EXPECT_GT(d.orders_filled, 100);
    EXPECT_GT(d.spread_cost, 100);
    EXPECT_EQ(d.fee_sec > 0, date == day(2025, 4, 14));
    EXPECT_NEAR(d.equity_start - d.equity_end, costs, 0.005);
  }
}

/// Gross return (before costs) of one random-signal day.
double gross_return(const MockWorld& world, std::uint64_t seed) {
  const auto run = world.run(testing::random_signals(6, seed));
  const DayResult& d = run.result.days.at(0);
  return (d.equity_end - d.equity_start + d.spread_cost + d.fee_sec + d.fee_taf) / d.equity_start;
}

void expect_zero_mean(const std::vector<double>& returns) {
  const double n = static_cast<double>(returns.size());
  double mean = 0, square = 0;
  for (const double r : returns) mean += r / n;
  for (const double r : returns) square += (r - mean) * (r - mean);
  const double standard_error = std::sqrt(square / (n - 1) / n);
  EXPECT_GT(standard_error, 0);
  EXPECT_LT(std::abs(mean), 2 * standard_error) << "mean " << mean << " +- " << standard_error;
}

TEST(HonestCosts, RandomSignalsEarnNothingGrossOverTwentySeeds) {
  std::vector<double> returns;
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    returns.push_back(gross_return(testing::walking_world(day(2025, 7, 2), day(2025, 7, 2), 0, seed * 1000), seed));
  }
  expect_zero_mean(returns);
}

TEST(HonestCosts, RandomSignalsEarnNothingGrossOnRealBars) {
  SENTIO_NEEDS_MARKET_DATA();
  const MockWorld world = testing::real_six(day(2025, 9, 24), 0);
  std::vector<double> returns;
  for (std::uint64_t seed = 1; seed <= 20; ++seed) returns.push_back(gross_return(world, seed));
  expect_zero_mean(returns);
}

TEST(HonestCosts, FillsAtTheSameCloseAreDeclared) {
  MockWorld world = testing::walking_world(day(2025, 7, 2), day(2025, 7, 2), 0, 3);
  world.options.config.fill.timing = FillTiming::same_close;
  const auto run = world.run(testing::random_signals(6, 17));
  ASSERT_EQ(run.error, "");
  EXPECT_TRUE(run.result.same_close_fills);
  EXPECT_NE(run.files.begin()->second.session_log.find("NOT ACHIEVABLE"), std::string::npos);
}

}  // namespace
}  // namespace sentio
