#pragma once
/// A mock run again and again, with labels that carry no information (`mock --placebo K`).

#include <functional>
#include <vector>

#include "sentio/analysis/placebo.h"
#include "sentio/analysis/targets.h"
#include "sentio/mock/mock_driver.h"

namespace sentio {

/// Fewer earlier sessions hold too few labels to draw from, and the first of them learns from zeros.
inline constexpr int kPlaceboWarmUpMin = 5;

struct PlaceboProgress {
  int runs_done = 0;
  int sessions_done = 0, sessions_total = 0;  ///< over all runs, warm-up included
};

/// Outcomes of the placebos with seeds 1 … `count`, in that order. `options.jobs` of them run at a time, each on one
/// thread: memory is that of so many runs; results never depend on it.
/// `options` as for the run they stand beside; checks that neither `placebo` nor `warmup_state` is set.
/// Threads  `progress` is called from any of them, by one at a time.
/// Errors   those of run_mock(), of the lowest seed that has one.
[[nodiscard]] Result<std::vector<PlaceboOutcome>> run_placebos(
    const MockOptions& options, const std::vector<SymbolBars>& bars, const Targets& targets, int count,
    const std::function<void(const PlaceboProgress&)>& progress = {});

}  // namespace sentio
