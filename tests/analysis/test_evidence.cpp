#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <ostream>
#include <string>
#include <vector>

#include "sentio/analysis/evidence.h"
#include "sentio/analysis/statistics.h"

namespace sentio {
namespace {

const std::vector<double> kTwelveDays{0.0031,  -0.0125, 0.0078,  0.0042, -0.0199, 0.0150,
                                      -0.0007, 0.0023,  -0.0088, 0.0110, 0.0005,  -0.0034};
constexpr double kNaN = std::numeric_limits<double>::quiet_NaN(),
                 kInf = std::numeric_limits<double>::infinity();

struct EvidenceCase {
  std::string name;
  std::vector<double> days;
  EvidenceWord want;
  IntervalState state;
};
void PrintTo(const EvidenceCase& c, std::ostream* out) {
  *out << c.name;
}
class EvidenceTest : public ::testing::TestWithParam<EvidenceCase> {};

TEST_P(EvidenceTest, GivesTheWordAndTheState) {
  const Evidence e = gather_evidence(GetParam().days);
  EXPECT_EQ(to_string(e.word), to_string(GetParam().want));
  EXPECT_EQ(to_string(e.interval_state), to_string(GetParam().state));
  EXPECT_EQ(e.interval.has_value(), GetParam().state == IntervalState::given);
  EXPECT_EQ(e.days, static_cast<int>(GetParam().days.size()));
}

TEST_P(EvidenceTest, HoldsNumbersOnly) {
  const Evidence e = gather_evidence(GetParam().days, {.trials = 10});
  const auto low = e.interval ? std::optional(e.interval->low) : std::nullopt;
  const auto sharpe = e.sharpe ? std::optional(e.sharpe->sharpe) : std::nullopt;
  for (const auto& value : {e.mean, e.sd, e.t, e.se_hac, low, e.block_length, e.p_two_sided, e.p_one_sided,
                            e.days_needed, sharpe, e.psr, e.dsr, e.track_record_min})
    EXPECT_TRUE(!value || std::isfinite(*value));
}

constexpr auto kProven = EvidenceWord::proven, kLosing = EvidenceWord::losing,
               kNothing = EvidenceWord::not_distinguishable;
using S = IntervalState;
INSTANTIATE_TEST_SUITE_P(
    Table, EvidenceTest,
    ::testing::Values(
        EvidenceCase{"NoDay", {}, kNothing, S::no_day},
        EvidenceCase{"OneGreatDay", {0.30}, kNothing, S::one_day},
        EvidenceCase{"TwoDays", {0.01, 0.02}, kNothing, S::below_five_days},
        EvidenceCase{"FourLosingDays", {-.03, -.031, -.029, -.03}, kNothing, S::below_five_days},
        EvidenceCase{"FiveLosingDays", {-.03, -.031, -.029, -.03, -.028}, kLosing, S::given},
        EvidenceCase{"FiveWinningDays", {.03, .031, .029, .03, .028}, kProven, S::given},
        EvidenceCase{"FiveIdleDays", {0, 0, 0, 0, 0}, kNothing, S::all_alike},
        EvidenceCase{"FiveEqualWinningDays", {.01, .01, .01, .01, .01}, kNothing, S::all_alike},
        // One trade in ten days: a third of the resamples hold idle days only.
        EvidenceCase{"OneWinnerAmongIdleDays", {0, 0, 0, 0, .02, 0, 0, 0, 0, 0}, kNothing, S::too_few_differ},
        EvidenceCase{"TwoWinnersAmongIdleDays",
                     {0, 0, 0, 0, .02, 0, 0, 0, 0, 0, 0, 0, .01, 0, 0, 0, 0, 0, 0, 0},
                     kNothing,
                     S::too_few_differ},
        EvidenceCase{"TwelveMixedDays", kTwelveDays, kNothing, S::given},
        EvidenceCase{"OneDayThatIsNoNumber", {kNaN}, kNothing, S::not_a_number},
        EvidenceCase{"NaNAmongDays", {.01, .02, kNaN, .01, .03, .02}, kNothing, S::not_a_number},
        EvidenceCase{"InfiniteDay", {.01, .02, kInf, .01, .03, .02}, kNothing, S::not_a_number},
        EvidenceCase{"TooLargeToSquare", {1e200, -1e200, 1, 2, 3}, kNothing, S::not_a_number},
        EvidenceCase{"TooLargeForTheFourthPower", {1e100, -1e100, 5e99, 3e99, -2e99}, kNothing, S::given}),
    [](const auto& tc) { return tc.param.name; });

TEST(Evidence, DaysNeededForHalfAPercentAtTwoPercentDeviation) {
  EXPECT_NEAR(*days_needed(0.005, 0.02), 125.58, 0.01);  // ((1.95996 + 0.84162)·4)², by hand
  EXPECT_FALSE(days_needed(0.0, 0.01));
  EXPECT_FALSE(days_needed(0.0, 0.0));
}

// Days that undo each other make the HAC error small; the plain deviation then counts.
TEST(Evidence, DaysNeededTakeTheLargerDeviation) {
  std::vector<double> undoing, streaks;
  for (int i = 0; i < 40; ++i) {
    undoing.push_back(0.001 + (i % 2 == 0 ? 0.01 : -0.01));
    streaks.push_back(0.001 + (i / 10 % 2 == 0 ? 0.01 : -0.01));
  }
  EXPECT_NEAR(*gather_evidence(undoing).days_needed, *days_needed(0.001, *sample_sd(undoing)), 1e-9);
  EXPECT_GT(*gather_evidence(streaks).days_needed, 2 * *days_needed(0.001, *sample_sd(streaks)));
}

TEST(Evidence, TrialsDeflateAndTheirVarianceCounts) {
  const Evidence one = gather_evidence(kTwelveDays), many = gather_evidence(kTwelveDays, {.trials = 100});
  EXPECT_EQ(*one.dsr, *one.psr);
  EXPECT_LT(*many.dsr, *one.dsr);
  EXPECT_EQ(*many.psr, *one.psr);
  EXPECT_GT(*gather_evidence(kTwelveDays, {.trials = 100, .trials_variance = 1e-4}).dsr, *many.dsr);
  EXPECT_DEATH((void)gather_evidence(kTwelveDays, {.trials = 0}), "trials >= 1");
}

TEST(Sharpe, NoTrackRecordProvesALosersRatioAboveZero) {
  EXPECT_FALSE(minimum_track_record({.days = 60, .sharpe = -0.1}));
  EXPECT_FALSE(minimum_track_record({.days = 60, .sharpe = 0.0}));
}

// Two kinds of days with kurtosis = 1 + skewness² and S = 2/skewness: the ratio's variance is 0.
TEST(Sharpe, WithoutAnySpreadNothingIsSaid) {
  const SharpeSample sample{.days = 60, .sharpe = 1, .skewness = 2, .kurtosis = 5};
  EXPECT_FALSE(probabilistic_sharpe(sample));
  EXPECT_FALSE(deflated_sharpe(sample, 3));
  EXPECT_FALSE(minimum_track_record(sample));
}

TEST(Sharpe, FatTailsAndNegativeSkewLowerTheConfidence) {
  const SharpeSample normal{.days = 60, .sharpe = 0.2};
  const SharpeSample crash{.days = 60, .sharpe = 0.2, .skewness = -2.5, .kurtosis = 10};
  EXPECT_LT(*probabilistic_sharpe(crash), *probabilistic_sharpe(normal));
  EXPECT_GT(*minimum_track_record(crash), *minimum_track_record(normal));
}

}  // namespace
}  // namespace sentio
