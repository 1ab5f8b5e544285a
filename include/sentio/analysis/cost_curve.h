#pragma once
/// At what cost the same trades stop earning, and what other fills would have made of them.
///
/// Curve    MRD(c) = (gross - c·1e-4·traded) / capital / days: gross is P&L before spread and fees, traded is
///          USD bought and sold, c the cost of one side in bps of its value. Sizes are those that were traded.
/// Band     the same executions without spread, with the spread they paid, with twice that; fees stay.
/// Errors   empty optionals: nothing traded, or equity is no number.
/// Threads  pure functions.

#include <optional>
#include <vector>

#include "sentio/analysis/results.h"

namespace sentio {

inline constexpr double kCostCurveBps[] = {0, 0.5, 1, 2, 3, 5, 7.5, 10};

struct CostPoint {
  double bps_side = 0;
  double mrd = 0;
};

struct CostCurve {
  std::vector<CostPoint> points;        ///< of kCostCurveBps; none where nothing was traded
  std::optional<double> paid_bps_side;  ///< spread and fees that were paid
  /// Where MRD is zero. Below zero: the trades lose that much a side before any cost.
  std::optional<double> dies_at_bps_side;
};
[[nodiscard]] CostCurve cost_curve(const RunResult& run);

struct FillBand {
  std::optional<double> optimistic, central, pessimistic;  ///< MRD; empty: no fill says what spread it paid
  bool fragile = false;  ///< the sign depends on the fills: FRAGILE
};
[[nodiscard]] FillBand fill_band(const RunResult& run);

}  // namespace sentio
