#include "sentio/analysis/execution_cost.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>

#include "sentio/analysis/statistics.h"
#include "tables.h"

namespace sentio {

namespace {

/// One execution's cost in one part, and its session.
struct CostSample {
  std::size_t session = 0;
  double usd = 0, notional = 0;
};

/// Costs and values of what the interval takes as one draw.
struct CostUnit {
  double usd = 0, notional = 0;
};

std::vector<CostUnit> units_of(const std::vector<CostSample>& samples, IntervalUnit unit) {
  std::vector<CostUnit> units;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    const bool goes_on = unit == IntervalUnit::sessions && i > 0 && samples[i].session == samples[i - 1].session;
    if (!goes_on) units.emplace_back();
    units.back().usd += samples[i].usd;
    units.back().notional += samples[i].notional;
  }
  return units;
}

std::optional<Interval> ratio_interval(const std::vector<CostSample>& samples, IntervalUnit unit, double usd,
                                       double notional) {
  const auto units = units_of(samples, unit);
  const int wanted = unit == IntervalUnit::sessions ? kIntervalDaysMin : kExecutionsMin;
  if (std::ssize(units) < wanted) return std::nullopt;
  const double ratio = usd / notional, scale = static_cast<double>(units.size()) / notional;
  std::vector<double> series;
  for (const CostUnit& u : units) series.push_back(1e4 * (ratio + (u.usd - ratio * u.notional) * scale));
  const auto inference = infer_mean(series, {.draws = kExecutionDraws});
  return inference ? inference->interval : std::nullopt;
}

PartCost part_cost(const std::vector<CostSample>& samples, IntervalUnit unit) {
  PartCost out{.executions = static_cast<int>(samples.size())};
  double sum_bps = 0;
  for (const CostSample& s : samples) {
    out.usd += s.usd;
    out.notional += s.notional;
    sum_bps += 1e4 * s.usd / s.notional;
  }
  if (samples.empty()) return out;
  out.mean_bps = sum_bps / static_cast<double>(samples.size());
  out.weighted_bps = 1e4 * out.usd / out.notional;
  out.interval = ratio_interval(samples, unit, out.usd, out.notional);
  return out;
}

/// Every execution of sound size and price, with its session.
struct PlacedExecution {
  std::size_t session = 0;
  const ExecutionPrices* prices = nullptr;
};

ExecutionGroup group_of(std::string name, const std::vector<PlacedExecution>& placed, IntervalUnit unit) {
  ExecutionGroup group{.name = std::move(name), .executions = static_cast<int>(placed.size())};
  for (const PlacedExecution& e : placed) group.notional += e.prices->notional();
  for (const CostPart part : kCostParts) {
    std::vector<CostSample> samples;
    for (const PlacedExecution& e : placed)
      if (const auto usd = cost_of(*e.prices, part)) samples.push_back({e.session, *usd, e.prices->notional()});
    group.parts[static_cast<std::size_t>(part)] = part_cost(samples, unit);
  }
  return group;
}

std::vector<ExecutionGroup> groups_by(const std::vector<PlacedExecution>& all, IntervalUnit unit,
                                      const std::function<std::string(const ExecutionPrices&)>& name_of) {
  std::map<std::string, std::vector<PlacedExecution>> named;
  for (const PlacedExecution& e : all) named[name_of(*e.prices)].push_back(e);
  std::vector<ExecutionGroup> groups;
  for (const auto& [name, placed] : named) groups.push_back(group_of(name, placed, unit));
  return groups;
}

bool has_value(const ExecutionPrices& e) {
  return std::isfinite(e.notional()) && e.notional() > 0;
}

double mid_of(const ExecutionPrices& e) {
  return 0.5 * (e.bid + e.ask);
}

}  // namespace

std::string_view to_string(CostPart part) {
  switch (part) {
    case CostPart::shortfall:
      return "shortfall";
    case CostPart::delay:
      return "delay";
    case CostPart::waiting:
      return "waiting";
    case CostPart::trading:
      return "trading";
    case CostPart::half_spread:
      return "half_spread";
    case CostPart::excess:
      return "excess";
    case CostPart::quote:
      break;
  }
  return "quote";
}

std::optional<double> cost_of(const ExecutionPrices& e, CostPart part) {
  const double shares = e.buy() ? e.qty : -e.qty;
  const auto difference = [&](double price, double reference) -> std::optional<double> {
    const double usd = shares * (price - reference);
    return std::isfinite(usd) ? std::optional(usd) : std::nullopt;
  };
  switch (part) {
    case CostPart::shortfall:
      return difference(e.price, e.decision_close);
    case CostPart::delay:
      return difference(e.next_open, e.decision_close);
    case CostPart::waiting:
      return difference(e.minute_open, e.next_open);
    case CostPart::trading:
      return difference(e.price, e.minute_open);
    case CostPart::half_spread:
      return std::isfinite(e.half_spread) ? std::optional(e.qty * e.half_spread) : std::nullopt;
    case CostPart::excess:
      return difference(e.price, e.minute_open + (e.buy() ? e.half_spread : -e.half_spread));
    case CostPart::quote:
      break;
  }
  return difference(e.price, mid_of(e));
}

ExecutionCosts measure_executions(std::span<const std::vector<ExecutionPrices>> sessions) {
  ExecutionCosts out;
  std::vector<PlacedExecution> all, bought, sold;
  for (std::size_t session = 0; session < sessions.size(); ++session) {
    const std::size_t before = all.size();
    for (const ExecutionPrices& e : sessions[session]) {
      if (!has_value(e)) continue;
      all.push_back({session, &e});
      (e.buy() ? bought : sold).push_back(all.back());
    }
    if (all.size() > before) ++out.sessions;
  }
  out.unit = out.sessions >= kIntervalDaysMin ? IntervalUnit::sessions : IntervalUnit::executions;
  out.all = group_of("all", all, out.unit);
  out.bought = group_of("bought", bought, out.unit);
  out.sold = group_of("sold", sold, out.unit);
  out.by_symbol = groups_by(all, out.unit, [](const ExecutionPrices& e) { return e.symbol; });
  out.by_hour = groups_by(all, out.unit, [](const ExecutionPrices& e) { return analysis_detail::hour_name(e.ts); });
  return out;
}

}  // namespace sentio
