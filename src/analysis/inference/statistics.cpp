#include "sentio/analysis/statistics.h"

#include <cmath>
#include <numbers>

#include "sentio/core/check.h"

namespace sentio {

namespace {

// Below this the days are equal but for rounding.
constexpr double kNoVariation = 1e-12;

/// Mean of the k-th powers of the distances from the mean.
double central_moment(std::span<const double> values, int k) {
  const double centre = *mean(values);
  double sum = 0;
  for (const double v : values) {
    double power = 1;
    for (int i = 0; i < k; ++i) power *= v - centre;
    sum += power;
  }
  return sum / static_cast<double>(values.size());
}

std::optional<double> finite(double x) {
  return std::isfinite(x) ? std::optional(x) : std::nullopt;
}

double normal_density(double x) {
  return std::exp(-0.5 * x * x) / std::sqrt(2 * std::numbers::pi);
}

}  // namespace

std::optional<double> mean(std::span<const double> values) {
  if (values.empty()) return std::nullopt;
  double sum = 0;
  for (const double v : values) sum += v;
  return sum / static_cast<double>(values.size());
}

std::optional<double> sample_sd(std::span<const double> values) {
  if (values.size() < 2) return std::nullopt;
  const double centre = *mean(values);
  double squares = 0;
  for (const double v : values) squares += (v - centre) * (v - centre);
  return std::sqrt(squares / static_cast<double>(values.size() - 1));
}

bool varies(std::span<const double> values) {
  const auto sd = sample_sd(values);
  return sd && std::isfinite(*sd) && *sd > kNoVariation;
}

std::optional<double> t_statistic(std::span<const double> values) {
  if (!varies(values)) return std::nullopt;
  return *mean(values) / (*sample_sd(values) / std::sqrt(static_cast<double>(values.size())));
}

std::optional<double> skewness(std::span<const double> values) {
  if (!varies(values)) return std::nullopt;
  return finite(central_moment(values, 3) / std::pow(central_moment(values, 2), 1.5));
}

std::optional<double> raw_kurtosis(std::span<const double> values) {
  if (!varies(values)) return std::nullopt;
  const double variance = central_moment(values, 2);
  return finite(central_moment(values, 4) / (variance * variance));
}

double normal_cdf(double x) {
  return 0.5 * std::erfc(-x / std::numbers::sqrt2);
}

double normal_quantile(double p) {
  SENTIO_CHECK(p > 0 && p < 1);
  if (p > 0.5) return -normal_quantile(1 - p);
  const double t = std::sqrt(-2 * std::log(p));
  double x =
      (2.515517 + t * (0.802853 + t * 0.010328)) / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308))) - t;
  // Halley's steps: the error, 5e-4 at first, is cubed by each.
  for (int step = 0; step < 3; ++step) {
    const double newton = (normal_cdf(x) - p) / normal_density(x);
    x -= newton / (1 + 0.5 * x * newton);
  }
  return x;
}

}  // namespace sentio
