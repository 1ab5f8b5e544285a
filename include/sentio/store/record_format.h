#pragma once
/// Records as lines of the JSONL files and of the session log.

#include <span>
#include <string>
#include <vector>

#include "sentio/core/execution_prices.h"
#include "sentio/core/text/json_line.h"
#include "sentio/core/records.h"

namespace sentio {

/// Formats records; `ts` (end of the set, New York, ISO-8601 with offset), `bar_id` and `symbol` come first.
/// Threads  one at a time (it remembers the last time stamp it wrote out).
class RecordFormatter {
 public:
  /// `symbols` by SymbolId; `horizons` in minutes (they name the per-horizon keys).
  RecordFormatter(std::vector<std::string> symbols, std::vector<int> horizons);
  void append(std::string& out, const SignalRecord& r);
  void append(std::string& out, const DecisionRecord& r);
  void append(std::string& out, const TradeRecord& r);
  void append(std::string& out, const PositionsRecord& r);
  void append(std::string& out, const HealthRecord& r);
  void append(std::string& out, const ExecutionPrices& r);
  /// The session log's line of one set: time, MRD, equity, positions.
  void append_log(std::string& out, const PositionsRecord& r);
  /// The table of learners people read: its heading, and one line per learner and horizon.
  static void append_learners_heading(std::string& out);
  void append_log(std::string& out, const HealthRecord& r);
  /// What became of a suspect price.
  void append_log(std::string& out, const PrintRecord& r);
  [[nodiscard]] const std::string& symbol(SymbolId id) const { return symbols_[id]; }

 private:
  std::string_view stamp(TimePoint ts);
  JsonLine head(std::string& out, TimePoint ts, TimePoint bar_start, std::string_view symbol, std::uint64_t hash);

  std::vector<std::string> symbols_;
  std::vector<std::uint64_t> symbol_hashes_;  // the symbol's share of bar_id
  std::vector<int> horizons_;
  std::vector<std::string> prediction_keys_, sigma_keys_;
  TimePoint last_{};
  std::string last_text_;
};

}  // namespace sentio
