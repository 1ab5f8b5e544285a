/// Learner health from the limit in the configuration to the line in the day's files.

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <sstream>

#include "mock_world.h"
#include "sentio/mock/learner_report.h"

namespace sentio {
namespace {

using testing::Captured;
using testing::day;
using testing::MockWorld;

std::vector<nlohmann::json> lines(const std::string& text) {
  std::vector<nlohmann::json> all;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) all.push_back(nlohmann::json::parse(line));
  return all;
}

std::size_t blocked_as_unhealthy(const DayFiles& files) {
  std::size_t n = 0;
  for (const auto& line : lines(files.decisions)) n += line.at("reason") == "learner_unhealthy";
  return n;
}

MockWorld world_of_two_days() {
  return testing::walking_world(day(2025, 7, 1), day(2025, 7, 2), 3, 11);
}

TEST(LearnerLimits, ABrokenLimitStopsTheNextSessionsEntriesAndSaysSo) {
  MockWorld world = world_of_two_days();
  const Captured free = world.run();
  ASSERT_EQ(free.files.size(), 2U) << free.error;
  for (const auto& [date, files] : free.files) {
    EXPECT_FALSE(files.trades.empty());
    EXPECT_EQ(blocked_as_unhealthy(files), 0U);
  }
  world.options.config.health.max_condition = 2;  // the handbook's learner is far beyond
  const Captured stopped = world.run();
  for (const auto& [date, files] : stopped.files) {
    EXPECT_TRUE(files.trades.empty());
    EXPECT_GT(blocked_as_unhealthy(files), 0U);
    EXPECT_EQ(files.signals, free.files.at(date).signals);  // learning and signals go on
    ASSERT_EQ(lines(files.health).size(), 6U);
    for (const auto& line : lines(files.health)) {
      EXPECT_EQ(line.at("healthy"), false);
      EXPECT_EQ(line.at("limit"), "condition");
      EXPECT_GT(line.at("condition"), 2.0);
    }
    EXPECT_NE(files.session_log.find("NO ENTRIES next session: condition beyond its limit"),
              std::string::npos);
  }
}

// Limits are judged at session ends: what the first day's close says holds for the second day, not for the
// first.
TEST(LearnerLimits, ALimitBrokenAtTheCloseStopsTheNextDayOnly) {
  MockWorld world = world_of_two_days();
  const Captured free = world.run();
  const Date first = day(2025, 7, 1), second = day(2025, 7, 2);
  // The worst of three horizons' errors of every symbol: at the open of the first day and at its close.
  const auto worst = [](const std::vector<nlohmann::json>& learners) {
    std::map<std::string, double> by_symbol;
    for (const auto& learner : learners) {
      for (const auto& h : learner.at("horizons")) {
        double& most = by_symbol[learner.at("symbol")];
        most = std::max(most, h.at("rmse_ratio").get<double>());
      }
    }
    return by_symbol;
  };
  MockOptions options = world.options;
  options.last = first;
  options.range = false;
  std::vector<nlohmann::json> at_open;
  const auto report = report_learners(options, world.bars);
  ASSERT_TRUE(report.has_value());
  for (const std::string& line : report->lines) at_open.push_back(nlohmann::json::parse(line));
  const auto open = worst(at_open), close = worst(lines(free.files.at(first).health));
  const auto gap = std::max_element(open.begin(), open.end(), [&](const auto& a, const auto& b) {
    return close.at(a.first) - a.second < close.at(b.first) - b.second;
  });
  const std::string symbol = gap->first;
  ASSERT_GT(close.at(symbol), gap->second);
  world.options.config.health.max_rmse_ratio = (gap->second + close.at(symbol)) / 2;

  const Captured limited = world.run();
  const auto blocked = [&](Date date) {
    std::size_t n = 0;
    for (const auto& line : lines(limited.files.at(date).decisions))
      n += line.at("symbol") == symbol && line.at("reason") == "learner_unhealthy";
    return n;
  };
  EXPECT_EQ(blocked(first), 0U);
  EXPECT_GT(blocked(second), 0U);
  for (const auto& line : lines(limited.files.at(second).decisions)) {
    EXPECT_FALSE(line.at("symbol") == symbol && line.at("action") == "enter");
  }
  for (const auto& line : lines(limited.files.at(first).health)) {
    if (line.at("symbol") != symbol) continue;
    EXPECT_EQ(line.at("limit"), "rmse_ratio");
    EXPECT_TRUE(line.contains("limit_horizon"));
  }
}

TEST(LearnerLimits, TheReportShowsTheLearnersADayStartsWith) {
  MockWorld world = world_of_two_days();
  world.options.first = world.options.last = day(2025, 7, 2);
  world.options.range = false;
  const auto report = report_learners(world.options, world.bars).value();
  ASSERT_EQ(report.lines.size(), 6U);
  EXPECT_TRUE(report.warning.empty());
  EXPECT_NE(report.table.find("TQQQ"), std::string::npos);

  // A run over the same sessions whose last one is traded ends with the same learners.
  world.options.first = world.options.last = day(2025, 7, 1);
  world.options.warmup_sessions = 2;
  const std::string health = world.run().files.at(day(2025, 7, 1)).health;
  std::string joined;
  for (const auto& line : report.lines) joined += line;
  EXPECT_EQ(joined, health);
}

TEST(LearnerLimits, TheReportSaysWhatIsMissing) {
  MockWorld world = world_of_two_days();
  world.options.warmup_sessions = 9;
  EXPECT_NE(report_learners(world.options, world.bars).value().warning.find("only 3 of the 9"),
            std::string::npos);
  for (SymbolBars& symbol : world.bars) symbol.bars.clear();
  const auto nothing = report_learners(world.options, world.bars);
  ASSERT_FALSE(nothing.has_value());
  EXPECT_EQ(nothing.error().code, Errc::not_found);
}

}  // namespace
}  // namespace sentio
