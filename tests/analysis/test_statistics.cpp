#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <ostream>
#include <vector>

#include "sentio/analysis/statistics.h"

namespace sentio {
namespace {

// Golden values: Python 3 with numpy 2.4. mean(), std(ddof=1); the bootstrap written a second time from the
// papers (SplitMix64 on Python integers; first day uniform, then with probability 1/3 a new uniform day,
// else the next one round the end), numpy.percentile(means, [2.5, 97.5]).
const std::vector<double> kTwelveDays{0.0031,  -0.0125, 0.0078,  0.0042, -0.0199, 0.0150,
                                      -0.0007, 0.0023,  -0.0088, 0.0110, 0.0005,  -0.0034};

TEST(Statistics, MomentsAgreeWithNumpy) {
  EXPECT_NEAR(*mean(kTwelveDays), -0.00011666666666666683, 1e-17);
  EXPECT_NEAR(*sample_sd(kTwelveDays), 0.009914253589777914, 1e-16);
  EXPECT_NEAR(*t_statistic(kTwelveDays), -0.0407640559899973, 1e-12);
  EXPECT_NEAR(*days_needed(*mean(kTwelveDays), *sample_sd(kTwelveDays)), 56681.15934933714, 1e-6);
}

TEST(Statistics, QuantitiesThatDoNotExistAreEmpty) {
  const std::vector<double> none, one{0.01}, equal{0.01, 0.01, 0.01};
  EXPECT_FALSE(mean(none));
  EXPECT_FALSE(sample_sd(one));
  EXPECT_FALSE(t_statistic(one));
  EXPECT_FALSE(t_statistic(equal));
  EXPECT_FALSE(days_needed(0.0, 0.01));
  EXPECT_FALSE(days_needed(0.0, 0.0));
}

TEST(Statistics, DaysNeededForHalfAPercentAtTwoPercentDeviation) {
  EXPECT_NEAR(*days_needed(0.005, 0.02), 125.6, 0.1);  // ((1.96 + 0.8416)·4)², by hand
}

// Reference output of the generator's published C code for this seed.
TEST(SplitMix64, GivesThePublishedSequence) {
  SplitMix64 random(1234567);
  EXPECT_EQ(random.next(), 6457827717110365317ULL);
  EXPECT_EQ(random.next(), 3203168211198807973ULL);
  EXPECT_EQ(random.next(), 9817491932198370423ULL);
}

TEST(Bootstrap, AgreesWithASecondImplementation) {
  const Interval i = bootstrap_interval(kTwelveDays);
  EXPECT_NEAR(i.low, -0.0033087499999999996, 1e-14);
  EXPECT_NEAR(i.high, 0.002983333333333333, 1e-14);
}

// numpy's own generator, vectorised over blocks, 400,000 draws: -0.003383, 0.003000. Our 10,000 draws
// scatter by about 0.00005 around that.
TEST(Bootstrap, AgreesWithAnotherGeneratorWithinItsScatter) {
  const Interval i = bootstrap_interval(kTwelveDays);
  EXPECT_NEAR(i.low, -0.003383, 0.00015);
  EXPECT_NEAR(i.high, 0.003000, 0.00015);
}

TEST(Bootstrap, IsDeterministicAndDependsOnTheSeedOnly) {
  const Interval a = bootstrap_interval(kTwelveDays), b = bootstrap_interval(kTwelveDays);
  EXPECT_EQ(a.low, b.low);
  EXPECT_EQ(a.high, b.high);
  BootstrapOptions other;
  other.seed = 1;
  EXPECT_NE(bootstrap_interval(kTwelveDays, other).low, a.low);
}

// Days that alternate cancel within a block, so longer blocks must narrow the interval.
TEST(Bootstrap, KeepsNeighbouringDaysTogether) {
  std::vector<double> alternating;
  for (int i = 0; i < 40; ++i) alternating.push_back(i % 2 == 0 ? 0.01 : -0.01);
  BootstrapOptions single, blocks;
  single.block_length_mean = 1;
  blocks.block_length_mean = 10;
  const Interval s = bootstrap_interval(alternating, single), b = bootstrap_interval(alternating, blocks);
  EXPECT_LT(b.high - b.low, 0.5 * (s.high - s.low));
}

std::vector<double> gaussian_days(SplitMix64& random, int n, double mean_day, double sd) {
  std::vector<double> days;
  for (int i = 0; i < n; ++i) {
    const double radius = std::sqrt(-2 * std::log(1 - random.uniform()));
    days.push_back(mean_day + sd * radius * std::cos(2 * std::numbers::pi * random.uniform()));
  }
  return days;
}

TEST(Bootstrap, CoversTheTrueMeanAboutAsOftenAsItSays) {
  SplitMix64 random(42);
  int covered = 0;
  for (int sample = 0; sample < 200; ++sample) {
    const Interval i = bootstrap_interval(gaussian_days(random, 40, 0.001, 0.01));
    if (i.low <= 0.001 && 0.001 <= i.high) ++covered;
  }
  EXPECT_GE(covered, 172);  // 86 %
  EXPECT_LE(covered, 198);  // 99 %
}

struct EvidenceCase {
  std::string name;
  std::vector<double> days;
  EvidenceWord want;
  bool interval;
};
void PrintTo(const EvidenceCase& c, std::ostream* out) {
  *out << c.name;
}
class EvidenceTest : public ::testing::TestWithParam<EvidenceCase> {};

TEST_P(EvidenceTest, GivesTheWord) {
  const Evidence e = gather_evidence(GetParam().days);
  EXPECT_EQ(to_string(e.word), to_string(GetParam().want));
  EXPECT_EQ(e.interval.has_value(), GetParam().interval);
  EXPECT_EQ(e.days, static_cast<int>(GetParam().days.size()));
}

constexpr auto kProven = EvidenceWord::proven, kLosing = EvidenceWord::losing,
               kNothing = EvidenceWord::not_distinguishable;
INSTANTIATE_TEST_SUITE_P(
    Table, EvidenceTest,
    ::testing::Values(EvidenceCase{"NoDay", {}, kNothing, false},
                      EvidenceCase{"OneGreatDay", {0.30}, kNothing, false},
                      EvidenceCase{"FourLosingDays", {-.03, -.031, -.029, -.03}, kNothing, false},
                      EvidenceCase{"FiveLosingDays", {-.03, -.031, -.029, -.03, -.028}, kLosing, true},
                      EvidenceCase{"FiveWinningDays", {.03, .031, .029, .03, .028}, kProven, true},
                      EvidenceCase{"FiveIdleDays", {0, 0, 0, 0, 0}, kNothing, true},
                      EvidenceCase{"FiveEqualWinningDays", {.01, .01, .01, .01, .01}, kNothing, true},
                      // One trade in ten days: the interval touches zero and proves nothing.
                      EvidenceCase{
                          "OneWinnerAmongIdleDays", {0, 0, 0, 0, .02, 0, 0, 0, 0, 0}, kNothing, true},
                      EvidenceCase{"TwelveMixedDays", kTwelveDays, kNothing, true}),
    [](const auto& tc) { return tc.param.name; });

}  // namespace
}  // namespace sentio
