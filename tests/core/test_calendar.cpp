#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <map>

#include "sentio/core/calendar.h"

namespace sentio {
namespace {

using namespace std::chrono;
using namespace std::chrono_literals;

// ---- the table once more, from the rules of observance ---------------------------------------

enum class DayKind { full, half, closed };
using DayKinds = std::map<sys_days, DayKind>;

/// Easter Sunday in the Gregorian calendar (Meeus, "Astronomical Algorithms", chapter 8).
sys_days easter(year y) {
  const int n = static_cast<int>(y);
  const int a = n % 19, b = n / 100, c = n % 100, d = b / 4, e = b % 4, f = (b + 8) / 25;
  const int g = (b - f + 1) / 3, h = (19 * a + b - d - g + 15) % 30, i = c / 4, k = c % 4;
  const int l = (32 + 2 * e + 2 * i - h - k) % 7, m = (a + 11 * h + 22 * l) / 451;
  const int month_day = h + l - 7 * m + 114;
  return sys_days{y / (month_day / 31) / (month_day % 31 + 1)};
}

sys_days observed(sys_days holiday) {
  const weekday wd{holiday};
  if (wd == Saturday) return holiday - days{1};
  if (wd == Sunday) return holiday + days{1};
  return holiday;
}

void close_holidays(year y, DayKinds& kinds) {
  kinds[sys_days{y / 1 / Monday[3]}] = DayKind::closed;     // Martin Luther King Jr.
  kinds[sys_days{y / 2 / Monday[3]}] = DayKind::closed;     // Presidents
  kinds[easter(y) - days{2}] = DayKind::closed;             // Good Friday
  kinds[sys_days{y / 5 / Monday[last]}] = DayKind::closed;  // Memorial
  if (y >= 2022y) kinds[observed(y / 6 / 19)] = DayKind::closed;
  kinds[observed(y / 7 / 4)] = DayKind::closed;
  kinds[sys_days{y / 9 / Monday[1]}] = DayKind::closed;     // Labor
  kinds[sys_days{y / 11 / Thursday[4]}] = DayKind::closed;  // Thanksgiving
  kinds[observed(y / 12 / 25)] = DayKind::closed;
  const sys_days new_year{y / 1 / 1};
  if (weekday{new_year} != Saturday) kinds[observed(new_year)] = DayKind::closed;
}

void shorten(sys_days day, DayKinds& kinds) {
  if (kinds.at(day) == DayKind::full) kinds[day] = DayKind::half;
}

DayKinds kinds_by_rule() {
  DayKinds kinds;
  for (auto day = sys_days{2018y / 1 / 1}; day < sys_days{2031y / 1 / 1}; day += days{1}) {
    const weekday wd{day};
    kinds[day] = wd == Saturday || wd == Sunday ? DayKind::closed : DayKind::full;
  }
  for (int y = 2018; y <= 2030; ++y) close_holidays(year{y}, kinds);
  for (const sys_days day : {sys_days{2018y / 12 / 5}, sys_days{2025y / 1 / 9}}) kinds[day] = DayKind::closed;
  for (int y = 2018; y <= 2030; ++y) {
    const sys_days fourth{year{y} / 7 / 4};
    if (weekday{fourth} != Saturday && weekday{fourth} != Sunday) shorten(fourth - days{1}, kinds);
    shorten(sys_days{year{y} / 11 / Thursday[4]} + days{1}, kinds);
    shorten(year{y} / 12 / 24, kinds);
  }
  return kinds;
}

DayKind kind_of(Date date) {
  const auto hours_of_day = NyseCalendar::session(date);
  if (!hours_of_day) return DayKind::closed;
  return hours_of_day->half_day() ? DayKind::half : DayKind::full;
}

TEST(NyseCalendar, TableEqualsTheRulesOfObservance) {
  for (const auto& [day, kind] : kinds_by_rule()) {
    EXPECT_EQ(kind_of(Date{day}), kind) << format_date(Date{day});
    EXPECT_EQ(NyseCalendar::closure_reason(Date{day}).empty(), kind != DayKind::closed)
        << format_date(Date{day});
  }
}

struct KnownDay {
  std::string date;
  DayKind kind;
  std::string reason;
};

TEST(NyseCalendar, KnowsTheDaysThatSurprise) {
  const KnownDay rows[] = {
      {"2018-12-05", DayKind::closed, "National Day of Mourning for George H. W. Bush"},
      {"2020-04-10", DayKind::closed, "Good Friday"},
      {"2020-07-02", DayKind::full, ""},
      {"2020-07-03", DayKind::closed, "Independence Day (observed)"},
      {"2021-06-18", DayKind::full, ""},  // the first Juneteenth came too late for the exchange
      {"2021-12-24", DayKind::closed, "Christmas Day (observed)"},
      {"2021-12-31", DayKind::full, ""},
      {"2022-06-20", DayKind::closed, "Juneteenth (observed)"},
      {"2022-12-26", DayKind::closed, "Christmas Day (observed)"},
      {"2023-01-02", DayKind::closed, "New Year's Day (observed)"},
      {"2023-07-03", DayKind::half, ""},
      {"2024-03-29", DayKind::closed, "Good Friday"},
      {"2024-07-03", DayKind::half, ""},
      {"2025-01-09", DayKind::closed, "National Day of Mourning for Jimmy Carter"},
      {"2025-07-03", DayKind::half, ""},
      {"2025-09-26", DayKind::full, ""},
      {"2025-09-27", DayKind::closed, "Saturday"},
      {"2025-09-28", DayKind::closed, "Sunday"},
      {"2026-07-03", DayKind::closed, "Independence Day (observed)"},
      {"2027-06-18", DayKind::closed, "Juneteenth (observed)"},
      {"2027-07-05", DayKind::closed, "Independence Day (observed)"},
      {"2027-12-24", DayKind::closed, "Christmas Day (observed)"},
      {"2027-12-31", DayKind::full, ""},
      {"2028-01-01", DayKind::closed, "Saturday"},
      {"2028-01-03", DayKind::full, ""},
      {"2017-12-29", DayKind::closed, "outside 2018-2030"},
      {"2031-01-02", DayKind::closed, "outside 2018-2030"},
  };
  for (const KnownDay& row : rows) {
    const Date date = parse_date(row.date).value();
    EXPECT_EQ(kind_of(date), row.kind) << row.date;
    EXPECT_EQ(NyseCalendar::closure_reason(date), row.reason) << row.date;
  }
}

// NYSE facts: sessions per year as published by the exchange's own statistics.
TEST(NyseCalendar, CountsTheSessionsOfKnownYears) {
  const std::map<int, std::size_t> rows = {{2018, 251}, {2019, 252}, {2020, 253}, {2021, 252},
                                           {2022, 251}, {2023, 250}, {2024, 252}, {2025, 250}};
  for (const auto& [y, count] : rows) {
    EXPECT_EQ(NyseCalendar::sessions(year{y} / 1 / 1, year{y} / 12 / 31).size(), count) << y;
  }
}

TEST(NyseCalendar, OpensAtHalfPastNineOnBothSidesOfAClockChange) {
  const auto before = NyseCalendar::session(2025y / 3 / 7).value();
  const auto after = NyseCalendar::session(2025y / 3 / 10).value();
  EXPECT_EQ(format_utc(before.open), "2025-03-07T14:30:00Z");
  EXPECT_EQ(format_utc(after.open), "2025-03-10T13:30:00Z");
  EXPECT_EQ(format_new_york(after.close), "2025-03-10T16:00:00-04:00");
  EXPECT_EQ(format_new_york(NyseCalendar::session(2025y / 7 / 3)->close), "2025-07-03T13:00:00-04:00");
}

TEST(NyseCalendar, HasNoSessionOnADateThatDoesNotExist) {
  for (const Date date : {Date{}, Date{2025y / 2 / 30}, Date{2025y / 13 / 1}}) {
    EXPECT_FALSE(NyseCalendar::session(date).has_value());
    EXPECT_FALSE(NyseCalendar::covers(date));
    EXPECT_EQ(NyseCalendar::closure_reason(date), "not a date");
    EXPECT_TRUE(NyseCalendar::sessions(date, 2025y / 12 / 31).empty());
    EXPECT_TRUE(NyseCalendar::sessions_before(date, 3).empty());
  }
}

TEST(NyseCalendar, ListsRangesInclusivelyAndClipsThemToTheTable) {
  const auto week = NyseCalendar::sessions(2025y / 6 / 30, 2025y / 7 / 7);
  ASSERT_EQ(week.size(), 5U);
  EXPECT_EQ(week.front().date, Date{2025y / 6 / 30});
  EXPECT_EQ(week.back().date, Date{2025y / 7 / 7});
  EXPECT_TRUE(NyseCalendar::sessions(2025y / 7 / 7, 2025y / 6 / 30).empty());
  EXPECT_EQ(NyseCalendar::sessions(1990y / 1 / 1, 2018y / 1 / 2).size(), 1U);
  EXPECT_EQ(NyseCalendar::sessions(2030y / 12 / 31, 2200y / 1 / 1).size(), 1U);
}

TEST(NyseCalendar, FindsTheSessionsBeforeADate) {
  const auto two = NyseCalendar::sessions_before(2025y / 7 / 7, 2);
  ASSERT_EQ(two.size(), 2U);
  EXPECT_EQ(two[0].date, Date{2025y / 7 / 2});
  EXPECT_EQ(two[1].date, Date{2025y / 7 / 3});
  EXPECT_EQ(NyseCalendar::sessions_before(2018y / 1 / 4, 20).size(), 2U);
  EXPECT_TRUE(NyseCalendar::sessions_before(2025y / 7 / 7, 0).empty());
  EXPECT_EQ(NyseCalendar::sessions_before(2040y / 1 / 1, 1).at(0).date, Date{2030y / 12 / 31});
}

RC_GTEST_PROP(NyseCalendar, SessionsBeforeAreTheTailOfTheRange, ()) {
  const Date date{sys_days{2018y / 1 / 1} + days{*rc::gen::inRange(0, 4748)}};
  const int n = *rc::gen::inRange(0, 40);
  const auto tail = NyseCalendar::sessions_before(date, n);
  auto all = NyseCalendar::sessions(2018y / 1 / 1, Date{sys_days{date} - days{1}});
  if (all.size() > static_cast<std::size_t>(n)) all.erase(all.begin(), all.end() - n);
  RC_ASSERT(tail == all);
}

TEST(SessionHours, CountsMinutesFromTheOpen) {
  for (const auto& hours_of_day :
       {*NyseCalendar::session(2025y / 9 / 26), *NyseCalendar::session(2025y / 7 / 3)}) {
    for (int i = 0; i < hours_of_day.minutes; ++i) {
      ASSERT_EQ(hours_of_day.minute_of(hours_of_day.minute_start(i)), i);
      ASSERT_EQ(hours_of_day.minute_end(i), hours_of_day.minute_start(i) + 60s);
    }
    EXPECT_EQ(hours_of_day.minute_end(hours_of_day.minutes - 1), hours_of_day.close);
    EXPECT_FALSE(hours_of_day.minute_of(hours_of_day.close));
    EXPECT_FALSE(hours_of_day.minute_of(hours_of_day.open - 60s));
    EXPECT_FALSE(hours_of_day.minute_of(hours_of_day.open + 1s));
    EXPECT_FALSE(hours_of_day.minute_of(hours_of_day.open + 60s - 1ns));
    EXPECT_FALSE(hours_of_day.minute_of(hours_of_day.open + 24h));
  }
}

TEST(SessionHours, PutsTheEodMinuteAtFifteenFiftyEight) {
  const auto hours_of_day = NyseCalendar::session(2025y / 9 / 26).value();
  EXPECT_EQ(format_new_york(hours_of_day.minute_start(388)), "2025-09-26T15:58:00-04:00");
}

}  // namespace
}  // namespace sentio
