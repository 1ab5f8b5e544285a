#include <gtest/gtest.h>

#include "check_cases.h"
#include "csv_files.h"
#include "market_data.h"
#include "sentio/data/file_verification.h"

namespace sentio {
namespace {

using testing::summary;

using Lines = std::vector<std::string>;

const WantedRange kUntilFriday{.last = testing::day("2025-09-26"), .now = testing::at("2025-09-27 12:00")};

std::string text_of(const std::vector<Bar>& bars) {
  std::string text = "timestamp,open,high,low,close,volume\n";
  for (const Bar& bar : bars) {
    char line[160];
    std::snprintf(line, sizeof line, "%s,%.2f,%.2f,%.2f,%.2f,%.0f\n", format_new_york(bar.start).c_str(),
                  bar.open, bar.high, bar.low, bar.close, bar.volume);
    text += line;
  }
  return text;
}

TEST(VerifyFolder, OfSoundFilesFindsNothing) {
  const testing::TemporaryFolder folder;
  (void)folder.write("AAA_RTH_NH.csv", text_of(testing::calm("2025-09-22", "2025-09-26", 1)));
  (void)folder.write("BBB_RTH_NH.csv", text_of(testing::calm("2025-09-22", "2025-09-26", 2)));
  const auto result = verify_folder(folder.path(), bar_file_symbols(folder.path()), {}, kUntilFriday);
  EXPECT_EQ(summary(result.findings), Lines{});
  ASSERT_EQ(result.files.size(), 2U);
  EXPECT_EQ(result.files[1].symbol, "BBB");
  EXPECT_EQ(result.files[1].rows, 1950);
  EXPECT_EQ(result.files[1].bars, 1950);
  EXPECT_EQ(result.files[1].minutes, 1950);
  EXPECT_EQ(result.files[1].first, testing::at("2025-09-22 09:30"));
  EXPECT_EQ(result.files[1].last, testing::at("2025-09-26 15:59"));
}

TEST(VerifyFolder, GoesOnBesideFilesThatCannotBeRead) {
  const testing::TemporaryFolder folder;
  (void)folder.write("BAD_RTH_NH.csv", "<html>\x1b[31m429</html>\n");
  (void)folder.write("EMPTY_RTH_NH.csv", "timestamp,open,high,low,close,volume\n");
  (void)folder.write("GOOD_RTH_NH.csv", "# SYNTHETIC\n" + text_of(testing::calm("2025-09-22", "2025-09-26")));
  const std::vector<std::string> symbols = {"BAD", "EMPTY", "GOOD", "NONE"};
  const auto result = verify_folder(folder.path(), symbols, {}, kUntilFriday);
  EXPECT_EQ(summary(result.findings), (Lines{"refused unreadable x1", "refused no_bars x1",
                                             "noted synthetic x1", "refused unreadable x1"}));
  EXPECT_EQ(result.findings[3].symbol, "NONE");
  EXPECT_FALSE(result.files[0].readable);
  EXPECT_TRUE(result.files[2].measured.synthetic);
  EXPECT_EQ(result.of("GOOD").size(), 1U);
  EXPECT_EQ(result.counts().refused, 3);
}

TEST(VerifyRows, OfAWrongClockSaysThatOnly) {
  auto bars = testing::calm("2025-09-22", "2025-09-26");
  for (Bar& bar : bars) bar.start -= std::chrono::hours{4};
  EXPECT_EQ(summary(verify_rows({.symbol = "A", .bars = bars}, kUntilFriday).findings),
            Lines{"refused wrong_clock x5"});
}

TEST(VerifyRows, OfColumnsInAnotherOrderSaysThatOnly) {
  auto bars = testing::calm("2025-09-22", "2025-09-26");
  for (Bar& bar : bars) std::swap(bar.low, bar.high);
  const SymbolChecks checks = verify_rows({.symbol = "A", .bars = bars}, kUntilFriday);
  ASSERT_EQ(checks.findings.size(), 1U);
  EXPECT_EQ(checks.findings[0].kind, FindingKind::bad_number);
}

// ---- Real bars: what fires where, as docs/data-checks.md lists it. ----

const WantedRange kAsItIs{.now = testing::at("2026-01-02 18:00")};

/// "kind xCOUNT" of everything but notes.
Lines raised(const Findings& findings) {
  Lines lines;
  for (const Finding& finding : findings) {
    if (finding.severity == Severity::noted) continue;
    lines.push_back(finding.symbol + (finding.symbol.empty() ? "" : " ") +
                    std::string(to_string(finding.kind)) + " x" + std::to_string(finding.count));
  }
  return lines;
}

FolderVerification folder_of(const std::string& name, const char* last) {
  const std::vector<SymbolInfo> known = {{.name = "ERX", .leverage = 2, .underlying = "energy"},
                                         {.name = "ERY", .leverage = -2, .underlying = "energy"},
                                         {.name = "FAS", .leverage = 3, .underlying = "banks"},
                                         {.name = "FAZ", .leverage = -3, .underlying = "banks"},
                                         {.name = "SDS", .leverage = -2, .underlying = "sp500"},
                                         {.name = "SSO", .leverage = 2, .underlying = "sp500"},
                                         {.name = "SPXL", .leverage = 3, .underlying = "sp500"},
                                         {.name = "SQQQ", .leverage = -3, .underlying = "nasdaq"},
                                         {.name = "TQQQ", .leverage = 3, .underlying = "nasdaq"},
                                         {.name = "TNA", .leverage = 3, .underlying = "russell"},
                                         {.name = "TZA", .leverage = -3, .underlying = "russell"},
                                         {.name = "UVXY", .leverage = 1.5, .underlying = "vix"},
                                         {.name = "SVXY", .leverage = -0.5, .underlying = "vix"},
                                         {.name = "SVIX", .leverage = -1, .underlying = "vix"}};
  const auto folder = testing::market_data() / name;
  return verify_folder(folder, bar_file_symbols(folder), known,
                       {.last = testing::day(last), .now = kAsItIs.now});
}

Findings file_of(const std::string& name) {
  auto rows = read_rows(testing::market_data() / name);
  EXPECT_TRUE(rows.has_value());
  return rows ? verify_rows(*std::move(rows), kAsItIs).findings : Findings{};
}

TEST(VerifyRealBars, OfTwelveFindTheHaltsAndTheBadPrintsOfApril2025) {
  SENTIO_NEEDS_MARKET_DATA();
  const auto result = folder_of("twelve", "2025-08-29");
  EXPECT_EQ(raised(result.findings),
            (Lines{"ERY bad_print x5", "FAS bad_print x6", "FAZ bad_print x22", "SDS bad_print x26",
                   "SQQQ bad_print x1", "SSO bad_print x25", "SVIX bad_print x4", "TNA bad_print x26",
                   "TQQQ bad_print x2", "TZA bad_print x25", "UVXY gap x2", "UVXY bad_print x6"}));
  for (const Finding& finding : result.findings) {
    if (finding.symbol == "UVXY" && finding.kind == FindingKind::gap) {
      EXPECT_EQ(finding.first, testing::at("2025-04-07 10:14"));
      EXPECT_EQ(finding.last, testing::at("2025-04-09 13:36"));
    }
  }
}

/// The storm days alone: halts and moves of several per cent a minute, none of them taken for a bad print.
TEST(VerifyRealBars, OfTheHardestDaysRaiseNoFalseAlarm) {
  SENTIO_NEEDS_MARKET_DATA();
  const auto bad_prints_on = [](const std::string& file, const char* date) {
    auto rows =
        read_rows(testing::market_data() / file, {.first = testing::day(date), .last = testing::day(date)})
            .value();
    return check_prints(make_history("X", std::move(rows.bars))).size() + 0U;
  };
  for (const char* date : {"2020-03-09", "2020-03-12", "2020-03-16", "2020-03-18"}) {
    EXPECT_EQ(bad_prints_on("spy-sip/SPY_1min_sip_exthours_2020.csv.gz", date), 0U) << date;
    EXPECT_EQ(bad_prints_on("hard-days/UPRO_1min_sparse_2020-01_2020-06.csv.gz", date), 0U) << date;
  }
  for (const char* symbol :
       {"ERX", "ERY", "FAS", "FAZ", "SDS", "SQQQ", "SSO", "SVIX", "TNA", "TQQQ", "TZA", "UVXY"}) {
    for (const char* date :
         {"2025-04-03", "2025-04-04", "2025-04-07", "2025-04-08", "2025-04-09", "2025-04-10"}) {
      EXPECT_EQ(bad_prints_on(std::string("twelve/") + symbol + "_RTH_NH.csv.gz", date), 0U)
          << symbol << " " << date;
    }
  }
}

TEST(VerifyRealBars, OfSixFindNothing) {
  SENTIO_NEEDS_MARKET_DATA();
  EXPECT_EQ(raised(folder_of("six", "2025-09-26").findings), Lines{});
}

TEST(VerifyRealBars, OfASipFindTheHaltsTheOutageAndThreeBadPrints) {
  SENTIO_NEEDS_MARKET_DATA();
  EXPECT_EQ(raised(file_of("spy-sip/SPY_1min_sip_exthours_2020.csv.gz")),
            (Lines{"SPY gap x4", "SPY bad_print x3"}));
  EXPECT_EQ(raised(file_of("spy-sip/SPY_1min_sip_exthours_2021.csv.gz")), Lines{"SPY gap x1"});
}

TEST(VerifyRealBars, WithExtendedHoursAreNoWrongClock) {
  SENTIO_NEEDS_MARKET_DATA();
  EXPECT_EQ(raised(file_of("index-etf/QQQ_1min_exthours_2025-04-30_2025-07-03.csv.gz")),
            (Lines{"QQQ late_open x1", "QQQ bad_print x2"}));
  EXPECT_EQ(raised(file_of("index-etf/TQQQ_1min_exthours_2025-04-30_2025-07-03.csv.gz")),
            (Lines{"TQQQ late_open x1", "TQQQ bad_print x2"}));
}

TEST(VerifyRealBars, OfHardDays) {
  SENTIO_NEEDS_MARKET_DATA();
  EXPECT_EQ(raised(file_of("hard-days/SPXL_1min_rth_2025-04-07.csv.gz")), Lines{});
  EXPECT_EQ(raised(file_of("hard-days/UPRO_1min_sparse_2020-01_2020-06.csv.gz")),
            (Lines{"UPRO gap x15", "UPRO early_end x1", "UPRO short_day x24", "UPRO jump x1"}));
}

/// An hour or a minute off must be seen on real files of every kind, too.
TEST(VerifyRealBars, ShiftedAreSeen) {
  SENTIO_NEEDS_MARKET_DATA();
  for (const char* file : {"twelve/TQQQ_RTH_NH.csv.gz", "twelve/ERY_RTH_NH.csv.gz", "six/SVXY_RTH_NH.csv.gz",
                           "spy-sip/SPY_1min_sip_exthours_2021.csv.gz",
                           "index-etf/QQQ_1min_exthours_2025-04-30_2025-07-03.csv.gz"}) {
    const BarRows rows = read_rows(testing::market_data() / file).value();
    for (const auto& [minutes, kind] :
         {std::pair{60, FindingKind::wrong_clock}, std::pair{-240, FindingKind::wrong_clock},
          std::pair{1, FindingKind::end_stamped}}) {
      auto bars = rows.bars;
      for (Bar& bar : bars) bar.start += std::chrono::minutes{minutes};
      const Findings found = check_clock(make_history("X", std::move(bars)));
      ASSERT_FALSE(found.empty()) << file << " " << minutes;
      EXPECT_EQ(found[0].kind, kind) << file << " " << minutes << " " << found[0].text;
    }
  }
}

}  // namespace
}  // namespace sentio
