// Every feature against the slow recomputation in naive_features.h.

#include <gtest/gtest.h>

#include "market_data.h"
#include "naive_features.h"

namespace sentio::testing {
namespace {

/// Compares rows first, first + step, … of the tape, to 1e-9 of the value or of the column's mean size.
void expect_naive_values(const Tape& tape, std::size_t first, std::size_t step) {
  ASSERT_GT(tape.size(), first);
  const std::vector<FeatureRow> rows = rows_of(tape);
  const NaiveFeatures naive(tape);
  const FeatureRow size = sizes_of(rows);
  for (std::size_t t = first; t < tape.size(); t += step) {
    const auto want = naive.row(static_cast<int>(t));
    ASSERT_EQ(want.size(), static_cast<std::size_t>(kFeatureCount));
    for (std::size_t f = 0; f < size.size(); ++f) {
      const std::string name(feature_table()[f].name);
      ASSERT_TRUE(want.contains(name)) << name;
      const double expected = want.at(name), got = rows[t][f];
      ASSERT_NEAR(got, expected, 1e-9 * std::max({std::abs(expected), std::abs(got), size[f]}))
          << name << " at minute " << t << " of the tape";
    }
  }
}

TEST(FeatureFormulas, MatchTheNaiveOnesFromTheFirstBarOn) {
  const Tape tape = random_tape(1, 9);
  int half_days = 0, filled = 0;
  for (const TapeMinute& row : tape) {
    half_days += row.begins_session && row.hours.half_day();
    filled += !row.sync.real();
  }
  ASSERT_EQ(half_days, 1);
  ASSERT_GT(filled, 100);
  ASSERT_EQ(tape.front().minute > 0, true);
  expect_naive_values(tape, 0, 1);
}

TEST(FeatureFormulas, MatchTheNaiveOnesOnASparseSymbolInWideTicks) {
  expect_naive_values(random_tape(2, 6, {.missing = 0.6, .first_minute = 200, .tick = 0.25, .move = 0.002}),
                      0, 1);
}

TEST(FeatureFormulas, DoNotDriftOverTwoHundredThousandBars) {
  const Tape tape = random_tape(3, 520);
  ASSERT_GT(tape.size(), 200000U);
  expect_naive_values(tape, 200000 - 7, 97);
}

TEST(FeatureFormulas, MatchTheNaiveOnesOnRealBars) {
  SENTIO_NEEDS_MARKET_DATA();
  for (const char* file :
       {"twelve/TQQQ_RTH_NH.csv.gz", "twelve/ERX_RTH_NH.csv.gz", "six/UVXY_RTH_NH.csv.gz",
        "hard-days/SPXL_1min_rth_2025-04-07.csv.gz", "hard-days/UPRO_1min_sparse_2020-01_2020-06.csv.gz"}) {
    SCOPED_TRACE(file);
    expect_naive_values(read_tape(market_data() / file, 30000), 0, 7);
  }
}

}  // namespace
}  // namespace sentio::testing
