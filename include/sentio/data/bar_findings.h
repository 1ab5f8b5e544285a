#pragma once
/// What a check of bars found: one kind, one severity, one line.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sentio/core/time.h"

namespace sentio {

enum class Severity : std::uint8_t {
  noted,    ///< a fact to know
  warned,   ///< a person should look
  refused,  ///< results made from it would be wrong
};

/// Names (to_string) are part of the JSON output: add, never rename.
enum class FindingKind : std::uint8_t {
  unreadable,       // the file as a whole
  bad_row,          // a line that does not parse
  two_clocks,       // ts_utc and ts_nyt_epoch name different instants
  out_of_order,     // a row before its predecessor
  duplicate,        // a second row for one minute
  bad_number,       // prices or volume that no market makes
  no_bars,          // nothing inside a session
  wrong_clock,      // whole days stamped hours off
  end_stamped,      // minutes named by their end
  bar_length,       // bars longer than a minute
  missing_session,  // an open day without a bar
  stale,            // ends before it should
  starts_late,      // begins after the others
  missing_minutes,  // how many in all
  gap,              // more minutes in a row than chance explains
  late_open,        // a day that begins late
  early_end,        // a day that ends early
  short_day,        // far fewer bars than on other days
  extended_hours,   // rows before the open or after the close
  closing_print,    // the row at 16:00 (13:00)
  closed_day,       // rows on weekends and holidays
  bad_print,        // a price that is gone a minute later
  jump,             // a large move that stays
  split,            // a move near n:1
  zero_volume,      // minutes without volume whose prices move
  filled,           // flat minutes without volume
  frozen,           // the same row again and again
  synthetic,        // made-up bars
  twin,             // the rows of another symbol
  relation,         // moves unlike its underlying's other funds
};

struct Finding {
  FindingKind kind{};
  Severity severity = Severity::noted;
  std::string symbol{};                      ///< empty: all files together
  std::optional<TimePoint> first{}, last{};  ///< bar starts; absent where no time is known
  std::int64_t count = 1;                    ///< of rows, minutes, days or whatever the text counts
  std::string text{};                        ///< one line: what was seen and the likely cause
};

using Findings = std::vector<Finding>;

[[nodiscard]] std::string_view to_string(Severity severity);
[[nodiscard]] std::string_view to_string(FindingKind kind);  ///< snake_case

struct FindingCounts {
  std::int64_t refused = 0, warned = 0, noted = 0;
};
[[nodiscard]] FindingCounts count_findings(std::span<const Finding> findings);

}  // namespace sentio
