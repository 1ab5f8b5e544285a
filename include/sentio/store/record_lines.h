#pragma once
/// The JSONL files of a day, read back: the lines RecordFormatter writes, as values with symbols by name.
///
/// Keys     those named here must be there, others are passed over: newer files stay readable.
/// Numbers  null reads as NaN.
/// Errors   malformed with "FILE:LINE".
/// Torn     a last line without its newline is what a running day looks like from outside: it counts where it
/// is
///          whole, and is left out where it is not.
/// Threads  pure functions.

#include <cmath>
#include <string>
#include <string_view>
#include <vector>

#include "sentio/core/error.h"
#include "sentio/core/execution_prices.h"
#include "sentio/core/time.h"

namespace sentio {

struct SignalLine {
  TimePoint ts{};  ///< end of the set
  std::string symbol;
  bool valid = false;
  double probability = 0, confidence = 0, strength = 0;
};

struct DecisionLine {
  TimePoint ts{};
  std::string symbol;  ///< "*" = the whole book; it has no price
  std::string action, reason;
  double qty = 0, price = 0;
};

struct TradeLine {
  TimePoint ts{};  ///< of the execution
  std::string symbol, order_id, side, reason;
  double qty = 0, price = 0, fees = 0, spread_cost = 0, pnl = 0, pnl_pct = 0;
  bool last_resort = false;
  [[nodiscard]] bool buy() const { return side == "buy"; }
};

struct HeldLine {
  std::string symbol;
  double qty = 0, avg_entry = 0, mark = 0;
};

struct BookLine {
  TimePoint ts{};
  double cash = 0, equity = 0, mrd = 0;
  bool skipped_set = false;
  std::vector<HeldLine> positions;
};

/// What a session's labels leave behind (ForecastSums); NaN where the writer had no such figure yet.
struct HorizonLine {
  double minutes = 0, labels = 0, hits = NAN;
  double p = NAN, y = NAN, pp = NAN, yy = NAN, py = NAN;
  double rank_ic = NAN;
};

struct LearnerLine {
  TimePoint ts{};  ///< the session's close
  std::string symbol;
  std::vector<HorizonLine> horizons;
};

/// `text`: the whole file; `file`: its name, for errors.
[[nodiscard]] Result<std::vector<SignalLine>> parse_signal_lines(std::string_view text,
                                                                 std::string_view file);
[[nodiscard]] Result<std::vector<DecisionLine>> parse_decision_lines(std::string_view text,
                                                                     std::string_view file);
[[nodiscard]] Result<std::vector<TradeLine>> parse_trade_lines(std::string_view text, std::string_view file);
[[nodiscard]] Result<std::vector<BookLine>> parse_book_lines(std::string_view text, std::string_view file);
[[nodiscard]] Result<std::vector<LearnerLine>> parse_learner_lines(std::string_view text,
                                                                 std::string_view file);
[[nodiscard]] Result<std::vector<ExecutionPrices>> parse_execution_lines(std::string_view text,
                                                                         std::string_view file);

}  // namespace sentio
