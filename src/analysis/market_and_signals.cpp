// What the market did on the same days, and what the learners said about it.
#include <algorithm>
#include <cmath>
#include <map>

#include "sentio/analysis/statistics.h"
#include "tables.h"

namespace sentio::analysis_detail {

BuyAndHold buy_and_hold(const RunResult& run) {
  BuyAndHold result;
  std::map<std::string, std::vector<double>> by_name;
  std::vector<double> days;
  double growth = 1;
  for (const DayResult& day : run.days) {
    std::vector<double> symbols;
    for (const auto& [name, value] : day.buy_and_hold) {
      if (!std::isfinite(value)) continue;
      symbols.push_back(value);
      by_name[name].push_back(value);
    }
    if (symbols.empty()) continue;
    days.push_back(*mean(symbols));
    growth *= 1 + days.back();
  }
  for (const auto& [name, values] : by_name)
    result.symbols.push_back({name, static_cast<int>(values.size()), *mean(values)});
  result.mean_day = mean(days);
  result.mrd = quotient(growth - 1, static_cast<double>(days.size()));
  return result;
}

namespace {

SignalStats summed(const RunResult& run) {
  SignalStats sum;
  for (const DayResult& day : run.days) {
    const SignalStats& s = day.signals;
    sum.signals += s.signals;
    sum.pass_probability += s.pass_probability;
    sum.pass_confidence += s.pass_confidence;
    sum.pass_strength += s.pass_strength;
    sum.pass_entry_strength += s.pass_entry_strength;
    sum.pass_cost_gate += s.pass_cost_gate;
    sum.strength_sum += s.strength_sum;
    sum.strength_count += s.strength_count;
    sum.strength_max = std::max(sum.strength_max, s.strength_max);
  }
  return sum;
}

}  // namespace

FilterShares filter_shares(const RunResult& run) {
  const SignalStats sum = summed(run);
  const auto share = [&sum](std::int64_t n) {
    return quotient(static_cast<double>(n), static_cast<double>(sum.signals));
  };
  FilterShares f;
  f.signals = sum.signals;
  f.probability = share(sum.pass_probability);
  f.confidence = share(sum.pass_confidence);
  f.strength = share(sum.pass_strength);
  f.entry_strength = share(sum.pass_entry_strength);
  f.cost_gate = share(sum.pass_cost_gate);
  f.with_strength = sum.strength_count;
  f.strength_mean = quotient(sum.strength_sum, static_cast<double>(sum.strength_count));
  if (sum.strength_count > 0) f.strength_max = sum.strength_max;
  for (const DayResult& day : run.days) {
    if (day.signals.signals == 0) continue;
    if (!f.confidence_start) f.confidence_start = day.signals.confidence_start;
    f.confidence_end = day.signals.confidence_end;
  }
  return f;
}

std::vector<SlopeSummary> calibration(const RunResult& run) {
  std::map<int, SlopeSummary> slopes;
  for (const DayResult& day : run.days) {
    for (const HorizonCalibration& h : day.calibration) {
      SlopeSummary& s = slopes[h.horizon];
      s.horizon = h.horizon;
      s.last = h.slope;
      s.mean += (h.slope - s.mean) / ++s.days;
      if (h.slope == 0) ++s.days_zero;
    }
  }
  std::vector<SlopeSummary> rows;
  for (const auto& [horizon, slope] : slopes) rows.push_back(slope);
  return rows;
}

Ratios ratios(const std::vector<double>& daily_returns, double drawdown_max) {
  Ratios r;
  const auto t = t_statistic(daily_returns);
  if (!t) return r;
  const double n = static_cast<double>(daily_returns.size());
  const double year = std::sqrt(static_cast<double>(kTradingDaysPerYear));
  r.sharpe = *t / std::sqrt(n) * year;
  double below = 0, growth = 1;
  for (const double x : daily_returns) {
    if (x < 0) below += x * x;
    growth *= 1 + x;
  }
  r.sortino = quotient(*mean(daily_returns) * year, std::sqrt(below / n));
  const double growth_year = growth > 0 ? std::pow(growth, kTradingDaysPerYear / n) - 1 : -1.0;
  r.calmar = quotient(growth_year, drawdown_max);
  return r;
}

}  // namespace sentio::analysis_detail
