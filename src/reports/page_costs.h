#pragma once
/// What trading cost (private to the module).

#include "sentio/reports/run_page.h"

namespace sentio::reports_detail {

[[nodiscard]] PageBars cost_bars(const Summary& summary);

/// Execution against the close each order was decided on, over all executions whose decision is known. Holds
/// all that happened in between: the way to the fill, and the spread where it is in the price.
struct Shortfall {
  double usd = 0, notional = 0;  ///< usd > 0: paid more, or got less
  int executions = 0;
};
struct Shortfalls {
  Shortfall bought, sold;
  int without_decision = 0;
};
[[nodiscard]] Shortfalls shortfalls_of(const std::vector<DayRecords>& days);
[[nodiscard]] PageFacts shortfall_facts(const Shortfalls& shortfalls);

}  // namespace sentio::reports_detail
