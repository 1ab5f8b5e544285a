#pragma once
/// Turns what a run left behind into numbers, and judges them.
///
/// Units    fractions and USD, see summary.h.
/// Errors   none: empty runs, no trades, one day, non-finite equity give empty optionals.
/// Threads  pure functions.

#include <span>
#include <vector>

#include "sentio/analysis/results.h"
#include "sentio/analysis/summary.h"
#include "sentio/analysis/targets.h"

namespace sentio {

/// A backtest above either of these is more likely a leak than an edge (docs: strategy evidence).
inline constexpr double kLeakMrd = 0.003, kLeakT = 4.0;

[[nodiscard]] Summary analyze(const RunResult& run, const Targets& targets);

/// Each criterion of `targets` with its value, in the order the report shows them.
[[nodiscard]] std::vector<Criterion> evaluate_criteria(const Summary& summary, const Targets& targets);

/// The gate: every criterion met by sound numbers that an order could have earned. Fills at the
/// decision's own close never pass.
[[nodiscard]] bool criteria_met(const Summary& summary, const Targets& targets);

/// criteria_met on real bars, flat at every close: the words READY FOR LIVE PAPER TRADING.
[[nodiscard]] bool ready_for_paper(const Summary& summary, const Targets& targets);

/// Opening capital, then equity after every set, then the closing equity, day after day. Where a day
/// starts with other capital than the day before ended with, its path is moved to continue there.
[[nodiscard]] std::vector<double> equity_path(const RunResult& run);
/// Largest fall from a running peak, as a fraction of the peak; 0 for a path that never falls.
[[nodiscard]] double max_drawdown(std::span<const double> path);

}  // namespace sentio
