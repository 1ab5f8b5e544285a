#pragma once
/// The learners as `mock --date D` would start with them.

#include <string>
#include <vector>

#include "sentio/core/health.h"
#include "sentio/mock/mock_driver.h"

namespace sentio {

struct LearnerReport {
  std::vector<std::string> lines;  ///< one JSON object per symbol, as in health_D.jsonl
  std::string table;               ///< for people
  std::string warning;             ///< fewer sessions than wanted; else empty
};

/// Runs the warm-up sessions before `options.first` on `options.jobs` threads and judges every learner at the
/// end of the last one. Errors: no_session for a closed date; not_found where no warm-up session has bars.
[[nodiscard]] Result<LearnerReport> report_learners(const MockOptions& options,
                                                    const std::vector<SymbolBars>& bars);

}  // namespace sentio
