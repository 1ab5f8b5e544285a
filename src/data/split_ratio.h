#pragma once
/// Ratios in which shares are split and consolidated.

#include <optional>

namespace sentio::data {

/// New shares per old one (2, 1.5, 0.1 …) where price after / price before is that near to such a ratio;
/// whole ones only (n:1 and 1:n), or also the small ones (3:2, 4:3, 5:4) that ordinary nights come near to.
[[nodiscard]] std::optional<double> split_like(double price_ratio, double tolerance);
[[nodiscard]] std::optional<double> small_split_like(double price_ratio, double tolerance);

}  // namespace sentio::data
