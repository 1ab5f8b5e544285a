#include "sentio/analysis/performance_analyzer.h"

#include <algorithm>
#include <cmath>

#include "sentio/analysis/skill.h"
#include "sentio/analysis/statistics.h"
#include "tables.h"

namespace sentio {

namespace {

using namespace analysis_detail;

void fill_money(Summary& s, const RunResult& run) {
  s.days = static_cast<int>(run.days.size());
  s.days_chained = days_chain(run);
  s.capital_start = run.days.empty() ? run.capital : run.days.front().equity_start;
  for (const DayResult& day : run.days) {
    add(s.costs, costs_of(day));
    s.net += day.equity_end - day.equity_start;
  }
  // One subtraction where that is the same thing: no rounding from summing the days.
  if (s.days_chained && !run.days.empty()) s.net = run.days.back().equity_end - s.capital_start;
  s.capital_end = s.capital_start + s.net;
  s.gross = s.net + s.costs.total();
}

/// Empty as a whole where one day has no return: leaving that day out would flatter the rest.
std::vector<double> daily_returns(const Summary& s) {
  std::vector<double> returns;
  for (const DaySummary& day : s.by_day) {
    if (!day.day_return) return {};
    returns.push_back(*day.day_return);
  }
  return returns;
}

void fill_returns(Summary& s, const RunResult& run) {
  const auto returns = daily_returns(s);
  s.numbers_sound = returns.size() == s.by_day.size() && std::isfinite(s.costs.total());
  s.evidence = gather_evidence(returns, {.trials = run.trials});
  if (!s.numbers_sound || s.days == 0) return;
  s.total_return = quotient(s.net, s.capital_start);
  s.gross_return = quotient(s.gross, s.capital_start);
  s.mrd = quotient(*s.total_return, s.days);
  s.mrd_annualised = *s.mrd > -1 ? std::pow(1 + *s.mrd, kTradingDaysPerYear) - 1 : -1.0;
  s.bps = bps_per_day(run);
  const Ratios r = ratios(returns, s.drawdown_max);
  s.sharpe = r.sharpe;
  s.sortino = r.sortino;
  s.calmar = r.calmar;
}

void fill_drawdown(Summary& s, const RunResult& run) {
  for (const DaySummary& day : s.by_day) s.drawdown_day_max = std::max(s.drawdown_day_max, day.drawdown_max);
  // A run read back without its minutes still knows each day's own fall.
  s.drawdown_max = std::max(max_drawdown(equity_path(run)), s.drawdown_day_max);
  s.drawdown_span = deepest_drawdown(run);
}

void fill_trading(Summary& s, const RunResult& run) {
  double won = 0, lost = 0, invested = 0, turnover = 0, exposure = 0, invested_sets = 0, weight = 0;
  for (const DayResult& day : run.days) {
    s.trades += day.orders_filled;
    turnover += quotient(day.notional_bought + day.notional_sold, day.equity_start).value_or(0);
    exposure += day.exposure * day.sets;
    invested_sets += day.sets_invested;
    weight += day.sets;
    for (const RoundTrip& trip : day.round_trips) {
      ++s.round_trips;
      if (trip.pnl > 0) ++s.wins;
      (trip.pnl > 0 ? won : lost) += trip.pnl;
      invested += trip.cost;
    }
  }
  s.trades_per_day = quotient(s.trades, s.days);
  s.win_rate = quotient(s.wins, s.round_trips);
  s.profit_factor = quotient(won, -lost);
  s.expectancy_usd = quotient(won + lost, s.round_trips);
  s.expectancy_bps = quotient(1e4 * (won + lost), invested);
  s.pnl_outside_round_trips = s.net - (won + lost);
  s.exposure = quotient(exposure, weight);
  s.exposure_minutes = quotient(invested_sets, weight);
  s.turnover_per_day = quotient(turnover, s.days);
}

/// Nothing for mock: what it assumes is known without measuring.
void fill_execution(Summary& s, const RunResult& run) {
  if (run.mode != "live") return;
  std::vector<std::vector<ExecutionPrices>> sessions;
  for (const DayResult& day : run.days) sessions.push_back(day.executions);
  s.execution = measure_executions(sessions);
  for (const DayResult& day : run.days)
    s.execution->sessions_unmeasured += !day.executions_measured && day.orders_filled > 0;
}

void fill_best_and_worst(Summary& s) {
  for (std::size_t d = 0; d < s.by_day.size(); ++d) {
    const auto r = s.by_day[d].day_return;
    if (!r) continue;
    if (!s.day_best || *r > *s.by_day[*s.day_best].day_return) s.day_best = d;
    if (!s.day_worst || *r < *s.by_day[*s.day_worst].day_return) s.day_worst = d;
  }
}

void judge(Summary& s, const RunResult& run, const Targets& targets) {
  s.synthetic = run.synthetic;
  s.same_close_fills = run.same_close_fills;
  s.backtest = run.mode != "live";
  s.targets_name = targets.name;
  s.criteria = evaluate_criteria(s, targets);
  s.ready = ready_for_paper(s, targets);
  s.suspect_leak = s.backtest && (s.mrd.value_or(0) > kLeakMrd || s.evidence.t.value_or(0) > kLeakT);
}

}  // namespace

Summary analyze(const RunResult& run, const Targets& targets) {
  Summary s;
  fill_money(s, run);
  s.by_day = by_day(run);
  fill_drawdown(s, run);
  fill_returns(s, run);
  fill_trading(s, run);
  fill_best_and_worst(s);
  s.buy_and_hold = buy_and_hold(run);
  s.by_symbol = by_symbol(run, s.capital_start);
  s.by_hour = by_hour(run, s.capital_start);
  s.by_exit_reason = by_exit_reason(run, s.capital_start);
  s.by_holding_time = by_holding_time(run, s.capital_start);
  s.cost_curve = cost_curve(run);
  s.fill_band = fill_band(run);
  fill_execution(s, run);
  s.signals = filter_shares(run);
  s.calibration = calibration(run);
  s.skill = measure_skill(run, s.by_symbol);
  s.checks = session_checks(run);
  judge(s, run, targets);
  return s;
}

}  // namespace sentio
