/// Is a minute named by the instant it says: wrong time zones, ends instead of starts, bars of another
/// length.

#include <algorithm>
#include <cstdlib>
#include <map>

#include "checks/finding_text.h"
#include "sentio/data/bar_checks.h"

namespace sentio {

namespace {

using namespace data;
using namespace std::chrono;

constexpr int kOpenMinute = 9 * 60 + 30;  // of the day, New York

int minute_of_day(TimePoint t) {
  return static_cast<int>(duration_cast<minutes>(new_york_time_of_day(t)).count());
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

bool in_summer(TimePoint t) {
  return new_york_offset(t) == hours{-4};
}

std::string span_text(TimePoint first, TimePoint last) {
  return "rows from " + minute_text(first).substr(11) + " to " + minute_text(last).substr(11);
}

constexpr int kRowsMin = 30;    // fewer say nothing about a day's hours
constexpr int kEdgeSlack = 15;  // a thin fund's first and last trade
constexpr int kSpanSlack = 6;   // a closing print and a little more; longer days have extended hours
constexpr int kStep = 30;       // minutes: every offset of a time zone is a multiple

int to_step(int minutes) {
  return (std::abs(minutes) + kStep / 2) / kStep * kStep * (minutes < 0 ? -1 : 1);
}

int session_length(const DayTrace& day) {
  return day.session ? day.session->minutes : kFullSessionMinutes;
}

/// Minutes by which a day's rows lie behind the session; nullopt where their span is not a session's.
std::optional<int> shift_of(const DayTrace& day) {
  if (day.rows < kRowsMin) return std::nullopt;
  const int length = session_length(day);
  const int first = minute_of_day(day.first), last = minute_of_day(day.last);
  const int at_open = first - kOpenMinute, at_close = last - (kOpenMinute + length - 1);
  if (std::abs(at_open) <= kEdgeSlack || std::abs(at_close) <= kEdgeSlack) return 0;
  if (last - first + 1 > length + kSpanSlack) return std::nullopt;
  const int shift = to_step((at_open + at_close) / 2);
  const bool agree = std::abs(at_open - shift) <= kEdgeSlack && std::abs(at_close - shift) <= kEdgeSlack;
  return agree && shift != 0 ? std::optional(shift) : std::nullopt;
}

/// Days in a row with the same shift: an offset that changes in mid-file shows where.
struct ShiftedRun {
  int shift = 0;
  const DayTrace *first = nullptr, *last = nullptr;
  std::int64_t days = 0;
};

/// Runs of days by `shift`; days of which it says nothing do not end a run. `sound`: days at 0.
template <class Shift>
std::vector<ShiftedRun> runs_of(std::span<const DayTrace> days, int& sound, const Shift& shift) {
  std::vector<ShiftedRun> runs;
  for (const DayTrace& day : days) {
    const std::optional<int> found = shift(day);
    if (!found) continue;
    if (*found == 0) ++sound;
    if (runs.empty() || runs.back().shift != *found) runs.push_back({.shift = *found, .first = &day});
    runs.back().last = &day;
    ++runs.back().days;
  }
  std::erase_if(runs, [](const ShiftedRun& run) { return run.shift == 0; });
  return runs;
}

Finding shifted(const ShiftedRun& run, const std::string& symbol, const std::string& text) {
  return {.kind = FindingKind::wrong_clock,
          .severity = Severity::refused,
          .symbol = symbol,
          .first = run.first->first,
          .last = run.last->last,
          .count = run.days,
          .text = text};
}

std::string rest_text(int sound) {
  return sound > 0 ? "; " + counted(sound, "day") + " of the file are right" : "";
}

// ---- Days of session length that lie somewhere else. ----

Findings shifted_days(const std::string& symbol, std::span<const DayTrace> days) {
  int sound = 0;
  Findings found;
  for (const ShiftedRun& run : runs_of(days, sound, shift_of)) {
    found.push_back(shifted(run, symbol,
                            counted(run.days, "day") + " " + shift_text(run.shift) + " from " +
                                format_date(run.first->date) + " on: " +
                                span_text(run.first->first, run.first->last) + " (" +
                                cause_of(run.shift, in_summer(run.first->first)) + ")" + rest_text(sound)));
  }
  return found;
}

// ---- The same, and then somebody left out what lay outside the session. ----

/// Minutes by which such a day begins late, or (negative) ends early; 0: neither.
std::optional<int> cut_of(const DayTrace& day) {
  constexpr int kCutSlack = 5;
  if (!day.session || day.session_rows < kRowsMin || day.session_rows != day.rows) return std::nullopt;
  const int late = day.first_minute, early = day.session->minutes - 1 - day.last_minute;
  const bool at_open = late <= kEdgeSlack, at_close = early <= kEdgeSlack;
  if (at_open == at_close) return at_open ? std::optional(0) : std::nullopt;
  const int cut = at_open ? -to_step(early) : to_step(late);
  return std::abs(std::abs(cut) - (at_open ? early : late)) <= kCutSlack ? std::optional(cut) : std::nullopt;
}

Findings cut_days(const std::string& symbol, std::span<const DayTrace> days) {
  constexpr int kDaysMin = 3;  // one day alone is a download cut short
  int sound = 0;
  Findings found;
  for (const ShiftedRun& run : runs_of(days, sound, cut_of)) {
    if (run.days < kDaysMin) continue;
    const SessionHours& session = *run.first->session;
    found.push_back(shifted(
        run, symbol,
        counted(run.days, "day") + " in a row from " + format_date(run.first->date) + " on with " +
            span_text(session.minute_start(run.first->first_minute), session.minute_start(run.first->last_minute)) +
            ": " + shift_text(run.shift) + " and then cut to regular hours? (" +
            cause_of(run.shift, in_summer(session.open)) + ")" + rest_text(sound)));
  }
  return found;
}

// ---- Days with extended hours: the volume of the open tells where the session is. ----

/// Up to ten days with extended hours in a row, of one offset of New York's: what is wrong in winter only is seen.
Findings shifted_opens(const std::string& symbol, std::span<const DayTrace> days) {
  constexpr int kDays = 10, kDaysMin = 3;
  Findings found;
  for (std::size_t begin = 0; begin < days.size();) {
    const bool summer = in_summer(days[begin].first);
    std::map<int, int> votes;
    int voters = 0;
    std::size_t end = begin;
    const DayTrace *first = nullptr, *last = nullptr;
    for (; end < days.size() && voters < kDays && in_summer(days[end].first) == summer; ++end) {
      if (!days[end].loud_hour) continue;
      ++voters;
      ++votes[*days[end].loud_hour];
      if (first == nullptr) first = &days[end];
      last = &days[end];
    }
    begin = end;
    if (voters == 0) continue;
    const auto [hour, most] = *std::ranges::max_element(votes, {}, [](const auto& vote) { return vote.second; });
    if (most < kDaysMin || hour == 0 || most * 10 < voters * 6) continue;
    found.push_back(shifted({hour * 60, first, last, most}, symbol,
                            "on " + std::to_string(most) + " of " + counted(voters, "day") + " from " +
                                format_date(first->date) + " on the volume jumps " + shift_text(hour * 60) +
                                ", not at 09:30 (" + cause_of(hour * 60, summer) + ")"));
  }
  return found;
}

// ---- Bars named by another instant of their minute. ----

/// Sessions with the signs of such bars, and those that could have shown them.
struct StampCount {
  int shown = 0, whole = 0, of = 0;  // whole: with nearly all of their minutes
  int in_a_row = 0, longest = 0;
  TimePoint first{}, last{};
  void add(const DayTrace& day, bool sign) {
    ++of;
    in_a_row = sign ? in_a_row + 1 : 0;
    longest = std::max(longest, in_a_row);
    if (!sign) return;
    if (shown++ == 0) first = day.first;
    last = day.last;
    if (day.session_rows * 10 >= (day.session->minutes - 1) * 9) ++whole;
  }
  /// Most sessions, or a week of them in a row; a thin fund may lack its first minute once.
  [[nodiscard]] bool judged() const {
    constexpr int kFew = 3, kWeek = 5;
    return (shown > 0 && shown * 10 >= of * 8 && (shown >= kFew || whole == shown)) || longest >= kWeek;
  }
  [[nodiscard]] Finding finding(Severity severity, const std::string& symbol, const std::string& text) const {
    return {.kind = FindingKind::end_stamped,
            .severity = severity,
            .symbol = symbol,
            .first = first,
            .last = last,
            .count = shown,
            .text = text};
  }
};

Findings stamps(const std::string& symbol, std::span<const DayTrace> days) {
  StampCount end, end_cut, late_volume, early;
  for (const DayTrace& day : days) {
    if (!day.session) continue;
    if (day.before_open && day.at_open && day.second_minute) {
      // The first minute is louder than the second: by half or more on nine of ten days of real index funds.
      late_volume.add(day, day.second_minute_louder);
    } else if (day.second_minute && day.at_close) {
      end.add(day, !day.at_open);
    }
    if (day.first >= day.session->open && day.second_minute && day.session_rows * 10 >= day.session->minutes * 9)
      end_cut.add(day, !day.at_open && !day.at_close);
    if (day.session_rows >= kRowsMin && !day.at_close)
      early.add(day, day.first == day.session->open - kBarLength && day.last_minute == day.session->minutes - 2);
  }
  constexpr int kExtendedMin = 3, kCutMin = 5;
  if (end.judged()) {
    return {end.finding(Severity::refused, symbol,
                        counted(end.shown, "session") +
                            " without 09:30 and with a row at the close: bars stamped with their end; subtract a minute")};
  }
  if (late_volume.of >= kExtendedMin && late_volume.judged()) {
    return {late_volume.finding(
        Severity::refused, symbol,
        "in " + counted(late_volume.shown, "session") +
            " the open's volume is in the bar of 09:31: bars stamped with their end; subtract a minute")};
  }
  if (early.judged()) {
    return {early.finding(Severity::refused, symbol,
                          counted(early.shown, "session") +
                              " from 09:29 to a minute before the last: a minute too early (start stamps read as ends?)")};
  }
  if (end_cut.shown >= kCutMin && end_cut.judged()) {
    return {end_cut.finding(Severity::warned, symbol,
                            counted(end_cut.shown, "session") +
                                " begin at 09:31: bars stamped with their end, and the last one left out?")};
  }
  return {};
}

// ---- Bars of another length. ----

/// The distance of most neighbours on that day in minutes; nullopt where there is no such distance.
std::optional<int> step_of(const DayTrace& day) {
  constexpr int kStepRowsMin = 6;
  if (day.rows < kStepRowsMin) return std::nullopt;
  // Nine in ten of one step lead by eight in ten.
  const int lead = day.step_votes - day.minute_steps;
  return lead * 10 >= (day.rows - 1) * 8 ? std::optional(day.step) : std::nullopt;
}

Findings long_bars(const std::string& symbol, std::span<const DayTrace> days) {
  Tally long_days, single_days;
  int step = 0, rows = 0;
  for (const DayTrace& day : days) {
    if (day.rows == 1) single_days.add(day.first);
    const auto found = step_of(day);
    if (!found) continue;
    step = *found;
    rows += day.rows;
    long_days.add(day.first, day.last, {});
  }
  constexpr int kDailyMin = 5, kLongRowsMin = 12;
  if (single_days.count() >= kDailyMin && single_days.count() * 10 >= std::ssize(days) * 9) {
    return {single_days.finding(FindingKind::bar_length, Severity::refused, symbol,
                                counted(single_days.count(), "day") +
                                    " with one row each: daily bars; minute bars are needed")};
  }
  if (rows < kLongRowsMin) return {};
  return {long_days.finding(FindingKind::bar_length, Severity::refused, symbol,
                            counted(long_days.count(), "day") + " with a row every " + std::to_string(step) +
                                " minutes: longer bars; minute bars are needed")};
}

}  // namespace

Findings check_clock(const std::string& symbol, std::span<const DayTrace> days) {
  Findings found;
  for (const auto& check : {shifted_days, cut_days, shifted_opens, stamps, long_bars}) {
    Findings more = check(symbol, days);
    found.insert(found.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
  }
  return found;
}

Findings check_clock(const SymbolHistory& history) {
  RowTracer tracer;
  for (const BarDay& day : history.days) {
    for (const Bar& bar : history.rows(day)) tracer.add(bar, day.date, day.session);
  }
  return check_clock(history.symbol, tracer.take_days());
}

}  // namespace sentio
