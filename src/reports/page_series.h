#pragma once
/// A run's records as series on a page's axis (private to the module).

#include "sentio/reports/run_page.h"

namespace sentio::reports_detail {

/// Sessions of the days, and the smallest round step that keeps to kPagePoints.
[[nodiscard]] PageAxis axis_of(const std::vector<DayRecords>& days);

struct EquitySeries {
  PageSeries equity, drawdown;  ///< USD; fraction, 0 or below
};
/// Days that do not start where the last one ended are moved to continue there, as equity_path() does.
[[nodiscard]] EquitySeries equity_series(const PageAxis& axis, const std::vector<DayRecords>& days);

/// Price, confidence, strength and executions of one symbol. `bars`: null where there are none.
[[nodiscard]] PageInstrument instrument_of(const std::string& symbol, const PageAxis& axis,
                                           const std::vector<DayRecords>& days, const SymbolBars* bars);

}  // namespace sentio::reports_detail
