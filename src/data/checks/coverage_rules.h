#pragma once
/// From where on minutes are missing by more than chance.

#include <cstdint>

namespace sentio::data {

/// A day that begins or ends later or earlier than that many minutes is not whole.
inline constexpr int kEdgeMinutes = 30;

/// Minutes in a row that a symbol which misses `share` of them is missing by chance, but for one file in a
/// thousand.
[[nodiscard]] int longest_by_chance(double share, std::int64_t minutes);

}  // namespace sentio::data
