#pragma once
/// What a run is held to.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sentio/core/error.h"

namespace sentio {

/// Success criteria; an empty one is not asked for.
struct Targets {
  std::string name;
  double mrd_min = 0;                                            ///< fraction per trading day
  double win_rate_min = 0;                                       ///< of closed round trips
  double drawdown_max = 0;                                       ///< fraction, over the whole run
  std::optional<double> trades_per_day_min, trades_per_day_max;  ///< orders with a fill
  std::optional<double> sharpe_min;                              ///< annualised
};

[[nodiscard]] Targets handbook_targets();
/// "handbook", "design-backtest" or "design-production"; anything else is Errc::usage naming these.
[[nodiscard]] Result<Targets> targets_named(std::string_view name);

}  // namespace sentio
