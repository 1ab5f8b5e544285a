#pragma once
/// When the deepest fall from a running peak was.
///
/// Dates    the day that first reached the peak, the day of the lowest point after it, the first day that
///          reached the peak again.
/// Errors   empty where equity never falls, or is no number.
/// Threads  pure functions.

#include <optional>

#include "sentio/analysis/results.h"

namespace sentio {

struct DrawdownSpan {
  double depth = 0;  ///< fraction of the peak
  Date peak{}, trough{};
  std::optional<Date> recovered;  ///< empty: not within these days
};

/// Along equity_path(); a day without minutes that fell deeper within itself counts with what it recorded.
[[nodiscard]] std::optional<DrawdownSpan> deepest_drawdown(const RunResult& run);

}  // namespace sentio
