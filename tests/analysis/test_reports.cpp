#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <limits>
#include <nlohmann/json.hpp>
#include <ostream>
#include <sstream>

#include "golden.h"
#include "runs.h"
#include "sentio/analysis/json_report.h"
#include "sentio/analysis/text_report.h"

namespace sentio {
namespace {

using testing::design_day;
using testing::expect_golden;
using testing::losing_month;
using testing::run_of;

std::string report(const RunResult& run, const Targets& targets = handbook_targets()) {
  return analysis_report(run, analyze(run, targets), targets);
}

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

/// Lines from the one that starts with `first` to the next empty one.
std::string section(const std::string& text, const std::string& first) {
  const auto from = text.find(first);
  return from == std::string::npos ? "" : text.substr(from, text.find("\n\n", from) - from);
}

// Line for line the picture in the design; what is added stands between, nothing is changed.
TEST(TextReport, KeepsEveryLineOfTheDesignsLayoutInOrder) {
  const std::vector<std::string> layout{"==============================================",
                                        " TRADING SESSION ANALYSIS REPORT",
                                        "==============================================",
                                        "Date: 2025-10-14",
                                        "Strategy: Rotation Strategy v2.0",
                                        "Instruments: TQQQ, SQQQ, SPXL, SDS, UVXY, SVXY",
                                        "Performance Metrics:",
                                        "  MRD:                +0.73%          ✅ Above target (0.5%)",
                                        "  Total Return:       +0.73%",
                                        "  Win Rate:           52.3%           ✅ Above 50%",
                                        "  Trades Executed:    127",
                                        "  Max Drawdown:       -2.1%           ✅ Below 5%",
                                        "Top Performing Instrument:",
                                        "  TQQQ: +1.2% (45 trades, 55% win rate)",
                                        "Confidence Evolution:",
                                        "  Start: 0.15 (15%)",
                                        "  End:   0.62 (62%)                  ✅ Good learning",
                                        "Signal Strength:",
                                        "  Average: 0.42",
                                        "  Max:     0.78                       ✅ Strong signals",
                                        "VERDICT: ✅ READY FOR LIVE PAPER TRADING"};
  std::istringstream lines(report(design_day()));
  std::string line;
  std::size_t found = 0;
  while (std::getline(lines, line) && found < layout.size())
    if (line == layout[found]) ++found;
  EXPECT_EQ(found, layout.size()) << "first line not found: " << layout[std::min(found, layout.size() - 1)];
}

TEST(TextReport, OfTheDesignsDay) {
  expect_golden("analysis_design_day.txt", report(design_day()));
}
TEST(TextReport, OfALosingMonth) {
  expect_golden("analysis_losing_month.txt", report(losing_month()));
}
TEST(TextReport, OfAnEmptyRun) {
  expect_golden("analysis_empty.txt", report(RunResult{}));
}

TEST(TextReport, OfALosingMonthAgainstTheDesignsBacktestTargets) {
  const std::string text = report(losing_month(), *targets_named("design-backtest"));
  EXPECT_TRUE(contains(text, "❌ Below target (0.3%)"));
  EXPECT_TRUE(contains(text, "❌ Below 55%"));
  EXPECT_TRUE(contains(text, "Sharpe Ratio:"));
  EXPECT_FALSE(contains(text, "Trades per Day:"));
}

TEST(TextReport, OfASyntheticRunWithUnachievableFills) {
  RunResult run = design_day();
  run.synthetic = run.same_close_fills = true;
  run.days[0].flat_at_close = false;
  run.warmup_sessions = 3;
  expect_golden("analysis_not_achievable.txt", report(run));
}

TEST(TextReport, SaysSyntheticUnderTheTitleAndBesideTheVerdict) {
  RunResult run = design_day();
  run.synthetic = true;
  const std::string text = report(run);
  EXPECT_TRUE(contains(text, "REPORT\n==============================================\nSYNTHETIC"));
  EXPECT_TRUE(contains(section(text, "VERDICT"), "❌ DO NOT GO LIVE - Tune parameters [SYNTHETIC]"));
  EXPECT_FALSE(contains(text, "READY FOR LIVE"));
}

TEST(TextReport, NeverCallsSameCloseFillsReady) {
  RunResult run = design_day();
  run.same_close_fills = true;
  const std::string text = report(run);
  EXPECT_TRUE(contains(text,
                       "REPORT\n==============================================\nNOT ACHIEVABLE (fills at "
                       "the decision's own close)"));
  EXPECT_TRUE(contains(section(text, "VERDICT"), "[NOT ACHIEVABLE (fills at the decision's own close)]"));
  EXPECT_FALSE(contains(text, "READY FOR LIVE"));
}

TEST(TextReport, SaysUnderTheTitleThatThePreFlightWasOverridden) {
  RunResult run = design_day();
  run.preflight_override = "one share,\n to try the wires\x1b[2J";
  EXPECT_TRUE(contains(report(run),
                       "REPORT\n==============================================\n"
                       "PRE-FLIGHT OVERRIDDEN: one share, to try the wires [2J\nDate: 2025-10-14\n"));
  run.preflight_override = "\n";
  EXPECT_TRUE(contains(report(run), "\nPRE-FLIGHT OVERRIDDEN: no reason given\n"));
  EXPECT_FALSE(contains(report(design_day()), "PRE-FLIGHT"));
}

/// Where there were none, neither a line nor a member.
TEST(TextReport, CountsBadPrintsWhereThereWereAny) {
  RunResult run = design_day();
  EXPECT_FALSE(contains(report(run), "Bad Prints"));
  EXPECT_FALSE(contains(report(run), "Late Prices"));
  run.days[0].bad_prints = 3;
  run.days[0].late_prices = 1;
  const std::string text = report(run);
  EXPECT_TRUE(contains(text, "  Bad Prints:         3               gone a minute later")) << text;
  EXPECT_TRUE(contains(text, "  Late Prices:        1               held back")) << text;
  const auto checks = [](const RunResult& r) { return summary_json(r, analyze(r, handbook_targets()))["checks"]; };
  EXPECT_EQ(checks(run)["bad_prints"], 3);
  EXPECT_EQ(checks(run)["late_prices"], 1);
  EXPECT_FALSE(checks(design_day()).contains("bad_prints"));
}

TEST(TextReport, DatesARange) {
  EXPECT_TRUE(contains(report(run_of({0.01, 0.02, -0.01})), "Date: 2025-08-01 to 2025-08-03 (3 days)\n"));
}

TEST(TextReport, SaysWhatAnUnsoundRunIs) {
  RunResult run = run_of({0.01, 0.01});
  run.days[1].equity_end = std::numeric_limits<double>::quiet_NaN();
  const std::string text = report(run);
  EXPECT_TRUE(contains(text, "NOT A NUMBER"));
  EXPECT_TRUE(contains(text, "❌ DO NOT GO LIVE"));
  EXPECT_FALSE(contains(text, "nan"));
}

TEST(TextReport, HasNoTrailingBlanksNorNegativeZeros) {
  for (const RunResult& run : {design_day(), losing_month(), RunResult{}, run_of({0.0}), run_of({-1e-9})}) {
    const std::string text = report(run);
    EXPECT_FALSE(contains(text, " \n")) << text;
    EXPECT_FALSE(contains(text, "-0.00%")) << text;
    EXPECT_FALSE(contains(text, "-0.0%"));
    EXPECT_FALSE(contains(text, "nan"));
    EXPECT_FALSE(contains(text, "inf"));
  }
}

struct LearningCase {
  std::string name;
  double end;
  std::string want;
};
void PrintTo(const LearningCase& c, std::ostream* out) {
  *out << c.name;
}
class LearningTest : public ::testing::TestWithParam<LearningCase> {};
TEST_P(LearningTest, IsMarkedHonestly) {
  RunResult run = design_day();
  run.days[0].signals.confidence_end = GetParam().end;
  const std::string text = section(report(run), "Confidence Evolution");
  EXPECT_TRUE(contains(text, GetParam().want)) << text;
  EXPECT_TRUE(contains(text, "0.50"));
}
INSTANTIATE_TEST_SUITE_P(Confidence, LearningTest,
                         ::testing::Values(LearningCase{"BelowChance", 0.42, "❌ No better than chance"},
                                           LearningCase{"Chance", 0.50, "❌ No better than chance"},
                                           LearningCase{"WithinNoise", 0.54, "❌ No better than chance"},
                                           LearningCase{"Learned", 0.56, "✅ Good learning"}),
                         [](const auto& tc) { return tc.param.name; });

struct SentenceCase {
  std::string name;
  std::vector<double> days;
  std::string want;
};
void PrintTo(const SentenceCase& c, std::ostream* out) {
  *out << c.name;
}
class EvidenceSentenceTest : public ::testing::TestWithParam<SentenceCase> {};
TEST_P(EvidenceSentenceTest, IsPlain) {
  EXPECT_EQ(evidence_sentence(analyze(run_of(GetParam().days), handbook_targets())), GetParam().want);
}
INSTANTIATE_TEST_SUITE_P(
    Table, EvidenceSentenceTest,
    ::testing::Values(
        SentenceCase{"NoDay", {}, "NOT DISTINGUISHABLE FROM ZERO: no day was traded."},
        SentenceCase{
            "OneLosingDay",
            {-.0284},
            "NOT DISTINGUISHABLE FROM ZERO: one day is one day and proves nothing. This one LOST 2.84% "
            "(2,840.00 USD); it does not say what the next will do."},
        SentenceCase{
            "OneWinningDay",
            {.0073},
            "NOT DISTINGUISHABLE FROM ZERO: one day is one day and proves nothing. This one made 0.73% "
            "(730.00 USD); it does not say what the next will do."},
        SentenceCase{
            "OneIdleDay",
            {0.0},
            "NOT DISTINGUISHABLE FROM ZERO: one day is one day and proves nothing. This one neither made "
            "nor lost money."},
        SentenceCase{
            "ThreeLosingDays",
            {-.03, -.03, -.03},
            "NOT DISTINGUISHABLE FROM ZERO: 3 days prove nothing. So far it LOSES 3.00% a day on average "
            "(-8,732.70 USD in total)."},
        SentenceCase{
            "IdleWeek",
            {0, 0, 0, 0, 0},
            "NOT DISTINGUISHABLE FROM ZERO: all 5 days returned the same, so nothing can be judged. So "
            "far nothing was made or lost."},
        SentenceCase{"OneTradeInSixDays",
                     {0, 0, 0, .01, 0, 0},
                     "NOT DISTINGUISHABLE FROM ZERO: of 6 days too few differ from the rest to judge their "
                     "mean. So far "
                     "it makes 0.17% a day on average (+1,000.00 USD in total)."}),
    [](const auto& tc) { return tc.param.name; });

TEST(EvidenceSentence, TellsALoserSo) {
  const std::string text = evidence_sentence(analyze(losing_month(), handbook_targets()));
  EXPECT_TRUE(text.starts_with("LOSING: the 95% interval of the mean day, -"));
  EXPECT_TRUE(contains(text, "This loses money"));
}

/// A month that is mildly good, and the best of `trials`.
RunResult good_month(long long trials) {
  std::vector<double> returns;
  for (int i = 0; i < 21; ++i) returns.push_back(0.004 + 0.02 * ((i * 8) % 21 - 10) / 10.0);
  RunResult run = run_of(returns);
  run.trials = trials;
  return run;
}

TEST(Evidence, NamesTheTrialsThatDeflateTheSharpe) {
  const std::string one = section(report(good_month(1)), "Evidence"),
                    many = section(report(good_month(40)), "Evidence");
  EXPECT_TRUE(contains(one, "the same for the best of 1 trial\n")) << one;
  EXPECT_TRUE(contains(many, "the same for the best of 40 trials\n")) << many;
  const Summary s = analyze(good_month(40), handbook_targets());
  EXPECT_LT(*s.evidence.dsr, *s.evidence.psr);
  EXPECT_EQ(summary_json(good_month(40), s)["evidence"]["trials"], 40);
}

TEST(Evidence, LeavesOutWhatOneDayDoesNotHave) {
  const std::string text = section(report(design_day()), "Evidence");
  for (const char* label : {"Standard Error:", "p Value:", "Prob. Sharpe:", "Deflated Sharpe:", "Min. Track"})
    EXPECT_FALSE(contains(text, label)) << label;
}

TEST(CostSentence, PutsCostsBesideTheGrossEdge) {
  EXPECT_EQ(cost_sentence(analyze(losing_month(), handbook_targets())),
            "Costs eat 3.34% a day; gross edge +0.04% a day.");
}

/// Ten digits: the last bits of pow() and of fused multiply-adds differ between processors.
void round_numbers(nlohmann::ordered_json& j) {
  if (j.is_number_float()) {
    const double x = j.get<double>();
    std::array<char, 32> digits{};
    std::snprintf(digits.data(), digits.size(), "%.10g", std::abs(x) < 1e-9 ? 0.0 : x);
    j = std::strtod(digits.data(), nullptr);
  }
  if (j.is_structured())
    for (auto& element : j) round_numbers(element);
}

TEST(JsonReport, OfALosingMonth) {
  const RunResult run = losing_month();
  auto j = summary_json(run, analyze(run, handbook_targets()));
  round_numbers(j);
  expect_golden("summary_losing_month.json", j.dump(2) + "\n");
}

TEST(JsonReport, HoldsTheSummarysNumbersUnrounded) {
  const RunResult run = losing_month();
  const Summary s = analyze(run, handbook_targets());
  const auto j = nlohmann::json::parse(summary_json(run, s).dump());
  EXPECT_EQ(j["performance"]["mrd_pct"].get<double>(), *s.mrd);
  EXPECT_EQ(j["evidence"]["interval_95_high_pct"].get<double>(), s.evidence.interval->high);
  EXPECT_EQ(j["verdict"]["evidence"], "LOSING");
  EXPECT_EQ(j["days"].size(), 21u);
  EXPECT_EQ(j["days"][0]["date"], "2025-08-01");
  EXPECT_EQ(j["days"][20]["equity_end_usd"].get<double>(), run.days[20].equity_end);
  EXPECT_EQ(j["days"][3]["costs"]["spread_usd"].get<double>(), run.days[3].spread_cost);
}

TEST(JsonReport, HoldsAnOverriddenPreFlightWhereThereWasOne) {
  RunResult run = design_day();
  const auto of = [](const RunResult& r) {
    return nlohmann::json::parse(summary_json(r, analyze(r, handbook_targets())).dump());
  };
  EXPECT_FALSE(of(run).contains("preflight_override"));
  run.preflight_override = "one share\n\xff";  // dump() would throw on the last byte
  EXPECT_EQ(of(run)["preflight_override"], "one share ?");
}

TEST(JsonReport, WritesNullForWhatDoesNotExist) {
  const auto j = summary_json(RunResult{}, analyze(RunResult{}, handbook_targets()));
  EXPECT_TRUE(j["performance"]["mrd_pct"].is_null());
  EXPECT_TRUE(j["performance"]["win_rate_pct"].is_null());
  EXPECT_TRUE(j["date_first"].is_null());
  EXPECT_EQ(j["verdict"]["ready"], false);
}

}  // namespace
}  // namespace sentio
