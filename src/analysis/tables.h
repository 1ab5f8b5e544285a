#pragma once
/// Sections of the analysis, one function each (private to the module).

#include <optional>
#include <string>
#include <vector>

#include "sentio/analysis/results.h"
#include "sentio/analysis/summary.h"

namespace sentio::analysis_detail {

/// a / b, empty where that is no number.
[[nodiscard]] std::optional<double> quotient(double a, double b);

/// "09:00": the New York hour.
[[nodiscard]] std::string hour_name(TimePoint at);

[[nodiscard]] Costs costs_of(const DayResult& day);
void add(Costs& sum, const Costs& c);

/// equity_end / equity_start - 1; empty where either is not a sound amount.
[[nodiscard]] std::optional<double> day_return(const DayResult& day);
[[nodiscard]] bool days_chain(const RunResult& run);
/// Peak-to-trough within one day, its opening equity included; never below what the run recorded.
[[nodiscard]] double day_drawdown(const DayResult& day);

[[nodiscard]] std::vector<GroupStats> by_symbol(const RunResult& run, double capital);
[[nodiscard]] std::vector<GroupStats> by_hour(const RunResult& run, double capital);
[[nodiscard]] std::vector<GroupStats> by_exit_reason(const RunResult& run, double capital);
[[nodiscard]] std::vector<GroupStats> by_holding_time(const RunResult& run, double capital);
[[nodiscard]] std::vector<DaySummary> by_day(const RunResult& run);
[[nodiscard]] BuyAndHold buy_and_hold(const RunResult& run);
[[nodiscard]] FilterShares filter_shares(const RunResult& run);
[[nodiscard]] std::vector<SlopeSummary> calibration(const RunResult& run);
[[nodiscard]] SessionChecks session_checks(const RunResult& run);
[[nodiscard]] BpsPerDay bps_per_day(const RunResult& run);

/// Ratios of daily returns, annualised with 252; need two days that differ.
struct Ratios {
  std::optional<double> sharpe, sortino, calmar;
};
[[nodiscard]] Ratios ratios(const std::vector<double>& daily_returns, double drawdown_max);

}  // namespace sentio::analysis_detail
