#pragma once
/// Checks of bars, one question each. All are pure; none reads a clock or a file.
///
/// Cheap    check_rows, check_clock, check_coverage, check_outside, check_activity: one pass each, for every
/// load. Slow     check_prints, check_moves (medians around the few candidates), check_relations (pairs of
/// symbols). Order    a history whose check_clock refuses anything says nothing in the others: do not ask
/// them. Limits   and what fires on which real bars: docs/data-checks.md.

#include <span>

#include "sentio/config/universe.h"
#include "sentio/data/bar_rows.h"
#include "sentio/data/bar_verification.h"

namespace sentio {

/// Empty where plausible(bar), else what is wrong: "high 3.1 is below low 3.2", "volume 1e+20 is above …".
/// Every reader refuses such a row.
[[nodiscard]] std::string bar_problem(const Bar& bar);

/// bad_number, out_of_order, duplicate, and what read_rows could not read.
[[nodiscard]] Findings check_rows(const BarRows& rows);

/// wrong_clock, end_stamped, bar_length: judges days that a RowTracer saw.
[[nodiscard]] Findings check_clock(const std::string& symbol, std::span<const DayTrace> days);
[[nodiscard]] Findings check_clock(const SymbolHistory& history);

/// What is asked of a file besides being sound.
struct WantedRange {
  std::optional<Date> first, last;  ///< asked for by the user
  TimePoint now{};                  ///< minutes after it cannot be missing
  BarStamp stamp = BarStamp::start;
};

/// missing_session, missing_minutes, gap, late_open, early_end, short_day.
[[nodiscard]] Findings check_coverage(const SymbolHistory& history, const BarVerification& measured,
                                      const WantedRange& wanted);

/// extended_hours, closing_print, closed_day.
[[nodiscard]] Findings check_outside(const SymbolHistory& history);

/// zero_volume, filled, frozen.
[[nodiscard]] Findings check_activity(const SymbolHistory& history);

struct PrintOptions {
  double ranges = 10;       ///< k: typical minute ranges beyond both neighbours
  double edge_ranges = 20;  ///< for a session's first and last bar, which have neighbours on one side only
  double refused = 0.10;    ///< of the price: from here on refused, below warned
};

/// bad_print: a high or low (and open or close, where they reach as far) more than k typical ranges beyond
/// the bars before and after it. The typical range is the median true range of the 30 bars to either side, at
/// least a cent and 2 bps. Two bad minutes in a row are found too.
[[nodiscard]] Findings check_prints(const SymbolHistory& history, const PrintOptions& options = {});

/// split, jump: judges `measured.jumps`, whose thresholds `kMoveThresholds` suit it.
inline constexpr BarVerificationOptions kMoveThresholds{.jump = 0.10, .overnight_jump = 0.18};
[[nodiscard]] Findings check_moves(const SymbolHistory& history, const BarVerification& measured);

/// twin, relation: symbols of one underlying must move with the ratio of their leverage, and no two alike to
/// the cent. `known` are the entries of symbols.json; symbols without one are compared for twins only.
[[nodiscard]] Findings check_relations(std::span<const SymbolHistory* const> histories,
                                       std::span<const SymbolInfo> known);

/// The first and last session with bars of one symbol.
struct SessionSpan {
  std::string symbol{};
  Date first{}, last{};
};

/// stale, starts_late, missing_session at the edges of a wanted range.
[[nodiscard]] Findings check_freshness(std::span<const SessionSpan> spans, const WantedRange& wanted);

}  // namespace sentio
