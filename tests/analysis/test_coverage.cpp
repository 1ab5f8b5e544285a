// How often the 95 % interval holds the true mean, on 2,000 simulated series each: docs/mathematics.md.
#include <gtest/gtest.h>

#include <cmath>
#include <iostream>
#include <numbers>
#include <ostream>
#include <string>
#include <vector>

#include "sentio/analysis/bootstrap.h"

namespace sentio {
namespace {

// Fewer draws than in reports: what they add to the scatter of one interval averages out over the series.
constexpr int kSeries = 2'000, kDraws = 399;
constexpr double kTrueMean = 0.001;

class Simulation {
 public:
  explicit Simulation(std::uint64_t seed) : random_(seed) {}

  double normal() {
    const double radius = std::sqrt(-2 * std::log(1 - random_.uniform()));
    return radius * std::cos(2 * std::numbers::pi * random_.uniform());
  }
  /// Student's t with 4 degrees of freedom.
  double fat_tailed() {
    double squares = 0;
    for (int i = 0; i < 4; ++i) squares += std::pow(normal(), 2);
    return normal() / std::sqrt(squares / 4);
  }
  /// Unit variance, autocorrelation 0.2, from its stationary distribution on.
  std::vector<double> autoregressive(int n) {
    std::vector<double> x{normal()};
    while (static_cast<int>(x.size()) < n) x.push_back(0.2 * x.back() + std::sqrt(1 - 0.04) * normal());
    return x;
  }
  std::vector<double> days(const std::string& kind, int n) {
    std::vector<double> x;
    if (kind == "AR") x = autoregressive(n);
    while (static_cast<int>(x.size()) < n) x.push_back(kind == "T4" ? fat_tailed() : normal());
    for (double& day : x) day = kTrueMean + 0.01 * day;
    return x;
  }

 private:
  SplitMix64 random_;
};

struct CoverageCase {
  std::string kind;
  int days;
  double at_least, at_most;
};
void PrintTo(const CoverageCase& c, std::ostream* out) {
  *out << c.kind << c.days;
}

class CoverageTest : public ::testing::TestWithParam<CoverageCase> {};

TEST_P(CoverageTest, TheIntervalHoldsTheTruthAsOftenAsStated) {
  const auto& [kind, n, at_least, at_most] = GetParam();
  Simulation simulation(42);
  int covered = 0;
  for (int sample = 0; sample < kSeries; ++sample) {
    const auto found = infer_mean(simulation.days(kind, n), {.draws = kDraws});
    ASSERT_TRUE(found && found->interval);
    if (found->interval->low <= kTrueMean && kTrueMean <= found->interval->high) ++covered;
  }
  const double share = static_cast<double>(covered) / kSeries;
  RecordProperty("coverage", std::to_string(share));
  std::cout << kind << " " << n << " days: " << 100 * share << " %\n";
  EXPECT_GE(share, at_least);
  EXPECT_LE(share, at_most);
}

INSTANTIATE_TEST_SUITE_P(
    Days, CoverageTest,
    ::testing::Values(CoverageCase{"Normal", 60, 0.91, 0.97}, CoverageCase{"T4", 60, 0.91, 0.97},
                      CoverageCase{"AR", 60, 0.91, 0.97}, CoverageCase{"Normal", 20, 0.88, 0.97},
                      CoverageCase{"T4", 20, 0.88, 0.97}, CoverageCase{"AR", 20, 0.88, 0.97},
                      CoverageCase{"Normal", 5, 0.88, 0.97}, CoverageCase{"T4", 5, 0.88, 0.97},
                      CoverageCase{"AR", 5, 0.88, 0.97}),
    [](const auto& tc) { return tc.param.kind + std::to_string(tc.param.days); });

}  // namespace
}  // namespace sentio
