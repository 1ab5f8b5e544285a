#include "sentio/analysis/sharpe_inference.h"

#include <cmath>
#include <numbers>

#include "sentio/analysis/statistics.h"
#include "sentio/core/check.h"

namespace sentio {

namespace {

/// (n - 1) times the variance of the estimated ratio. Never negative, since kurtosis >= 1 + skewness².
double spread_of_ratio(const SharpeSample& s) {
  return 1 - s.skewness * s.sharpe + (s.kurtosis - 1) / 4 * s.sharpe * s.sharpe;
}

// Below this the formula is rounding.
constexpr double kNoSpread = 1e-9;

}  // namespace

std::optional<SharpeSample> sharpe_sample(std::span<const double> daily_returns) {
  const auto skew = skewness(daily_returns), kurtosis = raw_kurtosis(daily_returns);
  if (!skew || !kurtosis) return std::nullopt;
  return SharpeSample{.days = static_cast<int>(daily_returns.size()),
                      .sharpe = *mean(daily_returns) / *sample_sd(daily_returns),
                      .skewness = *skew,
                      .kurtosis = *kurtosis};
}

std::optional<double> probabilistic_sharpe(const SharpeSample& sample, double benchmark) {
  const double spread = spread_of_ratio(sample);
  if (sample.days < 2 || !(spread > kNoSpread)) return std::nullopt;
  return normal_cdf((sample.sharpe - benchmark) * std::sqrt(sample.days - 1.0) / std::sqrt(spread));
}

double expected_maximum_sharpe(long long trials, double variance) {
  SENTIO_CHECK(trials >= 1);
  SENTIO_CHECK(variance >= 0 && std::isfinite(variance));
  if (trials == 1) return 0;
  // Φ⁻¹(1 - q) = -Φ⁻¹(q), which keeps its digits for any number of trials.
  const double tail = 1.0 / static_cast<double>(trials);
  const double standard = -(1 - std::numbers::egamma) * normal_quantile(tail) -
                          std::numbers::egamma * normal_quantile(tail / std::numbers::e);
  return std::sqrt(variance) * standard;
}

std::optional<double> deflated_sharpe(const SharpeSample& sample, long long trials,
                                      std::optional<double> variance) {
  if (sample.days < 2) return std::nullopt;
  return probabilistic_sharpe(sample,
                              expected_maximum_sharpe(trials, variance.value_or(1.0 / (sample.days - 1))));
}

std::optional<double> minimum_track_record(const SharpeSample& sample, double benchmark, double confidence) {
  SENTIO_CHECK(confidence > 0.5 && confidence < 1);
  const double spread = spread_of_ratio(sample);
  if (!(sample.sharpe > benchmark) || !(spread > kNoSpread)) return std::nullopt;
  const double root = normal_quantile(confidence) / (sample.sharpe - benchmark);
  const double days = 1 + spread * root * root;
  return std::isfinite(days) ? std::optional(days) : std::nullopt;
}

}  // namespace sentio
