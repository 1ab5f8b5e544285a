// The causal standardiser against its definition, computed in two passes.

#include <gtest/gtest.h>

#include <random>

#include "tape.h"

namespace sentio::testing {
namespace {

std::vector<FeatureRow> noisy_rows(int count) {
  std::mt19937_64 random(5);
  std::normal_distribution<double> normal;
  std::vector<FeatureRow> rows(static_cast<std::size_t>(count));
  for (FeatureRow& row : rows) {
    for (std::size_t f = 0; f < row.size(); ++f) row[f] = normal(random);
    row[0] = 1e6 + 1e-3 * row[0];  // a mean a billion times the deviation: inputs themselves have 1e-7 of it
    row[1] = 42;                   // a constant
    row[2] = 1e-9 * row[2];        // small, but it varies
    row[3] = std::pow(row[3], 7);  // heavy tails
  }
  return rows;
}

/// (v - mean) / sd from weights 2^(-age/2000) over the rows before n, two passes.
double slow_score(const std::vector<FeatureRow>& rows, std::size_t n, std::size_t feature) {
  long double weight = 0, mean = 0, variance = 0;
  const auto weight_of = [n](std::size_t i) {
    return std::exp2(-static_cast<long double>(n - 1 - i) / 2000);
  };
  for (std::size_t i = 0; i < n; ++i) {
    weight += weight_of(i);
    mean += weight_of(i) * rows[i][feature];
  }
  mean /= weight;
  for (std::size_t i = 0; i < n; ++i) {
    variance += weight_of(i) * (rows[i][feature] - mean) * (rows[i][feature] - mean);
  }
  const auto deviation = std::sqrt(static_cast<double>(variance / weight));
  if (deviation < 1e-12 * std::max(1.0, std::abs(static_cast<double>(mean)))) return 0;
  return std::min(4.0, std::max(-4.0, (rows[n][feature] - static_cast<double>(mean)) / deviation));
}

TEST(FeatureStandardizer, MatchesATwoPassComputationOverEarlierBars) {
  const auto rows = noisy_rows(9000);
  FeatureStandardizer standardizer;
  FeatureRow z{};
  for (std::size_t n = 0; n < rows.size(); ++n) {
    standardizer.transform(rows[n], z);
    if (n < 390 || n % 431 != 0) continue;
    for (const std::size_t f : {0UL, 1UL, 2UL, 3UL, 4UL, 125UL}) {
      ASSERT_NEAR(z[f], slow_score(rows, n, f), f == 0 ? 1e-5 : 1e-10) << "feature " << f << " at row " << n;
    }
    ASSERT_EQ(z[1], 0.0);
  }
  EXPECT_EQ(standardizer.bars_seen(), 9000);
}

TEST(FeatureStandardizer, IsZeroAndNotReadyBeforeThreeHundredAndNinetyEarlierBars) {
  const auto rows = noisy_rows(392);
  FeatureStandardizer standardizer;
  FeatureRow z{};
  for (std::size_t n = 0; n < 390; ++n) {
    z.fill(9);
    ASSERT_FALSE(standardizer.transform(rows[n], z));
    ASSERT_EQ(z, FeatureRow{});
  }
  EXPECT_TRUE(standardizer.transform(rows[390], z));
  EXPECT_NE(z, FeatureRow{});
}

TEST(FeatureStandardizer, ClipsAtFourAndForgetsWithItsHalfLife) {
  FeatureStandardizer standardizer;
  FeatureRow row{}, z{};
  for (int n = 0; n < 20000; ++n) {
    row.fill(n % 2 == 0 ? 1 : -1);
    standardizer.transform(row, z);
  }
  row.fill(1000);
  standardizer.transform(row, z);
  EXPECT_EQ(z[0], 4.0);
  row.fill(-1000);
  standardizer.transform(row, z);
  EXPECT_LT(z[0], -4.0 + 1e-12);
  for (int n = 0; n < 60000; ++n) {
    row.fill(n % 2 == 0 ? 1 : -1);
    standardizer.transform(row, z);
  }
  EXPECT_NEAR(std::abs(z[0]), 1.0, 1e-3);
}

TEST(FeatureStandardizer, ResumedEqualsContinuedAndBrokenStateIsRefused) {
  const auto rows = noisy_rows(900);
  FeatureStandardizer standardizer, resumed;
  FeatureRow z{}, other{};
  for (std::size_t n = 0; n < 500; ++n) standardizer.transform(rows[n], z);
  ByteWriter out;
  standardizer.save(out);
  ByteReader in(out.bytes());
  ASSERT_TRUE(resumed.load(in));
  EXPECT_TRUE(in.at_end());
  for (std::size_t n = 500; n < rows.size(); ++n) {
    ASSERT_EQ(standardizer.transform(rows[n], z), resumed.transform(rows[n], other));
    ASSERT_EQ(z, other);
  }
  ByteReader truncated(std::span(out.bytes()).first(out.bytes().size() - 1));
  EXPECT_FALSE(resumed.load(truncated));
  auto not_finite = out.bytes();
  for (std::size_t i = not_finite.size() - 8; i < not_finite.size(); ++i) not_finite[i] = 0xff;
  ByteReader of_not_finite(not_finite);
  EXPECT_FALSE(resumed.load(of_not_finite));
  EXPECT_EQ(resumed.bars_seen(), 900);
}

}  // namespace
}  // namespace sentio::testing
