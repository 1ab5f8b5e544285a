#pragma once
/// Turns a session's records into the day's files and its DayResult.

#include <map>
#include <span>
#include <string>
#include <vector>

#include "sentio/analysis/results.h"
#include "sentio/config/strategy_config.h"
#include "sentio/core/event.h"
#include "sentio/run/execution_log.h"
#include "sentio/store/record_format.h"
#include "sentio/strategy/calibration.h"

namespace sentio {

/// Contents of one day's files; written together or not at all.
struct DayFiles {
  std::string session_log, signals, decisions, trades, positions, health;
  std::string executions;  ///< live days only
};

/// Threads  one at a time. Nothing here reads a clock: the same records give the same bytes.
class RunRecorder {
 public:
  RunRecorder(const StrategyConfig& config, const Universe& universe);
  void begin_day(const SessionHours& hours, double equity, const Calibration& calibration);
  /// Every action of a step. Mock's orders need not be told.
  void on_action(const Action& action);
  /// Live days: what the day's result says about its bars (buy and hold, forward fills).
  void on_bars(const BarsArrived& set);
  /// Live days: the quote before the symbol's next execution.
  void on_quote(SymbolId symbol, const QuoteBefore& quote) { executions_.on_quote(symbol, quote); }
  /// Live days: an adopted position is a round trip that is open.
  void on_event(const Event& event);
  void closing_prints(int count) { day_.closing_prints = count; }
  /// One line of the session log.
  void log(std::string_view text);
  /// The day is over with this equity. The result is moved out; files() stays valid until begin_day().
  [[nodiscard]] DayResult end_day(double equity, bool flat);
  [[nodiscard]] const DayFiles& files() const { return files_; }

 private:
  void on(const SignalRecord& r);
  void on(const DecisionRecord& r);
  void on(const TradeRecord& r);
  void on(const PositionsRecord& r);
  void on(const BreakerTripped& r);
  void on(const HealthRecord& r);
  void on(const PrintRecord& r);
  void on(const SubmitOrder& r) { executions_.on_order(r.order.get()); }
  void on(const CancelOrder&) {}
  void close_first_confidence();

  const StrategyConfig config_;
  const Universe universe_;
  RecordFormatter format_;
  DayFiles files_;
  DayResult day_;
  ExecutionLog executions_;
  std::map<SymbolId, RoundTrip> open_trips_;
  std::map<SymbolId, double> held_;
  std::vector<OrderKey> filled_orders_;
  // mean confidence of the set being recorded
  TimePoint confidence_set_{};
  double confidence_sum_ = 0;
  int confidence_count_ = 0;
  bool confidence_started_ = false;
  double peak_ = 0, exposure_sum_ = 0;
  std::vector<double> first_open_, last_close_;  ///< by SymbolId; 0 = no bar
};

}  // namespace sentio
