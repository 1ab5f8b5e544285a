#pragma once
/// Runs made by hand for the tests of this module.

#include <string>
#include <vector>

#include "sentio/analysis/results.h"

namespace sentio::testing {

inline Date date(int year, unsigned month, unsigned day) {
  return std::chrono::year(year) / std::chrono::month(month) / std::chrono::day(day);
}

inline RoundTrip trip(const std::string& symbol, double pnl, int opening_minute = 30,
                      const std::string& reason = "weak_signal") {
  RoundTrip t;
  t.symbol = symbol;
  t.opened = from_new_york(date(2025, 10, 14), std::chrono::minutes(570 + opening_minute));
  t.closed = t.opened + std::chrono::minutes(6);
  t.qty = 100;
  t.cost = 33'000;
  t.pnl = pnl;
  t.spread_cost = 15;
  t.fee_sec = 0.5;
  t.fee_taf = 0.25;
  t.sets_held = 6;
  t.exit_reason = reason;
  return t;
}

/// A day that makes `day_return` in a straight line.
inline DayResult day(Date when, double equity_start, double day_return) {
  DayResult d;
  d.date = when;
  d.equity_start = equity_start;
  d.equity_end = equity_start * (1 + day_return);
  d.equity_by_minute = {equity_start, d.equity_end};
  d.sets = 390;
  d.exposure = 0.5;
  return d;
}

/// Consecutive calendar days from 2025-08-01, each on what the day before left.
inline RunResult run_of(const std::vector<double>& returns) {
  RunResult run;
  run.strategy_name = "Rotation Strategy v2.0";
  run.instruments = {"TQQQ", "SQQQ"};
  run.warmup_sessions_wanted = run.warmup_sessions = 20;
  double equity = run.capital;
  auto when = std::chrono::sys_days(date(2025, 8, 1));
  for (const double r : returns) {
    run.days.push_back(day(Date(when), equity, r));
    equity = run.days.back().equity_end;
    when += std::chrono::days(1);
  }
  return run;
}

/// The day in the design's picture of the report.
inline RunResult design_day() {
  RunResult run = run_of({0.0073});
  run.instruments = {"TQQQ", "SQQQ", "SPXL", "SDS", "UVXY", "SVXY"};
  DayResult& d = run.days[0];
  d.date = date(2025, 10, 14);
  d.equity_by_minute = {100'000, 102'000, 99'858, 100'730};  // 99,858 / 102,000 - 1 = -2.1 %
  d.orders_filled = 127;
  for (int i = 0; i < 20; ++i) {
    d.round_trips.push_back(trip("TQQQ", i < 11 ? 150.0 : -50.0, 15 * i));
    d.round_trips.back().orders_filled = i < 5 ? 3 : 2;
  }
  for (int i = 0; i < 24; ++i) {
    d.round_trips.push_back(
        trip(i % 2 == 0 ? "SQQQ" : "UVXY", i < 12 ? 50.0 : -89.1666, 10 * i, "stop_loss"));
    d.round_trips.back().orders_filled = i < 14 ? 3 : 4;
  }
  d.spread_cost = 660;
  d.fee_sec = 22;
  d.fee_taf = 11;
  d.notional_bought = d.notional_sold = 44 * 33'000.0;
  d.signals.signals = 2'340;
  d.signals.pass_probability = 1'100;
  d.signals.pass_confidence = d.signals.pass_strength = 2'340;
  d.signals.pass_entry_strength = 1'100;
  d.signals.pass_cost_gate = 12;
  d.signals.strength_sum = 462;
  d.signals.strength_count = 1'100;
  d.signals.strength_max = 0.78;
  d.signals.confidence_start = 0.15;
  d.signals.confidence_end = 0.62;
  d.calibration = {{1, 0.0}, {5, 0.011}, {10, 0.004}};
  d.buy_and_hold = {{"TQQQ", 0.012}, {"SQQQ", -0.0118}, {"SPXL", 0.009},
                    {"SDS", -0.006}, {"UVXY", -0.02},   {"SVXY", 0.008}};
  d.forward_filled = 17;
  d.closing_prints = 6;
  return run;
}

/// 380 labels of unit size, predictions a fifth of that, Σp·y as given.
inline SkillSums skill_sums(const std::string& symbol, int horizon, double py) {
  return {.symbol = symbol,
          .horizon = horizon,
          .sums = {.labels = 380,
                   .hits = 190 + py,
                   .p = 4,
                   .y = -6,
                   .pp = 15.2,
                   .yy = 380,
                   .py = py,
                   .rank_correlation = py / 76}};
}

/// A month as the handbook's settings really do: costs of 3 % a day on a coin flip.
inline RunResult losing_month() {
  std::vector<double> returns;
  for (int i = 0; i < 21; ++i) returns.push_back(-0.0325 + 0.011 * ((i * 7) % 5 - 2) / 2.0);
  RunResult run = run_of(returns);
  run.config_name = "config/rotation_strategy.json";
  for (DayResult& d : run.days) {
    d.spread_cost = 0.0330 * d.equity_start;
    d.fee_taf = 0.0004 * d.equity_start;
    d.orders_filled = 178;
    d.notional_bought = d.notional_sold = 29 * d.equity_start;
    for (int i = 0; i < 4; ++i) {
      d.round_trips.push_back(
          trip(i % 2 == 0 ? "TQQQ" : "SQQQ",
               i == 0 ? 0.01 * d.equity_start : (d.equity_end - 1.01 * d.equity_start) / 3.0, 90 * i,
               i == 3 ? "eod" : "weak_signal"));
      d.round_trips.back().opened +=
          std::chrono::sys_days(d.date) - std::chrono::sys_days(date(2025, 10, 14));
    }
    d.signals = {4'600, 2'100, 4'600, 4'600, 2'100, 4'600, 900.0, 2'100, 0.58, 0.43, 0.42};
    d.calibration = {{1, 0.0}, {5, 0.011}};
    const auto varied = static_cast<double>(static_cast<unsigned>(d.date.day()) * 29 % 11) - 5;  // -5 … 5
    d.skill = {skill_sums("SQQQ", 1, 20 + 3 * varied), skill_sums("SQQQ", 5, 3 * varied),
               skill_sums("TQQQ", 1, -4 + varied)};
    d.buy_and_hold = {{"TQQQ", 0.002}, {"SQQQ", -0.0022}};
  }
  return run;
}

}  // namespace sentio::testing
