#pragma once
/// What belongs to the session: its own extremes and VWAP, the one before, and the usual course of a day.

#include <array>
#include <cstdint>

#include "windows/minute_path.h"
#include "sentio/core/calendar.h"

namespace sentio::features {

/// Members  more than twenty: the sums that features are made of, saved and loaded as one state.
struct SessionWindows {
  // The session under way; path prices.
  double high = 0, low = 0, opening_high = 0, opening_low = 0;
  double session_return = 0, first_half_hour_return = 0, return_squares = 0, minutes_seen = 0;
  double volume = 0, typical_volume = 0;
  // The latest earlier session with a real bar.
  double previous_return = 0, previous_range = 0;
  // By minute: volume of this and of the previous session up to it; means over earlier sessions, negative
  // where the minute was never seen.
  std::array<double, kFullSessionMinutes> cumulative{}, previous_cumulative{}, usual_volume{}, usual_move{};
  double usual_volume_now = -1, usual_move_now = -1;  // of this minute, before it was learnt from
  std::int64_t session_minutes = 0, weekday = 0;
  std::int64_t minutes_done = 0;  // index of the latest minute + 1
  std::int64_t real_bars = 0, sessions = 0;

  SessionWindows();
  void begin_session(const SessionHours& hours);
  void push(int at_minute, const PathMinute& bar);
  [[nodiscard]] std::int64_t minute() const { return minutes_done - 1; }
  [[nodiscard]] bool valid() const;

 private:
  void track_prices(const PathMinute& bar);
};

}  // namespace sentio::features
