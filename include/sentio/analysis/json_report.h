#pragma once
/// The numbers of a run for programs (summary_D.json, --summary-json, analyze-mrd --json).
///
/// Units    in the key names: `_usd`, `_bps`, `_pct` (a fraction: 0.005 is half a percent).
/// Errors   none; what does not exist is null. `preflight_override` (the reason) exists only on overridden days.

#include <nlohmann/json_fwd.hpp>

#include "sentio/analysis/performance_analyzer.h"

namespace sentio {

[[nodiscard]] nlohmann::ordered_json summary_json(const RunResult& run, const Summary& summary);

}  // namespace sentio
