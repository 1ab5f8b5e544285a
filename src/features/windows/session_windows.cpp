#include "windows/session_windows.h"

#include <algorithm>
#include <cmath>

#include "sentio/core/check.h"

namespace sentio::features {

namespace {
constexpr int kOpeningMinutes = 30;
constexpr double kUsualWeight = 0.1;

/// The mean kept for a minute moves by kUsualWeight; the first value starts it.
double learn_usual(double& usual, double value) {
  const double before = usual;
  usual = before < 0 ? value : before + kUsualWeight * (value - before);
  return before;
}
}  // namespace

SessionWindows::SessionWindows() {
  usual_volume.fill(-1);
  usual_move.fill(-1);
}

void SessionWindows::begin_session(const SessionHours& hours) {
  SENTIO_CHECK(hours.minutes > 0 && hours.minutes <= kFullSessionMinutes);
  if (real_bars > 0) {
    previous_return = session_return;
    previous_range = high / low - 1;
  }
  if (minutes_done > 0) {  // a session without a minute fed is no session to compare with
    for (auto i = static_cast<std::size_t>(minutes_done); i < cumulative.size(); ++i) cumulative[i] = volume;
    previous_cumulative = cumulative;
    cumulative.fill(0);
    ++sessions;
  }
  high = low = opening_high = opening_low = 0;
  session_return = first_half_hour_return = return_squares = minutes_seen = 0;
  volume = typical_volume = 0;
  real_bars = 0;
  minutes_done = 0;
  session_minutes = hours.minutes;
  weekday =
      static_cast<std::int64_t>(std::chrono::weekday(std::chrono::sys_days(hours.date)).iso_encoding()) - 1;
}

void SessionWindows::push(int at_minute, const PathMinute& bar) {
  SENTIO_CHECK(at_minute >= minutes_done);
  SENTIO_CHECK(at_minute < session_minutes);
  minutes_done = at_minute + 1;
  minutes_seen += 1;
  session_return += bar.log_return;
  return_squares += bar.log_return * bar.log_return;
  if (at_minute < kOpeningMinutes) first_half_hour_return = session_return;
  if (bar.real) track_prices(bar);
  volume += bar.volume;
  typical_volume += (bar.high + bar.low + bar.close) / 3 * bar.volume;
  const auto at = static_cast<std::size_t>(at_minute);
  cumulative[at] = volume;
  usual_volume_now = learn_usual(usual_volume[at], bar.volume);
  usual_move_now = learn_usual(usual_move[at], std::abs(bar.log_return));
}

void SessionWindows::track_prices(const PathMinute& bar) {
  const bool first = real_bars++ == 0;
  high = first ? bar.high : std::max(high, bar.high);
  low = first ? bar.low : std::min(low, bar.low);
  if (first || minute() < kOpeningMinutes) {
    opening_high = high;
    opening_low = low;
  }
}

bool SessionWindows::valid() const {
  return session_minutes >= 0 && session_minutes <= kFullSessionMinutes && weekday >= 0 && weekday < 7 &&
         minutes_done >= 0 && minutes_done <= kFullSessionMinutes && real_bars >= 0 && sessions >= 0 &&
         (real_bars == 0 || (low > 0 && low <= high));
}

}  // namespace sentio::features
