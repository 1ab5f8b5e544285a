#include "sentio/analysis/cost_curve.h"

#include "tables.h"

namespace sentio {

namespace {

/// What both tables are computed from, over all days.
struct TradedMoney {
  double net = 0, traded = 0, per_day = 0;  ///< per_day: 1 / capital / days, 0 where that is no number
  Costs costs;
};

TradedMoney traded_money(const RunResult& run) {
  TradedMoney m;
  for (const DayResult& day : run.days) {
    m.net += day.equity_end - day.equity_start;
    m.traded += day.notional_bought + day.notional_sold;
    analysis_detail::add(m.costs, analysis_detail::costs_of(day));
  }
  if (run.days.empty()) return m;
  const double days = static_cast<double>(run.days.size());
  m.per_day = analysis_detail::quotient(1, run.days.front().equity_start * days).value_or(0);
  return m;
}

bool usable(const TradedMoney& m) {
  return m.per_day > 0 && analysis_detail::quotient(m.net + m.costs.total(), m.traded).has_value();
}

}  // namespace

CostCurve cost_curve(const RunResult& run) {
  const TradedMoney m = traded_money(run);
  CostCurve curve;
  if (!usable(m)) return curve;
  const double gross = m.net + m.costs.total();
  for (const double bps : kCostCurveBps)
    curve.points.push_back({bps, (gross - bps * 1e-4 * m.traded) * m.per_day});
  curve.paid_bps_side = 1e4 * m.costs.total() / m.traded;
  curve.dies_at_bps_side = 1e4 * gross / m.traded;
  return curve;
}

FillBand fill_band(const RunResult& run) {
  const TradedMoney m = traded_money(run);
  FillBand band;
  if (!usable(m) || !(m.costs.spread > 0)) return band;
  band.optimistic = (m.net + m.costs.spread) * m.per_day;
  band.central = m.net * m.per_day;
  band.pessimistic = (m.net - m.costs.spread) * m.per_day;
  band.fragile = (*band.optimistic > 0) != (*band.pessimistic > 0);
  return band;
}

}  // namespace sentio
