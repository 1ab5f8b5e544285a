// What every load asks of bars: one generated case a kind, and the neighbours that must stay silent.

#include <gtest/gtest.h>

#include "check_cases.h"
#include "csv_files.h"
#include "market_data.h"
#include "sentio/data/load_checks.h"

namespace sentio {
namespace {

using namespace std::chrono_literals;
using testing::at;
using testing::bar_at;
using testing::calm;
using testing::summary;
using testing::TemporaryFolder;
using Bars = std::vector<Bar>;
using Lines = std::vector<std::string>;

constexpr const char *kFirst = "2025-09-15", *kTraded = "2025-09-26";  // ten sessions, the last one traded

LoadPlan plan_of(std::string_view first = kFirst, std::string_view traded = kTraded) {
  LoadPlan plan{.warm_up = NyseCalendar::sessions(testing::day(first), testing::day(traded))};
  plan.traded = {plan.warm_up.back()};
  plan.warm_up.pop_back();
  return plan;
}

/// As they come from a file of a symbol.
SymbolBars written(const std::string& symbol, const Bars& bars, const CsvReadOptions& options = {}) {
  std::string text = "timestamp,open,high,low,close,volume\n";
  for (const Bar& bar : bars) {
    text += std::to_string(epoch_seconds(bar.start));
    for (const double value : {bar.open, bar.high, bar.low, bar.close, bar.volume}) text += "," + std::to_string(value);
    text += "\n";
  }
  const TemporaryFolder folder;
  auto read = read_bars(folder.write(symbol + "_RTH_NH.csv", text), options);
  EXPECT_TRUE(read.has_value()) << read.error().message();
  return read.value_or(SymbolBars{});
}

const std::vector<SymbolInfo>& known() {
  static const std::vector<SymbolInfo> infos = {
      {.name = "SQQQ", .leverage = -3, .underlying = "Nasdaq-100"},
      {.name = "TQQQ", .leverage = 3, .underlying = "Nasdaq-100"},
      {.name = "UVXY", .leverage = 1.5, .underlying = "VIX short-term futures"}};
  return infos;
}

Bars ten_sessions(std::uint64_t seed = 1) { return calm(kFirst, kTraded, seed); }

template <class Condition>
Bars without(Bars bars, const Condition& condition) {
  std::erase_if(bars, condition);
  return bars;
}

Bars without(Bars bars, std::string_view from, std::string_view to) {
  return without(std::move(bars), [=](const Bar& bar) { return bar.start >= at(from) && bar.start < at(to); });
}

Bars from_then_on(Bars bars, std::string_view minute, double prices, double volume) {
  for (Bar& bar : bars) {
    if (bar.start >= at(minute)) testing::scale(bar, prices, volume);
  }
  return bars;
}

Bars later(Bars bars, std::chrono::minutes by) {
  for (Bar& bar : bars) bar.start += by;
  return bars;
}

/// The same walk upside down: what a fund of the opposite leverage does.
Bars mirrored(Bars bars) {
  for (Bar& bar : bars) {
    bar = {bar.start, 2500 / bar.open, 2500 / bar.low, 2500 / bar.high, 2500 / bar.close, bar.volume + 1};
  }
  return bars;
}

class CheckLoad : public ::testing::TestWithParam<testing::CheckCase> {};

TEST_P(CheckLoad, OfOneFileAmongTwoFindsExactly) {
  const std::vector<SymbolBars> bars = {written("TQQQ", GetParam().make()), written("UVXY", ten_sessions(7))};
  EXPECT_EQ(summary(check_load(bars, known(), plan_of())), GetParam().expected);
}

Bars one_five_minute_day() {
  return without(ten_sessions(), [](const Bar& bar) {
    return new_york_date(bar.start) == testing::day("2025-09-18") && epoch_seconds(bar.start) / 60 % 5 != 0;
  });
}

/// 14 minutes without a bar, as the market-wide halts of March 2020.
Bars halted() { return without(ten_sessions(), "2025-09-26 10:00", "2025-09-26 10:14"); }

Bars every_third_minute_missing() {
  return without(ten_sessions(), [](const Bar& bar) { return bar_id("T", bar.start) % 3 == 0 && new_york_time_of_day(bar.start) != 9h + 30min; });
}

Bars filled(std::string_view from, std::string_view to) {
  Bars bars = ten_sessions();
  double last = 0;
  for (Bar& bar : bars) {
    if (bar.start >= at(from) && bar.start < at(to)) bar = {bar.start, last, last, last, last, 0};
    last = bar.close;
  }
  return bars;
}

Bars bad_print() {
  Bars bars = ten_sessions();
  testing::scale(bar_at(bars, "2025-09-24 11:00"), 2);
  return bars;
}

INSTANTIATE_TEST_SUITE_P(
    Files, CheckLoad,
    ::testing::Values(
        testing::CheckCase{"Sound", [] { return ten_sessions(); }, {}},
        testing::CheckCase{"AHaltIsNoGap", halted, {}},
        testing::CheckCase{"AThinFundIsWhole", every_third_minute_missing, {}},
        testing::CheckCase{"WrongClock", [] { return later(ten_sessions(), -240min); }, {"refused wrong_clock x10"}},
        testing::CheckCase{"EndStamped", [] { return later(ten_sessions(), 1min); }, {"refused end_stamped x10"}},
        testing::CheckCase{"OneDayOfLongerBars", one_five_minute_day, {"refused bar_length x1"}},
        testing::CheckCase{"FilledMinutes", [] { return filled("2025-09-24 11:00", "2025-09-24 11:20"); },
                           {"warned filled x20"}},
        testing::CheckCase{"FilledToTheEndOfTheTradedDay",
                           [] { return filled("2025-09-26 14:00", "2025-09-26 16:00"); },
                           {"warned filled x120", "refused early_end x1"}},
        testing::CheckCase{"SplitOverNight", [] { return from_then_on(ten_sessions(), "2025-09-22 09:30", 0.5, 2); },
                           {"warned split x1"}},
        testing::CheckCase{"ConsolidationOverNight",
                           [] { return from_then_on(ten_sessions(), "2025-09-26 09:30", 10, 0.1); },
                           {"warned split x1"}},
        testing::CheckCase{"SplitInsideASession", [] { return from_then_on(ten_sessions(), "2025-09-22 11:00", 0.5, 2); },
                           {"refused split x1"}},
        testing::CheckCase{"SplitAtTheLastMinutes", [] { return from_then_on(ten_sessions(), "2025-09-26 15:57", 3, 1); },
                           {"refused split x1"}},
        testing::CheckCase{"AMoveThatNoSplitExplains",
                           [] { return from_then_on(ten_sessions(), "2025-09-22 11:00", 2.4, 1); },
                           {"warned jump x1"}},
        testing::CheckCase{"ABadPrintIsNoSplit", bad_print, {}},
        testing::CheckCase{"TradedDayEndsEarly",
                           [] { return without(ten_sessions(), "2025-09-26 12:00", "2025-09-27 00:00"); },
                           {"refused early_end x1"}},
        testing::CheckCase{"TradedDayIsMissing",
                           [] { return without(ten_sessions(), "2025-09-26 00:00", "2025-09-27 00:00"); },
                           {"refused missing_session x1"}},
        testing::CheckCase{"TradedDayBeginsLateInThisFileOnly",
                           [] { return without(ten_sessions(), "2025-09-26 09:30", "2025-09-26 10:16"); },
                           {"warned late_open x1"}},
        testing::CheckCase{"TradedDayLacksItsMiddle",
                           [] { return without(ten_sessions(), "2025-09-26 10:30", "2025-09-26 15:00"); },
                           {"warned gap x1", "refused short_day x1"}},
        testing::CheckCase{"AHalfHourOfAWarmUpDay",
                           [] { return without(ten_sessions(), "2025-09-22 11:00", "2025-09-22 11:31"); },
                           {"warned gap x1"}},
        testing::CheckCase{"ThreeSessionsOfTheWarmUp",
                           [] { return without(ten_sessions(), kFirst + std::string(" 00:00"), "2025-09-23 00:00"); },
                           {"warned missing_session x6"}},
        testing::CheckCase{"AWarmUpDayEndsEarly",
                           [] { return without(ten_sessions(), "2025-09-22 12:00", "2025-09-23 00:00"); },
                           {"warned early_end x1"}},
        testing::CheckCase{"TwoThings",
                           [] {
                             return without(without(ten_sessions(), "2025-09-22 12:00", "2025-09-23 00:00"),
                                            "2025-09-26 12:00", "2025-09-27 00:00");
                           },
                           {"warned early_end x1", "refused early_end x1"}}),
    testing::name_of);

TEST(LoadChecks, OfAllFilesCutAtOnceNameEachOfThem) {
  const auto cut = [](const Bars& bars) { return without(bars, "2025-09-26 09:30", "2025-09-26 10:16"); };
  const std::vector<SymbolBars> bars = {written("TQQQ", cut(ten_sessions())), written("UVXY", cut(ten_sessions(7)))};
  EXPECT_EQ(summary(check_load(bars, known(), plan_of())), (Lines{"refused late_open x1", "refused late_open x1"}));
}

TEST(LoadChecks, AnHourMissingInTheMiddleIsNamedWithItsTimes) {
  const std::vector<SymbolBars> bars = {written("TQQQ", without(ten_sessions(), "2025-09-26 11:00", "2025-09-26 12:10"))};
  const Findings found = check_load(bars, known(), plan_of());
  ASSERT_EQ(summary(found), Lines{"warned gap x1"});
  EXPECT_NE(found[0].text.find("2025-09-26 11:00 to 12:10"), std::string::npos) << found[0].text;
}

TEST(LoadChecks, ASessionThatNobodyHasIsTheRunsBusiness) {
  const auto cut = [](const Bars& bars) { return without(bars, "2025-09-17 00:00", "2025-09-18 00:00"); };
  const std::vector<SymbolBars> bars = {written("TQQQ", cut(ten_sessions())), written("UVXY", cut(ten_sessions(7)))};
  EXPECT_EQ(summary(check_load(bars, known(), plan_of())), Lines{});
}

TEST(LoadChecks, OneFileUnderTwoNamesIsATwin) {
  Bars changed = ten_sessions();  // yesterday's copy: the last day is its own
  for (Bar& bar : changed) {
    if (bar.start >= at("2025-09-26 00:00")) testing::scale(bar, 1.01);
  }
  const std::vector<SymbolBars> bars = {written("UVXY", changed), written("TQQQ", ten_sessions())};
  const Findings found = check_load(bars, known(), plan_of());
  ASSERT_EQ(summary(found), Lines{"warned twin x9"});
  EXPECT_EQ(found[0].symbol, "UVXY");
  EXPECT_NE(found[0].text.find("the rows of TQQQ in 9 sessions"), std::string::npos) << found[0].text;
}

TEST(LoadChecks, FundsThatMoveAgainstTheirLeverageAreNamed) {
  const Bars walk = ten_sessions();
  const auto pair = [&](const Bars& sqqq) {
    return summary(check_load(std::vector{written("SQQQ", sqqq), written("TQQQ", walk)}, known(), plan_of()));
  };
  EXPECT_EQ(pair(mirrored(walk)), Lines{});
  Bars louder = walk;  // with the market instead of against it, and not the same file
  for (Bar& bar : louder) bar.volume += 1;
  const Lines found = pair(louder);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_TRUE(found[0].starts_with("warned relation")) << found[0];
  EXPECT_EQ(pair(calm(kFirst, kTraded, 9)), Lines{});  // says nothing either way
}

TEST(LoadChecks, TheStampOfTheEndIsTakenOff) {
  const std::vector<SymbolBars> bars = {written("TQQQ", later(ten_sessions(), 1min), {.stamp = BarStamp::end})};
  EXPECT_EQ(summary(check_load(bars, known(), plan_of())), Lines{});
  const std::vector<SymbolBars> wrong = {written("TQQQ", ten_sessions(), {.stamp = BarStamp::end})};
  EXPECT_EQ(summary(check_load(wrong, known(), plan_of())), Lines{"refused end_stamped x10"});
}

TEST(LoadChecks, TwoTimeColumnsMustAgree) {
  const TemporaryFolder folder;
  std::string text = "ts_utc,ts_nyt_epoch,open,high,low,close,volume\n";
  for (const Bar& bar : ten_sessions()) {
    text += format_utc(bar.start - 4h) + "," + std::to_string(epoch_seconds(bar.start)) + ",1,1,1,1,1\n";
  }
  const auto bars = read_bars(folder.write("TQQQ_RTH_NH.csv", text));
  ASSERT_TRUE(bars.has_value()) << bars.error().message();
  EXPECT_EQ(summary(check_load({&*bars, 1}, known(), plan_of())), Lines{"refused two_clocks x3900"});
}

TEST(AcceptedData, RunsWhatIsNamedAndNothingElse) {
  const std::vector<SymbolBars> bars = {
      written("TQQQ", without(ten_sessions(), "2025-09-26 12:00", "2025-09-27 00:00"))};
  const Findings found = check_load(bars, known(), plan_of());
  const Result<> refused = refuse_load(found, {});
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(exit_code(refused.error().code), ExitCode::data);
  EXPECT_EQ(refused.error().message(),
            "TQQQ: early_end: 1 traded session ending early (a download cut short?): 2025-09-26 at 11:59; "
            "--accept-data early_end runs all the same");
  const std::vector<std::string> names = {"split", "early_end", "split"};
  const auto accepted = parse_accepted_data(names);
  ASSERT_TRUE(accepted.has_value());
  EXPECT_EQ(accepted->kinds.size(), 2U);
  EXPECT_TRUE(refuse_load(found, *accepted).has_value());
  EXPECT_TRUE(load_line(found[0], *accepted).ends_with(" [accepted by --accept-data]"));
  EXPECT_FALSE(refuse_load(found, {.kinds = {FindingKind::split}}).has_value());
}

TEST(AcceptedData, IsNothingElseThanWhatALoadRefuses) {
  for (const std::string name : {"bad_number", "filled", "everything", "", "EARLY_END"}) {
    const auto accepted = parse_accepted_data({&name, 1});
    ASSERT_FALSE(accepted.has_value()) << name;
    EXPECT_EQ(accepted.error().code, Errc::usage);
    EXPECT_NE(accepted.error().detail.find("wrong_clock, two_clocks"), std::string::npos);
  }
}

// ---- Nothing fires on real bars but what is there. ----

/// Every session from the first to the last bar as traded.
Lines found_in(const std::vector<std::filesystem::path>& files) {
  std::vector<SymbolBars> bars;
  for (const auto& file : files) {
    auto read = read_bars(file);
    if (!read) throw std::runtime_error(read.error().message());
    bars.push_back(*std::move(read));
  }
  const Date first = new_york_date(bars.front().bars.front().start), last = new_york_date(bars.front().bars.back().start);
  const std::vector<SymbolInfo> infos = {{.name = "SQQQ", .leverage = -3, .underlying = "N"},
                                         {.name = "TQQQ", .leverage = 3, .underlying = "N"},
                                         {.name = "QQQ", .leverage = 1, .underlying = "N"},
                                         {.name = "SPXL", .leverage = 3, .underlying = "S"},
                                         {.name = "SSO", .leverage = 2, .underlying = "S"},
                                         {.name = "SDS", .leverage = -2, .underlying = "S"},
                                         {.name = "FAS", .leverage = 3, .underlying = "F"},
                                         {.name = "FAZ", .leverage = -3, .underlying = "F"},
                                         {.name = "TNA", .leverage = 3, .underlying = "R"},
                                         {.name = "TZA", .leverage = -3, .underlying = "R"},
                                         {.name = "ERX", .leverage = 2, .underlying = "E"},
                                         {.name = "ERY", .leverage = -2, .underlying = "E"},
                                         {.name = "UVXY", .leverage = 1.5, .underlying = "V"},
                                         {.name = "SVXY", .leverage = -0.5, .underlying = "V"},
                                         {.name = "SVIX", .leverage = -1, .underlying = "V"}};
  return summary(check_load(bars, infos, {.traded = NyseCalendar::sessions(first, last)}));
}

std::vector<std::filesystem::path> files_of(const std::string& folder) {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(testing::market_data() / folder)) files.push_back(entry.path());
  std::ranges::sort(files);
  return files;
}

TEST(LoadRealBars, OfTwelveAndOfSixFundsFindNothing) {
  SENTIO_NEEDS_MARKET_DATA();
  EXPECT_EQ(found_in(files_of("twelve")), Lines{});
  EXPECT_EQ(found_in(files_of("six")), Lines{});
}

TEST(LoadRealBars, OfTwoYearsOfTheTapeWithExtendedHoursFindNothing) {
  SENTIO_NEEDS_MARKET_DATA();
  for (const auto& file : files_of("spy-sip")) EXPECT_EQ(found_in({file}), Lines{}) << file;
}

TEST(LoadRealBars, OfTwoFundsWithExtendedHoursFindTheFirstDayOfTheDownload) {
  SENTIO_NEEDS_MARKET_DATA();
  EXPECT_EQ(found_in(files_of("index-etf")), (Lines{"refused late_open x1", "refused late_open x1"}));
}

TEST(LoadRealBars, OfHardDaysFindASparseVenuesSilence) {
  SENTIO_NEEDS_MARKET_DATA();
  for (const auto& file : files_of("hard-days")) {
    const bool sparse = file.filename().string().find("sparse") != std::string::npos;
    const Lines found = found_in({file});
    EXPECT_EQ(found.size(), sparse ? 3U : 0U) << file;  // early_end, short_day, gap: docs/reliability.md
  }
}

}  // namespace
}  // namespace sentio
