#pragma once
/// Symbols against each other, as cheap as a load allows.

#include <span>

#include "sentio/config/universe.h"
#include "sentio/data/bar_findings.h"
#include "sentio/data/csv_bars.h"

namespace sentio::data {

/// relation, warned: symbols of one underlying that move against the signs of their leverage.
[[nodiscard]] Findings check_signs(std::span<const SymbolBars> bars, std::span<const SymbolInfo> known,
                                   std::span<const SessionHours> sessions);

/// Those of ascending bars that lie in the session.
[[nodiscard]] std::span<const Bar> session_bars(std::span<const Bar> bars, const SessionHours& hours);

}  // namespace sentio::data
