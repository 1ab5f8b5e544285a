#pragma once
/// How large a number of a saved state may be: far beyond what a market or a learner makes, and small enough that
/// what is computed from it stays a number. A damaged state is refused at the door, not met hours later.

#include <cstdint>

namespace sentio {

/// Prices and volumes-at-price that a file can hold; split-adjusted ones go far up. 0 means "none yet" where a
/// class says so.
inline constexpr double kStatePriceMin = 1e-12, kStatePriceMax = 1e15;
/// Sums, labels, predictions: their squares are still numbers.
inline constexpr double kStateMagnitudeMax = 1e100;
/// Squares of those and sums of such squares.
inline constexpr double kStateSquareMax = 1e204;
/// Rows, labels, bars, minutes: a thousand years of minutes are 5e8.
inline constexpr std::int64_t kStateCountMax = 1'000'000'000'000;

/// Of a price that may be missing.
[[nodiscard]] constexpr bool is_state_price(double price) {
  return price == 0 || (price >= kStatePriceMin && price <= kStatePriceMax);
}

}  // namespace sentio
