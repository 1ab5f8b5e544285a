#pragma once
/// What is asked of bars at every load, before anything is learned or traded from them.
///
/// Cost      a few comparisons a row while it is read (row_trace.h), and a few searches a session and symbol.
/// Severity  refused: results would be wrong, unless the user accepts that kind. What is refused of a traded day is a
///           warning for a warm-up day. noted does not occur.
/// Left out  what needs medians or a second pass: verify-data asks that, file_verification.h.

#include <span>
#include <string>
#include <vector>

#include "sentio/config/universe.h"
#include "sentio/data/bar_findings.h"
#include "sentio/data/csv_bars.h"

namespace sentio {

/// What the bars are for; sessions that no symbol has a bar of are the run's business, not this one's.
struct LoadPlan {
  std::vector<SessionHours> warm_up{}, traded{};
};

/// `bars` as read_bars returned them, one element a symbol; `known` the universe, for leverage and underlying. In
/// order of the symbols, then what concerns several. Pure.
[[nodiscard]] Findings check_load(std::span<const SymbolBars> bars, std::span<const SymbolInfo> known,
                                  const LoadPlan& plan);

/// wrong_clock, two_clocks, end_stamped, bar_length of one symbol, with the flag that helps.
[[nodiscard]] Findings check_load_clock(const SymbolBars& bars);

/// --accept-data: kinds that are refused otherwise.
struct AcceptedData {
  std::vector<FindingKind> kinds{};
  [[nodiscard]] bool has(FindingKind kind) const;
};
/// Errors (usage): no such kind, or one that no load refuses; names those there are.
[[nodiscard]] Result<AcceptedData> parse_accepted_data(std::span<const std::string> names);

/// What a load found, and what the user said of it.
struct DataReview {
  Findings findings{};
  AcceptedData accepted{};
};

/// Refused, and not accepted.
[[nodiscard]] bool stops(const Finding& finding, const AcceptedData& accepted);
/// "TQQQ: early_end: 1 session with …".
[[nodiscard]] std::string load_line(const Finding& finding);
/// The same; for refusals with the flag that accepts them, or a word that it was given.
[[nodiscard]] std::string load_line(const Finding& finding, const AcceptedData& accepted);
/// All that stops as one error (Errc::mismatch), a line each.
[[nodiscard]] Result<> refuse_load(const Findings& findings, const AcceptedData& accepted);

}  // namespace sentio
