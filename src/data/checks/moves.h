#pragma once
/// What happened around a large move, in numbers and in words.

#include <optional>
#include <span>
#include <string>

#include "sentio/core/bar.h"

namespace sentio::data {

/// Volumes are shares a minute.
struct Surroundings {
  double price_ratio = 1;              ///< of medians, after / before
  std::optional<double> volume_ratio;  ///< where there is enough to either side
};

/// Around the bar at `at` of one session's bars.
[[nodiscard]] Surroundings surroundings(std::span<const Bar> session_bars, std::ptrdiff_t at);

/// Most of a move by `ratio` is there still a few minutes later: no bad print.
[[nodiscard]] bool stays(const Surroundings& around, double ratio);

/// "2:1", "1:10", "3:2".
[[nodiscard]] std::string ratio_text(double split);

/// Whether the volume went the way of the shares.
[[nodiscard]] std::string volume_text(std::optional<double> volume_ratio, double split);

/// No minute of a fund halves or doubles it: how near to a whole ratio is one within a session.
inline constexpr double kSessionSplitTolerance = 0.03;

}  // namespace sentio::data
