#pragma once
/// Time points, dates and New York wall time, as pure functions (no tz database, no clock).

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "sentio/core/error.h"

namespace sentio {

using TimePoint = std::chrono::sys_time<std::chrono::nanoseconds>;  ///< always UTC
using Date = std::chrono::year_month_day;                           ///< a New York calendar date
inline constexpr std::chrono::minutes kBarLength{1};

/// New York's offset from UTC: -4 h from the second Sunday of March 02:00 to the first Sunday of
/// November 02:00 local time, else -5 h (Energy Policy Act of 2005, in force since 2007).
[[nodiscard]] std::chrono::seconds new_york_offset(TimePoint utc);

/// The instant at which New York's wall clock shows `since_midnight` on `date`.
[[nodiscard]] TimePoint from_new_york(Date date, std::chrono::nanoseconds since_midnight);
[[nodiscard]] Date new_york_date(TimePoint utc);
/// Wall time since local midnight in New York.
[[nodiscard]] std::chrono::nanoseconds new_york_time_of_day(TimePoint utc);

/// "2025-09-26T09:31:00-04:00"; fractions of a second are shown only where there are any.
[[nodiscard]] std::string format_new_york(TimePoint utc);
/// "2025-09-26T13:31:00Z"
[[nodiscard]] std::string format_utc(TimePoint utc);
[[nodiscard]] std::string format_date(Date date);  ///< "2025-09-26"

/// RFC 3339 with `Z` or a numeric offset, 0-9 fractional digits, 'T' or blank between date and time.
/// An offset is required: a wall time without one is ambiguous twice a year.
[[nodiscard]] Result<TimePoint> parse_timestamp(std::string_view text);
[[nodiscard]] Result<Date> parse_date(std::string_view text);  ///< "2025-09-26" only

[[nodiscard]] constexpr std::int64_t epoch_seconds(TimePoint t) {
  return std::chrono::floor<std::chrono::seconds>(t).time_since_epoch().count();
}
[[nodiscard]] constexpr TimePoint from_epoch_seconds(std::int64_t s) {
  return TimePoint{std::chrono::seconds{s}};
}

}  // namespace sentio
