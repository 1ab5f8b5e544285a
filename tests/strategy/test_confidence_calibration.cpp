#include <gtest/gtest.h>

#include <cmath>

#include "sentio/strategy/calibration.h"
#include "sentio/strategy/confidence.h"

namespace sentio {
namespace {

TEST(Confidence, NoSkillIsExactlyOneHalf) {
  ConfidenceTracker c;
  EXPECT_EQ(c.value(), 0.5);
  for (int i = 0; i < 250; ++i) c.add(0.0, i % 2 == 0 ? 1.0 : -1.0);  // p = 0: D = ½, R = 1
  EXPECT_DOUBLE_EQ(c.value(), 0.5);
}

TEST(Confidence, PerfectPredictionsReachOne) {
  ConfidenceTracker c;
  for (int i = 0; i < 100; ++i) c.add(i - 49.5, i - 49.5);
  EXPECT_DOUBLE_EQ(c.value(), 1.0);
}

TEST(Confidence, ShrinksToOneHalfWhileLabelsAreFew) {
  ConfidenceTracker c;
  c.add(1, 1);
  EXPECT_DOUBLE_EQ(c.value(), (1 * 1.0 + 99 * 0.5) / 100);
}

TEST(Confidence, ForgetsLabelsBeyondTheWindow) {
  ConfidenceTracker c;
  for (int i = 0; i < 100; ++i) c.add(1, -1);
  for (int i = 0; i < 100; ++i) c.add(1, 1);
  EXPECT_DOUBLE_EQ(c.value(), 1.0);
}

TEST(Confidence, ComputesAccuracyAndErrorRatioAsDefined) {
  ConfidenceTracker c;
  c.add(1, 2);    // hit, error 1
  c.add(-1, 2);   // miss, error 9
  c.add(0, 1);    // half, error 1
  const double d = 1.5 / 3, r = std::sqrt(11.0 / 9.0);
  EXPECT_DOUBLE_EQ(c.directional_accuracy(), d);
  EXPECT_DOUBLE_EQ(c.error_ratio(), r);
  EXPECT_DOUBLE_EQ(c.value(), (3 * (.5 * d + .5 / (1 + r)) + 97 * .5) / 100);
}

TEST(Calibration, IsZeroBeforeFiveSessionsThenTheClippedSlope) {
  Calibration c;
  CalibrationSums sums;
  sums.prediction_square = {2, 1, 1};
  sums.prediction_label = {1, 3, -1};
  for (int d = 1; d <= 4; ++d) {
    c.end_session(sums);
    EXPECT_EQ(c.slope(0), 0) << d;
  }
  c.end_session(sums);
  EXPECT_DOUBLE_EQ(c.slope(0), .5);
  EXPECT_EQ(c.slope(1), 1);
  EXPECT_EQ(c.slope(2), 0);
}

TEST(Calibration, ForgetsWithAHalfLifeOfTenSessions) {
  Calibration c;
  CalibrationSums good, bad;
  good.prediction_square = bad.prediction_square = {1};
  good.prediction_label = {1};
  c.end_session(good);
  for (int d = 0; d < 10; ++d) c.end_session(bad);
  double numerator = std::exp2(-1.0), denominator = 0;
  for (int d = 0; d <= 10; ++d) denominator += std::exp2(-d / 10.0);
  EXPECT_NEAR(c.slope(0), numerator / denominator, 1e-12);
}

TEST(Calibration, HasNoSlopeWithoutPredictions) {
  Calibration c;
  for (int d = 0; d < 9; ++d) c.end_session({});
  EXPECT_EQ(c.slope(0), 0);
}

}  // namespace
}  // namespace sentio
