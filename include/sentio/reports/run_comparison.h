#pragma once
/// A live day beside the mock of the same day: signal for signal, fill for fill, dollar for dollar.
///
/// Signals  must be the same bytes: both sides step the same bars through the same code.
/// Fills    are matched per order (all its executions together): by its name, symbol and side; what is left,
///          by symbol, side and minute of the first execution.
/// Dollars  live P&L - mock P&L = price + fees + trades + rest. price: other prices for the shares both
///          traded; trades: what only one side traded, and shares by which sizes differ; rest: what the books
///          say beyond their executions (shares held overnight, digits).
/// Execution  what trading was measured to cost live (execution_cost.h) beside the spread that mock's executions say
///          they paid. Where both traded the same shares it is the part of `price` that execution explains; the
///          rest of it is the market between two minutes.
/// Errors   those of reading files.

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "sentio/reports/run_folder.h"

namespace sentio {

struct ComparedFill {
  TimePoint minute{};  ///< of the first execution, live's where there is one
  std::string symbol, side;
  double live_qty = 0, mock_qty = 0;      ///< shares; 0: only the other side has it
  double live_price = 0, mock_price = 0;  ///< mean over executions; 0: none
};

struct MoneyDifference {
  double live = 0, mock = 0;  ///< P&L of the day, USD
  double price = 0, fees = 0, trades = 0, rest = 0;
  [[nodiscard]] double total() const { return live - mock; }
};

/// USD; plus is money lost.
struct ExecutionDifference {
  std::string symbol;  ///< "all" for the day
  double live_measured = 0, mock_assumed = 0;
  int live_executions = 0, live_not_measured = 0, mock_executions = 0;
  [[nodiscard]] double total() const { return live_measured - mock_assumed; }
};

struct DayComparison {
  Date date{};
  int signals = 0;                        ///< equal lines before the first difference
  std::optional<std::string> difference;  ///< "FILE:LINE: … / FILE:LINE: …"; empty: all signals are equal
  int fills_equal = 0, fills_differ = 0, only_live = 0, only_mock = 0;
  std::vector<ComparedFill> fills;  ///< those that are not equal, by time, then symbol
  MoneyDifference money;
  ExecutionDifference execution;
  std::vector<ExecutionDifference> execution_by_symbol;  ///< by name
};

/// Both days are of the same date, with trades. Reads the two signal files.
[[nodiscard]] Result<DayComparison> compare_days(const DayRecords& live, const std::filesystem::path& live_folder,
                                                 const DayRecords& mock, const std::filesystem::path& mock_folder);
/// Fills and dollars alone; pure.
[[nodiscard]] DayComparison compare_trades(const DayRecords& live, const DayRecords& mock);

[[nodiscard]] std::string comparison_text(const std::vector<DayComparison>& days);

}  // namespace sentio
