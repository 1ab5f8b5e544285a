#include "sentio/analysis/bootstrap.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "sentio/analysis/block_length.h"
#include "sentio/analysis/hac.h"
#include "sentio/analysis/statistics.h"
#include "sentio/core/check.h"

namespace sentio {

namespace {

/// Draws resamples and says how far off each one's mean is, in its own standard errors.
class Resampler {
 public:
  Resampler(std::span<const double> values, double block_length, std::uint64_t seed)
      : values_(values),
        mean_(*mean(values)),
        smallest_variance_(1e-12 * hac_variance(values)),
        block_end_(static_cast<std::uint64_t>(0x1p32 / block_length)),
        random_(seed),
        resample_(values.size()) {}

  /// t*; infinite where the resample's days are all alike.
  double next() {
    draw();
    const double centre = *mean(resample_);
    for (double& v : resample_) v -= centre;
    const double variance = hac_variance_of_mean(resample_, newey_west_lags(resample_.size()));
    if (variance > smallest_variance_) return (centre - mean_) / std::sqrt(variance);
    return std::copysign(std::numeric_limits<double>::infinity(), centre - mean_);
  }

 private:
  static double hac_variance(std::span<const double> values) {
    const double error = *hac_standard_error(values);
    return error * error;
  }

  // One number a day: its upper half says whether a block ends, its lower half where the next one starts.
  void draw() {
    const std::size_t n = values_.size();
    std::size_t at = 0;
    for (std::size_t i = 0; i < n; ++i) {
      const std::uint64_t random = random_.next();
      if (i == 0 || (random >> 32U) < block_end_)
        at = static_cast<std::size_t>(((random & 0xffffffffU) * n) >> 32U);
      else
        at = at + 1 == n ? 0 : at + 1;
      resample_[i] = values_[at];
    }
  }

  std::span<const double> values_;
  double mean_, smallest_variance_;
  std::uint64_t block_end_;  ///< 2^32 / block length
  SplitMix64 random_;
  std::vector<double> resample_;
};

}  // namespace

std::optional<MeanInference> infer_mean(std::span<const double> values, const BootstrapOptions& options) {
  SENTIO_CHECK(options.draws > 0);
  SENTIO_CHECK(options.level > 0 && options.level < 1);
  SENTIO_CHECK(options.block_length.value_or(1) >= 1);
  if (values.size() < static_cast<std::size_t>(kIntervalDaysMin) || !varies(values)) return std::nullopt;

  MeanInference result;
  result.block_length = options.block_length ? *options.block_length : *optimal_block_length(values);
  const double centre = *mean(values), error = *hac_standard_error(values);
  const double distance = std::abs(centre) / error;
  Resampler resampler(values, result.block_length, options.seed);
  std::vector<double> distances(static_cast<std::size_t>(options.draws));
  int as_far = 1, as_far_on_its_side = 1;  // the data themselves
  for (double& d : distances) {
    const double t = resampler.next();
    d = std::abs(t);
    if (d < distance) continue;
    ++as_far;
    if ((t < 0) == (centre < 0)) ++as_far_on_its_side;
  }
  result.p_two_sided = as_far / (options.draws + 1.0);
  result.p_one_sided = as_far_on_its_side / (options.draws + 1.0);
  // The k-th smallest of the draws, with k = level · (draws + 1): p <= 1 - level where the mean is beyond it.
  const auto k = static_cast<std::size_t>(std::ceil(options.level * (options.draws + 1) - 1e-9));
  if (k > distances.size()) return result;
  const auto critical = distances.begin() + static_cast<std::ptrdiff_t>(k - 1);
  std::nth_element(distances.begin(), critical, distances.end());
  if (std::isfinite(*critical)) result.interval = {centre - *critical * error, centre + *critical * error};
  return result;
}

}  // namespace sentio
