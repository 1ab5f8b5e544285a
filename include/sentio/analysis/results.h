#pragma once
/// What a run leaves behind for analysis: plain values, filled by the drivers (or read back from a run's
/// files), judged by PerformanceAnalyzer.

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "sentio/analysis/manifest.h"
#include "sentio/core/execution_prices.h"
#include "sentio/core/health.h"
#include "sentio/core/time.h"

namespace sentio {

/// A position from first share bought to last share sold.
struct RoundTrip {
  std::string symbol;
  TimePoint opened{}, closed{};
  double qty = 0;               ///< shares bought in total
  double cost = 0;              ///< USD paid for them, fees excluded
  double pnl = 0;               ///< USD, net of fees and spreads
  double spread_cost = 0, fee_sec = 0, fee_taf = 0, fee_other = 0;  ///< USD over both sides
  int sets_held = 0;
  std::string exit_reason;
  int orders_filled = 2;        ///< entry and exit orders with at least one fill (an exit may need several)
};

struct SignalStats {            ///< over the signals of one day
  std::int64_t signals = 0;     ///< valid ones
  std::int64_t pass_probability = 0, pass_confidence = 0, pass_strength = 0, pass_entry_strength = 0, pass_cost_gate = 0;
  double strength_sum = 0;      ///< of strengths > 0
  std::int64_t strength_count = 0;
  double strength_max = 0;
  double confidence_start = 0;  ///< mean over symbols at the first set with signals
  double confidence_end = 0;    ///< at the last
};

struct SkillSums {
  std::string symbol;
  int horizon = 0;              ///< minutes
  ForecastSums sums;            ///< of the session's labels
};

struct HorizonCalibration {
  int horizon = 0;
  double slope = 0;             ///< b_h used during the day
};

/// What a day left behind, for all figures of it.
/// Members  some thirty: plain values of one day, written by whoever traded it and read back from its summary.
struct DayResult {
  Date date{};
  double equity_start = 0, equity_end = 0;
  /// USD paid that day. The spread is mock's assumption; of a live day what trading was measured to cost.
  double spread_cost = 0, fee_sec = 0, fee_taf = 0, fee_other = 0;
  double notional_bought = 0, notional_sold = 0;
  int orders_filled = 0;        ///< orders with at least one fill ("trades" in the reports)
  double drawdown_max = 0;      ///< largest fall from the day's running equity peak, fraction
  double exposure = 0;          ///< mean over sets of invested / equity
  int sets_invested = 0;        ///< sets at whose end shares were held
  std::vector<double> equity_by_minute;   ///< after each set
  std::vector<RoundTrip> round_trips;
  SignalStats signals;
  std::vector<HorizonCalibration> calibration;
  std::vector<SkillSums> skill;  ///< by symbol, then horizon; empty without learners
  std::map<std::string, double> buy_and_hold;  ///< per symbol: last real close / first real open - 1
  int sets = 0, sets_skipped = 0, closing_prints = 0, forward_filled = 0;
  int bad_prints = 0;           ///< prices held back and never used
  int late_prices = 0;          ///< held back as well, but real: used from the next bar on
  bool breaker_tripped = false;
  bool flat_at_close = true;
  int last_resort_fills = 0;
  int orders_refused = 0;  ///< by the broker; live days only
  bool executions_measured = false;         ///< live days, except those of older versions
  std::vector<ExecutionPrices> executions;  ///< in the order they were booked
  bool over = true;             ///< false: read back while it ran, or of a run that was killed
};

struct RunResult {
  std::string strategy_name;
  std::string config_name;      ///< files the configuration came from, for the reader
  std::string mode = "mock";    ///< "mock" or "live"
  std::vector<std::string> instruments;  ///< as listed by the user
  double capital = 100000;
  bool synthetic = false;       ///< any input carried the SYNTHETIC marker
  bool same_close_fills = false;  ///< --fill close: NOT ACHIEVABLE
  int warmup_sessions_wanted = 0, warmup_sessions = 0;
  std::string preflight_override;  ///< the operator's reason for trading against the pre-flight; empty = none
  std::vector<std::string> warnings;  ///< of a live day, about the account
  long long trials = 1;         ///< configurations tried before this one was chosen, it included
  Manifest manifest;            ///< not given in runs of older versions
  std::vector<DayResult> days;
};

}  // namespace sentio
