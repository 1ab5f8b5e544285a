#pragma once
/// Small arithmetic shared by the feature groups: what a ratio is when there is nothing to divide by.

#include <algorithm>
#include <cmath>

namespace sentio::features {

/// Spreads of prices below this share of the price are rounding, not movement (a tick is above 1e-7).
inline constexpr double kFlatPrice = 1e-10;
/// Variances below this share of the mean square are rounding and count as 0.
inline constexpr double kFlatVariance = 1e-12;

[[nodiscard]] inline double ratio_or(double numerator, double denominator, double neutral) {
  return denominator > 0 ? numerator / denominator : neutral;
}

/// Population variance of k values from their sum and sum of squares.
[[nodiscard]] inline double variance_of(double sum, double squares, int k) {
  const double mean = sum / k, mean_square = squares / k;
  const double variance = mean_square - mean * mean;
  return variance > kFlatVariance * mean_square ? variance : 0.0;
}

/// Where `price` lies between low and high, 0..1.
[[nodiscard]] inline double position_in(double price, double low, double high) {
  return high - low > kFlatPrice * price ? (price - low) / (high - low) : 0.5;
}

}  // namespace sentio::features
