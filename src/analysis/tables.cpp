#include "tables.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <utility>

#include "sentio/analysis/performance_analyzer.h"
#include "sentio/core/order.h"

namespace sentio::analysis_detail {

namespace {

using Groups = std::map<std::string, GroupStats>;

void add(GroupStats& group, const RoundTrip& trip) {
  ++group.round_trips;
  if (trip.pnl > 0) ++group.wins;
  group.orders_filled += trip.orders_filled;
  group.pnl += trip.pnl;
  group.invested += trip.cost;
  analysis_detail::add(group.costs, {trip.spread_cost, trip.fee_sec, trip.fee_taf, trip.fee_other});
  group.sets_held += trip.sets_held;
}

/// Bought and sold; the sale is what the P&L makes it.
double usd_traded(const RoundTrip& trip) {
  return 2 * trip.cost + trip.pnl + trip.fee_sec + trip.fee_taf + trip.fee_other;
}

void add_round_trips(Groups& groups, const RunResult& run,
                     const std::function<std::string(const RoundTrip&)>& name_of) {
  const double days = static_cast<double>(run.days.size());
  for (const DayResult& day : run.days)
    for (const RoundTrip& trip : day.round_trips) {
      GroupStats& group = groups[name_of(trip)];
      add(group, trip);
      group.turnover_per_day += quotient(usd_traded(trip), day.equity_start * days).value_or(0);
    }
}

std::vector<GroupStats> named(const Groups& groups, double capital) {
  std::vector<GroupStats> rows;
  for (const auto& [name, group] : groups) {
    rows.push_back(group);
    rows.back().name = name;
    rows.back().contribution = quotient(group.pnl, capital).value_or(0);
  }
  return rows;
}

/// A digit in front keeps them in order; named() takes it away.
std::string holding_time(const RoundTrip& trip) {
  constexpr std::pair<int, const char*> kBelow[] = {
      {5, "under 5 min"}, {15, "5-14 min"}, {30, "15-29 min"}, {60, "30-59 min"}, {120, "60-119 min"}};
  char order = '0';
  for (const auto& [minutes, name] : kBelow) {
    if (trip.sets_held < minutes) return order + std::string(name);
    ++order;
  }
  return order + std::string("2 h and more");
}

}  // namespace

std::string hour_name(TimePoint at) {
  const auto hour = std::chrono::floor<std::chrono::hours>(new_york_time_of_day(at)).count();
  std::string name = hour < 10 ? "0" : "";
  name += std::to_string(hour);
  return name += ":00";
}

std::optional<double> quotient(double a, double b) {
  const double q = a / b;
  return b != 0 && std::isfinite(q) ? std::optional(q) : std::nullopt;
}

Costs costs_of(const DayResult& day) {
  return {day.spread_cost, day.fee_sec, day.fee_taf, day.fee_other};
}

void add(Costs& sum, const Costs& c) {
  sum.spread += c.spread;
  sum.sec += c.sec;
  sum.taf += c.taf;
  sum.other += c.other;
}

std::vector<GroupStats> by_symbol(const RunResult& run, double capital) {
  Groups groups;
  for (const std::string& symbol : run.instruments) groups[symbol];
  add_round_trips(groups, run, [](const RoundTrip& trip) { return trip.symbol; });
  auto rows = named(groups, capital);
  std::stable_sort(rows.begin(), rows.end(),
                   [](const GroupStats& a, const GroupStats& b) { return a.pnl > b.pnl; });
  return rows;
}

std::vector<GroupStats> by_hour(const RunResult& run, double capital) {
  Groups groups;
  add_round_trips(groups, run, [](const RoundTrip& trip) { return hour_name(trip.opened); });
  return named(groups, capital);
}

std::vector<GroupStats> by_exit_reason(const RunResult& run, double capital) {
  Groups groups;
  add_round_trips(groups, run, [](const RoundTrip& trip) {
    return trip.exit_reason.empty() ? std::string("unknown") : trip.exit_reason;
  });
  auto rows = named(groups, capital);
  std::stable_sort(rows.begin(), rows.end(),
                   [](const GroupStats& a, const GroupStats& b) { return a.round_trips > b.round_trips; });
  return rows;
}

std::vector<GroupStats> by_holding_time(const RunResult& run, double capital) {
  Groups groups;
  add_round_trips(groups, run, holding_time);
  auto rows = named(groups, capital);
  for (GroupStats& row : rows) row.name.erase(0, 1);
  return rows;
}

namespace {

void add_signals(DaySummary& row, const SignalStats& s) {
  row.strength_mean = quotient(s.strength_sum, static_cast<double>(s.strength_count));
  if (s.signals == 0) return;
  row.strength_max = s.strength_max;
  row.confidence_start = s.confidence_start;
  row.confidence_end = s.confidence_end;
}

void add_day_checks(DaySummary& row, const DayResult& day) {
  row.sets_skipped = day.sets_skipped;
  row.last_resort_fills = day.last_resort_fills;
  row.orders_refused = day.orders_refused;
  row.sold_by_broker = static_cast<int>(std::count_if(day.round_trips.begin(), day.round_trips.end(), [](const RoundTrip& t) {
    return t.exit_reason == to_string(Reason::closed_by_broker);
  }));
  row.breaker_tripped = day.breaker_tripped;
  row.flat_at_close = day.flat_at_close;
  row.over = day.over;
}

}  // namespace

std::vector<DaySummary> by_day(const RunResult& run) {
  std::vector<DaySummary> rows;
  for (const DayResult& day : run.days) {
    DaySummary row;
    row.date = day.date;
    row.equity_start = day.equity_start;
    row.equity_end = day.equity_end;
    row.day_return = day_return(day);
    row.trades = day.orders_filled;
    row.round_trips = static_cast<int>(day.round_trips.size());
    row.wins = static_cast<int>(std::count_if(day.round_trips.begin(), day.round_trips.end(),
                                              [](const RoundTrip& trip) { return trip.pnl > 0; }));
    row.costs = costs_of(day);
    row.drawdown_max = day_drawdown(day);
    const double scale = quotient(1e4, day.equity_start).value_or(0);
    row.costs_bps = {row.costs.spread * scale, row.costs.sec * scale, row.costs.taf * scale,
                     row.costs.other * scale};
    add_signals(row, day.signals);
    add_day_checks(row, day);
    rows.push_back(row);
  }
  return rows;
}

SessionChecks session_checks(const RunResult& run) {
  SessionChecks c;
  for (const DayResult& day : run.days) {
    c.sets += day.sets;
    c.sets_skipped += day.sets_skipped;
    c.closing_prints += day.closing_prints;
    c.forward_filled += day.forward_filled;
    c.last_resort_fills += day.last_resort_fills;
    c.orders_refused += day.orders_refused;
    c.bad_prints += day.bad_prints;
    c.late_prices += day.late_prices;
    c.days_breaker += day.breaker_tripped ? 1 : 0;
    c.days_not_flat += day.flat_at_close ? 0 : 1;
  }
  return c;
}

BpsPerDay bps_per_day(const RunResult& run) {
  BpsPerDay sum;
  const double days = static_cast<double>(run.days.size());
  for (const DayResult& day : run.days) {
    const double scale = quotient(1e4, day.equity_start * days).value_or(0);
    const Costs c = costs_of(day);
    add(sum.costs, {c.spread * scale, c.sec * scale, c.taf * scale, c.other * scale});
    sum.net += (day.equity_end - day.equity_start) * scale;
  }
  sum.gross = sum.net + sum.costs.total();
  return sum;
}

}  // namespace sentio::analysis_detail
