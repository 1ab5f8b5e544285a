#include <gtest/gtest.h>

#include "check_cases.h"

namespace sentio {
namespace {

using namespace std::chrono_literals;
using testing::at;
using testing::calm;
using testing::CheckCase;
using testing::day;
using testing::summary;

using Lines = std::vector<std::string>;

const WantedRange kLater{.now = testing::at("2026-01-02 18:00")};

std::vector<Bar> without(std::vector<Bar> bars, std::string_view from, std::string_view until) {
  std::erase_if(bars, [&](const Bar& bar) { return bar.start >= at(from) && bar.start < at(until); });
  return bars;
}

Findings coverage_of(std::vector<Bar> bars, const WantedRange& wanted = kLater) {
  const SymbolHistory history = make_history("TQQQ", std::move(bars));
  SymbolBars inside{.symbol = "TQQQ"};
  for (const BarDay& d : history.days) {
    for (const Bar& bar : history.session_bars(d)) inside.bars.push_back(bar);
  }
  return check_coverage(history, verify_bars(inside), wanted);
}

class CheckCoverage : public ::testing::TestWithParam<CheckCase> {};

TEST_P(CheckCoverage, FindsExactly) {
  EXPECT_EQ(summary(coverage_of(GetParam().make())), GetParam().expected);
}

std::vector<Bar> week() {
  return calm("2025-09-22", "2025-09-26");
}

INSTANTIATE_TEST_SUITE_P(
    Days, CheckCoverage,
    ::testing::Values(
        CheckCase{"Whole", week, {}},
        CheckCase{"WholeOverAHalfDayAndAHoliday", [] { return calm("2025-07-02", "2025-07-07"); }, {}},
        CheckCase{"None", [] { return std::vector<Bar>{}; }, {}},
        CheckCase{"ASessionMissing",
                  [] { return without(week(), "2025-09-24 00:00", "2025-09-25 00:00"); },
                  {"refused missing_session x1"}},
        CheckCase{"TwoMinutesMissing",
                  [] { return without(week(), "2025-09-24 11:00", "2025-09-24 11:02"); },
                  {"noted missing_minutes x2"}},
        CheckCase{"AHalt",
                  [] { return without(week(), "2025-09-24 11:00", "2025-09-24 11:14"); },
                  {"noted missing_minutes x14", "warned gap x1"}},
        CheckCase{"AThinFund",
                  [] { return calm("2025-09-22", "2025-09-26", 1, {.missing = 0.35}); },
                  {"noted missing_minutes x680"}},
        CheckCase{"AThinFundSilentForAnHour",
                  [] {
                    return without(calm("2025-09-22", "2025-09-26", 1, {.missing = 0.35}), "2025-09-24 11:00",
                                   "2025-09-24 12:00");
                  },
                  {"noted missing_minutes x717", "warned gap x1"}},
        CheckCase{"ADayThatBeginsLate",
                  [] { return without(week(), "2025-09-24 09:30", "2025-09-24 10:16"); },
                  {"noted missing_minutes x46", "warned late_open x1"}},
        CheckCase{"ADayThatBeginsAMinuteTooEarlyToBeLate",
                  [] { return without(week(), "2025-09-24 09:30", "2025-09-24 09:59"); },
                  {"noted missing_minutes x29"}},
        CheckCase{"ADownloadCutAtNoon",
                  [] { return without(week(), "2025-09-26 12:00", "2025-09-26 16:00"); },
                  {"noted missing_minutes x240", "refused early_end x1"}},
        CheckCase{"AFullDayThatEndsAsAHalfDay",
                  [] { return without(week(), "2025-09-24 13:00", "2025-09-24 16:00"); },
                  {"noted missing_minutes x180", "refused early_end x1"}},
        CheckCase{"AShortDay",
                  [] {
                    auto bars = week();
                    std::erase_if(bars, [](const Bar& bar) {
                      return new_york_date(bar.start) == day("2025-09-24") &&
                             epoch_seconds(bar.start) / 60 % 5 < 4;
                    });
                    return bars;
                  },
                  {"noted missing_minutes x312", "warned short_day x1"}}),
    testing::name_of);

TEST(CheckCoverage, SaysWhere) {
  const Findings found = coverage_of(without(week(), "2025-09-24 11:00", "2025-09-24 11:14"));
  EXPECT_EQ(found.at(1).text,
            "1 gap of more minutes in a row than chance explains (a halt, or an outage at the source): "
            "2025-09-24 11:00 to 11:14, 14 minutes");
  EXPECT_EQ(found[1].first, at("2025-09-24 11:00"));
  EXPECT_EQ(found[1].last, at("2025-09-24 11:13"));
}

TEST(CheckCoverage, DoesNotAskForMinutesThatAreYetToCome) {
  const auto morning = without(week(), "2025-09-26 12:00", "2025-09-26 16:00");
  EXPECT_EQ(summary(coverage_of(morning, {.now = at("2025-09-26 12:00")})),
            Lines{"noted missing_minutes x240"});
  EXPECT_EQ(coverage_of(morning, {.now = at("2025-09-26 16:00")}).back().kind, FindingKind::early_end);
}

const SessionSpan kA{"A", day("2025-09-22"), day("2025-09-26")};

struct FreshnessCase {
  std::string name;
  std::vector<SessionSpan> spans;
  WantedRange wanted;
  Lines expected;
  friend void PrintTo(const FreshnessCase& row, std::ostream* out) { *out << row.name; }
};

class CheckFreshness : public ::testing::TestWithParam<FreshnessCase> {};

TEST_P(CheckFreshness, FindsExactly) {
  EXPECT_EQ(summary(check_freshness(GetParam().spans, GetParam().wanted)), GetParam().expected);
}

const WantedRange kSaturday{.now = at("2025-09-27 12:00")};

INSTANTIATE_TEST_SUITE_P(
    Files, CheckFreshness,
    ::testing::Values(
        FreshnessCase{"None", {}, kSaturday, {}},
        FreshnessCase{"All", {kA, {"B", kA.first, kA.last}}, kSaturday, {}},
        FreshnessCase{
            "OneEndsEarlier", {kA, {"B", kA.first, day("2025-09-24")}}, kSaturday, {"refused stale x2"}},
        FreshnessCase{
            "OneBeginsLater", {kA, {"B", day("2025-09-23"), kA.last}}, kSaturday, {"noted starts_late x1"}},
        FreshnessCase{"OldFiles", {kA}, {.now = at("2025-09-30 16:00")}, {"warned stale x2"}},
        FreshnessCase{"TheSessionOfTodayIsNotOver", {kA}, {.now = at("2025-09-29 15:59")}, {}},
        FreshnessCase{"TheSessionOfTodayIsOver", {kA}, {.now = at("2025-09-29 16:00")}, {"warned stale x1"}},
        FreshnessCase{"OldFilesAskedForAsTheyAre",
                      {kA},
                      {.last = day("2025-09-26"), .now = at("2026-01-02 16:00")},
                      {}},
        FreshnessCase{"TheLastDayAskedForIsMissing",
                      {kA},
                      {.last = day("2025-09-30"), .now = at("2026-01-02 16:00")},
                      {"refused missing_session x2"}},
        FreshnessCase{"TheLastDayAskedForIsYetToCome",
                      {kA},
                      {.last = day("2025-09-30"), .now = at("2025-09-27 16:00")},
                      {}},
        FreshnessCase{"TheFirstDayAskedForIsMissing",
                      {kA},
                      {.first = day("2025-09-18"), .now = kSaturday.now},
                      {"refused missing_session x2"}}),
    [](const auto& c) { return c.param.name; });

class CheckOutside : public ::testing::TestWithParam<CheckCase> {};

TEST_P(CheckOutside, FindsExactly) {
  EXPECT_EQ(summary(check_outside(make_history("TQQQ", GetParam().make()))), GetParam().expected);
}

std::vector<Bar> with(std::vector<Bar> bars, std::string_view minute) {
  bars.push_back({at(minute), 50, 50, 50, 50, 100});
  return bars;
}

INSTANTIATE_TEST_SUITE_P(
    Days, CheckOutside,
    ::testing::Values(
        CheckCase{"Nothing", week, {}},
        CheckCase{
            "ClosingPrint", [] { return with(week(), "2025-09-26 16:00"); }, {"noted closing_print x1"}},
        CheckCase{"ClosingPrintOfAHalfDay",
                  [] { return with(calm("2025-07-03", "2025-07-03"), "2025-07-03 13:00"); },
                  {"noted closing_print x1"}},
        CheckCase{"FourOClockOnAHalfDayIsNone",
                  [] { return with(calm("2025-07-03", "2025-07-03"), "2025-07-03 16:00"); },
                  {"noted extended_hours x1"}},
        CheckCase{"BeforeAndAfter",
                  [] { return with(with(week(), "2025-09-26 09:29"), "2025-09-26 16:01"); },
                  {"noted extended_hours x2"}},
        CheckCase{"AHoliday", [] { return with(week(), "2025-07-04 10:00"); }, {"warned closed_day x1"}},
        CheckCase{"AWeekend",
                  [] { return with(with(week(), "2025-09-27 10:00"), "2025-09-28 10:00"); },
                  {"warned closed_day x2"}},
        CheckCase{
            "BeyondTheCalendar", [] { return with(week(), "2016-09-27 10:00"); }, {"warned closed_day x1"}}),
    testing::name_of);

class CheckActivity : public ::testing::TestWithParam<CheckCase> {};

TEST_P(CheckActivity, FindsExactly) {
  EXPECT_EQ(summary(check_activity(make_history("TQQQ", GetParam().make()))), GetParam().expected);
}

std::vector<Bar> edited(std::string_view from, int count, const std::function<void(Bar&)>& edit) {
  auto bars = week();
  const auto first = std::ranges::find(bars, at(from), &Bar::start) - bars.begin();
  for (int i = 0; i < count; ++i) edit(bars[static_cast<std::size_t>(first + i)]);
  return bars;
}

void fill(Bar& bar) {
  bar.open = bar.high = bar.low = bar.close = 50;
  bar.volume = 0;
}

void freeze(Bar& bar) {
  const TimePoint start = bar.start;
  bar = {start, 50, 50.02, 49.98, 50, 1234};
}

INSTANTIATE_TEST_SUITE_P(
    Minutes, CheckActivity,
    ::testing::Values(
        CheckCase{"Traded", week, {}},
        CheckCase{"VolumeZero",
                  [] {
                    return edited("2025-09-24 11:00", 1, [](Bar& bar) {
                      bar.volume = 0;
                      bar.high += 1;
                    });
                  },
                  {"noted zero_volume x1"}},
        CheckCase{"Filled", [] { return edited("2025-09-24 11:00", 7, fill); }, {"warned filled x7"}},
        CheckCase{"FlatWithVolumeIsATrade",
                  [] {
                    return edited("2025-09-24 11:00", 7,
                                  [](Bar& bar) { bar.high = bar.low = bar.open = bar.close; });
                  },
                  {}},
        CheckCase{"Frozen", [] { return edited("2025-09-24 11:00", 12, freeze); }, {"warned frozen x1"}},
        CheckCase{"NineAlikeAreNotFrozen", [] { return edited("2025-09-24 11:00", 9, freeze); }, {}}),
    testing::name_of);

}  // namespace
}  // namespace sentio
