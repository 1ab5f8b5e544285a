#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>
#include <limits>
#include <ostream>

#include "runs.h"
#include "sentio/analysis/performance_analyzer.h"

namespace sentio {
namespace {

using testing::date;
using testing::day;
using testing::run_of;
using testing::trip;

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

Summary analyzed(const RunResult& run) {
  return analyze(run, handbook_targets());
}

TEST(Analyzer, MrdDividesByTheStartCapitalAndTheDays) {
  const Summary s = analyzed(run_of({0.01, -0.02, 0.015}));
  EXPECT_NEAR(*s.mrd, (1.01 * 0.98 * 1.015 - 1) / 3, 1e-15);
  EXPECT_NEAR(*s.total_return, 1.01 * 0.98 * 1.015 - 1, 1e-15);
  EXPECT_NEAR(*s.evidence.mean, 0.005 / 3, 1e-15);
  EXPECT_NEAR(*s.mrd_annualised, std::pow(1 + *s.mrd, 252) - 1, 1e-12);
}

// 21 days of -3.25 %: numpy gives MRD -0.023825940887045354, much milder than the mean.
TEST(Analyzer, MrdLooksMilderThanTheMeanForBigLosers) {
  const Summary s = analyzed(run_of(std::vector<double>(21, -0.0325)));
  EXPECT_NEAR(*s.mrd, -0.023825940887045354, 1e-14);
  EXPECT_NEAR(*s.evidence.mean, -0.0325, 1e-14);
}

TEST(Analyzer, CostsAddUpToGross) {
  RunResult run = run_of({-0.03, -0.02});
  run.days[0].spread_cost = 2'900;
  run.days[0].fee_sec = 50;
  run.days[1].fee_taf = 30;
  run.days[1].fee_other = 20;
  const Summary s = analyzed(run);
  EXPECT_NEAR(s.net, 97'000 * 0.98 - 100'000, 1e-9);
  EXPECT_NEAR(s.gross, s.net + 3'000, 1e-9);
  EXPECT_NEAR(*s.gross_return, s.gross / 100'000, 1e-15);
  // Of each day's own opening equity, then the mean: (290 + 0) / 2, …
  EXPECT_NEAR(s.bps->costs.spread, 145, 1e-9);
  EXPECT_NEAR(s.bps->costs.sec, 2.5, 1e-9);
  EXPECT_NEAR(s.bps->costs.taf, 30 / 97'000.0 * 1e4 / 2, 1e-9);
  EXPECT_NEAR(s.bps->net, -250, 1e-9);
  EXPECT_NEAR(s.bps->gross, s.bps->net + s.bps->costs.total(), 1e-9);
}

TEST(Analyzer, TradingFiguresComeFromClosedRoundTrips) {
  RunResult run = run_of({0.001});
  run.days[0].round_trips = {trip("TQQQ", 200, 10), trip("TQQQ", -50, 95, "stop_loss"),
                             trip("SQQQ", 0, 95, "eod")};
  run.days[0].orders_filled = 7;
  run.days[0].notional_bought = 99'000;
  run.days[0].notional_sold = 99'150;
  const Summary s = analyzed(run);
  EXPECT_EQ(s.trades, 7);
  EXPECT_EQ(s.round_trips, 3);
  EXPECT_DOUBLE_EQ(*s.win_rate, 1 / 3.0);  // nothing gained is not a win
  EXPECT_EQ(s.by_day[0].wins, 1);
  EXPECT_EQ(s.by_symbol.back().wins + s.by_symbol.front().wins, 1);
  EXPECT_DOUBLE_EQ(*s.profit_factor, 4.0);
  EXPECT_DOUBLE_EQ(*s.expectancy_usd, 50.0);
  EXPECT_DOUBLE_EQ(*s.expectancy_bps, 150 / 99'000.0 * 1e4);
  EXPECT_NEAR(s.pnl_outside_round_trips, -50, 1e-9);
  EXPECT_DOUBLE_EQ(*s.turnover_per_day, 1.9815);
  EXPECT_DOUBLE_EQ(*s.exposure, 0.5);
}

TEST(Analyzer, GroupsBySymbolHourAndExitReason) {
  RunResult run = run_of({0.001});
  run.days[0].round_trips = {trip("SQQQ", -50, 29), trip("TQQQ", 200, 30), trip("TQQQ", 10, 389, "eod")};
  run.instruments = {"TQQQ", "SPXL", "SQQQ"};
  const Summary s = analyzed(run);
  ASSERT_EQ(s.by_symbol.size(), 3u);
  EXPECT_EQ(s.by_symbol[0].name, "TQQQ");
  EXPECT_DOUBLE_EQ(s.by_symbol[0].contribution, 0.0021);
  EXPECT_EQ(s.by_symbol[0].orders_filled, 4);
  EXPECT_EQ(s.by_symbol[1].name, "SPXL");  // listed, never traded
  EXPECT_FALSE(s.by_symbol[1].win_rate());
  EXPECT_EQ(s.by_symbol[2].name, "SQQQ");
  ASSERT_EQ(s.by_hour.size(), 3u);
  EXPECT_EQ(s.by_hour[0].name, "09:00");  // 09:59
  EXPECT_EQ(s.by_hour[1].name, "10:00");
  EXPECT_EQ(s.by_hour[2].name, "15:00");
  ASSERT_EQ(s.by_exit_reason.size(), 2u);
  EXPECT_EQ(s.by_exit_reason[0].name, "weak_signal");
  EXPECT_EQ(s.by_exit_reason[0].round_trips, 2);
}

// numpy: q = [.01, -.02, .015, .005]; q.mean()/q.std(ddof=1)*252**.5;
// q.mean()/sqrt((min(q,0)**2).mean())*252**.5; (prod(1+q)**(252/4)-1)/.02
TEST(Analyzer, RatiosAgreeWithNumpy) {
  const Summary s = analyzed(run_of({0.01, -0.02, 0.015, 0.005}));
  EXPECT_NEAR(s.drawdown_max, 0.02, 1e-15);
  EXPECT_NEAR(*s.sharpe, 2.5528888301902892, 1e-10);
  EXPECT_NEAR(*s.sortino, 3.968626966596885, 1e-10);
  EXPECT_NEAR(*s.calmar, 41.681534507696135, 1e-8);
}

TEST(Analyzer, BuyAndHoldIsTheEqualWeightBookOpenToClose) {
  RunResult run = run_of({0, 0});
  run.days[0].buy_and_hold = {{"SQQQ", -0.01}, {"TQQQ", 0.03}};
  run.days[1].buy_and_hold = {{"TQQQ", -0.02}};
  const BuyAndHold b = analyzed(run).buy_and_hold;
  EXPECT_NEAR(*b.mean_day, -0.005, 1e-15);
  EXPECT_NEAR(*b.mrd, (1.01 * 0.98 - 1) / 2, 1e-15);
  ASSERT_EQ(b.symbols.size(), 2u);
  EXPECT_EQ(b.symbols[1].name, "TQQQ");
  EXPECT_NEAR(b.symbols[1].mean_day, 0.005, 1e-15);
}

TEST(Analyzer, SignalsAreSummedOverDaysAndConfidenceSpansThem) {
  RunResult run = run_of({0, 0, 0});
  run.days[1].signals = {100, 50, 90, 80, 40, 10, 20.0, 50, 0.7, 0.45, 0.47};
  run.days[2].signals = {300, 50, 90, 80, 40, 10, 10.0, 50, 0.6, 0.48, 0.51};
  const FilterShares f = analyzed(run).signals;
  EXPECT_EQ(f.signals, 400);
  EXPECT_DOUBLE_EQ(*f.probability, 0.25);
  EXPECT_DOUBLE_EQ(*f.cost_gate, 0.05);
  EXPECT_DOUBLE_EQ(*f.strength_mean, 0.3);
  EXPECT_DOUBLE_EQ(*f.strength_max, 0.7);
  EXPECT_DOUBLE_EQ(*f.confidence_start, 0.45);
  EXPECT_DOUBLE_EQ(*f.confidence_end, 0.51);
}

TEST(Analyzer, CalibrationShowsLastMeanAndZeros) {
  RunResult run = run_of({0, 0});
  run.days[0].calibration = {{5, 0.0}, {1, 0.2}};
  run.days[1].calibration = {{5, 0.01}, {1, 0.4}};
  const auto slopes = analyzed(run).calibration;
  ASSERT_EQ(slopes.size(), 2u);
  EXPECT_EQ(slopes[1].horizon, 5);
  EXPECT_DOUBLE_EQ(slopes[1].last, 0.01);
  EXPECT_DOUBLE_EQ(slopes[1].mean, 0.005);
  EXPECT_EQ(slopes[1].days_zero, 1);
}

TEST(Analyzer, NamesTheBestAndTheWorstDay) {
  const Summary s = analyzed(run_of({0.01, -0.02, 0.015, 0.005}));
  EXPECT_EQ(*s.day_best, 2u);
  EXPECT_EQ(*s.day_worst, 1u);
}

TEST(Analyzer, DaysWithFreshCapitalAreAddedUpOnTheFirst) {
  RunResult run;
  run.days = {day(date(2025, 8, 1), 100'000, -0.03), day(date(2025, 8, 4), 100'000, -0.01)};
  const Summary s = analyzed(run);
  EXPECT_FALSE(s.days_chained);
  EXPECT_NEAR(*s.mrd, -0.02, 1e-15);
  EXPECT_NEAR(s.capital_end, 96'000, 1e-9);
  EXPECT_NEAR(s.drawdown_max, 0.04, 1e-12);  // both losses, one after the other
  EXPECT_NEAR(s.drawdown_day_max, 0.03, 1e-12);
}

// ---- nothing to divide by ------------------------------------------------------------------------

TEST(Analyzer, AnEmptyRunHasNoFigures) {
  const Summary s = analyzed(RunResult{});
  EXPECT_EQ(s.days, 0);
  EXPECT_FALSE(s.mrd || s.win_rate || s.bps || s.sharpe || s.day_best || s.trades_per_day);
  EXPECT_FALSE(s.ready);
  EXPECT_DOUBLE_EQ(s.capital_end, 100'000);
}

TEST(Analyzer, ADayWithoutTradesHasNoWinRate) {
  const Summary s = analyzed(run_of({0.0}));
  EXPECT_DOUBLE_EQ(*s.mrd, 0);
  EXPECT_FALSE(s.win_rate || s.profit_factor || s.expectancy_usd || s.sharpe || s.calmar);
  EXPECT_FALSE(s.ready);
}

TEST(Analyzer, EqualDaysHaveNoSharpe) {
  const Summary s = analyzed(run_of({0.01, 0.01, 0.01}));
  EXPECT_FALSE(s.sharpe || s.sortino || s.calmar || s.evidence.t);
}

struct UnsoundCase {
  std::string name;
  double start, end;
};
void PrintTo(const UnsoundCase& c, std::ostream* out) {
  *out << c.name;
}
class UnsoundTest : public ::testing::TestWithParam<UnsoundCase> {};
TEST_P(UnsoundTest, GivesNoReturnsAtAll) {
  RunResult run = run_of({0.01, 0.01});
  run.days[1].equity_start = GetParam().start;
  run.days[1].equity_end = GetParam().end;
  const Summary s = analyzed(run);
  EXPECT_FALSE(s.numbers_sound);
  EXPECT_FALSE(s.mrd || s.total_return || s.bps || s.evidence.mean);
  EXPECT_FALSE(criteria_met(s, handbook_targets()));
}
INSTANTIATE_TEST_SUITE_P(Days, UnsoundTest,
                         ::testing::Values(UnsoundCase{"NaNAtTheEnd", 101'000, kNaN},
                                           UnsoundCase{"NaNAtTheStart", kNaN, 101'000},
                                           UnsoundCase{"NoCapital", 0, 0}),
                         [](const auto& tc) { return tc.param.name; });

// ---- drawdown ------------------------------------------------------------------------------------

double brute_force_drawdown(const std::vector<double>& path) {
  double worst = 0;
  for (std::size_t from = 0; from < path.size(); ++from)
    for (std::size_t to = from; to < path.size(); ++to) worst = std::max(worst, 1 - path[to] / path[from]);
  return worst;
}

RC_GTEST_PROP(Drawdown, OverDaysEqualsTheWorstPairOfMinutes, ()) {
  const int days = *rc::gen::inRange(1, 6);
  RunResult run;
  std::vector<double> all;
  double equity = 100'000;
  for (int d = 0; d < days; ++d) {
    DayResult r;
    r.equity_start = equity;
    all.push_back(equity);
    const auto steps = *rc::gen::container<std::vector<int>>(rc::gen::inRange(-300, 301));
    for (const int step : steps) {
      equity *= 1 + step * 1e-4;
      r.equity_by_minute.push_back(equity);
      all.push_back(equity);
    }
    r.equity_end = equity;
    run.days.push_back(r);
  }
  const Summary s = analyzed(run);
  RC_ASSERT(std::abs(s.drawdown_max - brute_force_drawdown(all)) < 1e-12);
  RC_ASSERT(s.drawdown_day_max <= s.drawdown_max);
}

TEST(Drawdown, IsCarriedOverTheNight) {
  const Summary s = analyzed(run_of({-0.03, -0.03}));
  EXPECT_NEAR(s.drawdown_max, 1 - 0.97 * 0.97, 1e-12);
  EXPECT_NEAR(s.drawdown_day_max, 0.03, 1e-12);
}

TEST(Drawdown, WithoutMinutesUsesWhatTheDayRecorded) {
  RunResult run = run_of({0.01});
  run.days[0].equity_by_minute.clear();
  run.days[0].drawdown_max = 0.04;
  EXPECT_DOUBLE_EQ(analyzed(run).drawdown_max, 0.04);
}

// ---- criteria ------------------------------------------------------------------------------------

/// Meets the handbook exactly at every limit but the drawdown (0 for a rising day).
RunResult good_run() {
  RunResult run = run_of({0.005});
  run.days[0].equity_end = 100'500;
  run.days[0].orders_filled = 50;
  run.days[0].round_trips = {trip("TQQQ", 600), trip("TQQQ", -100)};
  return run;
}

struct CriteriaCase {
  std::string name;
  void (*change)(RunResult&);
  bool met, ready;
};
void PrintTo(const CriteriaCase& c, std::ostream* out) {
  *out << c.name;
}
class CriteriaTest : public ::testing::TestWithParam<CriteriaCase> {};
TEST_P(CriteriaTest, Decide) {
  RunResult run = good_run();
  GetParam().change(run);
  const Summary s = analyzed(run);
  EXPECT_EQ(criteria_met(s, handbook_targets()), GetParam().met);
  EXPECT_EQ(s.ready, GetParam().ready);
}
INSTANTIATE_TEST_SUITE_P(
    Handbook, CriteriaTest,
    ::testing::Values(
        CriteriaCase{"AllAtTheirLimits", [](RunResult&) {}, true, true},
        CriteriaCase{"MrdTooSmall", [](RunResult& r) { r.days[0].equity_end = 100'499; }, false, false},
        CriteriaCase{"TooManyLosers", [](RunResult& r) { r.days[0].round_trips.push_back(trip("TQQQ", -1)); },
                     false, false},
        CriteriaCase{"NoRoundTrip", [](RunResult& r) { r.days[0].round_trips.clear(); }, false, false},
        CriteriaCase{"DrawdownTooDeep",
                     [](RunResult& r) {
                       r.days[0].equity_by_minute = {100'000, 94'900, 100'500};
                     },
                     false, false},
        CriteriaCase{"DrawdownAtItsLimit",
                     [](RunResult& r) {
                       r.days[0].equity_by_minute = {100'000, 95'000, 100'500};
                     },
                     true, true},
        CriteriaCase{"TooFewTrades", [](RunResult& r) { r.days[0].orders_filled = 49; }, false, false},
        CriteriaCase{"MostTradesAllowed", [](RunResult& r) { r.days[0].orders_filled = 200; }, true, true},
        CriteriaCase{"TooManyTrades", [](RunResult& r) { r.days[0].orders_filled = 201; }, false, false},
        CriteriaCase{"Synthetic", [](RunResult& r) { r.synthetic = true; }, true, false},
        CriteriaCase{"SameCloseFills", [](RunResult& r) { r.same_close_fills = true; }, false, false},
        CriteriaCase{"NotFlat", [](RunResult& r) { r.days[0].flat_at_close = false; }, true, false},
        CriteriaCase{"NoDay", [](RunResult& r) { r.days.clear(); }, false, false}),
    [](const auto& tc) { return tc.param.name; });

TEST(Targets, HaveTheDesignsNumbers) {
  const Targets h = *targets_named("handbook"), b = *targets_named("design-backtest"),
                p = *targets_named("design-production");
  EXPECT_EQ(
      std::vector({h.mrd_min, h.win_rate_min, h.drawdown_max, *h.trades_per_day_min, *h.trades_per_day_max}),
      std::vector({0.005, 0.50, 0.05, 50.0, 200.0}));
  EXPECT_EQ(std::vector({b.mrd_min, *b.sharpe_min, b.drawdown_max, b.win_rate_min}),
            std::vector({0.003, 1.5, 0.05, 0.55}));
  EXPECT_EQ(std::vector({p.mrd_min, *p.sharpe_min, p.drawdown_max, p.win_rate_min}),
            std::vector({0.005, 2.0, 0.03, 0.60}));
  EXPECT_FALSE(h.sharpe_min || b.trades_per_day_min || p.trades_per_day_max);
}

TEST(Targets, AnUnknownNameListsTheKnownOnes) {
  const auto t = targets_named("handbok");
  ASSERT_FALSE(t);
  EXPECT_EQ(t.error().code, Errc::usage);
  EXPECT_NE(t.error().detail.find("known: handbook, design-backtest, design-production"), std::string::npos);
}

TEST(Targets, ASharpeThatDoesNotExistIsNotMet) {
  const Targets t = *targets_named("design-backtest");
  const Summary s = analyze(good_run(), t);
  EXPECT_EQ(s.criteria.back().name, "Sharpe");
  EXPECT_FALSE(s.criteria.back().met);
}

struct LeakCase {
  std::string name;
  std::vector<double> days;
  std::string mode;
  bool want;
};
void PrintTo(const LeakCase& c, std::ostream* out) {
  *out << c.name;
}
class LeakTest : public ::testing::TestWithParam<LeakCase> {};
TEST_P(LeakTest, IsSuspected) {
  RunResult run = run_of(GetParam().days);
  run.mode = GetParam().mode;
  EXPECT_EQ(analyzed(run).suspect_leak, GetParam().want);
}
INSTANTIATE_TEST_SUITE_P(
    Table, LeakTest,
    ::testing::Values(LeakCase{"HighMrd", {.02, -.01, .02}, "mock", true},
                      LeakCase{"HighMrdLive", {.02, -.01, .02}, "live", false},
                      LeakCase{"SmallButSteady", {.001, .0011, .0009, .001, .0012}, "mock", true},
                      LeakCase{"SmallAndNoisy", {.01, -.01, .005, -.002}, "mock", false},
                      LeakCase{"SteadyLoser", {-.03, -.031, -.029}, "mock", false}),
    [](const auto& tc) { return tc.param.name; });

}  // namespace
}  // namespace sentio
