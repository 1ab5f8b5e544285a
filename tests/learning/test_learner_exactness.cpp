// At every row, all horizons against (M_s, b_{h,s}) solved afresh from their definitions.

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <array>

#include "learning_support.h"

namespace sentio::testing {
namespace {

constexpr double kTolerance = 1e-8;

struct Worst {
  double weights = 0;     // ‖w − want‖/‖want‖
  double prediction = 0;  // |xᵀw − xᵀwant| / (‖x‖‖want‖)
};

/// Feeds `rows` rows; horizon h's label of a row becomes known delay[h] rows later.
Worst worst_error(Tape& tape, const LearnerConfig& config, int features, int rows, std::span<const int> delay,
                  std::string_view symbol) {
  const int horizons = static_cast<int>(delay.size());
  const int pending_max = *std::max_element(delay.begin(), delay.end()) + 1;
  MultiHorizonPredictor learner(config, features, pending_max, symbol);
  BatchReference reference(config.lambda, config.ridge, config.rederive_interval, features, horizons, symbol);
  std::vector<std::vector<double>> labels;
  std::vector<std::vector<Eigen::VectorXd>> want;
  Worst worst;
  for (int s = 0; s < rows; ++s) {
    const std::vector<double>& x = tape.next_row();
    labels.emplace_back();
    for (int h = 0; h < horizons; ++h) labels.back().push_back(tape.next_label(h));
    reference.step(x, labels.back());
    want.emplace_back();
    for (int h = 0; h < horizons; ++h) want.back().push_back(reference.weights(h));
    if (!learner.observe(x)) return {1, 1};
    for (int h = 0; h < horizons; ++h) {
      const int known = s - delay[static_cast<std::size_t>(h)];
      if (known < 0) continue;
      const auto at = static_cast<std::size_t>(known);
      if (!learner.resolve(h, labels[at][static_cast<std::size_t>(h)])) return {1, 1};
      const Eigen::VectorXd& w = want[at][static_cast<std::size_t>(h)];
      worst.weights = std::max(worst.weights, relative_error(learner.weights(h), w));
      const Eigen::Map<const Eigen::VectorXd> row(x.data(), features);
      const double difference = std::abs(learner.predict(x)[static_cast<std::size_t>(h)] - row.dot(w));
      if (difference > 0) worst.prediction = std::max(worst.prediction, difference / (row.norm() * w.norm()));
    }
  }
  return worst;
}

RC_GTEST_PROP(EwrlsProperty, MatchesTheBatchSolveAtEveryRow, ()) {
  const int features = *rc::gen::inRange(1, 20);
  const int horizons = *rc::gen::inRange(1, 5);
  const int interval = *rc::gen::element(1, 2, 3, 7, 20, 100);
  const double lambda = *rc::gen::element(0.95, 0.98, 0.995, 0.9998, 0.99995, 1.0);
  const double ridge = *rc::gen::element(0.1, 1.0, 10.0, 100.0, 10000.0);
  const auto kind = static_cast<TapeKind>(*rc::gen::inRange(0, 5));
  const std::string symbol = *rc::gen::element<std::string>("TQQQ", "SQQQ", "UVXY", "A", "BB");
  std::vector<int> delay;
  for (int h = 0; h < horizons; ++h) delay.push_back(*rc::gen::inRange(0, 12));
  Tape tape(kind, features, *rc::gen::arbitrary<std::uint64_t>());
  const Worst worst =
      worst_error(tape, learner_config(lambda, ridge, interval, horizons), features, 260, delay, symbol);
  RC_ASSERT(worst.weights < kTolerance);
  RC_ASSERT(worst.prediction < kTolerance);
}

struct FullSizeCase {
  TapeKind kind;
  double lambda;
  double ridge;
  int rows;
  friend void PrintTo(const FullSizeCase& row, std::ostream* out) { *out << to_string(row.kind) << ", lambda " << row.lambda; }
};

class FullSize : public ::testing::TestWithParam<FullSizeCase> {};

TEST_P(FullSize, MatchesTheBatchSolveAtEveryRow) {
  const FullSizeCase& tc = GetParam();
  constexpr int kFeatures = 126;
  constexpr std::array kDelay{2, 6, 11};
  Tape tape(tc.kind, kFeatures, 7);
  const Worst worst =
      worst_error(tape, learner_config(tc.lambda, tc.ridge, 100, 3), kFeatures, tc.rows, kDelay, "TQQQ");
  EXPECT_LT(worst.weights, kTolerance);
  EXPECT_LT(worst.prediction, kTolerance);
  EXPECT_GT(worst.weights, 0) << "nothing was compared";
}

INSTANTIATE_TEST_SUITE_P(Learner, FullSize,
                         ::testing::Values(FullSizeCase{TapeKind::benign, 0.98, 0.1, 1000},  // the handbook's
                                           FullSizeCase{TapeKind::benign, 0.9998, 10000, 220},
                                           FullSizeCase{TapeKind::duplicated_columns, 0.95, 0.1, 400},
                                           FullSizeCase{TapeKind::duplicated_columns, 0.99995, 0.1, 900},
                                           FullSizeCase{TapeKind::constant_feature, 0.995, 1, 220},
                                           FullSizeCase{TapeKind::zero_for_a_day, 0.95, 0.1, 800},
                                           FullSizeCase{TapeKind::zero_for_a_day, 0.98, 10, 450}),
                         [](const auto& instance) {
                           return to_string(instance.param.kind) + "Lambda" +
                                  std::to_string(int(instance.param.lambda * 1e5 + .5)) + "Ridge" +
                                  std::to_string(int(instance.param.ridge * 10 + .5)) + "Tenths";
                         });

TEST(Ewrls, PTimesMIsTheIdentityBetweenRederivations) {
  constexpr int kFeatures = 12;
  Tape tape(TapeKind::duplicated_columns, kFeatures, 3);
  Ewrls ewrls({.lambda = .97, .ridge = .5, .rederive_interval = 40, .features = kFeatures, .pending_max = 1},
              "SSO");
  BatchReference reference(.97, .5, 40, kFeatures, 1, "SSO");
  const std::array<double, 1> label{0.0};
  alignas(64) std::array<double, 16> unit{};
  alignas(64) std::array<double, 16> column{};
  alignas(64) std::array<double, 16> back{};
  for (int s = 0; s < 130; ++s) {
    ASSERT_TRUE(ewrls.observe(tape.next_row()));
    ewrls.release_before(s + 1);
    reference.step(tape.row(), label);
    const Eigen::MatrixXd m = reference.m();
    double trace = 0;
    for (std::size_t i = 0; i < kFeatures; ++i) {
      unit.fill(0);
      unit[i] = 1;
      ewrls.multiply_m(unit.data(), column.data());
      for (std::size_t j = 0; j < kFeatures; ++j)
        EXPECT_NEAR(column[j], m(static_cast<int>(i), static_cast<int>(j)), 1e-12 * m.norm());
      ewrls.multiply_p(column.data(), back.data());
      for (std::size_t j = 0; j < kFeatures; ++j) EXPECT_NEAR(back[j], i == j ? 1 : 0, 1e-9);
      ewrls.multiply_p(unit.data(), column.data());
      trace += column[i];
    }
    EXPECT_NEAR(ewrls.trace_p(), trace, 1e-12 * trace);
  }
}

TEST(Ewrls, ConditionEstimateIsCloseToTheEigenvaluesOfM) {
  constexpr int kFeatures = 20;
  Tape tape(TapeKind::benign, kFeatures, 5);
  Ewrls ewrls({.lambda = .99, .ridge = 2, .rederive_interval = 50, .features = kFeatures, .pending_max = 1},
              "SSO");
  BatchReference reference(.99, 2, 50, kFeatures, 1, "SSO");
  const std::array<double, 1> label{0.0};
  for (int s = 0; s < 230; ++s) {
    ASSERT_TRUE(ewrls.observe(tape.next_row()));
    ewrls.release_before(s + 1);
    reference.step(tape.row(), label);
  }
  const Eigen::VectorXd eigenvalues =
      Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd>(reference.m()).eigenvalues();
  const double condition = eigenvalues.maxCoeff() / eigenvalues.minCoeff();
  EXPECT_LE(ewrls.condition_estimate(200), condition * (1 + 1e-9));
  EXPECT_GT(ewrls.condition_estimate(200), condition * 0.95);
  EXPECT_GE(ewrls.pivot_min(), 2.0);
  EXPECT_GE(ewrls.pivot_max() / ewrls.pivot_min(), 1.0);
}

}  // namespace
}  // namespace sentio::testing
