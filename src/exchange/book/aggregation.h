#pragma once
/// Time frames of the bar endpoints, made from minutes.

#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "sentio/core/bar.h"

namespace sentio::exchange {

struct TimeFrame {
  std::chrono::minutes width{1};
  bool daily = false;
};

/// "1Min", "5T", "2Hour", "1D"; weeks and months are not offered.
[[nodiscard]] std::optional<TimeFrame> parse_time_frame(std::string_view text);
/// Minutes → bars of that frame. Days are New York dates, stamped with their midnight.
[[nodiscard]] std::vector<Bar> aggregate(std::span<const Bar> minutes, TimeFrame frame);
/// Where the frame that holds `t` starts.
[[nodiscard]] TimePoint frame_start(TimePoint t, TimeFrame frame);

}  // namespace sentio::exchange
