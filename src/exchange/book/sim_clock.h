#pragma once
/// Simulated time: a queue of things to happen, and who may move it.

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <tuple>

#include "sentio/core/time.h"

namespace sentio::exchange {

/// What comes first at equal times.
enum class Turn : std::uint8_t { fault, bars, rest };

/// Simulated time moves only here. Items run in order of time, then turn, then the order they were added.
class SimClock {
 public:
  explicit SimClock(TimePoint start) : now_(start) {}
  [[nodiscard]] TimePoint now() const { return now_; }
  void at(TimePoint when, Turn turn, std::function<void()> action) {
    items_.emplace(Key{when, turn, next_++}, std::move(action));
  }
  /// Runs what is due up to `until` and ends there, unless hold() was called on the way.
  void advance_to(TimePoint until) {
    holding_ = false;
    while (!holding_ && !items_.empty() && std::get<0>(items_.begin()->first) <= until) {
      auto item = items_.extract(items_.begin());
      now_ = std::max(now_, std::get<0>(item.key()));
      item.mapped()();
    }
    if (!holding_) now_ = std::max(now_, until);
  }
  /// Called by an item: time stops here until the next advance_to().
  void hold() { holding_ = true; }
  [[nodiscard]] std::optional<TimePoint> next() const {
    if (items_.empty()) return std::nullopt;
    return std::get<0>(items_.begin()->first);
  }

 private:
  using Key = std::tuple<TimePoint, Turn, std::uint64_t>;
  TimePoint now_;
  std::map<Key, std::function<void()>> items_;
  std::uint64_t next_ = 0;
  bool holding_ = false;
};

/// Wall time → simulated time at a constant rate.
class ScaledTime {
 public:
  using Wall = std::chrono::steady_clock;
  ScaledTime(TimePoint start, double speed) : start_(start), anchor_(Wall::now()), speed_(speed) {}
  [[nodiscard]] TimePoint now() const {
    return start_ + std::chrono::duration_cast<std::chrono::nanoseconds>((Wall::now() - anchor_) * speed_);
  }
  [[nodiscard]] Wall::time_point wall_of(TimePoint t) const {
    return anchor_ + std::chrono::duration_cast<Wall::duration>((t - start_) / speed_);
  }

 private:
  TimePoint start_;
  Wall::time_point anchor_;
  double speed_;
};

}  // namespace sentio::exchange
