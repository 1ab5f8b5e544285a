#pragma once
/// Which of a folder's days is to be shown (private).

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "day/json_fields.h"
#include "sentio/core/calendar.h"

namespace sentio::dashboard_detail {

/// status.json as it is; other programs judge it, here it is shown.
struct StatusFile {
  Json json;            ///< null: there is none, or it holds no object
  TimePoint written{};  ///< on this machine's clock
  friend bool operator==(const StatusFile&, const StatusFile&) = default;
};

/// Whether the process that wrote it said that it would write no more.
[[nodiscard]] bool is_over(const StatusFile& status);

struct DayChoice {
  std::optional<SessionHours> day;  ///< none: nothing to show yet
  std::string waiting;              ///< why there is none
  StatusFile status;
  std::vector<std::string> warnings;
};

/// Of how long a process may say nothing before it counts as silent; it writes every 5 s.
inline constexpr std::chrono::seconds kStatusSilence{15};

/// The day of a process that writes; else that whose book was written last. A day that has not come yet is left
/// aside with a warning, unless a process says that it is its day. `now`: this machine's clock.
[[nodiscard]] DayChoice choose_day(const std::filesystem::path& folder, TimePoint now);

}  // namespace sentio::dashboard_detail
