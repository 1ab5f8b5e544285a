#pragma once
/// A decimal number exactly as a broker wrote it.

#include <optional>
#include <string>
#include <string_view>

namespace sentio {

/// Text and value side by side: the text goes to people and files unchanged, the value is for arithmetic.
struct Decimal {
  std::string text = "0";
  double value = 0;
  friend bool operator==(const Decimal&, const Decimal&) = default;
};

/// "-12.340000001": sign, digits, at most one point, optional exponent. Anything else, or a number that does
/// not fit a double, is nullopt.
[[nodiscard]] std::optional<Decimal> parse_decimal(std::string_view text);

/// Quantities have at most 9 decimals; two that differ by less are the same number of shares.
inline constexpr double kShareTolerance = 1e-9;

}  // namespace sentio
