// Inference against arch, statsmodels and scipy: tests/analysis/golden_inference.py makes the numbers.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "sentio/analysis/block_length.h"
#include "sentio/analysis/evidence.h"
#include "sentio/analysis/hac.h"
#include "sentio/analysis/statistics.h"

namespace sentio {
namespace {

using Json = nlohmann::json;

const Json& golden() {
  static const Json read = [] {
    std::ifstream file(SENTIO_TEST_DATA "/golden/inference.json");
    return Json::parse(file);
  }();
  return read;
}

/// Equal but for the order in which sums were made; null is an empty optional.
void expect_close(std::optional<double> got, const Json& want, const std::string& what) {
  ASSERT_EQ(got.has_value(), !want.is_null()) << what;
  if (!got) return;
  const double wanted = want;
  EXPECT_NEAR(*got, wanted, 1e-9 * std::max(1e-3, std::abs(wanted))) << what;
}

class GoldenSeries : public ::testing::TestWithParam<std::string> {
 protected:
  const Json& want_ = golden()["series"][GetParam()];
  const std::vector<double> days_ = want_["days"].get<std::vector<double>>();
};

TEST_P(GoldenSeries, BlockLengthIsArchs) {
  expect_close(optimal_block_length(days_), want_["block_length"], "block length");
}

TEST_P(GoldenSeries, StandardErrorIsStatsmodels) {
  EXPECT_EQ(newey_west_lags(days_.size()), want_["hac_lags"].get<int>());
  expect_close(hac_standard_error(days_), want_["hac_error"], "by the rule's lags");
  expect_close(hac_standard_error(days_, 7), want_["hac_error_7_lags"], "7 lags");
}

TEST_P(GoldenSeries, DaysNeededAreStatsmodels) {
  const double want = want_["days_needed"];
  EXPECT_NEAR(*gather_evidence(days_).days_needed, want,
              1e-4 * want);  // theirs counts the far tail, and iterates
}

// 9,999 of our draws against 40,000 of arch's: within four standard errors of both together.
TEST_P(GoldenSeries, IntervalAndPAreArchsWithinTheScatterOfDraws) {
  const auto got = infer_mean(days_);
  ASSERT_TRUE(got && got->interval);
  const double low = want_["interval_low"], high = want_["interval_high"];
  EXPECT_NEAR(got->interval->low, low, 0.03 * (high - low));
  EXPECT_NEAR(got->interval->high, high, 0.03 * (high - low));
  const auto expect_share = [](double share, double want) {
    EXPECT_NEAR(share, want, 4.5 * std::sqrt(want * (1 - want) / 9'999) + 2e-4);
  };
  expect_share(got->p_two_sided, want_["p_two_sided"]);
  expect_share(got->p_one_sided, want_["p_one_sided"]);
}

TEST_P(GoldenSeries, SharpeIsScipys) {
  const auto sample = sharpe_sample(days_);
  ASSERT_TRUE(sample);
  const double benchmark = golden()["benchmark"];
  expect_close(sample->sharpe, want_["sharpe_day"], "sharpe");
  expect_close(sample->skewness, want_["skewness"], "skewness");
  expect_close(sample->kurtosis, want_["raw_kurtosis"], "kurtosis");
  expect_close(probabilistic_sharpe(*sample), want_["psr"], "PSR");
  expect_close(probabilistic_sharpe(*sample, benchmark), want_["psr_benchmark"], "PSR, benchmark");
  expect_close(minimum_track_record(*sample), want_["min_track_record"], "MinTRL");
  expect_close(minimum_track_record(*sample, benchmark), want_["min_track_record_benchmark"],
               "MinTRL, benchmark");
  for (std::size_t i = 0; i < golden()["trials"].size(); ++i) {
    const long long trials = golden()["trials"][i];
    const double variance = golden()["trials_variance"];
    expect_close(deflated_sharpe(*sample, trials), want_["dsr"][i], "DSR");
    expect_close(deflated_sharpe(*sample, trials, variance), want_["dsr_variance"][i], "DSR, variance");
  }
}

std::vector<std::string> names() {
  std::vector<std::string> result;
  for (const auto& [name, entry] : golden()["series"].items()) result.push_back(name);
  return result;
}
INSTANTIATE_TEST_SUITE_P(Series, GoldenSeries, ::testing::ValuesIn(names()),
                         [](const auto& tc) { return tc.param; });

TEST(GoldenNormal, QuantilesAreScipys) {
  for (const Json& row : golden()["normal_quantiles"])
    EXPECT_NEAR(normal_quantile(row[0]), row[1].get<double>(), 1e-9) << row;  // 1 - p costs digits near 1
  EXPECT_NEAR(expected_maximum_sharpe(1'000'000, 1.0),
              golden()["expected_maximum_of_a_million"].get<double>(), 1e-9);
}

}  // namespace
}  // namespace sentio
