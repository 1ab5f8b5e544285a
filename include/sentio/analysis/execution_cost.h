#pragma once
/// What executions really cost, measured against prices that anybody can look up. Plus is money lost.
///
/// Parts    with s = +1 for a purchase and -1 for a sale, over qty shares at price p:
///            shortfall  s·qty·(p - decision's close)                       = delay + waiting + trading
///            delay      s·qty·(next open - decision's close)               the market until the order could be met
///            waiting    s·qty·(open of the execution's minute - next open) the rest of an order that worked on
///            trading    s·qty·(p - open of the execution's minute)         spread, impact, the way of the order
///            half_spread  qty·half-spread that mock assumes at that open;  excess = trading - half_spread
///            quote      s·qty·(p - middle of the last quote heard before)
///          A part whose price nobody knows is missing there, and the execution is not counted in it.
/// Means    mean_bps: of the executions' costs in bps of their own value; weighted_bps: USD over USD traded.
/// Interval 95 %, of weighted_bps R = Σc/Σv. From kIntervalDaysMin sessions on sessions are its units, as executions of
///          one session share its market: the series R + (c_d - R·v_d)·D/Σv (the ratio's influence) has the mean R, and
///          infer_mean() gives that mean's interval. With fewer sessions the executions are the units, in their order,
///          from kExecutionsMin on: blocks keep those of one minute together. It then speaks of those sessions alone.
/// Errors   what does not exist is an empty optional. Never NaN.
/// Threads  pure functions; the same input gives the same bits.
/// Source   Perold, "The Implementation Shortfall: Paper versus Reality", JPM 14 (1988); its expansion into delay and
///          trading: Kissell, "The Expanded Implementation Shortfall", J. of Trading 1 (2006).

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sentio/analysis/bootstrap.h"
#include "sentio/core/execution_prices.h"

namespace sentio {

/// Below this many executions of fewer than kIntervalDaysMin sessions there is no interval: too few.
inline constexpr int kExecutionsMin = 20;
inline constexpr int kExecutionDraws = 999;

enum class CostPart : std::uint8_t { shortfall, delay, waiting, trading, half_spread, excess, quote };
inline constexpr std::array kCostParts{CostPart::shortfall,   CostPart::delay,  CostPart::waiting, CostPart::trading,
                                       CostPart::half_spread, CostPart::excess, CostPart::quote};
[[nodiscard]] std::string_view to_string(CostPart part);  ///< "shortfall", "half_spread", …

/// USD; empty where a price is unknown.
[[nodiscard]] std::optional<double> cost_of(const ExecutionPrices& execution, CostPart part);

struct PartCost {
  int executions = 0;               ///< that have this part
  double usd = 0, notional = 0;     ///< of them; notional: USD bought and sold
  std::optional<double> mean_bps, weighted_bps;
  std::optional<Interval> interval;  ///< of weighted_bps, bps
};

/// Executions that have something in common.
struct ExecutionGroup {
  std::string name;  ///< symbol, or hour: "09:00"
  int executions = 0;
  double notional = 0;
  std::array<PartCost, kCostParts.size()> parts;
  [[nodiscard]] const PartCost& operator[](CostPart part) const { return parts[static_cast<std::size_t>(part)]; }
};

enum class IntervalUnit : std::uint8_t { sessions, executions };

struct ExecutionCosts {
  int sessions = 0;              ///< with an execution
  int sessions_unmeasured = 0;   ///< live days whose files do not say what executions were judged against
  IntervalUnit unit = IntervalUnit::executions;
  ExecutionGroup all, bought, sold;
  std::vector<ExecutionGroup> by_symbol;  ///< by name
  std::vector<ExecutionGroup> by_hour;    ///< New York hour of the execution, ascending
};

/// An element per session, executions in their order.
[[nodiscard]] ExecutionCosts measure_executions(std::span<const std::vector<ExecutionPrices>> sessions);

}  // namespace sentio
