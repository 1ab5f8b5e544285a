#pragma once
/// Plain statistics of a series, and the normal distribution.
///
/// Units    returns are fractions (0.005 = +0.5 %), one per trading day, in order.
/// Errors   a quantity that does not exist (a deviation of one day) is an empty optional, never 0 or NaN.
/// Threads  pure functions.
/// Source   start of the quantile: Abramowitz & Stegun, "Handbook of Mathematical Functions", 26.2.23.

#include <optional>
#include <span>

namespace sentio {

inline constexpr int kTradingDaysPerYear = 252;

[[nodiscard]] std::optional<double> mean(std::span<const double> values);
/// Sample standard deviation (n - 1); needs two values.
[[nodiscard]] std::optional<double> sample_sd(std::span<const double> values);
/// Two finite values or more that differ by more than rounding. Everything below needs that.
[[nodiscard]] bool varies(std::span<const double> values);
/// mean / (sd / √n), as if days were independent.
[[nodiscard]] std::optional<double> t_statistic(std::span<const double> values);
/// Third moment over the deviation's third power, both divided by n.
[[nodiscard]] std::optional<double> skewness(std::span<const double> values);
/// RAW: fourth moment over the squared variance, both divided by n. A normal distribution has 3.
[[nodiscard]] std::optional<double> raw_kurtosis(std::span<const double> values);

[[nodiscard]] double normal_cdf(double x);
/// Inverse of normal_cdf, to 1e-14 of x. Checks 0 < p < 1.
[[nodiscard]] double normal_quantile(double p);

}  // namespace sentio
