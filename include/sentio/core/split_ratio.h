#pragma once
/// Ratios in which shares are split and consolidated.

#include <optional>

namespace sentio {

/// How near to a ratio an overnight move must come: the night itself moves the price as well.
inline constexpr double kOvernightSplitTolerance = 0.08;

/// New shares per old one (2, 10, 0.1 …) where price after / price before is that near to n:1 or 1:n, n from 2 to 50
/// as leveraged funds split and consolidate.
[[nodiscard]] std::optional<double> split_like(double price_ratio, double tolerance);

/// The small ones: 3:2, 4:3, 5:4. Funds hardly use them, and ordinary nights come near to them (2020-03-16 opened a
/// 3x fund that far down): never without further evidence.
[[nodiscard]] std::optional<double> small_split_like(double price_ratio, double tolerance);

}  // namespace sentio
