#include <gtest/gtest.h>

#include <cmath>

#include "sentio/strategy/signal_aggregator.h"

namespace sentio {
namespace {

Universe three() {
  return Universe({{.name = "AAA", .boost = 1.0}, {.name = "BBB", .boost = 1.5}, {.name = "CCC", .boost = 1.4}});
}

SymbolSignal signal(double probability, double confidence, int age = 0) {
  return {.valid = true, .real = age == 0, .age = age, .probability = probability, .confidence = confidence};
}

class Aggregation : public ::testing::Test {
 protected:
  std::span<const SignalOutput> run(std::vector<SymbolSignal> signals, bool rank = true) {
    signals_ = std::move(signals);
    return aggregator_.aggregate(signals_, calibration_, costs_, rank);
  }
  AggregatorConfig filters_;
  RotationConfig rotation_;
  Calibration calibration_;
  std::vector<SymbolSignal> signals_;
  std::vector<double> costs_{1, 2, 3};
  SignalAggregator aggregator_{filters_, rotation_, 0.5, 1, three()};
};

TEST_F(Aggregation, StrengthIsTheProductOfItsFourFactors) {
  const auto out = run({signal(.6, .5), signal(.6, .5), signal(.6, .5, 2)});
  EXPECT_DOUBLE_EQ(out[0].strength, .6 * .5);
  EXPECT_DOUBLE_EQ(out[1].strength, .6 * .5 * 1.5);
  EXPECT_DOUBLE_EQ(out[2].strength, .6 * .5 * 1.4 * std::exp(-1.0));
}

TEST_F(Aggregation, NothingExpectedToFallHasStrength) {
  const auto out = run({signal(.4999, .9), signal(.5, .9), signal(.51, .9)});
  EXPECT_EQ(out[0].strength, 0);
  EXPECT_EQ(out[0].rank, 0);
  EXPECT_GT(out[1].strength, 0);
}

TEST_F(Aggregation, RanksByStrengthAndBreaksTiesByName) {
  const auto out = run({signal(.75, .5), signal(.5, .5), signal(.9, .9)});
  EXPECT_EQ(out[2].rank, 1);
  EXPECT_EQ(out[0].rank, 2);  // .375, as strong as BBB
  EXPECT_EQ(out[1].rank, 3);
  EXPECT_EQ(out[0].strength, out[1].strength);
}

TEST_F(Aggregation, SkippedSetsRankNothing) {
  const auto out = run({signal(.9, .9), signal(.9, .9), signal(.9, .9)}, false);
  for (const auto& s : out) EXPECT_EQ(s.rank, 0);
}

TEST_F(Aggregation, InvalidSignalsHaveNoStrengthAndNoRank) {
  auto invalid = signal(.9, .9);
  invalid.valid = false;
  const auto out = run({invalid, signal(.6, .5), signal(.6, .5)});
  EXPECT_EQ(out[0].strength, 0);
  EXPECT_FALSE(out[0].passes());
  EXPECT_EQ(out[0].rank, 0);
}

TEST_F(Aggregation, FiltersDecideWhoIsRanked) {
  filters_ = {.min_confidence = .4, .min_strength = .25};
  aggregator_ = SignalAggregator(filters_, rotation_, .55, 1, three());
  const auto out = run({signal(.54, .9), signal(.6, .39), signal(.56, .4)});
  EXPECT_FALSE(out[0].passes_probability);
  EXPECT_FALSE(out[1].passes_confidence);
  EXPECT_EQ(out[2].rank, 1);
  EXPECT_GT(out[0].strength, 0);  // a held position is judged by this one
}

TEST_F(Aggregation, MoveIsTheBestCalibratedHorizonAndNetEdgeRanks) {
  for (int d = 0; d < 5; ++d) {
    CalibrationSums sums;
    sums.prediction_square = {1, 1};
    sums.prediction_label = {.5, .25};
    calibration_.end_session(sums);
  }
  rotation_ = {.cost_gate = 1.0, .rank_by = RankBy::net_edge};
  aggregator_ = SignalAggregator(filters_, rotation_, .5, 2, three());
  auto a = signal(.6, .5), b = signal(.6, .5), c = signal(.6, .5);
  a.prediction = {.1, .4};
  a.sigma = {.001, .002};  // .5 bp, 2 bp
  b.prediction = {.2, -1};
  b.sigma = {.001, .002};  // 1 bp, -5 bp
  c.prediction = {-.2, -1};
  c.sigma = {.001, .002};
  const auto out = run({a, b, c});
  EXPECT_NEAR(out[0].move_bps, 2.0, 1e-12);
  EXPECT_NEAR(out[0].net_edge_bps, 1.0, 1e-12);
  EXPECT_NEAR(out[1].move_bps, 1.0, 1e-12);
  EXPECT_NEAR(out[2].move_bps, -1.0, 1e-12);
  EXPECT_EQ(out[0].rank, 1);
  EXPECT_EQ(out[1].rank, 2);  // 1 - 2 = -1
  EXPECT_EQ(out[2].rank, 3);  // -1 - 3 = -4
}

}  // namespace
}  // namespace sentio
