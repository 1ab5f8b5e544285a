#include "sentio/data/row_trace.h"

#include <algorithm>

namespace sentio {

namespace {

constexpr int kOpensTried = 6;         // hours to either side of 09:30
constexpr double kSurgeMin = 5;        // less is no open
constexpr int kTraceRowsMin = 30;      // fewer tell nothing about a day's hours
constexpr int kRegularHoursSlack = 6;  // a closing print and a little more; longer days have extended hours

}  // namespace

void RowTracer::begin_day(Date date, const std::optional<SessionHours>& session, TimePoint first) {
  if (!days_.empty()) end_day();
  begin_ = from_new_york(date, std::chrono::nanoseconds{0});
  days_.push_back({.date = date, .session = session, .first = first, .last = first});
  early_ = session && first < session->open;
  if (early_) volumes_.fill(-1);
}

void RowTracer::vote(int step) {
  DayTrace& day = days_.back();
  if (day.step_votes == 0) day.step = step;
  day.step_votes += day.step == step ? 1 : -1;
}

void RowTracer::add(const Bar& bar, Date date, const std::optional<SessionHours>& session) {
  if (days_.empty() || days_.back().date != date) {
    begin_day(date, session, bar.start);
  } else if (bar.start - days_.back().last == kBarLength) {
    ++days_.back().minute_steps;
  } else {
    vote(static_cast<int>((bar.start - days_.back().last) / kBarLength));
  }
  DayTrace& day = days_.back();
  day.last = bar.start;
  ++day.rows;
  if (session && bar.start >= session->open && bar.start < session->close) {
    if (day.session_rows++ == 0) day.first_minute = static_cast<int>((bar.start - session->open) / kBarLength);
    if (day.session_rows <= 2) day.second_minute |= bar.start == session->open + kBarLength;
    last_inside_ = bar.start;
  } else if (session && bar.start == session->close) {
    day.at_close = true;
  }
  if (!early_) return;
  const auto minute = std::min<std::int64_t>((bar.start - begin_) / kBarLength, 1440);
  volumes_[static_cast<std::size_t>(minute)] = bar.volume;
  day.before_open |= bar.start == session->open - kBarLength;
}

double RowTracer::volume_at(std::int64_t minute) const {
  return minute < 0 || minute > 1440 ? -1 : volumes_[static_cast<std::size_t>(minute)];
}

/// Volume of the minute over the mean of the five before it; 0 where either is missing.
double RowTracer::surge(std::int64_t minute) const {
  const double here = volume_at(minute);
  double before = 0;
  int found = 0;
  for (int k = 1; k <= 5; ++k) {
    const double earlier = volume_at(minute - k);
    if (earlier < 0) continue;
    before += earlier;
    ++found;
  }
  return here < 0 || before <= 0 ? 0 : here * found / before;
}

void RowTracer::end_day() {
  DayTrace& day = days_.back();
  if (!day.session) return;
  day.at_open = day.first_minute == 0;
  if (day.session_rows > 0) day.last_minute = static_cast<int>((last_inside_ - day.session->open) / kBarLength);
  if (!early_) return;
  const std::int64_t open = (day.session->open - begin_) / kBarLength;
  day.second_minute_louder = volume_at(open + 1) > 3 * std::max(0.0, volume_at(open));
  const bool extended = (day.last - day.first) / kBarLength > day.session->minutes + kRegularHoursSlack;
  if (!extended || day.rows < kTraceRowsMin) return;
  double best = kSurgeMin;
  for (int hour = -kOpensTried; hour <= kOpensTried; ++hour) {
    const double here = surge(open + std::int64_t{60} * hour);
    if (here <= best) continue;
    best = here;
    day.loud_hour = hour;
  }
}

std::vector<DayTrace> RowTracer::take_days() {
  if (!days_.empty()) end_day();
  return std::move(days_);
}

}  // namespace sentio
