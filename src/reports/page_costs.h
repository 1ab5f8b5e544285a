#pragma once
/// What trading cost (private to the module).

#include "sentio/analysis/execution_cost.h"
#include "sentio/reports/run_page.h"

namespace sentio::reports_detail {

[[nodiscard]] PageBars cost_bars(const Summary& summary);

/// Measured executions of live days; of other days trades with the closes that their orders were decided on, NaN where
/// a decision is not in the files.
[[nodiscard]] ExecutionCosts executions_of(const std::vector<DayRecords>& days);
[[nodiscard]] PageFacts shortfall_facts(const ExecutionCosts& costs);
/// How to read them, given the run's mode.
[[nodiscard]] std::string costs_note(const RunResult& run, const Summary& summary);

}  // namespace sentio::reports_detail
