/// Could the learner find an edge if there was one? A signal of known strength is planted and looked for
/// again.

#include <gtest/gtest.h>

#include "learnability.h"
#include "market_data.h"

namespace sentio {
namespace {

using testing::LabelNoise;
using testing::measure_learnability;
using testing::RecoveredIc;
using testing::StandardizedRows;

const std::vector<double> kNoneAndTenPercent{0, .10};

std::vector<StandardizedRows> real_rows() {
  std::vector<StandardizedRows> rows;
  for (const char* symbol : {"TQQQ", "SSO", "TNA", "UVXY"}) {
    const auto bars = read_bars(find_bar_file(testing::market_data() / "twelve", symbol).value());
    rows.push_back(testing::standardized_rows(bars.value(), testing::learnability_sessions(),
                                              testing::learnability_day(5, 1)));
  }
  return rows;
}

/// Random walks: the features of a market without any structure, here for the shapes only.
std::vector<StandardizedRows> walking_rows() {
  const auto sessions =
      NyseCalendar::sessions(testing::learnability_day(4, 1), testing::learnability_day(6, 30));
  std::vector<StandardizedRows> rows;
  for (const std::uint64_t walk : {1, 2}) {
    const auto bars = testing::walk_bars("WALK" + std::to_string(walk), sessions, walk, {.missing = .01});
    rows.push_back(testing::standardized_rows(bars, sessions, testing::learnability_day(5, 1)));
  }
  return rows;
}

void expect_about_zero(const RecoveredIc& ic) {
  EXPECT_LE(std::abs(ic.mean), 2 * ic.standard_error) << ic.mean << " ± " << ic.standard_error;
}

TEST(Learnability, CostAwareLearnerRecoversAConstantSignalOnRealFeatures) {
  SENTIO_NEEDS_MARKET_DATA();
  const auto ics = measure_learnability(real_rows(), testing::shipped_learner("cost_aware.json"),
                                        LabelNoise::independent, kNoneAndTenPercent);
  RecordProperty("recovered_ic", std::to_string(ics[1].mean));
  EXPECT_GE(ics[1].mean, 0.085) << "± " << ics[1].standard_error;
  EXPECT_LE(ics[1].mean, 0.105) << "more than was planted: labels leak into predictions";
  expect_about_zero(ics[0]);
}

// Five-minute returns of neighbouring minutes overlap: five times the noise in whatever is learned from them.
TEST(Learnability, CostAwareLearnerRecoversTwoThirdsUnderOverlappingNoise) {
  SENTIO_NEEDS_MARKET_DATA();
  const auto ics = measure_learnability(real_rows(), testing::shipped_learner("cost_aware.json"),
                                        LabelNoise::overlapping, {.10});
  RecordProperty("recovered_ic", std::to_string(ics[0].mean));
  EXPECT_GE(ics[0].mean, 0.066) << "± " << ics[0].standard_error;
  EXPECT_LE(ics[0].mean, 0.085) << "± " << ics[0].standard_error;
}

TEST(Learnability, CostAwareLearnerRecoversAConstantSignalOnRandomWalks) {
  const auto ics = measure_learnability(walking_rows(), testing::shipped_learner("cost_aware.json"),
                                        LabelNoise::independent, kNoneAndTenPercent);
  RecordProperty("recovered_ic", std::to_string(ics[1].mean));
  EXPECT_GE(ics[1].mean, 0.085) << "± " << ics[1].standard_error;
  EXPECT_LE(ics[1].mean, 0.105) << "more than was planted: labels leak into predictions";
  expect_about_zero(ics[0]);
}

TEST(Learnability, HandbookLearnerForgetsMostOfASignalOnRandomWalks) {
  const auto ics = measure_learnability(walking_rows(), testing::shipped_learner("rotation_strategy.json"),
                                        LabelNoise::independent, kNoneAndTenPercent);
  RecordProperty("recovered_ic", std::to_string(ics[1].mean));
  EXPECT_LE(ics[1].mean, 0.03);
  expect_about_zero(ics[0]);
}

}  // namespace
}  // namespace sentio
