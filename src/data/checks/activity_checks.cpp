/// Rows outside the session, and minutes in which nothing happened.

#include <algorithm>

#include "checks/finding_text.h"
#include "sentio/data/bar_checks.h"

namespace sentio {

namespace {

using namespace data;

bool flat(const Bar& bar) {
  return bar.high == bar.low;  // open and close lie between them
}

bool same_numbers(const Bar& a, const Bar& b) {
  return a.open == b.open && a.high == b.high && a.low == b.low && a.close == b.close && a.volume == b.volume;
}

}  // namespace

Findings check_outside(const SymbolHistory& history) {
  Tally extended, closing, closed;
  for (const BarDay& day : history.days) {
    const auto rows = history.rows(day);
    if (!day.session) {
      closed.add(rows.front().start, rows.back().start,
                 format_date(day.date) + " (" + std::string(NyseCalendar::closure_reason(day.date)) + ") " +
                     counted(std::ssize(rows), "row"));
      continue;
    }
    for (const Bar& bar : rows) {
      if (bar.start == day.session->close) {
        closing.add(bar.start);
      } else if (bar.start < day.session->open || bar.start > day.session->close) {
        extended.add(bar.start);
      }
    }
  }
  Findings found;
  if (extended.count() > 0) {
    found.push_back(extended.finding(FindingKind::extended_hours, Severity::noted, history.symbol,
                                     counted(extended.count(), "row") + " outside regular hours, left out"));
  }
  if (closing.count() > 0) {
    found.push_back(
        closing.finding(FindingKind::closing_print, Severity::noted, history.symbol,
                        counted(closing.count(), "row") +
                            " at the close (16:00, 13:00 on half days): the closing print, left out"));
  }
  if (closed.count() > 0) {
    found.push_back(closed.finding(
        FindingKind::closed_day, Severity::warned, history.symbol,
        counted(closed.count(), "closed day") +
            " with rows, left out (another market's clock or calendar?): " + closed.examples()));
  }
  return found;
}

Findings check_activity(const SymbolHistory& history) {
  constexpr std::int64_t kFrozenMin = 10;
  Tally silent, filled, frozen;
  std::int64_t run = 0, longest = 0;
  for (const BarDay& day : history.days) {
    const auto bars = history.session_bars(day);
    run = 0;
    std::int64_t same = 1;
    for (std::size_t i = 0; i < bars.size(); ++i) {
      const Bar& bar = bars[i];
      const bool nothing = bar.volume == 0 && flat(bar);
      run = nothing ? run + 1 : 0;
      longest = std::max(longest, run);
      if (nothing) filled.add(bar.start);
      if (bar.volume == 0 && !flat(bar)) silent.add(bar.start);
      same = i > 0 && bar.volume > 0 && same_numbers(bar, bars[i - 1]) ? same + 1 : 1;
      if (same == kFrozenMin)
        frozen.add(bars[i + 1 - kFrozenMin].start, minute_text(bars[i + 1 - kFrozenMin].start));
    }
  }
  Findings found;
  if (silent.count() > 0) {
    found.push_back(silent.finding(
        FindingKind::zero_volume, Severity::noted, history.symbol,
        counted(silent.count(), "minute") + " without volume whose prices move (quotes instead of trades?)"));
  }
  if (filled.count() > 0) {
    found.push_back(filled.finding(
        FindingKind::filled, Severity::warned, history.symbol,
        counted(filled.count(), "flat minute") + " without volume, at most " + std::to_string(longest) +
            " in a row: minutes without a trade that somebody filled in; leave them out"));
  }
  if (frozen.count() > 0) {
    found.push_back(
        frozen.finding(FindingKind::frozen, Severity::warned, history.symbol,
                       counted(frozen.count(), "run") + " of " + std::to_string(kFrozenMin) +
                           " or more rows that are the same (a source that hung?): " + frozen.examples()));
  }
  return found;
}

}  // namespace sentio
