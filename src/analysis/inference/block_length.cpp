#include "sentio/analysis/block_length.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "sentio/analysis/statistics.h"

namespace sentio {

namespace {

// The paper's K_N is max(5, √log10 n): 5 for any number of days.
constexpr std::size_t kQuietLags = 5;

/// R(0) … R(lag_max); 0 beyond the series.
std::vector<double> autocovariances(std::span<const double> values, std::size_t lag_max) {
  const std::size_t n = values.size();
  const double centre = *mean(values);
  std::vector<double> result(lag_max + 1);
  for (std::size_t lag = 0; lag < std::min(lag_max + 1, n); ++lag) {
    for (std::size_t i = lag; i < n; ++i) result[lag] += (values[i] - centre) * (values[i - lag] - centre);
    result[lag] /= static_cast<double>(n);
  }
  return result;
}

/// The paper's M.
std::size_t kernel_width(const std::vector<double>& covariances, double n) {
  const double quiet = 2 * std::sqrt(std::log10(n) / n) * covariances[0];
  const std::size_t lag_max = covariances.size() - 1;
  std::size_t run = 0;
  for (std::size_t lag = 1; lag <= lag_max; ++lag) {
    run = std::abs(covariances[lag]) < quiet ? run + 1 : 0;
    if (run == kQuietLags) return std::min(2 * (lag + 1 - kQuietLags), lag_max);
  }
  return lag_max;
}

double flat_top(double x) {
  return x <= 0.5 ? 1.0 : 2 * (1 - x);
}

}  // namespace

std::optional<double> optimal_block_length(std::span<const double> values) {
  if (!varies(values)) return std::nullopt;
  const auto n = static_cast<double>(values.size());
  const auto covariances =
      autocovariances(values, static_cast<std::size_t>(std::ceil(std::sqrt(n))) + kQuietLags);
  const std::size_t width = kernel_width(covariances, n);
  double g = 0, spectrum = covariances[0];
  for (std::size_t k = 1; k <= width; ++k) {
    const double weight = 2 * flat_top(static_cast<double>(k) / static_cast<double>(width));
    g += weight * static_cast<double>(k) * covariances[k];
    spectrum += weight * covariances[k];
  }
  const double longest = std::ceil(std::min(3 * std::sqrt(n), n / 3));
  const double ratio = g / spectrum;
  if (!std::isfinite(ratio)) return longest;
  return std::clamp(std::cbrt(ratio * ratio * n), 1.0, longest);
}

}  // namespace sentio
