#include <gtest/gtest.h>

#include "sentio/data/bar_verification.h"

namespace sentio {
namespace {

using namespace std::chrono_literals;

Date day(std::string_view text) {
  return parse_date(text).value();
}

void add(SymbolBars& bars, std::string_view date, int first, int last, double price, double volume = 100) {
  const auto session = NyseCalendar::session(day(date)).value();
  for (int i = first; i <= last; ++i) {
    bars.bars.push_back({session.minute_start(i), price, price, price, price, volume});
  }
}

TEST(BarVerification, FindsNothingInAWholeSession) {
  SymbolBars bars;
  bars.symbol = "TQQQ";
  add(bars, "2025-07-03", 0, 209, 10);
  const auto report = verify_bars(bars);
  EXPECT_EQ(report.symbol, "TQQQ");
  ASSERT_EQ(report.sessions.size(), 1U);
  EXPECT_EQ(report.sessions[0].date, day("2025-07-03"));
  EXPECT_EQ(report.sessions[0].minutes, 210);
  EXPECT_EQ(report.sessions[0].bars, 210);
  EXPECT_EQ(report.missing_minutes, 0);
  EXPECT_EQ(report.longest_gap, 0);
  EXPECT_TRUE(report.jumps.empty());
  EXPECT_TRUE(report.absent_sessions.empty());
}

TEST(BarVerification, OfNoBarsIsEmpty) {
  const auto report = verify_bars({});
  EXPECT_TRUE(report.sessions.empty());
  EXPECT_EQ(report.missing_minutes, 0);
}

struct GapCase {
  std::string name;
  std::vector<std::pair<int, int>> present;  // first and last minute of each run of bars
  int missing, longest, longest_at;
};

TEST(BarVerification, MeasuresGapsAlsoAtTheEdges) {
  const GapCase rows[] = {
      {"Inside", {{0, 99}, {114, 389}}, 14, 14, 100},
      {"AtTheOpen", {{5, 389}}, 5, 5, 0},
      {"AtTheClose", {{0, 379}}, 10, 10, 380},
      {"TheFirstOfEqualOnes", {{0, 9}, {12, 19}, {22, 389}}, 4, 2, 10},
      {"SingleBar", {{100, 100}}, 389, 289, 101},
  };
  for (const GapCase& row : rows) {
    SymbolBars bars;
    for (const auto& [first, last] : row.present) add(bars, "2025-09-26", first, last, 10);
    const auto report = verify_bars(bars);
    EXPECT_EQ(report.sessions.at(0).missing(), row.missing) << row.name;
    EXPECT_EQ(report.sessions[0].longest_gap, row.longest) << row.name;
    EXPECT_EQ(report.sessions[0].longest_gap_minute, row.longest_at) << row.name;
    EXPECT_EQ(report.missing_minutes, row.missing) << row.name;
    EXPECT_EQ(report.longest_gap, row.longest) << row.name;
  }
}

TEST(BarVerification, NamesSessionsWithoutBarsButNoHolidays) {
  SymbolBars bars;
  add(bars, "2025-07-02", 0, 389, 10);
  add(bars, "2025-07-09", 0, 389, 10);
  const std::vector<Date> want = {day("2025-07-03"), day("2025-07-07"), day("2025-07-08")};
  EXPECT_EQ(verify_bars(bars).absent_sessions, want);
}

TEST(BarVerification, CountsWhatTheReaderLeftOutAndSilentBars) {
  SymbolBars bars;
  bars.synthetic = true;
  bars.outside_session = 7;
  bars.closing_prints = {{day("2025-09-25"), 1}, {day("2025-09-26"), 1}};
  add(bars, "2025-09-26", 0, 9, 10, 0);
  add(bars, "2025-09-26", 10, 389, 10);
  const auto report = verify_bars(bars);
  EXPECT_EQ(report.zero_volume_bars, 10);
  EXPECT_EQ(report.closing_prints, 2);
  EXPECT_EQ(report.outside_session, 7);
  EXPECT_TRUE(report.synthetic);
}

TEST(BarVerification, ReportsJumpsInsideASessionFromTheThresholdOn) {
  SymbolBars bars;
  add(bars, "2025-09-26", 0, 9, 10);
  add(bars, "2025-09-26", 10, 19, 11.5);
  add(bars, "2025-09-26", 20, 389, 11);
  const auto report = verify_bars(bars);
  ASSERT_EQ(report.jumps.size(), 1U);
  EXPECT_EQ(format_new_york(report.jumps[0].at), "2025-09-26T09:40:00-04:00");
  EXPECT_DOUBLE_EQ(report.jumps[0].ratio, 1.15);
  EXPECT_FALSE(report.jumps[0].overnight);
  EXPECT_FALSE(report.jumps[0].split.has_value());
  EXPECT_EQ(verify_bars(bars, {.jump = 0.2}).jumps.size(), 0U);
  EXPECT_EQ(verify_bars(bars, {.jump = 0.04}).jumps.size(), 2U);
}

struct OvernightCase {
  std::string name;
  double before, after;
  std::size_t jumps;
  std::optional<double> split;
};

TEST(BarVerification, SuspectsSplitsOvernightOnly) {
  const OvernightCase rows[] = {
      {"QuietNight", 100, 103, 0, std::nullopt}, {"HardNight", 100, 66, 1, std::nullopt},
      {"TwoForOneAndAFall", 100, 48, 1, 2.0},    {"FiveForOne", 100, 20, 1, 5.0},
      {"OneForTenAndARise", 10, 104, 1, 0.1},    {"OneForFive", 4.2, 20, 1, 0.2},
      {"NearlySeven", 7, 49, 1, std::nullopt},
  };
  for (const OvernightCase& row : rows) {
    SymbolBars bars;
    add(bars, "2025-09-25", 0, 389, row.before);
    add(bars, "2025-09-26", 0, 389, row.after);
    const auto report = verify_bars(bars);
    ASSERT_EQ(report.jumps.size(), row.jumps) << row.name;
    EXPECT_EQ(report.suspected_splits(), row.split ? 1 : 0) << row.name;
    if (row.jumps == 0) continue;
    EXPECT_TRUE(report.jumps[0].overnight) << row.name;
    ASSERT_EQ(report.jumps[0].split.has_value(), row.split.has_value()) << row.name;
    EXPECT_DOUBLE_EQ(report.jumps[0].split.value_or(0), row.split.value_or(0)) << row.name;
  }
}

TEST(BarVerification, RefusesBarsThatNoReaderReturns) {
  SymbolBars twice, closed;
  add(twice, "2025-09-26", 5, 5, 10);
  add(twice, "2025-09-26", 5, 5, 10);
  EXPECT_DEATH((void)verify_bars(twice), "invariant broken");
  add(closed, "2025-09-26", 390, 390, 10);
  EXPECT_DEATH((void)verify_bars(closed), "invariant broken");
}

}  // namespace
}  // namespace sentio
