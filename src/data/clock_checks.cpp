/// Is a minute named by the instant it says: wrong time zones, ends instead of starts, bars of another
/// length.

#include <algorithm>
#include <array>
#include <cstdlib>
#include <map>

#include "finding_text.h"
#include "sentio/data/bar_checks.h"

namespace sentio {

namespace {

using namespace data;
using namespace std::chrono;

constexpr int kOpenMinute = 9 * 60 + 30;  // of the day, New York

int minute_of_day(TimePoint t) {
  return static_cast<int>(duration_cast<minutes>(new_york_time_of_day(t)).count());
}

// ---- Days of session length that lie somewhere else. ----

constexpr int kRowsMin = 30;    // fewer say nothing about a day's hours
constexpr int kEdgeSlack = 15;  // a thin fund's first and last trade
constexpr int kSpanSlack = 6;   // a closing print and a little more; longer days have extended hours

/// Minutes by which a day's rows lie behind the session; nullopt where their span is not a session's.
std::optional<int> shift_of(const SymbolHistory& history, const BarDay& day) {
  const auto rows = history.rows(day);
  if (std::ssize(rows) < kRowsMin) return std::nullopt;
  const int length = day.session ? day.session->minutes : kFullSessionMinutes;
  const int first = minute_of_day(rows.front().start), last = minute_of_day(rows.back().start);
  const int at_open = first - kOpenMinute, at_close = last - (kOpenMinute + length - 1);
  if (std::abs(at_open) <= kEdgeSlack || std::abs(at_close) <= kEdgeSlack) return 0;
  if (last - first + 1 > length + kSpanSlack) return std::nullopt;
  constexpr int kStep = 30;  // every offset of a time zone is a multiple
  const int middle = at_open + at_close;
  const int shift = (std::abs(middle) / 2 + kStep / 2) / kStep * kStep * (middle < 0 ? -1 : 1);
  const bool agree = std::abs(at_open - shift) <= kEdgeSlack && std::abs(at_close - shift) <= kEdgeSlack;
  return agree && shift != 0 ? std::optional(shift) : std::nullopt;
}

std::string cause_of(int shift, bool summer) {
  const int utc = summer ? -240 : -300;
  if (shift == utc) return "New York wall time labelled as UTC";
  if (shift == -utc) return "UTC labelled as New York time";
  if (shift == 60 && summer) return "the winter offset -05:00 kept in summer";
  if (shift == -60 && !summer) return "the summer offset -04:00 kept in winter";
  if (shift == -60) return "Chicago wall time labelled as New York time";
  if (shift == -180) return "Pacific wall time labelled as New York time";
  return "another zone's time";
}

std::string shift_text(int shift) {
  return std::to_string(std::abs(shift)) + " minutes " + (shift < 0 ? "early" : "late");
}

/// One finding per run of days with the same shift: an offset that changes in mid-file shows where.
Findings shifted_days(const SymbolHistory& history) {
  struct Run {
    int shift = 0;
    Tally days;
    const BarDay* first = nullptr;
  };
  std::vector<Run> runs;
  int sound = 0;
  for (const BarDay& day : history.days) {
    const auto shift = shift_of(history, day);
    if (!shift) continue;
    if (*shift == 0) {
      ++sound;
      runs.emplace_back();
      continue;
    }
    if (runs.empty() || runs.back().shift != *shift) runs.push_back({.shift = *shift, .first = &day});
    runs.back().days.add(history.bars[day.begin].start, history.bars[day.end - 1].start, {});
  }
  Findings found;
  for (const Run& run : runs) {
    if (run.shift == 0) continue;
    const TimePoint first = history.bars[run.first->begin].start,
                    last = history.bars[run.first->end - 1].start;
    const bool summer = new_york_offset(first) == hours{-4};
    found.push_back(run.days.finding(
        FindingKind::wrong_clock, Severity::refused, history.symbol,
        counted(run.days.count(), "day") + " " + shift_text(run.shift) + " from " +
            format_date(run.first->date) + " on: rows from " + minute_text(first).substr(11) + " to " +
            minute_text(last).substr(11) + " (" + cause_of(run.shift, summer) + ")" +
            (sound > 0 ? "; " + counted(sound, "day") + " of the file are right" : "")));
  }
  return found;
}

// ---- Days with extended hours: the volume of the open tells where the session is. ----

constexpr int kHoursTried = 6;

/// The bar of that minute of the day, or nullptr.
const Bar* bar_at(std::span<const Bar> rows, TimePoint start) {
  const auto at = std::ranges::lower_bound(rows, start, {}, &Bar::start);
  return at != rows.end() && at->start == start ? &*at : nullptr;
}

/// Volume of the minute over the mean of the five before it; 0 where either is missing.
double surge(std::span<const Bar> rows, TimePoint minute) {
  const Bar* bar = bar_at(rows, minute);
  if (bar == nullptr) return 0;
  double before = 0;
  int found = 0;
  for (int k = 1; k <= 5; ++k) {
    const Bar* earlier = bar_at(rows, minute - k * kBarLength);
    if (earlier == nullptr) continue;
    before += earlier->volume;
    ++found;
  }
  return found == 0 || before <= 0 ? 0 : bar->volume * found / before;
}

bool has_extended_hours(const SymbolHistory& history, const BarDay& day) {
  if (!day.session) return false;
  const auto rows = history.rows(day);
  return std::ssize(rows) >= kRowsMin &&
         (rows.back().start - rows.front().start) / kBarLength > day.session->minutes + kSpanSlack;
}

Findings shifted_opens(const SymbolHistory& history) {
  std::array<int, 2 * kHoursTried + 1> votes{};
  int days = 0;
  Tally all;
  for (const BarDay& day : history.days) {
    if (!has_extended_hours(history, day)) continue;
    double best = 5;  // less is no open
    int winner = -1;
    for (int h = -kHoursTried; h <= kHoursTried; ++h) {
      const double here = surge(history.rows(day), day.session->open + hours{h});
      if (here <= best) continue;
      best = here;
      winner = h + kHoursTried;
    }
    if (winner < 0) continue;
    ++votes[static_cast<std::size_t>(winner)];
    ++days;
    all.add(history.bars[day.begin].start);
  }
  const auto most = std::ranges::max_element(votes);
  const int hour = static_cast<int>(most - votes.begin()) - kHoursTried;
  constexpr int kDaysMin = 3;
  if (days < kDaysMin || hour == 0 || *most * 10 < days * 6) return {};
  const bool summer = new_york_offset(history.bars.front().start) == hours{-4};
  return {all.finding(FindingKind::wrong_clock, Severity::refused, history.symbol,
                      "on " + std::to_string(*most) + " of " + counted(days, "day") + " the volume jumps " +
                          shift_text(hour * 60) + ", not at 09:30 (" + cause_of(hour * 60, summer) + ")")};
}

// ---- Bars named by their end. ----

/// Regular hours only: no 09:30 but a 16:00. With extended hours: the open's volume at 09:31.
Findings end_stamps(const SymbolHistory& history) {
  Tally shifted, late_volume;
  int regular = 0, extended = 0;
  for (const BarDay& day : history.days) {
    if (!day.session) continue;
    const auto rows = history.rows(day);
    const TimePoint open = day.session->open;
    const Bar *zero = bar_at(rows, open), *one = bar_at(rows, open + kBarLength),
              *before = bar_at(rows, open - kBarLength);
    if (before != nullptr && zero != nullptr && one != nullptr) {
      ++extended;
      // The first minute is louder than the second: by half or more on nine of ten days of real index funds.
      if (one->volume > 3 * zero->volume) late_volume.add(open);
    } else if (one != nullptr && bar_at(rows, day.session->close) != nullptr) {
      ++regular;
      if (zero == nullptr) shifted.add(open, day.session->close, {});
    }
  }
  constexpr int kExtendedMin = 3;
  if (shifted.count() > 0 && shifted.count() * 10 >= regular * 8) {
    return {shifted.finding(
        FindingKind::end_stamped, Severity::refused, history.symbol,
        counted(shifted.count(), "session") +
            " without 09:30 and with a row at the close: bars stamped with their end; subtract a minute")};
  }
  if (extended >= kExtendedMin && late_volume.count() * 10 >= extended * 8) {
    return {late_volume.finding(
        FindingKind::end_stamped, Severity::refused, history.symbol,
        "in " + counted(late_volume.count(), "session") +
            " the open's volume is in the bar of 09:31: bars stamped with their end; subtract a minute")};
  }
  return {};
}

// ---- Bars of another length. ----

/// The distance of most neighbours on that day in minutes; nullopt where there is no such distance.
std::optional<int> step_of(std::span<const Bar> rows) {
  constexpr std::ptrdiff_t kStepRowsMin = 6;
  if (std::ssize(rows) < kStepRowsMin) return std::nullopt;
  std::map<std::int64_t, int> steps;
  for (std::size_t i = 1; i < rows.size(); ++i) ++steps[(rows[i].start - rows[i - 1].start) / kBarLength];
  const auto usual = std::ranges::max_element(steps, {}, [](const auto& entry) { return entry.second; });
  if (usual->second * 10 < (std::ssize(rows) - 1) * 9) return std::nullopt;
  return static_cast<int>(usual->first);
}

Findings long_bars(const SymbolHistory& history) {
  Tally days;
  int single = 0, step = 0;
  std::int64_t rows_of_long_days = 0;
  for (const BarDay& day : history.days) {
    const auto rows = history.rows(day);
    if (rows.size() == 1) ++single;
    const auto found = step_of(rows);
    if (!found || *found < 2) continue;
    step = *found;
    rows_of_long_days += std::ssize(rows);
    days.add(rows.front().start, rows.back().start, {});
  }
  constexpr int kDailyMin = 5, kLongRowsMin = 12;
  if (single >= kDailyMin && single * 10 >= std::ssize(history.days) * 9) {
    Tally daily;
    for (const BarDay& day : history.days) daily.add(history.bars[day.begin].start);
    return {daily.finding(FindingKind::bar_length, Severity::refused, history.symbol,
                          counted(single, "day") + " with one row each: daily bars; minute bars are needed")};
  }
  if (rows_of_long_days < kLongRowsMin) return {};
  return {days.finding(FindingKind::bar_length, Severity::refused, history.symbol,
                       counted(days.count(), "day") + " with a row every " + std::to_string(step) +
                           " minutes: longer bars; minute bars are needed")};
}

}  // namespace

Findings check_clock(const SymbolHistory& history) {
  Findings found = shifted_days(history);
  for (const auto& check : {shifted_opens, end_stamps, long_bars}) {
    Findings more = check(history);
    found.insert(found.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
  }
  return found;
}

}  // namespace sentio
