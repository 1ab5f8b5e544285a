/// Tables over many days against computations as plain as possible.

#include <gtest/gtest.h>

#include <cmath>
#include <map>

#include "runs.h"
#include "sentio/analysis/performance_analyzer.h"
#include "sentio/analysis/text_report.h"

namespace sentio {
namespace {

using testing::losing_month;
using testing::run_of;
using testing::trip;

Summary summary_of(const RunResult& run) {
  return analyze(run, handbook_targets());
}

/// Trips of many lengths on three days of different capital.
RunResult varied_run() {
  RunResult run = run_of({0.01, -0.03, 0.005});
  int n = 0;
  for (DayResult& day : run.days) {
    for (const int minutes : {1, 4, 5, 14, 15, 29, 30, 59, 60, 119, 120, 380}) {
      RoundTrip t = trip(n % 2 == 0 ? "TQQQ" : "SQQQ", n % 3 == 0 ? -40.0 : 25.0 + n, 5 * (n % 60));
      t.sets_held = minutes;
      t.cost = 20'000 + 100 * n;
      day.round_trips.push_back(t);
      ++n;
    }
    day.notional_bought = day.notional_sold = 250'000;
    day.spread_cost = 120;
    day.fee_sec = 10;
    day.fee_taf = 5;
    day.fee_other = 1;
    day.sets_invested = 195;
  }
  return run;
}

TEST(DayTables, HoldingTimesAreCountedOnceEach) {
  const RunResult run = varied_run();
  std::map<std::string, std::pair<int, double>> naive;
  for (const DayResult& day : run.days)
    for (const RoundTrip& t : day.round_trips) {
      const int m = t.sets_held;
      auto& [count, pnl] = naive[m < 5     ? "under 5 min"
                                 : m < 15  ? "5-14 min"
                                 : m < 30  ? "15-29 min"
                                 : m < 60  ? "30-59 min"
                                 : m < 120 ? "60-119 min"
                                           : "2 h and more"];
      ++count;
      pnl += t.pnl;
    }
  const auto rows = summary_of(run).by_holding_time;
  ASSERT_EQ(rows.size(), 6U);
  EXPECT_EQ(rows.front().name, "under 5 min");
  EXPECT_EQ(rows.back().name, "2 h and more");
  for (const GroupStats& row : rows) {
    EXPECT_EQ(row.round_trips, naive[row.name].first) << row.name;
    EXPECT_NEAR(row.pnl, naive[row.name].second, 1e-9) << row.name;
  }
}

TEST(DayTables, TurnoverBySymbolAddsUpBuyingsAndSales) {
  const RunResult run = varied_run();
  std::map<std::string, double> naive;
  for (const DayResult& day : run.days)
    for (const RoundTrip& t : day.round_trips) {
      const double sold = t.cost + t.pnl + t.fee_sec + t.fee_taf;
      naive[t.symbol] += (t.cost + sold) / day.equity_start / 3;
    }
  for (const GroupStats& row : summary_of(run).by_symbol)
    EXPECT_NEAR(row.turnover_per_day, naive[row.name], 1e-12) << row.name;
}

TEST(DayTables, MinutesInvestedAreAShareOfAll) {
  EXPECT_DOUBLE_EQ(*summary_of(varied_run()).exposure_minutes, 0.5);
  EXPECT_FALSE(summary_of(RunResult{}).exposure_minutes);
}

TEST(DayTables, ADaysCostsAreBpsOfItsOwnCapital) {
  const RunResult run = varied_run();
  const Summary s = summary_of(run);
  for (std::size_t d = 0; d < 3; ++d) {
    const double scale = 1e4 / run.days[d].equity_start;
    EXPECT_NEAR(s.by_day[d].costs_bps.spread, 120 * scale, 1e-9);
    EXPECT_NEAR(s.by_day[d].costs_bps.sec, 10 * scale, 1e-9);
    EXPECT_NEAR(s.by_day[d].costs_bps.taf, 5 * scale, 1e-9);
    EXPECT_NEAR(s.by_day[d].costs_bps.other, 1 * scale, 1e-9);
  }
}

TEST(DayTables, LearningIsShownDayByDay) {
  RunResult run = losing_month();
  run.days[3].signals = {};
  run.days[4].signals.confidence_end = 0.61;
  const Summary s = summary_of(run);
  EXPECT_FALSE(s.by_day[3].confidence_end);
  EXPECT_FALSE(s.by_day[3].strength_mean);
  EXPECT_EQ(s.by_day[4].confidence_end, 0.61);
  EXPECT_NEAR(*s.by_day[4].strength_mean, 900.0 / 2100.0, 1e-12);
  EXPECT_EQ(s.by_day[4].strength_max, 0.58);
}

TEST(DayTables, FlagsNameWhatHappened) {
  RunResult run = run_of({0.01, 0.01});
  EXPECT_TRUE(day_flags(summary_of(run).by_day[0]).empty());
  run.days[1].breaker_tripped = true;
  run.days[1].flat_at_close = false;
  run.days[1].last_resort_fills = 1;
  run.days[1].sets_skipped = 2;
  run.days[1].over = false;
  run.days[1].round_trips.push_back({.exit_reason = "closed_by_broker"});
  EXPECT_EQ(day_flags(summary_of(run).by_day[1]),
            (std::vector<std::string>{"not over", "breaker", "not flat", "1 last-resort fill", "1 sold by the broker",
                                      "2 skipped sets"}));
}

TEST(DayTables, StandInTheReportOfSeveralDaysOnly) {
  const auto text = [](const RunResult& run) { return analysis_report(run, summary_of(run), handbook_targets()); };
  EXPECT_EQ(text(run_of({0.01})).find("Day by Day:"), std::string::npos);
  EXPECT_NE(text(run_of({0.01, 0.02})).find("Day by Day:"), std::string::npos);
}

/// Every pair of points, the plain way.
DrawdownSpan naive_span(const std::vector<std::pair<double, Date>>& path) {
  DrawdownSpan found;
  double peak = 0;
  for (std::size_t i = 0; i < path.size(); ++i)
    for (std::size_t j = i + 1; j < path.size(); ++j) {
      const double depth = (path[i].first - path[j].first) / path[i].first;
      if (depth <= found.depth + 1e-12) continue;
      found = {depth, path[i].second, path[j].second, std::nullopt};
      peak = path[i].first;
      for (std::size_t k = j; k < path.size(); ++k)
        if (path[k].first >= peak) {
          found.recovered = path[k].second;
          break;
        }
    }
  return found;
}

TEST(Drawdown, HasTheDatesOfItsPeakItsTroughAndItsRecovery) {
  const std::vector<double> days[] = {{0.02, -0.01, -0.03, 0.01, 0.05, -0.01},
                                      {0.02, -0.01, -0.03, 0.01, 0.01, -0.05},
                                      {-0.1, 0.2},
                                      {0.01, -0.2, 0.1, -0.2}};
  for (const auto& returns : days) {
    const RunResult run = run_of(returns);
    std::vector<std::pair<double, Date>> path;
    for (const DayResult& day : run.days) {
      path.emplace_back(day.equity_start, day.date);
      path.emplace_back(day.equity_end, day.date);
    }
    const DrawdownSpan want = naive_span(path);
    const auto got = deepest_drawdown(run);
    ASSERT_TRUE(got);
    EXPECT_NEAR(got->depth, want.depth, 1e-12);
    EXPECT_EQ(got->peak, want.peak);
    EXPECT_EQ(got->trough, want.trough);
    EXPECT_EQ(got->recovered, want.recovered);
  }
}

TEST(Drawdown, OfARunThatNeverFallsIsNone) {
  EXPECT_FALSE(deepest_drawdown(run_of({0.01, 0.02})));
  EXPECT_FALSE(deepest_drawdown(RunResult{}));
  RunResult broken = run_of({0.01});
  broken.days[0].equity_end = std::nan("");
  broken.days[0].equity_by_minute.clear();
  EXPECT_FALSE(deepest_drawdown(broken));
}

TEST(Drawdown, OfADayWithoutMinutesIsWhatItRecorded) {
  RunResult run = run_of({0.01, 0.01});
  run.days[1].equity_by_minute.clear();
  run.days[1].drawdown_max = 0.04;
  const auto span = deepest_drawdown(run);
  ASSERT_TRUE(span);
  EXPECT_EQ(span->depth, 0.04);
  EXPECT_EQ(span->peak, run.days[1].date);
  EXPECT_EQ(span->trough, run.days[1].date);
}

TEST(CostCurve, IsTheRunWithAnotherCostASide) {
  const RunResult run = varied_run();
  const Summary s = summary_of(run);
  const double traded = 3 * 500'000.0, paid = 3 * 136.0;
  const double gross = run.days[2].equity_end - 100'000 + paid;
  ASSERT_EQ(s.cost_curve.points.size(), std::size(kCostCurveBps));
  for (const CostPoint& p : s.cost_curve.points)
    EXPECT_NEAR(p.mrd, (gross - traded * p.bps_side / 10'000) / 100'000 / 3, 1e-12) << p.bps_side;
  EXPECT_NEAR(*s.cost_curve.paid_bps_side, paid / traded * 1e4, 1e-9);
  EXPECT_NEAR(*s.cost_curve.dies_at_bps_side, gross / traded * 1e4, 1e-9);
}

TEST(CostCurve, AtWhatWasPaidIsTheRunItself) {
  const RunResult run = losing_month();
  const Summary s = summary_of(run);
  const double slope = (s.cost_curve.points[1].mrd - s.cost_curve.points[0].mrd) / s.cost_curve.points[1].bps_side;
  EXPECT_NEAR(s.cost_curve.points[0].mrd + slope * *s.cost_curve.paid_bps_side, *s.mrd, 1e-12);
  EXPECT_NEAR(s.cost_curve.points[0].mrd + slope * *s.cost_curve.dies_at_bps_side, 0, 1e-12);
}

TEST(CostCurve, OfNoTradesIsEmpty) {
  for (const RunResult& run : {RunResult{}, run_of({0.0})}) {
    EXPECT_TRUE(cost_curve(run).points.empty());
    EXPECT_FALSE(cost_curve(run).dies_at_bps_side);
    EXPECT_FALSE(fill_band(run).central);
  }
  RunResult broken = varied_run();
  broken.days[1].equity_end = std::nan("");
  EXPECT_TRUE(cost_curve(broken).points.empty());
}

TEST(FillBand, MovesByTheSpreadThatWasPaid) {
  const RunResult run = varied_run();
  const FillBand band = fill_band(run);
  const double net = run.days[2].equity_end - 100'000;
  EXPECT_NEAR(*band.optimistic, (net + 360) / 300'000, 1e-12);
  EXPECT_NEAR(*band.central, net / 300'000, 1e-12);
  EXPECT_NEAR(*band.pessimistic, (net - 360) / 300'000, 1e-12);
  EXPECT_FALSE(band.fragile);
}

TEST(FillBand, IsFragileExactlyWhereTheSignChanges) {
  RunResult run = run_of({0.001});
  run.days[0].notional_bought = run.days[0].notional_sold = 1e6;
  for (const auto& [spread, fragile] : {std::pair(99.0, false), {100.0, true}, {101.0, true}}) {
    run.days[0].spread_cost = spread;
    EXPECT_EQ(fill_band(run).fragile, fragile) << spread;
    const std::string text = analysis_report(run, summary_of(run), handbook_targets());
    EXPECT_EQ(text.find("FRAGILE") != std::string::npos, fragile) << text;
  }
  run.days[0].equity_end = 99'950;
  EXPECT_TRUE(fill_band(run).fragile) << "it loses, but only by its fills";
}

TEST(FillBand, OfLiveFillsWithoutASpreadIsNone) {
  RunResult run = varied_run();
  for (DayResult& day : run.days) day.spread_cost = 0;
  EXPECT_FALSE(fill_band(run).central);
  EXPECT_FALSE(fill_band(run).fragile);
}

}  // namespace
}  // namespace sentio
