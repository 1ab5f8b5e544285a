#include "sentio/analysis/hac.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "sentio/analysis/statistics.h"
#include "sentio/core/check.h"

namespace sentio {

int newey_west_lags(std::size_t n) {
  if (n < 2) return 0;
  const auto rule = static_cast<int>(4 * std::pow(static_cast<double>(n) / 100, 2.0 / 9));
  return std::min(rule, static_cast<int>(n) - 1);
}

double hac_variance_of_mean(std::span<const double> centred, int lags) {
  const std::size_t n = centred.size();
  SENTIO_CHECK(n >= 2);
  SENTIO_CHECK(lags >= 0 && static_cast<std::size_t>(lags) < n);
  double sum = 0;
  for (std::size_t lag = 0; lag <= static_cast<std::size_t>(lags); ++lag) {
    double product = 0;
    for (std::size_t i = lag; i < n; ++i) product += centred[i] * centred[i - lag];
    sum += (lag == 0 ? 1.0 : 2 - 2 * static_cast<double>(lag) / (lags + 1)) * product;
  }
  return std::max(sum, 0.0) / (static_cast<double>(n) * static_cast<double>(n - 1));
}

std::optional<double> hac_standard_error(std::span<const double> values, int lags) {
  if (!varies(values)) return std::nullopt;
  const double centre = *mean(values);
  std::vector<double> centred(values.begin(), values.end());
  for (double& v : centred) v -= centre;
  return std::sqrt(hac_variance_of_mean(centred, lags));
}

std::optional<double> hac_standard_error(std::span<const double> values) {
  return hac_standard_error(values, newey_west_lags(values.size()));
}

}  // namespace sentio
