#include <gtest/gtest.h>

#include "check_cases.h"

namespace sentio {
namespace {

using namespace std::chrono_literals;
using testing::calm;
using testing::CheckCase;

std::vector<Bar> shifted(std::vector<Bar> bars, std::chrono::minutes by, std::string_view from = "2018-01-02",
                         std::string_view until = "2030-01-01") {
  for (Bar& bar : bars) {
    const Date date = new_york_date(bar.start);
    if (date >= testing::day(from) && date < testing::day(until)) bar.start += by;
  }
  return bars;
}

std::vector<Bar> every(int minutes, std::vector<Bar> bars) {
  std::erase_if(bars, [=](const Bar& bar) { return epoch_seconds(bar.start) / 60 % minutes != 0; });
  return bars;
}

/// What a vendor's tool leaves that keeps regular hours only.
std::vector<Bar> inside_sessions(std::vector<Bar> bars) {
  std::erase_if(bars, [](const Bar& bar) {
    const auto session = NyseCalendar::session(new_york_date(bar.start));
    return !session || bar.start < session->open || bar.start >= session->close;
  });
  return bars;
}

/// 04:00 to 20:00 with a tenth of the session's volume around it and a loud first minute.
std::vector<Bar> extended(std::string_view first, std::string_view last) {
  std::vector<Bar> bars;
  for (const SessionHours& hours : NyseCalendar::sessions(testing::day(first), testing::day(last))) {
    for (int i = -330; i < hours.minutes + 240; ++i) {
      const double volume = i == 0 ? 900'000 : i > 0 && i < hours.minutes ? 50'000 : 5'000;
      bars.push_back({hours.minute_start(i), 50, 50.02, 49.98, 50, volume});
    }
  }
  return bars;
}

class CheckClock : public ::testing::TestWithParam<CheckCase> {};

TEST_P(CheckClock, FindsExactly) {
  EXPECT_EQ(testing::summary(check_clock(make_history("TQQQ", GetParam().make()))), GetParam().expected);
}

constexpr const char *kSummer = "2025-09-22", *kSummerEnd = "2025-09-26";
constexpr const char *kWinter = "2025-01-13", *kWinterEnd = "2025-01-17";

INSTANTIATE_TEST_SUITE_P(
    Days, CheckClock,
    ::testing::Values(
        CheckCase{"Right", [] { return calm(kSummer, kSummerEnd); }, {}},
        CheckCase{"RightOverTheChangeOfClocks", [] { return calm("2025-03-05", "2025-03-14"); }, {}},
        CheckCase{"RightOnAHalfDay", [] { return calm("2025-07-03", "2025-07-03"); }, {}},
        CheckCase{"NewYorkLabelledUtc",
                  [] { return shifted(calm(kSummer, kSummerEnd), -240min); },
                  {"refused wrong_clock x5"}},
        CheckCase{"NewYorkLabelledUtcInWinter",
                  [] { return shifted(calm(kWinter, kWinterEnd), -300min); },
                  {"refused wrong_clock x5"}},
        CheckCase{"UtcLabelledNewYork",
                  [] { return shifted(calm(kSummer, kSummerEnd), 240min); },
                  {"refused wrong_clock x5"}},
        CheckCase{"WinterOffsetInSummer",
                  [] { return shifted(calm(kSummer, kSummerEnd), 60min); },
                  {"refused wrong_clock x5"}},
        CheckCase{"HalfDayShifted",
                  [] { return shifted(calm("2025-07-03", "2025-07-03"), -240min); },
                  {"refused wrong_clock x1"}},
        CheckCase{"OffsetThatChangesInMidFile",
                  [] { return shifted(calm("2025-03-05", "2025-03-14"), 60min, "2025-03-09"); },
                  {"refused wrong_clock x5"}},
        CheckCase{"TwoShiftedStretches",
                  [] {
                    return shifted(
                        shifted(calm("2025-09-15", "2025-09-26"), 60min, "2025-09-16", "2025-09-18"), -240min,
                        "2025-09-24");
                  },
                  {"refused wrong_clock x2", "refused wrong_clock x3"}},
        CheckCase{"AMorningOnly",
                  [] {
                    auto bars = calm(kSummer, kSummerEnd);
                    std::erase_if(bars,
                                  [](const Bar& bar) { return new_york_time_of_day(bar.start) >= 12h; });
                    return bars;
                  },
                  {"refused wrong_clock x5"}},  // New York labelled UTC looks like that once it is cut
        CheckCase{"TwoMorningsOnly",
                  [] {
                    auto bars = calm(kSummer, kSummerEnd);
                    std::erase_if(bars, [](const Bar& bar) {
                      return new_york_time_of_day(bar.start) >= 12h && bar.start > testing::at("2025-09-25 00:00");
                    });
                    return bars;
                  },
                  {}},
        CheckCase{"WinterOffsetInSummerCutToRegularHours",
                  [] { return inside_sessions(shifted(calm(kSummer, kSummerEnd), 60min)); },
                  {"refused wrong_clock x5"}},
        CheckCase{"CutFromTheMiddleOn",
                  [] { return inside_sessions(shifted(calm("2025-09-15", kSummerEnd), -60min, "2025-09-22")); },
                  {"refused wrong_clock x5"}},
        CheckCase{"AnAfternoonOnly",
                  [] {
                    auto bars = calm(kSummer, kSummerEnd);
                    std::erase_if(bars, [](const Bar& bar) { return new_york_time_of_day(bar.start) < 12h; });
                    return bars;
                  },
                  {"refused wrong_clock x5"}},
        CheckCase{"ThinFund", [] { return calm(kSummer, kSummerEnd, 1, {.missing = 0.7}); }, {}},
        CheckCase{"ThinFundShifted",
                  [] { return shifted(calm(kSummer, kSummerEnd, 1, {.missing = 0.7}), 60min); },
                  {"refused wrong_clock x5"}},
        CheckCase{"ExtendedHours", [] { return extended(kSummer, kSummerEnd); }, {}},
        CheckCase{"ExtendedHoursAnHourLate",
                  [] { return shifted(extended(kSummer, kSummerEnd), 60min); },
                  {"refused wrong_clock x5"}},
        CheckCase{"ExtendedHoursAnHourEarly",
                  [] { return shifted(extended(kSummer, kSummerEnd), -60min); },
                  {"refused wrong_clock x5"}},
        CheckCase{"StampedAtTheEnd",
                  [] { return shifted(calm(kSummer, kSummerEnd), 1min); },
                  {"refused end_stamped x5"}},
        CheckCase{"StampedAtTheEndOnOneDayOnly",
                  [] { return shifted(calm("2025-09-26", "2025-09-26"), 1min); },
                  {"refused end_stamped x1"}},
        CheckCase{"StampedAtTheEndForAWeekInTheMiddle",
                  [] { return shifted(calm("2025-09-02", "2025-09-30"), 1min, "2025-09-15", "2025-09-20"); },
                  {"refused end_stamped x5"}},
        CheckCase{"StampedAtTheEndAndCutToRegularHours",
                  [] { return inside_sessions(shifted(calm(kSummer, kSummerEnd), 1min)); },
                  {"warned end_stamped x5"}},
        CheckCase{"StampedAMinuteTooEarly",
                  [] { return shifted(calm(kSummer, kSummerEnd), -1min); },
                  {"refused end_stamped x5"}},
        CheckCase{"AThinFundMayLackItsFirstMinute",
                  [] {
                    auto bars = calm(kSummer, kSummer);
                    for (const char* minute : {"2025-09-22 09:30", "2025-09-22 10:00", "2025-09-22 11:00"})
                      std::erase_if(bars, [=](const Bar& bar) { return bar.start == testing::at(minute); });
                    std::erase_if(bars, [](const Bar& bar) {
                      return bar.start > testing::at("2025-09-22 09:31") && epoch_seconds(bar.start) / 60 % 3 == 0;
                    });
                    bars.push_back({testing::at("2025-09-22 16:00"), 50, 50, 50, 50, 1e6});
                    return bars;
                  },
                  {}},
        CheckCase{"ClosingPrintsAreNoEndStamps",
                  [] {
                    auto bars = calm(kSummer, kSummerEnd);
                    for (const auto& hours :
                         NyseCalendar::sessions(testing::day(kSummer), testing::day(kSummerEnd))) {
                      bars.push_back({hours.close, 50, 50, 50, 50, 1e6});
                    }
                    return bars;
                  },
                  {}},
        CheckCase{"ExtendedHoursAnHourLateInWinterOnly",
                  [] { return shifted(extended("2025-02-24", "2025-03-21"), 60min, "2018-01-02", "2025-03-09"); },
                  {"refused wrong_clock x10"}},
        CheckCase{"ExtendedHoursStampedAtTheEnd",
                  [] { return shifted(extended(kSummer, kSummerEnd), 1min); },
                  {"refused end_stamped x5"}},
        CheckCase{
            "FiveMinuteBars", [] { return every(5, calm(kSummer, kSummerEnd)); }, {"refused bar_length x5"}},
        CheckCase{
            "HalfHourBars", [] { return every(30, calm(kSummer, kSummerEnd)); }, {"refused bar_length x5"}},
        CheckCase{"FiveMinuteBarsOnOneDay",
                  [] {
                    auto bars = calm("2025-09-22", "2025-09-25");
                    for (const Bar& bar : every(5, calm("2025-09-26", "2025-09-26"))) bars.push_back(bar);
                    return bars;
                  },
                  {"refused bar_length x1"}},
        CheckCase{"DailyBars",
                  [] {
                    auto bars = calm(kSummer, kSummerEnd);
                    std::erase_if(
                        bars, [](const Bar& bar) { return new_york_time_of_day(bar.start) != 9h + 30min; });
                    return shifted(std::move(bars), -570min);
                  },
                  {"refused bar_length x5"}},
        CheckCase{"EveryOtherMinuteOfAThinFundIsNoLength",
                  [] { return calm(kSummer, kSummerEnd, 2, {.missing = 0.5}); },
                  {}}),
    testing::name_of);

TEST(CheckClock, NamesTheCauseAndTheDays) {
  const auto text = [](std::vector<Bar> bars) {
    return check_clock(make_history("TQQQ", std::move(bars))).at(0).text;
  };
  EXPECT_EQ(text(shifted(calm(kSummer, kSummerEnd), -240min)),
            "5 days 240 minutes early from 2025-09-22 on: rows from 05:30 to 11:59 (New York wall time "
            "labelled as UTC)");
  EXPECT_EQ(
      text(shifted(calm("2025-03-05", "2025-03-14"), 60min, "2025-03-09")),
      "5 days 60 minutes late from 2025-03-10 on: rows from 10:30 to 16:59 (the winter offset -05:00 kept in "
      "summer); 3 days of the file are right");
  EXPECT_NE(text(shifted(calm(kSummer, kSummerEnd), -60min)).find("Chicago"), std::string::npos);
  EXPECT_NE(text(shifted(calm(kWinter, kWinterEnd), -60min)).find("-04:00 kept in winter"),
            std::string::npos);
  EXPECT_NE(text(shifted(calm(kWinter, kWinterEnd), 300min)).find("UTC labelled as New York"),
            std::string::npos);
}

}  // namespace
}  // namespace sentio
