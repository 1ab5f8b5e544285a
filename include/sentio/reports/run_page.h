#pragma once
/// A run's days as a page.
///
/// Thinned  series have at most about kPagePoints points: a month's minutes become five-minute ends. Equity
/// and
///          prices are those of the end of each step, drawdown is the worst within it; the page says so.
/// Prices   from recorded bars where they are given and agree with the prices the run itself noted; else what
/// the run
///          noted (decisions, marks, executions), which has gaps. The page says which.
/// Threads  pure; the same records give the same page.

#include <string>
#include <vector>

#include "sentio/analysis/summary.h"
#include "sentio/analysis/targets.h"
#include "sentio/data/csv_bars.h"
#include "sentio/page/page.h"
#include "sentio/reports/run_folder.h"

namespace sentio {

inline constexpr int kPagePoints = 2000;

struct RunPageInput {
  std::string title;                    ///< "Month 2025-08"
  const std::vector<DayRecords>& days;  ///< not empty; with signals and decisions
  const std::vector<SymbolBars>& bars;  ///< of some symbols or none, in any order
  std::vector<Date> missing;            ///< sessions of the range without files, for the reader
};

[[nodiscard]] Page run_page(const RunPageInput& input, const RunResult& run, const Summary& summary,
                            const Targets& targets);

}  // namespace sentio
