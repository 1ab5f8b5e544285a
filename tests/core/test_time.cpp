#include <date/tz.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "sentio/core/bar.h"
#include "sentio/core/time.h"

namespace sentio {
namespace {

using namespace std::chrono;
using namespace std::chrono_literals;

TimePoint utc(Date date, nanoseconds clock) {
  return TimePoint{sys_days{date}} + clock;
}

TimePoint must_parse(std::string_view text) {
  const auto t = parse_timestamp(text);
  EXPECT_TRUE(t.has_value()) << text;
  return t.value_or(TimePoint{});
}

const date::time_zone& reference_zone() {
  static const date::time_zone* zone = date::locate_zone("America/New_York");
  return *zone;
}

seconds reference_offset(TimePoint t) {
  return reference_zone().get_info(t).offset;
}

/// Offset, wall date, wall time and the way back, against the tz database.
void expect_agreement(TimePoint t) {
  const auto offset = reference_offset(t);
  ASSERT_EQ(new_york_offset(t), offset) << format_utc(t);
  const TimePoint wall = t + offset;
  const auto day = floor<days>(wall);
  ASSERT_EQ(new_york_date(t), Date{day}) << format_utc(t);
  ASSERT_EQ(new_york_time_of_day(t), wall - day) << format_utc(t);
  const auto back = from_new_york(Date{day}, wall - day);
  const bool second_of_twice = t - back == 1h && reference_offset(back) != offset;
  ASSERT_TRUE(back == t || second_of_twice) << format_utc(t);
}

TEST(NewYorkTime, AgreesWithTheTzDatabaseAroundEveryChange) {
  int changes = 0;
  for (auto t = utc(2018y / 1 / 1, 0h); t < utc(2031y / 1 / 1, 0h);) {
    const TimePoint change{reference_zone().get_info(t).end};
    for (auto hour = change - 72h; hour <= change + 72h; hour += 1h) {
      for (const nanoseconds near : {-1ns, 0ns, 1ns}) expect_agreement(hour + near);
      if (HasFatalFailure()) return;
    }
    ++changes;
    t = change;
  }
  EXPECT_EQ(changes, 27);  // two a year, and the first one of 2031
}

TEST(NewYorkTime, AgreesWithTheTzDatabaseEveryHourOfThirteenYears) {
  for (auto t = utc(2018y / 1 / 1, 0h); t < utc(2031y / 1 / 1, 0h); t += 1h) {
    expect_agreement(t + 17min);
    if (HasFatalFailure()) return;
  }
}

TEST(NewYorkTime, ReadsTheRepeatedHourAsTheFirstAndTheSkippedHourAsAfterTheJump) {
  EXPECT_EQ(format_new_york(from_new_york(2025y / 11 / 2, 1h + 30min)), "2025-11-02T01:30:00-04:00");
  EXPECT_EQ(format_new_york(from_new_york(2025y / 11 / 2, 2h)), "2025-11-02T02:00:00-05:00");
  EXPECT_EQ(format_new_york(from_new_york(2025y / 3 / 9, 2h + 30min)), "2025-03-09T03:30:00-04:00");
}

TEST(NewYorkTime, RefusesADateThatDoesNotExist) {
  EXPECT_DEATH((void)from_new_york(2025y / 2 / 30, 9h), "invariant broken");
}

TEST(TimestampFormat, ShowsFractionsOnlyWhereThereAreAny) {
  const auto t = utc(2025y / 9 / 26, 13h + 31min);
  EXPECT_EQ(format_new_york(t), "2025-09-26T09:31:00-04:00");
  EXPECT_EQ(format_new_york(t + 250ms), "2025-09-26T09:31:00.25-04:00");
  EXPECT_EQ(format_utc(t), "2025-09-26T13:31:00Z");
  EXPECT_EQ(format_utc(t + 1ns), "2025-09-26T13:31:00.000000001Z");
  EXPECT_EQ(format_utc(utc(1969y / 12 / 31, 23h + 59min + 59s) + 500ms), "1969-12-31T23:59:59.5Z");
  EXPECT_EQ(format_new_york(utc(2025y / 1 / 1, 3h)), "2024-12-31T22:00:00-05:00");
  EXPECT_EQ(format_date(2025y / 9 / 6), "2025-09-06");
}

TEST(TimestampParse, AcceptsWhatPeopleAndProgramsWrite) {
  const auto want = utc(2025y / 9 / 26, 13h + 31min);
  for (const auto* text :
       {"2025-09-26T13:31:00Z", "2025-09-26T09:31:00-04:00", "2025-09-26 09:31:00-04:00",
        "2025-09-26t13:31:00z", "2025-09-26T13:31:00.000000000Z", "2025-09-26T19:01:00+05:30",
        "2025-09-27T13:30:00+23:59", "2025-09-26T13:31:00-00:00"}) {
    EXPECT_EQ(must_parse(text), want) << text;
  }
  EXPECT_EQ(must_parse("2025-09-26T13:31:00.123456789Z"), want + 123456789ns);
  EXPECT_EQ(must_parse("2025-09-26T13:31:00.5Z"), want + 500ms);
}

struct BadText {
  std::string name, text, complaint;
};

void PrintTo(const BadText& row, std::ostream* out) {
  *out << row.text;
}

class BadTimestamp : public ::testing::TestWithParam<BadText> {};

TEST_P(BadTimestamp, IsRefusedWithAClearSentence) {
  const auto t = parse_timestamp(GetParam().text);
  ASSERT_FALSE(t.has_value()) << format_utc(*t);
  EXPECT_NE(t.error().detail.find(GetParam().complaint), std::string::npos) << t.error().detail;
}

INSTANTIATE_TEST_SUITE_P(
    Rows, BadTimestamp,
    ::testing::Values(BadText{"Empty", "", "is not a time"},
                      BadText{"DateOnly", "2025-09-26", "is not a time"},
                      BadText{"NoOffset", "2025-09-26T09:31:00", "has no offset"},
                      BadText{"NoOffsetWithFraction", "2025-09-26T09:31:00.5", "has no offset"},
                      BadText{"NoSeconds", "2025-09-26T09:31Z", "is not a time"},
                      BadText{"ThirtyFirstOfSeptember", "2025-09-31T09:31:00Z", "is not a time"},
                      BadText{"LeapDayInACommonYear", "2025-02-29T09:31:00Z", "is not a time"},
                      BadText{"MonthThirteen", "2025-13-01T09:31:00Z", "is not a time"},
                      BadText{"HourTwentyFour", "2025-09-26T24:00:00Z", "is not a time"},
                      BadText{"SecondSixty", "2025-09-26T09:31:60Z", "is not a time"},
                      BadText{"PointWithoutDigits", "2025-09-26T09:31:00.Z", "is not a time"},
                      BadText{"TenFractionDigits", "2025-09-26T09:31:00.0123456789Z", "is not a time"},
                      BadText{"OffsetWithoutColon", "2025-09-26T09:31:00-0400", "is not a time"},
                      BadText{"OffsetOfADay", "2025-09-26T09:31:00+24:00", "is not a time"},
                      BadText{"TrailingText", "2025-09-26T09:31:00Z ", "is not a time"},
                      BadText{"TwoDigitYear", "25-09-26T09:31:00Z", "is not a time"},
                      BadText{"SignInsideNumber", "2025-+9-26T09:31:00Z", "is not a time"},
                      BadText{"YearNanosecondsCannotHold", "1600-01-01T00:00:00Z", "1678-2261"},
                      BadText{"VeryLongText", std::string(5000, 'x'), "…'"}),
    [](const auto& row) { return row.param.name; });

TEST(DateParse, AcceptsOneSpellingOnly) {
  EXPECT_EQ(parse_date("2025-09-26").value(), Date{2025y / 9 / 26});
  EXPECT_EQ(parse_date("2024-02-29").value(), Date{2024y / 2 / 29});
  for (const auto* text :
       {"", "2025-9-26", "20250926", "2025-09-26T00:00:00Z", "2025-02-29", "2025-00-10", "26.09.2025"}) {
    EXPECT_FALSE(parse_date(text).has_value()) << text;
  }
}

RC_GTEST_PROP(TimestampParse, ReadsBackWhatWasFormatted, ()) {
  const TimePoint t{
      nanoseconds{*rc::gen::inRange<std::int64_t>(-9'000'000'000'000'000'000, 9'000'000'000'000'000'000)}};
  RC_ASSERT(must_parse(format_utc(t)) == t);
  RC_ASSERT(must_parse(format_new_york(t)) == t);
}

RC_GTEST_PROP(TimestampParse, NeverReadsPastMutatedText, ()) {
  std::string text = "2025-09-26T09:31:00.123-04:00";
  const auto at = *rc::gen::inRange<std::size_t>(0, text.size());
  text[at] = *rc::gen::arbitrary<char>();
  text.resize(*rc::gen::inRange<std::size_t>(0, text.size() + 1));
  if (const auto t = parse_timestamp(text)) RC_ASSERT(parse_timestamp(format_utc(*t)).value() == *t);
}

TEST(EpochSeconds, RoundsTowardsThePast) {
  EXPECT_EQ(epoch_seconds(from_epoch_seconds(1757943000)), 1757943000);
  EXPECT_EQ(epoch_seconds(from_epoch_seconds(10) + 999ms), 10);
  EXPECT_EQ(epoch_seconds(from_epoch_seconds(0) - 1ns), -1);
}

TEST(Bar, ExistsFromItsEnd) {
  EXPECT_EQ(format_new_york(bar_end(Bar{.start = utc(2025y / 9 / 26, 13h + 30min)})),
            "2025-09-26T09:31:00-04:00");
}

}  // namespace
}  // namespace sentio
