#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "sentio/analysis/block_length.h"
#include "sentio/analysis/bootstrap.h"
#include "sentio/analysis/hac.h"
#include "sentio/analysis/statistics.h"

namespace sentio {
namespace {

const std::vector<double> kTwelveDays{0.0031,  -0.0125, 0.0078,  0.0042, -0.0199, 0.0150,
                                      -0.0007, 0.0023,  -0.0088, 0.0110, 0.0005,  -0.0034};
const double kNaN = std::numeric_limits<double>::quiet_NaN();

// Reference output of the generator's published C code for this seed.
TEST(SplitMix64, GivesThePublishedSequence) {
  SplitMix64 random(1234567);
  EXPECT_EQ(random.next(), 6457827717110365317ULL);
  EXPECT_EQ(random.next(), 3203168211198807973ULL);
  EXPECT_EQ(random.next(), 9817491932198370423ULL);
}

// The same bits on every machine: a number that changes here changes every report.
TEST(Bootstrap, IsDeterministicAndDependsOnTheSeedOnly) {
  const auto a = infer_mean(kTwelveDays), b = infer_mean(kTwelveDays);
  ASSERT_TRUE(a && a->interval && b && b->interval);
  EXPECT_EQ(a->interval->low, b->interval->low);
  EXPECT_EQ(a->interval->high, b->interval->high);
  EXPECT_EQ(a->p_two_sided, b->p_two_sided);
  BootstrapOptions other;
  other.seed = 1;
  EXPECT_NE(infer_mean(kTwelveDays, other)->interval->low, a->interval->low);
}

TEST(Bootstrap, IntervalIsTheMeanWithEqualRoomOnBothSides) {
  const auto got = infer_mean(kTwelveDays);
  EXPECT_NEAR((got->interval->low + got->interval->high) / 2, *mean(kTwelveDays), 1e-15);
}

TEST(Bootstrap, MirroredDaysGiveTheMirroredInterval) {
  std::vector<double> mirrored = kTwelveDays;
  for (double& day : mirrored) day = -day;
  const auto got = infer_mean(kTwelveDays), mirror = infer_mean(mirrored);
  EXPECT_NEAR(got->interval->low, -mirror->interval->high, 1e-15);
  EXPECT_EQ(got->p_two_sided, mirror->p_two_sided);
  EXPECT_EQ(got->p_one_sided, mirror->p_one_sided);
}

// Shifted until zero leaves the interval: from there on p is 5 % at most, not before.
TEST(Bootstrap, PIsFivePercentExactlyWhereTheIntervalLeavesZeroOut) {
  int outside = 0;
  for (int step = 0; step < 60; ++step) {
    std::vector<double> days = kTwelveDays;
    for (double& day : days) day += 0.00015 * step;
    const auto got = infer_mean(days);
    const bool zero_out = got->interval->low > 0 || got->interval->high < 0;
    EXPECT_EQ(zero_out, got->p_two_sided <= 0.05) << step;
    EXPECT_LE(got->p_one_sided, got->p_two_sided);
    outside += zero_out ? 1 : 0;
  }
  EXPECT_GT(outside, 10);
  EXPECT_LT(outside, 50);
}

// Streaks make a mean less certain; single-day blocks and errors without lags would not notice.
TEST(Bootstrap, StreaksWidenTheInterval) {
  SplitMix64 random(3);
  std::vector<double> streaks{0}, mixed;
  while (streaks.size() < 120) streaks.push_back(0.7 * streaks.back() + random.uniform() - 0.5);
  for (std::size_t i = 0; i < 120; ++i)
    mixed.push_back(streaks[i * 37 % 120]);  // the same days in another order
  const auto s = infer_mean(streaks), m = infer_mean(mixed);
  EXPECT_GT(s->block_length, m->block_length);
  EXPECT_GT(s->interval->high - s->interval->low, 1.3 * (m->interval->high - m->interval->low));
}

TEST(Bootstrap, OtherBlocksAreUsedWhereGiven) {
  BootstrapOptions options;
  options.block_length = 1.5;
  const auto got = infer_mean(kTwelveDays, options);
  EXPECT_EQ(got->block_length, 1.5);
  EXPECT_NE(got->interval->low, infer_mean(kTwelveDays)->interval->low);
}

// Few draws cannot hold a level: no interval then, instead of one that claims it.
TEST(Bootstrap, TooFewDrawsForTheLevelGiveNoInterval) {
  BootstrapOptions options;
  options.draws = 10;
  EXPECT_FALSE(infer_mean(kTwelveDays, options)->interval);
  options.draws = 19;
  EXPECT_TRUE(infer_mean(kTwelveDays, options)->interval);
}

TEST(Bootstrap, QuantitiesThatDoNotExistAreEmpty) {
  const std::vector<double> none, one{0.01}, four{0.01, -0.02, 0.03, 0.01}, equal(20, 0.01),
      broken{0.01, kNaN, 0.02, 0.03, 0.01, 0.02};
  for (const auto& days : {none, one, four, equal, broken}) EXPECT_FALSE(infer_mean(days));
  for (const auto& days : {none, one, equal, broken}) {
    EXPECT_FALSE(optimal_block_length(days));
    EXPECT_FALSE(hac_standard_error(days));
  }
  EXPECT_DEATH((void)infer_mean(kTwelveDays, {.draws = 0}), "draws > 0");
  EXPECT_DEATH((void)infer_mean(kTwelveDays, {.block_length = 0.5}), "block_length");
}

TEST(BlockLength, StaysWithinItsRangeForAnyFewDays) {
  SplitMix64 random(7);
  for (std::size_t n = 2; n <= 40; ++n) {
    for (int sample = 0; sample < 20; ++sample) {
      std::vector<double> days(n);
      for (double& day : days) day = random.uniform() - 0.5;
      const double longest = std::ceil(std::min(3 * std::sqrt(n), static_cast<double>(n) / 3));
      const double b = *optimal_block_length(days);
      EXPECT_GE(b, 1);
      EXPECT_LE(b, longest) << n;
    }
  }
}

TEST(Hac, WithoutLagsIsTheOrdinaryStandardError) {
  EXPECT_NEAR(*hac_standard_error(kTwelveDays, 0), *sample_sd(kTwelveDays) / std::sqrt(12.0), 1e-17);
}

TEST(Hac, LagsGrowWithTheDaysAndStayBelowThem) {
  EXPECT_EQ(newey_west_lags(0), 0);
  EXPECT_EQ(newey_west_lags(1), 0);
  EXPECT_EQ(newey_west_lags(2), 1);
  EXPECT_EQ(newey_west_lags(60), 3);
  EXPECT_EQ(newey_west_lags(100), 4);
  EXPECT_EQ(newey_west_lags(1000), 6);
}

}  // namespace
}  // namespace sentio
