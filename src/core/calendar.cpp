#include "sentio/core/calendar.h"

#include <algorithm>
#include <array>

namespace sentio {

namespace {

using namespace std::chrono;

struct Closure {
  std::int16_t year;
  std::uint8_t month, day;
  std::string_view reason;
};

struct EarlyClose {
  std::int16_t year;
  std::uint8_t month, day;
};

// Source: NYSE Group's yearly "Holiday and Early Closings Calendar" notices (the latest used, of 2025-12-23,
// covers 2026-2028) and its notices of the two national days of mourning. 2029 and 2030 are not published
// yet and follow Rule 7.2: a holiday on a Saturday is observed on the Friday before unless that Friday ends
// a month (so New Year's Day 2022 and 2028 are not observed at all), one on a Sunday on the Monday after.
// clang-format off
constexpr Closure kClosures[] = {
    {2018, 1, 1, "New Year's Day"},
    {2018, 1, 15, "Martin Luther King Jr. Day"},
    {2018, 2, 19, "Presidents' Day"},
    {2018, 3, 30, "Good Friday"},
    {2018, 5, 28, "Memorial Day"},
    {2018, 7, 4, "Independence Day"},
    {2018, 9, 3, "Labor Day"},
    {2018, 11, 22, "Thanksgiving Day"},
    {2018, 12, 5, "National Day of Mourning for George H. W. Bush"},
    {2018, 12, 25, "Christmas Day"},
    {2019, 1, 1, "New Year's Day"},
    {2019, 1, 21, "Martin Luther King Jr. Day"},
    {2019, 2, 18, "Presidents' Day"},
    {2019, 4, 19, "Good Friday"},
    {2019, 5, 27, "Memorial Day"},
    {2019, 7, 4, "Independence Day"},
    {2019, 9, 2, "Labor Day"},
    {2019, 11, 28, "Thanksgiving Day"},
    {2019, 12, 25, "Christmas Day"},
    {2020, 1, 1, "New Year's Day"},
    {2020, 1, 20, "Martin Luther King Jr. Day"},
    {2020, 2, 17, "Presidents' Day"},
    {2020, 4, 10, "Good Friday"},
    {2020, 5, 25, "Memorial Day"},
    {2020, 7, 3, "Independence Day (observed)"},
    {2020, 9, 7, "Labor Day"},
    {2020, 11, 26, "Thanksgiving Day"},
    {2020, 12, 25, "Christmas Day"},
    {2021, 1, 1, "New Year's Day"},
    {2021, 1, 18, "Martin Luther King Jr. Day"},
    {2021, 2, 15, "Presidents' Day"},
    {2021, 4, 2, "Good Friday"},
    {2021, 5, 31, "Memorial Day"},
    {2021, 7, 5, "Independence Day (observed)"},
    {2021, 9, 6, "Labor Day"},
    {2021, 11, 25, "Thanksgiving Day"},
    {2021, 12, 24, "Christmas Day (observed)"},
    {2022, 1, 17, "Martin Luther King Jr. Day"},
    {2022, 2, 21, "Presidents' Day"},
    {2022, 4, 15, "Good Friday"},
    {2022, 5, 30, "Memorial Day"},
    {2022, 6, 20, "Juneteenth (observed)"},
    {2022, 7, 4, "Independence Day"},
    {2022, 9, 5, "Labor Day"},
    {2022, 11, 24, "Thanksgiving Day"},
    {2022, 12, 26, "Christmas Day (observed)"},
    {2023, 1, 2, "New Year's Day (observed)"},
    {2023, 1, 16, "Martin Luther King Jr. Day"},
    {2023, 2, 20, "Presidents' Day"},
    {2023, 4, 7, "Good Friday"},
    {2023, 5, 29, "Memorial Day"},
    {2023, 6, 19, "Juneteenth"},
    {2023, 7, 4, "Independence Day"},
    {2023, 9, 4, "Labor Day"},
    {2023, 11, 23, "Thanksgiving Day"},
    {2023, 12, 25, "Christmas Day"},
    {2024, 1, 1, "New Year's Day"},
    {2024, 1, 15, "Martin Luther King Jr. Day"},
    {2024, 2, 19, "Presidents' Day"},
    {2024, 3, 29, "Good Friday"},
    {2024, 5, 27, "Memorial Day"},
    {2024, 6, 19, "Juneteenth"},
    {2024, 7, 4, "Independence Day"},
    {2024, 9, 2, "Labor Day"},
    {2024, 11, 28, "Thanksgiving Day"},
    {2024, 12, 25, "Christmas Day"},
    {2025, 1, 1, "New Year's Day"},
    {2025, 1, 9, "National Day of Mourning for Jimmy Carter"},
    {2025, 1, 20, "Martin Luther King Jr. Day"},
    {2025, 2, 17, "Presidents' Day"},
    {2025, 4, 18, "Good Friday"},
    {2025, 5, 26, "Memorial Day"},
    {2025, 6, 19, "Juneteenth"},
    {2025, 7, 4, "Independence Day"},
    {2025, 9, 1, "Labor Day"},
    {2025, 11, 27, "Thanksgiving Day"},
    {2025, 12, 25, "Christmas Day"},
    {2026, 1, 1, "New Year's Day"},
    {2026, 1, 19, "Martin Luther King Jr. Day"},
    {2026, 2, 16, "Presidents' Day"},
    {2026, 4, 3, "Good Friday"},
    {2026, 5, 25, "Memorial Day"},
    {2026, 6, 19, "Juneteenth"},
    {2026, 7, 3, "Independence Day (observed)"},
    {2026, 9, 7, "Labor Day"},
    {2026, 11, 26, "Thanksgiving Day"},
    {2026, 12, 25, "Christmas Day"},
    {2027, 1, 1, "New Year's Day"},
    {2027, 1, 18, "Martin Luther King Jr. Day"},
    {2027, 2, 15, "Presidents' Day"},
    {2027, 3, 26, "Good Friday"},
    {2027, 5, 31, "Memorial Day"},
    {2027, 6, 18, "Juneteenth (observed)"},
    {2027, 7, 5, "Independence Day (observed)"},
    {2027, 9, 6, "Labor Day"},
    {2027, 11, 25, "Thanksgiving Day"},
    {2027, 12, 24, "Christmas Day (observed)"},
    {2028, 1, 17, "Martin Luther King Jr. Day"},
    {2028, 2, 21, "Presidents' Day"},
    {2028, 4, 14, "Good Friday"},
    {2028, 5, 29, "Memorial Day"},
    {2028, 6, 19, "Juneteenth"},
    {2028, 7, 4, "Independence Day"},
    {2028, 9, 4, "Labor Day"},
    {2028, 11, 23, "Thanksgiving Day"},
    {2028, 12, 25, "Christmas Day"},
    {2029, 1, 1, "New Year's Day"},
    {2029, 1, 15, "Martin Luther King Jr. Day"},
    {2029, 2, 19, "Presidents' Day"},
    {2029, 3, 30, "Good Friday"},
    {2029, 5, 28, "Memorial Day"},
    {2029, 6, 19, "Juneteenth"},
    {2029, 7, 4, "Independence Day"},
    {2029, 9, 3, "Labor Day"},
    {2029, 11, 22, "Thanksgiving Day"},
    {2029, 12, 25, "Christmas Day"},
    {2030, 1, 1, "New Year's Day"},
    {2030, 1, 21, "Martin Luther King Jr. Day"},
    {2030, 2, 18, "Presidents' Day"},
    {2030, 4, 19, "Good Friday"},
    {2030, 5, 27, "Memorial Day"},
    {2030, 6, 19, "Juneteenth"},
    {2030, 7, 4, "Independence Day"},
    {2030, 9, 2, "Labor Day"},
    {2030, 11, 28, "Thanksgiving Day"},
    {2030, 12, 25, "Christmas Day"},
};

// Trading ends at 13:00: 3 July when 4 July is a weekday after it, the day after Thanksgiving, and
// 24 December; each only where it is a trading day.
constexpr EarlyClose kEarlyCloses[] = {
    {2018, 7, 3}, {2018, 11, 23}, {2018, 12, 24},
    {2019, 7, 3}, {2019, 11, 29}, {2019, 12, 24},
    {2020, 11, 27}, {2020, 12, 24},
    {2021, 11, 26},
    {2022, 11, 25},
    {2023, 7, 3}, {2023, 11, 24},
    {2024, 7, 3}, {2024, 11, 29}, {2024, 12, 24},
    {2025, 7, 3}, {2025, 11, 28}, {2025, 12, 24},
    {2026, 11, 27}, {2026, 12, 24},
    {2027, 11, 26},
    {2028, 7, 3}, {2028, 11, 24},
    {2029, 7, 3}, {2029, 11, 23}, {2029, 12, 24},
    {2030, 7, 3}, {2030, 11, 29}, {2030, 12, 24},
};
// clang-format on

constexpr sys_days kFirstDay{year{NyseCalendar::kFirstYear} / January / 1};
constexpr sys_days kLastDay{year{NyseCalendar::kLastYear} / December / 31};
constexpr auto kDayCount = static_cast<std::size_t>((kLastDay - kFirstDay).count()) + 1;

// One byte per day of the table's years: a look-up costs one load, however often it is asked.
// Values below kOpenHalf are indices into kClosures; weekends need no entry of their own.
using DayCode = std::uint8_t;
constexpr DayCode kOpenFull = 255, kOpenHalf = 254, kWeekend = 253;
static_assert(std::size(kClosures) < kWeekend);

template <class Entry>
constexpr std::size_t day_index(const Entry& e) {
  const sys_days day{year{e.year} / static_cast<int>(e.month) / static_cast<int>(e.day)};
  return static_cast<std::size_t>((day - kFirstDay).count());
}

consteval std::array<DayCode, kDayCount> make_day_codes() {
  std::array<DayCode, kDayCount> codes{};
  for (std::size_t i = 0; i < kDayCount; ++i) {
    const weekday wd{kFirstDay + days{i}};
    codes[i] = wd == Saturday || wd == Sunday ? kWeekend : kOpenFull;
  }
  // at() refuses, at compile time, a row of the tables that lies outside the years.
  for (std::size_t i = 0; i < std::size(kClosures); ++i) {
    codes.at(day_index(kClosures[i])) = static_cast<DayCode>(i);
  }
  for (const EarlyClose& e : kEarlyCloses) codes.at(day_index(e)) = kOpenHalf;
  return codes;
}

constexpr std::array<DayCode, kDayCount> kDayCodes = make_day_codes();

DayCode day_code(sys_days day) {
  return kDayCodes[static_cast<std::size_t>((day - kFirstDay).count())];
}

std::optional<SessionHours> session_on(sys_days day) {
  const DayCode code = day_code(day);
  if (code < kOpenHalf) return std::nullopt;
  SessionHours hours_of_day;
  hours_of_day.date = Date{day};
  hours_of_day.open = from_new_york(hours_of_day.date, hours{9} + minutes{30});
  hours_of_day.minutes = code == kOpenFull ? kFullSessionMinutes : kHalfSessionMinutes;
  // The clocks change at 02:00 on Sundays, never inside a session.
  hours_of_day.close = hours_of_day.minute_start(hours_of_day.minutes);
  return hours_of_day;
}

}  // namespace

std::optional<int> SessionHours::minute_of(TimePoint start) const {
  if (start < open || start >= close) return std::nullopt;
  const auto since_open = start - open;
  if (since_open % kBarLength != nanoseconds{0}) return std::nullopt;
  return static_cast<int>(since_open / kBarLength);
}

bool NyseCalendar::covers(Date date) {
  return date.ok() && date.year() >= year{kFirstYear} && date.year() <= year{kLastYear};
}

std::optional<SessionHours> NyseCalendar::session(Date date) {
  if (!covers(date)) return std::nullopt;
  return session_on(sys_days{date});
}

std::string_view NyseCalendar::closure_reason(Date date) {
  if (!date.ok()) return "not a date";
  if (!covers(date)) return "outside 2018-2030";
  const DayCode code = day_code(sys_days{date});
  if (code == kWeekend) return weekday{sys_days{date}} == Saturday ? "Saturday" : "Sunday";
  return code < kWeekend ? kClosures[code].reason : std::string_view{};
}

std::vector<SessionHours> NyseCalendar::sessions(Date first, Date last) {
  std::vector<SessionHours> found;
  if (!first.ok() || !last.ok()) return found;
  const auto end = std::min(sys_days{last}, kLastDay);
  for (auto day = std::max(sys_days{first}, kFirstDay); day <= end; day += days{1}) {
    if (const auto hours_of_day = session_on(day)) found.push_back(*hours_of_day);
  }
  return found;
}

std::vector<SessionHours> NyseCalendar::sessions_before(Date date, int n) {
  std::vector<SessionHours> found;
  if (!date.ok()) return found;
  for (auto day = std::min(sys_days{date} - days{1}, kLastDay); day >= kFirstDay && std::ssize(found) < n;
       day -= days{1}) {
    if (const auto hours_of_day = session_on(day)) found.push_back(*hours_of_day);
  }
  std::ranges::reverse(found);
  return found;
}

}  // namespace sentio
