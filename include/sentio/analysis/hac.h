#pragma once
/// How far the mean of dependent days is off: heteroscedasticity- and autocorrelation-consistent (HAC)
/// standard error, Bartlett kernel.
///
/// Model    var(mean) = (γ_0 + 2 Σ_{j=1..L} (1 - j/(L+1)) γ_j) / (n - 1), γ_j the autocovariance with
///          divisor n.
/// Errors   empty with fewer than two days, a day that is no number, or days that are all alike.
/// Threads  pure functions.
/// Source   Newey & West, Econometrica 55 (1987). Lags by the rule of thumb that goes with Newey & West,
///          Review of Economic Studies 61 (1994): ⌊4 (n/100)^(2/9)⌋. The plug-in choice of that paper is not
///          made: its bandwidth is itself estimated from the few days there are.

#include <cstddef>
#include <optional>
#include <span>

namespace sentio {

/// 1 lag for 2 days, 3 for 60, 4 for 250; never more than n - 1.
[[nodiscard]] int newey_west_lags(std::size_t n);

[[nodiscard]] std::optional<double> hac_standard_error(std::span<const double> values, int lags);
[[nodiscard]] std::optional<double> hac_standard_error(std::span<const double> values);  ///< newey_west_lags

/// The same squared, of distances from the mean; never negative. Checks two values or more and 0 <= lags < n.
[[nodiscard]] double hac_variance_of_mean(std::span<const double> centred, int lags);

}  // namespace sentio
