#include "sentio/core/split_ratio.h"

#include <cmath>
#include <span>

namespace sentio {

namespace {

std::optional<double> nearest(std::span<const double> ratios, double price_ratio, double tolerance) {
  const bool reverse = price_ratio > 1;  // fewer shares, higher price
  const double magnitude = reverse ? price_ratio : 1 / price_ratio;
  double best = 0, best_distance = tolerance;
  for (const double candidate : ratios) {
    const double distance = std::abs(magnitude / candidate - 1);
    if (distance > best_distance) continue;
    best = candidate;
    best_distance = distance;
  }
  if (best == 0) return std::nullopt;
  return reverse ? 1 / best : best;
}

}  // namespace

std::optional<double> split_like(double price_ratio, double tolerance) {
  static constexpr double kRatios[] = {2, 3, 4, 5, 6, 8, 10, 12, 15, 20, 25, 30, 40, 50};
  return nearest(kRatios, price_ratio, tolerance);
}

std::optional<double> small_split_like(double price_ratio, double tolerance) {
  static constexpr double kRatios[] = {1.25, 4.0 / 3, 1.5};
  return nearest(kRatios, price_ratio, tolerance);
}

}  // namespace sentio
