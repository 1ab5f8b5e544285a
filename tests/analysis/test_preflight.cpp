/// The checklist before real money: each line on its own, and what is said.

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <limits>
#include <ostream>

#include "runs.h"
#include "sentio/analysis/override_reason.h"
#include "sentio/analysis/performance_analyzer.h"
#include "sentio/analysis/preflight.h"
#include "sentio/core/calendar.h"

namespace sentio {
namespace {

using testing::date;

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

/// One that meets everything: +0.8 % on 100,000 USD, 52 % won.
PaperDay good_day(Date when) {
  return {.date = when,
          .equity_start = 100'000,
          .equity_end = 100'800,
          .drawdown_max = 0.021,
          .trades = 100,
          .round_trips = 50,
          .wins = 26,
          .confidence_first_hour = 0.53,
          .strength_sum = 420,
          .strength_count = 1000,
          .symbols_with_bars = {"SQQQ", "TQQQ"}};
}

/// Ten days that end `age` sessions before 2025-10-14.
std::vector<PaperDay> good_days(int n, int age = 1) {
  const auto sessions = NyseCalendar::sessions_before(date(2025, 10, 14), n + age - 1);
  std::vector<PaperDay> days;
  for (int i = 0; i < n; ++i) days.push_back(good_day(sessions[static_cast<std::size_t>(i)].date));
  return days;
}

PreflightFacts good_facts() {
  return {.date = date(2025, 10, 14),
          .paper_folder = "logs/live_trading",
          .days = good_days(10),
          .instruments = {"TQQQ", "SQQQ"},
          .equity = 25'000,
          .keys_real = true,
          .stop_loss_pct = 0.015,
          .alerts_configured = true};
}

const PreflightLine& line(const Preflight& result, const std::string& name) {
  const auto at = std::ranges::find(result.lines, name, &PreflightLine::name);
  EXPECT_NE(at, result.lines.end()) << name;
  return *at;
}

std::vector<std::string> failed(const Preflight& result) {
  std::vector<std::string> names;
  for (const PreflightLine& l : result.lines)
    if (!l.ok) names.push_back(l.name);
  return names;
}

TEST(Preflight, IsReadyWhenEverythingHolds) {
  EXPECT_EQ(preflight_text(preflight(good_facts(), handbook_targets())),
            "✅ Paper sessions  10 of the last 30 sessions, newest 2025-10-13 (1 session old); needs 10, the "
            "newest at most 5 old\n"
            "✅ MRD             +0.80%; needs at least 0.5%\n"
            "✅ Win rate        52.0% of 500 round trips; needs at least 50%\n"
            "✅ Drawdown        2.10% on the worst day; needs at most 5%\n"
            "✅ Trades a day    100.0; needs 50-200\n"
            "✅ Confidence      0.50 reached within the first hour on 10 of 10 days\n"
            "✅ Strength        mean 0.420; needs 0.30-0.70\n"
            "✅ Data            bars of all 2 instruments on 10 days\n"
            "✅ Equity          25,000.00 USD; needs at least 10,000.00 USD\n"
            "✅ Real keys       present\n"
            "✅ Stop loss       1.50% below the average entry\n"
            "✅ Alerts          configured\n"
            "PRE-FLIGHT: READY\n");
}

TEST(Preflight, OfNothingFailsEveryLine) {
  PreflightFacts nothing;
  nothing.paper_folder = "logs/live_trading";
  const Preflight result = preflight(nothing, handbook_targets());
  EXPECT_FALSE(result.ok());
  EXPECT_EQ(failed(result).size(), result.lines.size());
  EXPECT_EQ(preflight_text(result),
            "❌ Paper sessions  no paper day found in logs/live_trading\n"
            "❌ MRD             no paper day found in logs/live_trading\n"
            "❌ Win rate        no paper day found in logs/live_trading\n"
            "❌ Drawdown        no paper day found in logs/live_trading\n"
            "❌ Trades a day    no paper day found in logs/live_trading\n"
            "❌ Confidence      no paper day found in logs/live_trading\n"
            "❌ Strength        no paper day found in logs/live_trading\n"
            "❌ Data            no paper day found in logs/live_trading\n"
            "❌ Equity          0.00 USD; needs at least 10,000.00 USD\n"
            "❌ Real keys       missing: set ALPACA_API_KEY and ALPACA_SECRET_KEY\n"
            "❌ Stop loss       none: set stop_loss_pct above 0 and below 1\n"
            "❌ Alerts          none configured: nobody would hear of trouble\n"
            "PRE-FLIGHT: REFUSED (12 of 12 failed)\n");
  EXPECT_FALSE(Preflight{}.ok()) << "a list without lines proves nothing";
}

/// One fact changed: the named line fails (or none does, where it is empty) and the others still hold.
struct FactCase {
  std::string name;
  std::function<void(PreflightFacts&)> change;
  std::string fails;
  std::string text = {};  ///< part of what the line says
};
void PrintTo(const FactCase& c, std::ostream* out) {
  *out << c.name;
}

class PreflightFact : public ::testing::TestWithParam<FactCase> {};
TEST_P(PreflightFact, DecidesItsOwnLine) {
  PreflightFacts facts = good_facts();
  GetParam().change(facts);
  const Preflight result = preflight(facts, handbook_targets());
  const std::string& name = GetParam().fails;
  EXPECT_EQ(failed(result), name.empty() ? std::vector<std::string>{} : std::vector{name})
      << preflight_text(result);
  EXPECT_EQ(result.ok(), name.empty());
  if (!GetParam().text.empty()) {
    EXPECT_NE(line(result, name).text.find(GetParam().text), std::string::npos) << line(result, name).text;
  }
}

/// The same change on every day.
auto every_day(const std::function<void(PaperDay&)>& change) {
  return [change](PreflightFacts& f) { std::ranges::for_each(f.days, change); };
}
/// On the fourth, 2025-10-03.
auto one_day(const std::function<void(PaperDay&)>& change) {
  return [change](PreflightFacts& f) { change(f.days[3]); };
}

INSTANTIATE_TEST_SUITE_P(
    Sessions, PreflightFact,
    ::testing::Values(FactCase{"NineDays", [](auto& f) { f.days = good_days(9); }, "Paper sessions",
                               "9 of the last 30"},
                      FactCase{"FiveSessionsOld", [](auto& f) { f.days = good_days(10, 5); }, ""},
                      FactCase{"SixSessionsOld", [](auto& f) { f.days = good_days(10, 6); }, "Paper sessions",
                               "(6 sessions old)"},
                      FactCase{"ThirtySessions", [](auto& f) { f.days = good_days(30); }, ""},
                      FactCase{"OneBeforeTheWindowDoesNotCount",
                               [](auto& f) {
                                 f.days = good_days(9);
                                 f.days.push_back(
                                     good_day(NyseCalendar::sessions_before(f.date, 31).front().date));
                               },
                               "Paper sessions", "9 of the last 30"},
                      FactCase{"TheSameDayTwiceCountsOnce",
                               [](auto& f) {
                                 f.days = good_days(9);
                                 f.days.push_back(f.days.front());
                               },
                               "Paper sessions"},
                      FactCase{"TodayDoesNotCount",
                               [](auto& f) {
                                 f.days = good_days(9);
                                 f.days.push_back(good_day(f.date));
                               },
                               "Paper sessions"},
                      FactCase{"NorASaturday",
                               [](auto& f) {
                                 f.days = good_days(9);
                                 f.days.push_back(good_day(date(2025, 10, 11)));
                               },
                               "Paper sessions"},
                      FactCase{"InAnyOrder", [](auto& f) { std::ranges::reverse(f.days); }, ""}),
    [](const auto& tc) { return tc.param.name; });

// MRD = (Σ of the days' profits) / first capital / days: with 100,000 USD each day the mean of the profits.
INSTANTIATE_TEST_SUITE_P(
    Performance, PreflightFact,
    ::testing::Values(
        FactCase{"MrdJustEnough", every_day([](auto& d) { d.equity_end = 100'500; }), ""},
        FactCase{"MrdJustNot", every_day([](auto& d) { d.equity_end = 100'499; }), "MRD", "+0.50%"},
        FactCase{"MrdNotANumber", one_day([](auto& d) { d.equity_end = kNaN; }), "MRD", "n/a"},
        FactCase{"MrdInfinite", one_day([](auto& d) { d.equity_end = kInfinity; }), "MRD", "n/a"},
        FactCase{"HalfWon", every_day([](auto& d) { d.wins = 25; }), ""},
        FactCase{"LessThanHalfWon", one_day([](auto& d) { d.wins = 15; }), "Win rate", "49.8% of 500"},
        FactCase{"NoRoundTrip", every_day([](auto& d) { d.round_trips = d.wins = 0; }), "Win rate", "n/a"},
        FactCase{"FivePercentDown", one_day([](auto& d) { d.drawdown_max = 0.05; }), ""},
        FactCase{"MoreOnOneDay", one_day([](auto& d) { d.drawdown_max = 0.0501; }), "Drawdown",
                 "5.01% on the worst day"},
        FactCase{"DrawdownNotANumber", one_day([](auto& d) { d.drawdown_max = kNaN; }), "Drawdown", "n/a"},
        FactCase{"FiftyTrades", every_day([](auto& d) { d.trades = 50; }), ""},
        FactCase{"TooFewTrades", every_day([](auto& d) { d.trades = 49; }), "Trades a day", "49.0"},
        FactCase{"TooManyTrades", every_day([](auto& d) { d.trades = 201; }), "Trades a day"},
        FactCase{"MeanOfTradesDecides", one_day([](auto& d) { d.trades = 0; }), ""}),
    [](const auto& tc) { return tc.param.name; });

INSTANTIATE_TEST_SUITE_P(
    Signals, PreflightFact,
    ::testing::Values(
        FactCase{"ConfidenceJustReached", one_day([](auto& d) { d.confidence_first_hour = 0.50; }), ""},
        FactCase{"NotReachedOnOneDay", one_day([](auto& d) { d.confidence_first_hour = 0.4999; }),
                 "Confidence", "on 9 of 10 days; not on 2025-10-03 (best 0.4999)"},
        FactCase{"NoSignalInTheFirstHour", one_day([](auto& d) { d.confidence_first_hour = std::nullopt; }),
                 "Confidence", "2025-10-03 (no signal)"},
        FactCase{"ConfidenceNotANumber", one_day([](auto& d) { d.confidence_first_hour = kNaN; }),
                 "Confidence", "n/a"},
        FactCase{"OnNoDay", every_day([](auto& d) { d.confidence_first_hour = 0.4; }), "Confidence",
                 "and 7 more"},
        FactCase{"StrengthAtTheLowEnd", every_day([](auto& d) { d.strength_sum = 300; }), ""},
        FactCase{"StrengthAtTheHighEnd", every_day([](auto& d) { d.strength_sum = 700; }), ""},
        FactCase{"TooWeak", every_day([](auto& d) { d.strength_sum = 299; }), "Strength", "mean 0.299"},
        FactCase{"TooStrong", every_day([](auto& d) { d.strength_sum = 701; }), "Strength"},
        FactCase{"EverySignalWeighsTheSame", one_day([](auto& d) {
                   d.strength_sum = 27'000;
                   d.strength_count = 30'000;
                 }),
                 "Strength", "mean 0.789"},
        FactCase{"NoStrengthAtAll", every_day([](auto& d) {
                   d.strength_sum = 0;
                   d.strength_count = 0;
                 }),
                 "Strength", "n/a"},
        FactCase{"StrengthNotANumber", one_day([](auto& d) { d.strength_sum = kNaN; }), "Strength", "n/a"},
        FactCase{"ABarlessInstrument", one_day([](auto& d) { d.symbols_with_bars = {"TQQQ"}; }), "Data",
                 "no bar of SQQQ on 2025-10-03"},
        FactCase{"AnInstrumentNeverTradedOnPaper", [](auto& f) { f.instruments.push_back("UVXY"); }, "Data",
                 "UVXY on 2025-09-30, UVXY on 2025-10-01, UVXY on 2025-10-02 and 7 more"},
        FactCase{"NoInstrument", [](auto& f) { f.instruments.clear(); }, "Data", "no instrument"}),
    [](const auto& tc) { return tc.param.name; });

INSTANTIATE_TEST_SUITE_P(
    Account, PreflightFact,
    ::testing::Values(FactCase{"TenThousand", [](auto& f) { f.equity = 10'000; }, ""},
                      FactCase{"ACentLess", [](auto& f) { f.equity = 9'999.99; }, "Equity", "9,999.99 USD"},
                      FactCase{"EquityNotANumber", [](auto& f) { f.equity = kNaN; }, "Equity", "n/a"},
                      FactCase{"EquityInfinite", [](auto& f) { f.equity = kInfinity; }, "Equity"},
                      FactCase{"NoKeys", [](auto& f) { f.keys_real = false; }, "Real keys"},
                      FactCase{"NoStop", [](auto& f) { f.stop_loss_pct = 0; }, "Stop loss"},
                      FactCase{"StopBelowNothing", [](auto& f) { f.stop_loss_pct = 1; }, "Stop loss"},
                      FactCase{"StopNotANumber", [](auto& f) { f.stop_loss_pct = kNaN; }, "Stop loss"},
                      FactCase{"NoAlerts", [](auto& f) { f.alerts_configured = false; }, "Alerts"}),
    [](const auto& tc) { return tc.param.name; });

// The figures are the report's own, also where the days do not chain or capital differs.
TEST(Preflight, MeasuresMrdAsTheReportsDo) {
  PreflightFacts facts = good_facts();
  RunResult run;
  for (std::size_t i = 0; i < facts.days.size(); ++i) {
    PaperDay& day = facts.days[i];
    day.equity_start = 50'000 + 7'000.0 * static_cast<double>(i);
    day.equity_end = day.equity_start * 1.004;
    run.days.push_back(testing::day(day.date, day.equity_start, 0.004));
  }
  const Summary s = analyze(run, handbook_targets());
  ASSERT_GT(*s.mrd, 0.0050);
  char want[32];
  std::snprintf(want, sizeof want, "%+.2f%%;", 100 * *s.mrd);
  const Preflight result = preflight(facts, handbook_targets());
  EXPECT_TRUE(line(result, "MRD").ok);
  EXPECT_TRUE(line(result, "MRD").text.starts_with(want)) << line(result, "MRD").text;
}

TEST(Preflight, AsksWhatItsTargetsAsk) {
  const Preflight result = preflight(good_facts(), *targets_named("design-production"));
  EXPECT_EQ(failed(result), (std::vector<std::string>{"Win rate", "Sharpe"}));
  EXPECT_EQ(std::ranges::find(result.lines, "Trades a day", &PreflightLine::name), result.lines.end());
  EXPECT_NE(preflight_text(result).find("PRE-FLIGHT: REFUSED (2 of 12 failed)\n"), std::string::npos);
}

struct ReasonCase {
  std::string name, given, want;
};
void PrintTo(const ReasonCase& c, std::ostream* out) {
  *out << c.name;
}
class HarmlessReason : public ::testing::TestWithParam<ReasonCase> {};
TEST_P(HarmlessReason, IsOneLineOfText) {
  EXPECT_EQ(harmless_reason(GetParam().given), GetParam().want);
}
INSTANTIATE_TEST_SUITE_P(
    Table, HarmlessReason,
    ::testing::Values(ReasonCase{"Plain", "first live test, 1 share", "first live test, 1 share"},
                      ReasonCase{"Utf8", "Prüfung – 試験 ✅", "Prüfung – 試験 ✅"}, ReasonCase{"Empty", "", ""},
                      ReasonCase{"OnlyBreaks", " \r\n\t\x0b ", ""},
                      ReasonCase{"Lines", "a\nVERDICT: READY\r\n b", "a VERDICT: READY b"},
                      ReasonCase{"Nul", std::string("a\0b", 3), "a b"},
                      ReasonCase{"Escape", "a\x1b[2Jb\x7f", "a [2Jb"},
                      ReasonCase{"C1AndLineSeparator", "a\xc2\x9b\xe2\x80\xa8z", "a z"},
                      ReasonCase{"Direction", "a\xe2\x80\xae z", "a z"},
                      ReasonCase{"BrokenByte", "a\xff\xc3", "a??"},
                      ReasonCase{"Overlong", "\xc0\x8a\xe0\x80\x8a", "?????"},
                      ReasonCase{"Surrogate", "\xed\xa0\x80", "???"},
                      ReasonCase{"BeyondUnicode", "\xf4\x90\x80\x80", "????"},
                      ReasonCase{"FourBytes", "\xf0\x9f\x9a\x80", "\xf0\x9f\x9a\x80"}),
    [](const auto& tc) { return tc.param.name; });

}  // namespace
}  // namespace sentio
