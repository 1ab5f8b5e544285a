#pragma once
/// The numbers of a run, as values. Fractions unless the name says otherwise; an empty optional is a
/// number that does not exist for this run (no trades, one day) and is shown as "n/a".

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sentio/analysis/cost_curve.h"
#include "sentio/analysis/drawdown.h"
#include "sentio/analysis/evidence.h"
#include "sentio/analysis/execution_cost.h"
#include "sentio/core/time.h"

namespace sentio {

inline constexpr double kConfidenceNoSkill = 0.50;

/// USD given up. `spread`: what mock assumes, or what executions of live days were measured to cost (execution_cost.h).
struct Costs {
  double spread = 0, sec = 0, taf = 0, other = 0;
  [[nodiscard]] double total() const { return spread + sec + taf + other; }
};

/// Mean over days of each day's USD in 1e-4 of that day's opening equity.
struct BpsPerDay {
  double gross = 0;  ///< what the same trades would have made without spread and fees
  double net = 0;
  Costs costs;  ///< here in bps
};

/// Round trips that have something in common: the symbol, the hour of opening, the exit reason.
struct GroupStats {
  std::string name;
  int round_trips = 0, wins = 0, orders_filled = 0;
  double pnl = 0;       ///< USD, net
  double invested = 0;  ///< USD paid for the shares, summed over round trips
  Costs costs;
  double sets_held = 0;     ///< summed; divide by round_trips
  double contribution = 0;  ///< pnl / start capital of the run
  double turnover_per_day = 0;  ///< USD bought and sold / that day's opening equity, mean over all days
  [[nodiscard]] std::optional<double> win_rate() const {
    if (round_trips == 0) return std::nullopt;
    return static_cast<double>(wins) / round_trips;
  }
};

/// A day as a row of the report.
/// Members  more than twenty: a column or a flag of that row each.
struct DaySummary {
  Date date{};
  double equity_start = 0, equity_end = 0;
  std::optional<double> day_return;
  int trades = 0;  ///< orders with a fill
  int round_trips = 0, wins = 0;
  Costs costs;
  double drawdown_max = 0;
  Costs costs_bps;  ///< in 1e-4 of the opening equity
  std::optional<double> confidence_start, confidence_end, strength_mean, strength_max;  ///< of its signals
  int sets_skipped = 0, last_resort_fills = 0, orders_refused = 0;
  int sold_by_broker = 0;  ///< round trips that the broker ended by an order of its own
  bool breaker_tripped = false, flat_at_close = true, over = true;
  [[nodiscard]] std::optional<double> win_rate() const {
    if (round_trips == 0) return std::nullopt;
    return static_cast<double>(wins) / round_trips;
  }
};
/// What a reader of that day must know: "breaker", "not flat", "3 last-resort fills", …; empty = nothing.
[[nodiscard]] std::vector<std::string> day_flags(const DaySummary& day);

struct BuyAndHold {
  std::optional<double> mean_day;  ///< mean over days of the mean over symbols
  std::optional<double> mrd;       ///< the same book compounded, divided by days
  struct Symbol {
    std::string name;
    int days = 0;
    double mean_day = 0;
  };
  std::vector<Symbol> symbols;  ///< by name
};

struct FilterShares {  ///< of all valid signals, over all days
  std::int64_t signals = 0, with_strength = 0;  ///< the second: of strength above 0, those of strength_mean
  std::optional<double> probability, confidence, strength, entry_strength, cost_gate;
  std::optional<double> strength_mean, strength_max;
  std::optional<double> confidence_start, confidence_end;
};

struct SlopeSummary {
  int horizon = 0;
  double last = 0, mean = 0;
  int days = 0, days_zero = 0;
};

enum class SkillFlag : std::uint8_t {
  none,
  profit_without_skill,  ///< money made, and no horizon whose interval lies above zero
  skill_without_profit   ///< a horizon whose interval lies above zero, and money lost
};
[[nodiscard]] std::string_view to_string(SkillFlag flag);  ///< "PROFIT WITHOUT SKILL"; empty for none

/// How predictions of one horizon met their labels; what does not exist is empty (skill.h).
struct HorizonSkill {
  int horizon = 0;  ///< minutes
  int sessions = 0;
  std::int64_t labels = 0;
  std::optional<double> ic;  ///< information coefficient: Pearson's correlation over all labels
  std::optional<Interval> ic_interval;
  std::optional<double> rank_ic;  ///< mean over sessions of Spearman's within the session
  std::optional<Interval> rank_ic_interval;
  std::optional<double> hit_rate;  ///< ½ = chance
  std::optional<double> slope;     ///< Σp·y/Σp²
  std::optional<double> error;     ///< Σ(y−p)²/Σy²; 1 = as good as predicting 0
};

struct SymbolSkill {
  std::string symbol;
  double pnl = 0;  ///< USD net, of the run's closed round trips
  SkillFlag flag = SkillFlag::none;
  std::vector<HorizonSkill> horizons;
};

struct SessionChecks {
  int sets = 0, sets_skipped = 0, closing_prints = 0, forward_filled = 0, last_resort_fills = 0;
  int orders_refused = 0;
  int bad_prints = 0, late_prices = 0;
  int days_breaker = 0, days_not_flat = 0;
};

/// One thing the run is held to.
struct Criterion {
  std::string name;             ///< "MRD", "win rate", "drawdown", "trades a day", "Sharpe"
  std::optional<double> value;  ///< empty: does not exist, so it is not met
  std::optional<double> low, high;
  bool met = false;
};

/// Everything a report says of a run.
/// Members  some sixty: a figure of the report each, plain values that one computation fills and every form of report reads.
struct Summary {
  int days = 0;
  bool numbers_sound = true;  ///< every equity finite and positive; otherwise no returns are given
  bool days_chained = true;   ///< each day starts with the capital the day before ended with
  double capital_start = 0, capital_end = 0;
  double net = 0, gross = 0;  ///< USD
  Costs costs;                ///< USD
  std::optional<double> total_return, gross_return, mrd, mrd_annualised;
  std::optional<BpsPerDay> bps;
  Evidence evidence;  ///< of the daily returns

  int trades = 0;  ///< orders with a fill
  std::optional<double> trades_per_day, win_rate, profit_factor, expectancy_usd, expectancy_bps;
  int round_trips = 0, wins = 0;
  double pnl_outside_round_trips = 0;                ///< USD of net that no closed round trip explains
  double drawdown_max = 0;                           ///< over the whole run, nights included
  double drawdown_day_max = 0;                       ///< the worst within one day
  std::optional<DrawdownSpan> drawdown_span;         ///< when the deepest fall was; empty: it never fell
  std::optional<double> exposure, turnover_per_day;  ///< turnover: (bought + sold) / opening equity
  std::optional<double> exposure_minutes;            ///< share of minutes at whose end shares were held
  std::optional<double> sharpe, sortino, calmar;     ///< annualised with 252 days
  CostCurve cost_curve;
  FillBand fill_band;
  std::optional<ExecutionCosts> execution;  ///< live days only

  BuyAndHold buy_and_hold;
  std::vector<GroupStats> by_symbol;       ///< best P&L first; listed instruments without a trade included
  std::vector<GroupStats> by_hour;         ///< "09:00" … New York hour of opening, ascending
  std::vector<GroupStats> by_exit_reason;  ///< most frequent first
  std::vector<GroupStats> by_holding_time;  ///< "under 5 min" … "2 h and more", ascending; those that occur
  std::vector<DaySummary> by_day;
  std::optional<std::size_t> day_best, day_worst;  ///< indices into by_day
  FilterShares signals;
  std::vector<SlopeSummary> calibration;  ///< by horizon
  std::vector<SymbolSkill> skill;         ///< in the order of by_symbol; empty without learners
  SessionChecks checks;

  bool synthetic = false, same_close_fills = false, backtest = true;
  std::string targets_name;
  std::vector<Criterion> criteria;
  bool ready = false;         ///< READY FOR LIVE PAPER TRADING
  bool suspect_leak = false;  ///< a backtest too good to be believed
};

}  // namespace sentio
