#pragma once
/// NYSE trading sessions 2018-2030 as a table in the code.
///
/// Source   NYSE "Holidays & Trading Hours" pages and yearly closing notices; the two days of
///          mourning (2018-12-05, 2025-01-09) are among the full closures.
/// Threads  immutable after construction, free to share.

#include <optional>
#include <string_view>
#include <vector>

#include "sentio/core/time.h"

namespace sentio {

inline constexpr int kFullSessionMinutes = 390;  ///< 09:30-16:00
inline constexpr int kHalfSessionMinutes = 210;  ///< 09:30-13:00

/// One regular session. Minute i starts at open + i minutes, i = 0 … minutes-1.
struct SessionHours {
  Date date{};
  TimePoint open{};
  TimePoint close{};
  int minutes = 0;
  [[nodiscard]] bool half_day() const { return minutes < kFullSessionMinutes; }
  [[nodiscard]] TimePoint minute_start(int i) const { return open + i * kBarLength; }
  [[nodiscard]] TimePoint minute_end(int i) const { return open + (i + 1) * kBarLength; }
  /// Index of the minute that starts at `start`, or nullopt outside the session or off the grid.
  [[nodiscard]] std::optional<int> minute_of(TimePoint start) const;
  friend bool operator==(const SessionHours&, const SessionHours&) = default;
};

class NyseCalendar {
 public:
  static constexpr int kFirstYear = 2018, kLastYear = 2030;

  /// The session of that date; nullopt on weekends, holidays and outside the table's years.
  [[nodiscard]] static std::optional<SessionHours> session(Date date);
  [[nodiscard]] static bool covers(Date date);
  /// Why there is no session: "Saturday", "Good Friday", "outside 2018-2030"; empty on open days.
  [[nodiscard]] static std::string_view closure_reason(Date date);
  /// Sessions with first <= date <= last, in order.
  [[nodiscard]] static std::vector<SessionHours> sessions(Date first, Date last);
  /// The last `n` sessions strictly before `date`, oldest first; fewer where the table begins.
  [[nodiscard]] static std::vector<SessionHours> sessions_before(Date date, int n);
};

}  // namespace sentio
