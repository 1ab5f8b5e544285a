#pragma once
/// What one pass over a file's rows leaves behind for the checks of every load: a little for each day, nothing for
/// a row.

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sentio/core/bar.h"
#include "sentio/core/calendar.h"

namespace sentio {

/// One New York day of a file, rows outside the session included.
struct DayTrace {
  Date date{};
  std::optional<SessionHours> session{};
  TimePoint first{}, last{};  ///< of all rows
  int rows = 0;
  int first_minute = -1, last_minute = -1;  ///< of the session that have a row; -1: none
  int session_rows = 0;
  int minute_steps = 0;  ///< rows one minute after the row before
  int step = 0;          ///< minutes between most of the others, where most agree
  int step_votes = 0;    ///< by how many rows that step leads
  bool before_open = false, at_open = false, second_minute = false, at_close = false;  ///< 09:29 09:30 09:31 16:00
  /// Of days with extended hours: hours from 09:30 to where the volume jumps most; absent where it does nowhere.
  std::optional<int> loud_hour{};
  bool second_minute_louder = false;  ///< 09:31 has more than three times the volume of 09:30
};

struct RowTrace {
  std::vector<DayTrace> days{};  ///< that have a row, in order
  // Rows of sessions without volume: minutes without a trade.
  std::int64_t untraded = 0, untraded_moving = 0;  ///< …, and those whose prices move all the same
  int untraded_in_a_row = 0;                       ///< at most
  TimePoint untraded_first{}, untraded_last{};
  std::int64_t clocks_apart = 0;  ///< rows whose two time columns name different instants
  std::string first_clocks_apart{};
  std::vector<std::size_t> leaps{};  ///< positions of bars that close x1.8 away or more from the bar before in the session
};

/// Feeds a RowTrace, rows in ascending order.
class RowTracer {
 public:
  void add(const Bar& bar, Date date, const std::optional<SessionHours>& session);
  /// Call after the last row; nothing else fits after it.
  [[nodiscard]] std::vector<DayTrace> take_days();

 private:
  void begin_day(Date date, const std::optional<SessionHours>& session, TimePoint first);
  void end_day();
  [[nodiscard]] double volume_at(std::int64_t minute) const;
  [[nodiscard]] double surge(std::int64_t minute) const;
  void vote(int step);

  std::vector<DayTrace> days_;
  TimePoint last_inside_{};             ///< the last row inside a session
  TimePoint begin_{};                   ///< New York midnight of the last day
  std::array<double, 1441> volumes_{};  ///< by minute of the day, -1 without a row; of days with early rows only
  bool early_ = false;                  ///< the day has a row before its session
};

}  // namespace sentio
