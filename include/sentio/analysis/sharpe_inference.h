#pragma once
/// What a Sharpe ratio is worth, given how many days, how skewed, how fat-tailed, and the best of how many.
///
/// Units    Sharpe ratios per day (mean / sample deviation, risk-free rate 0): never annualised in here.
///          Kurtosis is raw, 3 for a normal distribution. Days are taken as independent.
/// Errors   what does not exist is an empty optional; nothing returned is NaN or infinite.
/// Threads  pure functions.
/// Source   Bailey & López de Prado, "The Sharpe Ratio Efficient Frontier", Journal of Risk 15 (2012):
///          PSR and minimum track record; "The Deflated Sharpe Ratio", Journal of Portfolio Management 40
///          (2014).

#include <optional>
#include <span>

namespace sentio {

struct SharpeSample {
  int days = 0;
  double sharpe = 0;                  ///< per day
  double skewness = 0, kurtosis = 3;  ///< raw
};

/// Empty with fewer than two days, a day that is no number, or days that are all alike.
[[nodiscard]] std::optional<SharpeSample> sharpe_sample(std::span<const double> daily_returns);

/// PSR: Φ((S - benchmark) √(n-1) / √(1 - skewness·S + (kurtosis-1)/4·S²)), the confidence that the true ratio
/// exceeds `benchmark`. Empty where the root is 0 (two kinds of days in one exact proportion).
[[nodiscard]] std::optional<double> probabilistic_sharpe(const SharpeSample& sample, double benchmark = 0);

/// Expected maximum over `trials` ratios that scatter around 0 with `variance`: √variance · ((1-γ) Φ⁻¹(1-1/N)
/// + γ Φ⁻¹(1-1/(N e))), γ = 0.5772; 0 for one trial. Checks trials >= 1, variance >= 0 and finite.
[[nodiscard]] double expected_maximum_sharpe(long long trials, double variance);

/// DSR: PSR against the expected maximum of `trials`. `variance` is that of the trials' ratios per day;
/// without it, 1/(n-1): what ratios of strategies worth nothing scatter by. One trial: PSR against 0.
[[nodiscard]] std::optional<double> deflated_sharpe(const SharpeSample& sample, long long trials,
                                                    std::optional<double> variance = std::nullopt);

/// MinTRL: days after which a ratio like this one has PSR = `confidence`. Empty unless S > benchmark.
/// Checks 0.5 < confidence < 1.
[[nodiscard]] std::optional<double> minimum_track_record(const SharpeSample& sample, double benchmark = 0,
                                                         double confidence = 0.95);

}  // namespace sentio
