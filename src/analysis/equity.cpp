#include <algorithm>
#include <cmath>

#include "sentio/analysis/performance_analyzer.h"
#include "tables.h"

namespace sentio {

namespace {
constexpr double kCent = 0.01;
bool sound(double usd) {
  return std::isfinite(usd) && usd > 0;
}
}  // namespace

namespace analysis_detail {

std::optional<double> day_return(const DayResult& day) {
  // A total loss ends a day at 0 or below and is still a return; an opening equity like that is not.
  if (!sound(day.equity_start) || !std::isfinite(day.equity_end)) return std::nullopt;
  return (day.equity_end - day.equity_start) / day.equity_start;
}

bool days_chain(const RunResult& run) {
  for (std::size_t d = 1; d < run.days.size(); ++d)
    if (!(std::abs(run.days[d].equity_start - run.days[d - 1].equity_end) <= kCent)) return false;
  return true;
}

double day_drawdown(const DayResult& day) {
  std::vector<double> path{day.equity_start};
  path.insert(path.end(), day.equity_by_minute.begin(), day.equity_by_minute.end());
  path.push_back(day.equity_end);
  const double own = max_drawdown(path);
  return std::isfinite(day.drawdown_max) ? std::max(own, day.drawdown_max) : own;
}

}  // namespace analysis_detail

std::vector<double> equity_path(const RunResult& run) {
  std::vector<double> path;
  double reached = run.days.empty() ? run.capital : run.days.front().equity_start;
  for (const DayResult& day : run.days) {
    const double gap = reached - day.equity_start;
    const double shift = std::abs(gap) <= kCent ? 0.0 : gap;
    path.push_back(day.equity_start + shift);
    for (const double equity : day.equity_by_minute) path.push_back(equity + shift);
    path.push_back(day.equity_end + shift);
    reached = day.equity_end + shift;
  }
  return path;
}

double max_drawdown(std::span<const double> path) {
  double peak = 0, worst = 0;
  for (const double equity : path) {
    if (!std::isfinite(equity)) continue;
    peak = std::max(peak, equity);
    if (peak > 0) worst = std::max(worst, (peak - equity) / peak);
  }
  return worst;
}

}  // namespace sentio
