// Years of bars: still symmetric, positive definite, exact and free of denormal slowdowns.

#include <gtest/gtest.h>

#include <array>
#include <cmath>

#include "learning_support.h"

namespace sentio::testing {
namespace {

/// P as a dense matrix, column by column.
Eigen::MatrixXd covariance(const Ewrls& ewrls) {
  const int n = ewrls.options().features;
  AlignedBuffer unit(static_cast<std::size_t>(ewrls.padded_features()));
  AlignedBuffer column(unit.size());
  Eigen::MatrixXd p(n, n);
  for (int j = 0; j < n; ++j) {
    unit.data()[j] = 1;
    ewrls.multiply_p(unit.data(), column.data());
    unit.data()[j] = 0;
    for (int i = 0; i < n; ++i) p(i, j) = column.data()[i];
  }
  return p;
}

void expect_sound(const Ewrls& ewrls) {
  const Eigen::MatrixXd p = covariance(ewrls);
  EXPECT_EQ(p, p.transpose()) << "to the last bit";
  const Eigen::VectorXd eigenvalues = Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd>(p).eigenvalues();
  EXPECT_GT(eigenvalues.minCoeff(), 0);
  EXPECT_TRUE(std::isfinite(eigenvalues.maxCoeff()));
  EXPECT_EQ(ewrls.factorization_failures(), 0);
  EXPECT_EQ(ewrls.early_rederivations(), 0);
}

void run_long(int features, int rows, double lambda, double ridge, TapeKind kind) {
  constexpr int kPeriod = 997;  // rows are drawn once and used again: drawing costs more than learning
  Tape tape(kind, features, 77);
  std::vector<std::vector<double>> drawn;
  std::vector<double> labels;
  for (int s = 0; s < kPeriod; ++s) {
    drawn.push_back(tape.next_row());
    labels.push_back(tape.next_label(0));
  }
  MultiHorizonPredictor learner(learner_config(lambda, ridge, 100, 1), features, 2, "SPXL");
  for (int s = 0; s < rows; ++s) {
    ASSERT_TRUE(learner.observe(drawn[static_cast<std::size_t>(s % kPeriod)]));
    ASSERT_TRUE(learner.resolve(0, labels[static_cast<std::size_t>(s % kPeriod)]));
    if (s % (rows / 4) == rows / 4 - 1) expect_sound(learner.covariance());
  }
  // Everything older than this has lost its weight: a fresh batch over the tail is the same learner
  // up to where it counts m from, so compare at a row with m = 0.
  while (learner.covariance().rows_since_rederivation() != 0) {
    const auto at = static_cast<std::size_t>(learner.rows_observed() % kPeriod);
    ASSERT_TRUE(learner.observe(drawn[at]));
    ASSERT_TRUE(learner.resolve(0, labels[at]));
  }
  const auto tail = static_cast<std::int64_t>(std::log(1e-12) / std::log(lambda));
  ASSERT_LT(tail, learner.rows_observed());
  Eigen::MatrixXd m = Eigen::MatrixXd::Zero(features, features);
  Eigen::VectorXd b = Eigen::VectorXd::Zero(features);
  for (std::int64_t s = learner.rows_observed() - tail; s < learner.rows_observed(); ++s) {
    const auto at = static_cast<std::size_t>(s % kPeriod);
    const Eigen::Map<const Eigen::VectorXd> x(drawn[at].data(), features);
    m = lambda * m + x * x.transpose();
    b = lambda * b + x * labels[at];
  }
  m.diagonal().array() += ridge;
  EXPECT_LT(relative_error(learner.weights(0), m.ldlt().solve(b)), 1e-8);
}

TEST(LongRun, StaysSymmetricPositiveDefiniteAndExactAtFullSize) {
  run_long(126, 100000, 0.98, 0.1, TapeKind::benign);
}
TEST(LongRun, StaysSoundWithDuplicatedColumnsAndShortMemory) {
  run_long(40, 100000, 0.95, 0.1, TapeKind::duplicated_columns);
}
TEST(LongRun, StaysSoundOverAMillionUpdates) {
  run_long(30, 1000000, 0.995, 0.1, TapeKind::zero_for_a_day);
}

TEST(LongRun, FeaturesThatDieLeaveNoDenormalsBehind) {
  constexpr int kFeatures = 24;
  MultiHorizonPredictor learner(learner_config(.95, .1, 100, 1), kFeatures, 2, "SPXL");
  Tape tape(TapeKind::benign, kFeatures, 1);
  for (int s = 0; s < 20000; ++s) {  // 0.95^20000 is far below the smallest double
    std::vector<double> x = tape.next_row();
    if (s > 300)
      for (std::size_t i = 5; i < 13; ++i) x[i] = 0;
    ASSERT_TRUE(learner.observe(x));
    ASSERT_TRUE(learner.resolve(0, tape.next_label(0)));
    if (s < 13000 || s % 100 != 0) continue;
    for (const double w : learner.weights(0)) ASSERT_NE(std::fpclassify(w), FP_SUBNORMAL) << "row " << s;
    ByteWriter out;
    learner.covariance().save(out);
    constexpr std::size_t kScalars = 140;  // bytes of options and counters before A, Q and r
    ByteReader in(std::span<const std::uint8_t>(out.bytes()).subspan(kScalars));
    int denormals = 0;
    for (int part = 0; part < 3; ++part) {
      std::vector<double> values;
      ASSERT_TRUE(in.get_vector(values));
      ASSERT_EQ(values.size(), part < 2 ? 6 * 64 : kFeatures);
      denormals += static_cast<int>(
          std::ranges::count_if(values, [](double value) { return std::fpclassify(value) == FP_SUBNORMAL; }));
    }
    ASSERT_EQ(denormals, 0);
  }
}

}  // namespace
}  // namespace sentio::testing
