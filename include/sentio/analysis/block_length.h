#pragma once
/// How long the blocks of a stationary bootstrap should be, read from the series itself.
///
/// Model    b = (2 G² / D)^(1/3) n^(1/3) with G = Σ λ(k/M) |k| R(k) and D = 2 (Σ λ(k/M) R(k))², sums over
///          |k| <= M, λ the flat-top kernel (1 up to ½, then falling to 0 at 1), R the autocovariance.
///          M is twice the first lag from which five autocorrelations in a row stay within 2 √(log10 n / n),
///          at most ⌈√n⌉ + 5, and that where there is no such lag. Lags beyond the series correlate 0.
/// Range    1 to ⌈min(3 √n, n/3)⌉ days.
/// Errors   empty with fewer than two days, a day that is no number, or days that are all alike.
/// Threads  pure function.
/// Source   Politis & White, Econometric Reviews 23 (2004), with the D of the correction by Patton, Politis &
///          White, Econometric Reviews 28 (2009). The paper's lag is the last one before the quiet run; here,
///          as in the authors' programs, it is the first one of the run.

#include <optional>
#include <span>

namespace sentio {

[[nodiscard]] std::optional<double> optimal_block_length(std::span<const double> values);

}  // namespace sentio
