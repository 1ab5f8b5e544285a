#pragma once
/// Whole days: what the sessions of a plan lack.

#include "sentio/data/load_checks.h"

namespace sentio::data {

/// missing_session, early_end, late_open, gap, short_day.
[[nodiscard]] Findings check_whole_days(std::span<const SymbolBars> bars, const LoadPlan& plan);

}  // namespace sentio::data
