#pragma once
/// What is shown of a day, section by section (private). Every member is there whatever the files hold; null where
/// nothing is known.

#include "day/day_folder.h"
#include "day/day_lines.h"

namespace sentio::dashboard_detail {

/// The day that is shown.
struct ShownDay {
  const DayLines& lines;
  const StatusFile& status;  ///< of this day, else null
  TimePoint now{};           ///< this machine's clock
  /// A member of the strategy's configuration, as the journal's header has it; NaN without a journal.
  [[nodiscard]] double setting(const char* section, const char* key) const;
  /// USD that the day began with; NaN where nothing is known.
  [[nodiscard]] double capital() const;
};

[[nodiscard]] Json day_section(const std::filesystem::path& folder, const DayChoice& choice, const ShownDay* day);
[[nodiscard]] Json state_section(const ShownDay& day);
[[nodiscard]] Json alerts_section(const ShownDay& day);
[[nodiscard]] Json equity_section(const ShownDay& day);
[[nodiscard]] Json positions_section(const ShownDay& day);
[[nodiscard]] Json signals_section(const ShownDay& day);
[[nodiscard]] Json learners_section(const ShownDay& day);
[[nodiscard]] Json latency_section(const ShownDay& day);
[[nodiscard]] Json decisions_section(const ShownDay& day);
[[nodiscard]] Json trades_section(const ShownDay& day);

}  // namespace sentio::dashboard_detail
