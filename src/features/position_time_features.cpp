#include <cmath>
#include <numbers>

#include "numbers.h"
#include "state.h"

namespace sentio::features {

namespace {

/// Sine and cosine of i parts of a circle cut into N.
template <std::size_t N>
struct Circle {
  std::array<double, N> sine{}, cosine{};
  Circle() {
    for (std::size_t i = 0; i < N; ++i) {
      const double angle = 2 * std::numbers::pi * static_cast<double>(i) / static_cast<double>(N);
      sine[i] = std::sin(angle);
      cosine[i] = std::cos(angle);
    }
  }
};
const Circle<kFullSessionMinutes> kDay;
const Circle<5> kWeek;

void write_candle(const PathMinute& minute, FeatureRow& row) {
  const double span = minute.high - minute.low;
  const bool flat = !(span > kFlatPrice * minute.close);
  row[body_ratio] = flat ? 0.0 : (minute.close - minute.open) / span;
  row[upper_wick_ratio] = flat ? 0.0 : (minute.high - std::max(minute.open, minute.close)) / span;
  row[lower_wick_ratio] = flat ? 0.0 : (std::min(minute.open, minute.close) - minute.low) / span;
}

void write_session_position(const SessionWindows& session, double close, FeatureRow& row) {
  const bool begun = session.real_bars > 0;
  row[session_high_distance] = begun ? (close - session.high) / close : 0.0;
  row[session_low_distance] = begun ? (close - session.low) / close : 0.0;
  row[session_range_position] = begun ? position_in(close, session.low, session.high) : 0.5;
  row[opening_range_position_30] =
      begun ? std::clamp(position_in(close, session.opening_low, session.opening_high), -5.0, 6.0) : 0.5;
}

void write_time(const SessionWindows& session, FeatureRow& row) {
  const auto minute = static_cast<std::size_t>(session.minute());
  const auto weekday = static_cast<std::size_t>(session.weekday) % 5;
  row[minutes_to_close] =
      static_cast<double>(session.session_minutes - 1 - session.minute()) / kFullSessionMinutes;
  row[time_sin] = kDay.sine[minute];
  row[time_cos] = kDay.cosine[minute];
  row[weekday_sin] = kWeek.sine[weekday];
  row[weekday_cos] = kWeek.cosine[weekday];
}

}  // namespace

void write_position_and_time(const State& state, const PathMinute& minute, FeatureRow& row) {
  write_candle(minute, row);
  write_session_position(state.session, minute.close, row);
  write_time(state.session, row);
}

}  // namespace sentio::features
