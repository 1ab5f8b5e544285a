#pragma once
/// One symbol's features and labels as CSV, for outside checks and research.

#include <string>

#include "sentio/config/strategy_config.h"
#include "sentio/data/csv_bars.h"

namespace sentio {

struct FeatureExportOptions {
  Date first{}, last{};       ///< dates to print; inclusive
  bool standardized = false;  ///< z-scores instead of raw values
};

/// One row per session minute from the symbol's first bar on, all sessions the bars hold being fed (so that
/// windows are warm), those of [first, last] being printed:
///   timestamp (bar start, New York), minute, real (1/0), open, high, low, close, volume, the 126 features,
///   r_<h> (log return an order could earn; empty where unlabelled), y_<h> (in units of σ, clipped).
/// Errors: not_found where a session of [first, last] has no bar.
[[nodiscard]] Result<std::string> export_features(const SymbolBars& bars, const StrategyConfig& config,
                                                  const FeatureExportOptions& options);

}  // namespace sentio
