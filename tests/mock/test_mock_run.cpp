/// The mock driver as a whole: determinism, files that add up, calendar and data errors.

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <sstream>

#include "mock_world.h"
#include "planted_signals.h"

namespace sentio {
namespace {

using testing::Captured;
using testing::day;
using testing::MockWorld;

void expect_same(const Captured& a, const Captured& b) {
  ASSERT_EQ(a.error, b.error);
  ASSERT_EQ(a.files.size(), b.files.size());
  for (const auto& [date, files] : a.files) {
    const DayFiles& other = b.files.at(date);
    EXPECT_EQ(files.decisions, other.decisions);
    EXPECT_EQ(files.trades, other.trades);
    EXPECT_EQ(files.positions, other.positions);
    EXPECT_EQ(files.session_log, other.session_log);
    EXPECT_EQ(files.health, other.health);
    EXPECT_TRUE(files.signals == other.signals);
  }
}

std::vector<nlohmann::json> lines(const std::string& text) {
  std::vector<nlohmann::json> all;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) all.push_back(nlohmann::json::parse(line));
  return all;
}

TEST(MockRun, SameBytesForAnyNumberOfJobsAndTwiceInARow) {
  MockWorld world = testing::walking_world(day(2025, 7, 2), day(2025, 7, 7), 4, 7, {.missing = 0.03});
  const Captured once = world.run();
  ASSERT_FALSE(once.files.empty()) << once.error;
  EXPECT_GT(once.files.begin()->second.trades.size(), 1000U);
  expect_same(once, world.run());
  world.options.jobs = 2;
  expect_same(once, world.run());
}

TEST(MockRun, SameBytesForAnyNumberOfJobsOnRealBars) {
  SENTIO_NEEDS_MARKET_DATA();
  MockWorld world = testing::real_six(day(2025, 9, 26), 9);
  const Captured once = world.run();
  world.options.jobs = 2;
  expect_same(once, world.run());
  EXPECT_GT(once.result.days.at(0).orders_filled, 50);
}

/// Rebuilds the book from the trades file alone and compares it with every line of the positions file.
void expect_books_agree(const Captured& run, double capital) {
  double cash = capital;
  for (const auto& [date, files] : run.files) {
    const auto trades = lines(files.trades);
    std::map<std::string, double> held;
    auto trade = trades.begin();
    double realised = 0;
    const double opening = cash;
    for (const auto& set : lines(files.positions)) {
      for (; trade != trades.end() && (*trade)["ts"] < set["ts"]; ++trade) {
        const bool buy = (*trade)["side"] == "buy";
        const double notional = (*trade)["qty"].get<double>() * (*trade)["price"].get<double>();
        cash += (buy ? -notional : notional) - (*trade)["fees"].get<double>();
        held[(*trade)["symbol"]] += (buy ? 1 : -1) * (*trade)["qty"].get<double>();
        realised += (*trade)["pnl"].get<double>();
        EXPECT_GE(held[(*trade)["symbol"]], 0);
      }
      double equity = cash;
      std::size_t open = 0;
      for (const auto& [symbol, qty] : held) open += qty > 0;
      for (const auto& p : set["positions"]) {
        EXPECT_EQ(held[p["symbol"]], p["qty"].get<double>());
        equity += p["qty"].get<double>() * p["mark"].get<double>();
      }
      EXPECT_EQ(open, set["positions"].size());
      EXPECT_NEAR(cash, set["cash"].get<double>(), 0.005);
      EXPECT_NEAR(equity, set["equity"].get<double>(), 0.005);
    }
    EXPECT_EQ(trade, trades.end());
    EXPECT_NEAR(cash - opening, realised, 0.01);  // flat at the close; no buy-side fees in 2025
  }
  EXPECT_NEAR(cash, run.result.days.back().equity_end, 0.01);
}

TEST(MockRun, TradesFileRebuildsThePositionsFile) {
  const MockWorld world = testing::walking_world(day(2025, 7, 2), day(2025, 7, 8), 3, 11, {.missing = 0.1});
  expect_books_agree(world.run(), 100'000);
}

TEST(MockRun, TradesFileRebuildsThePositionsFileOnRealDays) {
  SENTIO_NEEDS_MARKET_DATA();
  MockWorld world = testing::real_six(day(2025, 9, 24), 7);
  world.options.last = day(2025, 9, 26);
  expect_books_agree(world.run(), 100'000);
}

TEST(MockRun, IsFlatAtTheCloseOnFullAndHalfDays) {
  // Signals that never weaken on calm prices: only the clock ends these positions.
  const MockWorld world = testing::walking_world(day(2025, 7, 2), day(2025, 7, 3), 0, 5, {.volatility = 1e-5});
  const Captured run = world.run(std::make_unique<testing::PlantedSignals>(
      6, [](SymbolId, int, SymbolSignal& s) { s.probability = 0.9; }));
  ASSERT_EQ(run.result.days.size(), 2U);
  EXPECT_TRUE(run.result.days[0].flat_at_close && run.result.days[1].flat_at_close);
  const auto last_exit = [&](Date d) {
    const std::string& trades = run.files.at(d).trades;
    return lines(trades).back();
  };
  EXPECT_EQ(last_exit(day(2025, 7, 2))["ts"], "2025-07-02T15:58:00-04:00");
  EXPECT_EQ(last_exit(day(2025, 7, 3))["ts"], "2025-07-03T12:58:00-04:00");
  EXPECT_EQ(last_exit(day(2025, 7, 3))["reason"], "eod");
  EXPECT_EQ(run.result.days[1].sets, 210);
}

TEST(MockRun, CapitalAndLearningCarryOverInARange) {
  const MockWorld world = testing::walking_world(day(2025, 7, 7), day(2025, 7, 9), 3, 5);
  const Captured run = world.run();
  ASSERT_EQ(run.result.days.size(), 3U);
  EXPECT_EQ(run.result.days[1].equity_start, run.result.days[0].equity_end);
  EXPECT_EQ(run.result.days[2].equity_start, run.result.days[1].equity_end);
}

TEST(MockRun, ClosedDaysEndWithTheCalendarsReason) {
  MockWorld world = testing::walking_world(day(2025, 7, 2), day(2025, 7, 3), 1, 5);
  world.options.range = false;
  world.options.first = world.options.last = day(2025, 7, 4);
  EXPECT_NE(world.run().error.find("Independence Day"), std::string::npos);
}

TEST(MockRun, AnOpenDayWithoutBarsIsNamed) {
  MockWorld world = testing::walking_world(day(2025, 7, 2), day(2025, 7, 3), 1, 5);
  world.options.last = day(2025, 7, 7);
  const Captured run = world.run();
  EXPECT_NE(run.error.find("2025-07-07"), std::string::npos);
  EXPECT_TRUE(run.files.empty());  // noticed before anything was written
}

TEST(MockRun, WarmUpWithoutAnyBarsIsAnErrorAndShortWarmUpAWarning) {
  MockWorld world = testing::walking_world(day(2025, 7, 7), day(2025, 7, 7), 2, 5);
  world.options.warmup_sessions = 20;
  std::string warning;
  MockSinks sinks;
  sinks.warning = [&](const std::string& text) { warning = text; };
  EXPECT_TRUE(run_mock(world.options, world.bars, sinks).has_value());
  EXPECT_NE(warning.find("2 of 20"), std::string::npos) << warning;
  for (auto& s : world.bars) std::erase_if(s.bars, [](const Bar& b) { return b.start < NyseCalendar::session(day(2025, 7, 7))->open; });
  EXPECT_NE(world.run().error.find("none of the 20 sessions"), std::string::npos);
  world.options.warmup_sessions = 0;
  EXPECT_EQ(world.run().error, "");
}

TEST(MockRun, SessionLogShowsTheRunningMrdEveryMinute) {
  const MockWorld world = testing::walking_world(day(2025, 7, 7), day(2025, 7, 7), 3, 5);
  const std::string log = world.run().files.begin()->second.session_log;
  std::istringstream in(log);
  int with_mrd = 0;
  for (std::string line; std::getline(in, line);) with_mrd += line.find(" MRD ") != std::string::npos;
  EXPECT_EQ(with_mrd, 390);
}

TEST(MockRun, EntriesTakeTheirShareOfTheVolumeAndExpireAfterFiveSets) {
  MockWorld world = testing::walking_world(day(2025, 7, 7), day(2025, 7, 7), 0, 5, {.volume = 100});
  const Captured run = world.run(testing::random_signals(6, 5));
  int expired = 0;
  for (const auto& d : lines(run.files.begin()->second.decisions)) expired += d["reason"] == "entry_expired";
  EXPECT_GT(expired, 10);
  for (const auto& t : lines(run.files.begin()->second.trades)) {
    if (t["side"] == "buy") {
      EXPECT_LE(t["qty"].get<double>(), 12);  // a tenth of at most 120 shares
    }
  }
  EXPECT_TRUE(run.result.days[0].flat_at_close);
}

}  // namespace
}  // namespace sentio
