// What independent counts over the real files say (row counts only; no vendor number is repeated here).

#include <gtest/gtest.h>

#include <map>

#include "market_data.h"
#include "sentio/data/bar_verification.h"

namespace sentio {
namespace {

using testing::market_data;

Date day(std::string_view text) {
  return parse_date(text).value();
}

SymbolBars must_read(const std::string& file, const CsvReadOptions& options = {}) {
  auto found = read_bars(market_data() / file, options);
  EXPECT_TRUE(found.has_value()) << found.error().message();
  return found.value_or(SymbolBars{});
}

std::map<Date, SessionCoverage> coverage(const SymbolBars& bars) {
  std::map<Date, SessionCoverage> by_date;
  for (const auto& session : verify_bars(bars).sessions) by_date[session.date] = session;
  return by_date;
}

TEST(RealBars, OfTqqqAreFiveWholeMonths) {
  SENTIO_NEEDS_MARKET_DATA();
  const auto file = find_bar_file(market_data() / "twelve", "TQQQ");
  ASSERT_TRUE(file.has_value());
  const auto bars = read_bars(*file).value();
  EXPECT_EQ(bars.symbol, "TQQQ");
  EXPECT_EQ(bars.bars.size(), 40'770U);
  EXPECT_EQ(bars.closing_prints.size(), 105U);
  EXPECT_EQ(bars.outside_session, 106);  // and the 16:00 print of the half day
  const auto report = verify_bars(bars);
  EXPECT_EQ(report.sessions.size(), 105U);
  EXPECT_EQ(report.missing_minutes, 0);
  EXPECT_TRUE(report.absent_sessions.empty());
  const auto half_day = coverage(bars).at(day("2025-07-03"));
  EXPECT_EQ(half_day.minutes, 210);
  EXPECT_EQ(half_day.bars, 210);
}

TEST(RealBars, OfTheTwelveCoverEverySession) {
  SENTIO_NEEDS_MARKET_DATA();
  for (const auto* symbol :
       {"ERX", "ERY", "FAS", "FAZ", "SDS", "SQQQ", "SSO", "SVIX", "TNA", "TQQQ", "TZA", "UVXY"}) {
    const auto report = verify_bars(must_read(std::string("twelve/") + symbol + "_RTH_NH.csv.gz"));
    EXPECT_EQ(report.sessions.size(), 105U) << symbol;
    EXPECT_TRUE(report.absent_sessions.empty()) << symbol;
  }
}

TEST(RealBars, OfASparseSymbolMissAThirdOfTheirMinutes) {
  SENTIO_NEEDS_MARKET_DATA();
  const auto report = verify_bars(must_read("twelve/ERY_RTH_NH.csv.gz"));
  EXPECT_EQ(report.missing_minutes, 40'770 - 26'494);
}

TEST(RealBars, ShowTheMarketWideHaltsOfMarch2020) {
  SENTIO_NEEDS_MARKET_DATA();
  const auto bars = must_read("spy-sip/SPY_1min_sip_exthours_2020.csv.gz");
  EXPECT_EQ(bars.bars.size(), 98'254U);
  const auto report = verify_bars(bars);
  EXPECT_EQ(report.sessions.size(), 253U);
  EXPECT_TRUE(report.absent_sessions.empty());
  std::vector<Date> halted;
  for (const auto& session : report.sessions) {
    if (session.missing() == 0) continue;
    halted.push_back(session.date);
    EXPECT_EQ(session.missing(), 14) << format_date(session.date);
    EXPECT_EQ(session.longest_gap, 14) << format_date(session.date);
  }
  const std::vector<Date> want = {day("2020-03-09"), day("2020-03-12"), day("2020-03-16"), day("2020-03-18")};
  EXPECT_EQ(halted, want);
}

TEST(RealBars, ShowTheVendorOutageOf2021) {
  SENTIO_NEEDS_MARKET_DATA();
  const auto bars = must_read("spy-sip/SPY_1min_sip_exthours_2021.csv.gz");
  EXPECT_EQ(bars.bars.size(), 98'095U);
  const auto report = verify_bars(bars);
  EXPECT_EQ(report.missing_minutes, 5);
  const auto outage = coverage(bars).at(day("2021-05-05"));
  EXPECT_EQ(outage.longest_gap, 5);
  EXPECT_EQ(outage.longest_gap_minute, 117);  // 11:27
}

TEST(RealBars, StayWholeOverClockChangesAndHalfDays) {
  SENTIO_NEEDS_MARKET_DATA();
  const std::map<std::string, std::vector<std::pair<std::string, int>>> rows = {
      {"2020",
       {{"2020-03-06", 390},
        {"2020-10-30", 390},
        {"2020-11-02", 390},
        {"2020-11-27", 210},
        {"2020-12-24", 210}}},
      {"2021",
       {{"2021-03-12", 390},
        {"2021-03-15", 390},
        {"2021-11-05", 390},
        {"2021-11-08", 390},
        {"2021-11-26", 210}}},
  };
  for (const auto& [year, days] : rows) {
    const auto by_date = coverage(must_read("spy-sip/SPY_1min_sip_exthours_" + year + ".csv.gz"));
    for (const auto& [date, minutes] : days) {
      EXPECT_EQ(by_date.at(day(date)).minutes, minutes) << date;
      EXPECT_EQ(by_date.at(day(date)).missing(), 0) << date;
    }
  }
}

TEST(RealBars, AreCutToTheDatesAskedFor) {
  SENTIO_NEEDS_MARKET_DATA();
  const auto bars =
      must_read("six/SVXY_RTH_NH.csv.gz", {.first = day("2025-09-22"), .last = day("2025-09-23")});
  ASSERT_FALSE(bars.bars.empty());
  EXPECT_EQ(new_york_date(bars.bars.front().start), day("2025-09-22"));
  EXPECT_EQ(new_york_date(bars.bars.back().start), day("2025-09-23"));
  EXPECT_LE(bars.closing_prints.size(), 2U);
}

}  // namespace
}  // namespace sentio
