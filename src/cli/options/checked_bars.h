#pragma once
/// Bars for a command: read, asked what every load asks, and refused where that is due.

#include <vector>

#include "options/common_options.h"
#include "sentio/data/load_checks.h"

namespace sentio::cli {

struct CheckedBars {
  std::vector<SymbolBars> bars;  ///< by SymbolId
  DataReview review;
};

[[nodiscard]] BarStamp stamp_of(const CommonOptions& common);
[[nodiscard]] AcceptedData accepted_or_finish(const CommonOptions& common);

/// Bars of all sessions of the plan from --data-dir, checked. A line each on stderr; refusals end the command.
[[nodiscard]] CheckedBars checked_bars_or_finish(const CommonOptions& common, const Universe& universe,
                                                 const LoadPlan& plan, int jobs);

/// The checks alone, of bars that were read otherwise.
[[nodiscard]] DataReview review_or_finish(const CommonOptions& common, const std::vector<SymbolBars>& bars,
                                          const Universe& universe, const LoadPlan& plan);

}  // namespace sentio::cli
