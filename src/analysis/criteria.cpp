#include <algorithm>

#include "sentio/analysis/performance_analyzer.h"

namespace sentio {

namespace {

Criterion criterion(std::string name, std::optional<double> value, std::optional<double> low,
                    std::optional<double> high) {
  // Written so that a NaN, which compares false with everything, is never "met".
  const bool met = value && (!low || *value >= *low) && (!high || *value <= *high);
  return {std::move(name), value, low, high, met};
}

}  // namespace

std::vector<Criterion> evaluate_criteria(const Summary& s, const Targets& t) {
  // Without a day there is no drawdown either, and nothing was kept below anything.
  const auto drawdown = s.days > 0 ? std::optional(s.drawdown_max) : std::nullopt;
  std::vector<Criterion> rows;
  rows.push_back(criterion("MRD", s.mrd, t.mrd_min, std::nullopt));
  rows.push_back(criterion("win rate", s.win_rate, t.win_rate_min, std::nullopt));
  rows.push_back(criterion("drawdown", drawdown, std::nullopt, t.drawdown_max));
  if (t.trades_per_day_min || t.trades_per_day_max)
    rows.push_back(criterion("trades a day", s.trades_per_day, t.trades_per_day_min, t.trades_per_day_max));
  if (t.sharpe_min) rows.push_back(criterion("Sharpe", s.sharpe, t.sharpe_min, std::nullopt));
  return rows;
}

bool criteria_met(const Summary& s, const Targets& t) {
  if (!s.numbers_sound || s.same_close_fills) return false;
  const auto rows = evaluate_criteria(s, t);
  return std::all_of(rows.begin(), rows.end(), [](const Criterion& c) { return c.met; });
}

bool ready_for_paper(const Summary& s, const Targets& t) {
  return criteria_met(s, t) && !s.synthetic && s.checks.days_not_flat == 0;
}

}  // namespace sentio
