/// What is missing: sessions, minutes, ends of days, and files that stop before the others.

#include <algorithm>
#include <cmath>

#include "checks/coverage_rules.h"
#include "checks/finding_text.h"
#include "sentio/data/bar_checks.h"

namespace sentio {

namespace data {

int longest_by_chance(double share, std::int64_t minutes) {
  constexpr int kShortest = 5;
  if (share <= 0) return kShortest - 1;
  const double runs = std::log(1000.0 * static_cast<double>(minutes)) / -std::log(std::min(share, 0.99));
  // A thin fund rests at noon: its gaps come in clusters, so the even chance is doubled.
  return std::max(kShortest - 1, static_cast<int>(std::ceil(2 * runs)));
}

}  // namespace data

namespace {

using namespace data;
using namespace std::chrono;

std::string clock_text(TimePoint t) {
  return minute_text(t).substr(11);
}

/// "2025-10-14", "2025-10-14 to 2025-10-16", and how many.
std::string sessions_text(std::span<const Date> dates) {
  std::string text = counted(std::ssize(dates), "session") + ": ";
  constexpr std::size_t kShownDates = 4;
  for (std::size_t i = 0; i < std::min(dates.size(), kShownDates); ++i)
    text += (i == 0 ? "" : ", ") + format_date(dates[i]);
  return text + (dates.size() > kShownDates ? ", … " + format_date(dates.back()) : "");
}

Finding sessions_finding(FindingKind kind, const std::string& symbol, std::span<const Date> dates,
                         const std::string& what) {
  const auto open_of = [](Date date) { return NyseCalendar::session(date)->open; };
  return {.kind = kind,
          .severity = Severity::refused,
          .symbol = symbol,
          .first = open_of(dates.front()),
          .last = open_of(dates.back()),
          .count = std::ssize(dates),
          .text = what + " " + sessions_text(dates)};
}

std::vector<Date> dates_between(Date first, Date last) {
  std::vector<Date> dates;
  for (const SessionHours& hours : NyseCalendar::sessions(first, last)) dates.push_back(hours.date);
  return dates;
}

class Coverage {
 public:
  Coverage(const SymbolHistory& history, const BarVerification& measured, TimePoint now)
      : history_(history), measured_(measured), now_(now) {
    for (const SessionCoverage& session : measured.sessions) minutes_ += session.minutes;
    share_ =
        minutes_ == 0 ? 0 : static_cast<double>(measured.missing_minutes) / static_cast<double>(minutes_);
    by_chance_ = longest_by_chance(share_, minutes_);
  }

  Findings run() {
    for (const BarDay& day : history_.days) {
      const auto bars = history_.session_bars(day);
      if (!bars.empty() && day.session->close <= now_) judge(*day.session, bars);
    }
    Findings found;
    if (measured_.missing_minutes > 0) found.push_back(missing());
    add(found, gaps_, FindingKind::gap, Severity::warned,
        " of more minutes in a row than chance explains (a halt, or an outage at the source): ", "gap");
    add(found, late_, FindingKind::late_open, Severity::warned, " with a late beginning: ", "session");
    add(found, early_, FindingKind::early_end, Severity::refused,
        " with an early end (a download cut short?): ", "session");
    add(found, short_, FindingKind::short_day, Severity::warned,
        " with less than half of the usual bars: ", "session");
    return found;
  }

 private:
  void judge(const SessionHours& session, std::span<const Bar> bars) {
    const int first = *session.minute_of(bars.front().start), last = *session.minute_of(bars.back().start);
    const int edge = std::max(kEdgeMinutes, by_chance_);
    const bool late = first >= edge, early = session.minutes - 1 - last >= edge;
    const std::string date = format_date(session.date);
    if (late) late_.add(session.open, bars.front().start, date + " at " + clock_text(bars.front().start));
    if (early) early_.add(bars.back().start, session.close, date + " at " + clock_text(bars.back().start));
    for (std::size_t i = 1; i < bars.size(); ++i) {
      const auto missing = (bars[i].start - bars[i - 1].start) / kBarLength - 1;
      if (missing <= by_chance_) continue;
      const TimePoint from = bars[i - 1].start + kBarLength;
      gaps_.add(from, bars[i].start - kBarLength,
                date + " " + clock_text(from) + " to " + clock_text(bars[i].start) + ", " +
                    counted(missing, "minute"));
    }
    const double usual = (1 - share_) * session.minutes;
    if (!late && !early && static_cast<double>(bars.size()) < usual / 2) {
      short_.add(session.open, date + " " + counted(std::ssize(bars), "bar"));
    }
  }
  Finding missing() const {
    return {.kind = FindingKind::missing_minutes,
            .symbol = history_.symbol,
            .count = measured_.missing_minutes,
            .text = std::to_string(measured_.missing_minutes) + " of " + counted(minutes_, "minute") +
                    " have no bar (" + fixed(100 * share_, 1) + " %), at most " +
                    std::to_string(measured_.longest_gap) + " in a row; they are carried forward"};
  }
  void add(Findings& found, const Tally& tally, FindingKind kind, Severity severity, const char* what,
           const char* noun) const {
    if (tally.count() == 0) return;
    found.push_back(tally.finding(kind, severity, history_.symbol,
                                  counted(tally.count(), noun) + what + tally.examples()));
  }

  const SymbolHistory& history_;
  const BarVerification& measured_;
  TimePoint now_;
  std::int64_t minutes_ = 0;
  double share_ = 0;
  int by_chance_ = 0;
  Tally gaps_, late_, early_, short_;
};

/// The last session that had closed at `now`, not after `last`.
std::optional<Date> last_closed_session(TimePoint now, std::optional<Date> last) {
  const Date today = new_york_date(now);
  const auto hours_of_day = NyseCalendar::session(today);
  Date until = hours_of_day && hours_of_day->close <= now ? today : Date{sys_days{today} - days{1}};
  if (last && *last < until) until = *last;
  const auto found = NyseCalendar::sessions_before(Date{sys_days{until} + days{1}}, 1);
  return found.empty() ? std::nullopt : std::optional(found.front().date);
}

}  // namespace

Findings check_coverage(const SymbolHistory& history, const BarVerification& measured,
                        const WantedRange& wanted) {
  Findings found;
  if (!measured.absent_sessions.empty()) {
    found.push_back(sessions_finding(FindingKind::missing_session, history.symbol, measured.absent_sessions,
                                     "open days without a bar,"));
  }
  for (Finding& finding : Coverage(history, measured, wanted.now).run()) found.push_back(std::move(finding));
  return found;
}

Findings check_freshness(std::span<const SessionSpan> spans, const WantedRange& wanted) {
  Findings found;
  if (spans.empty()) return found;
  const Date newest = std::ranges::max_element(spans, {}, &SessionSpan::last)->last;
  const Date oldest = std::ranges::min_element(spans, {}, &SessionSpan::first)->first;
  for (const SessionSpan& span : spans) {
    const auto behind = dates_between(Date{sys_days{span.last} + days{1}}, newest);
    if (!behind.empty()) {
      found.push_back(
          sessions_finding(FindingKind::stale, span.symbol, behind, "ends before the others, without"));
    }
    if (span.first != oldest) {
      found.push_back({.kind = FindingKind::starts_late,
                       .symbol = span.symbol,
                       .first = NyseCalendar::session(span.first)->open,
                       .count = std::ssize(dates_between(oldest, span.first)) - 1,
                       .text = "begins " + format_date(span.first) + ", others " + format_date(oldest)});
    }
  }
  if (wanted.first) {
    const auto before = dates_between(*wanted.first, Date{sys_days{oldest} - days{1}});
    if (!before.empty()) {
      found.push_back(sessions_finding(FindingKind::missing_session, "", before,
                                       "no file goes back to the first day asked for, without"));
    }
  }
  const auto due = last_closed_session(wanted.now, wanted.last);
  const auto after = due ? dates_between(Date{sys_days{newest} + days{1}}, *due) : std::vector<Date>{};
  if (!after.empty()) {
    const bool asked = wanted.last.has_value();
    found.push_back(sessions_finding(asked ? FindingKind::missing_session : FindingKind::stale, "", after,
                                     asked ? "no file goes on to the last day asked for, without"
                                           : "the newest file ends before the last closed session, without"));
    if (!asked) found.back().severity = Severity::warned;
  }
  return found;
}

}  // namespace sentio
