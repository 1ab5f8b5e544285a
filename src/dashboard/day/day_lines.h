#pragma once
/// One day's files as far as they are written (private): what each line adds, and nothing that grows without end.

#include <cstdint>
#include <deque>
#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "day/json_fields.h"
#include "sentio/core/calendar.h"
#include "sentio/dashboard/line_tail.h"

namespace sentio::dashboard_detail {

/// positions_D.jsonl
struct BookLines {
  struct Point {
    int minute = 0;  ///< since the open, at the set's end
    double equity = 0;
  };
  std::vector<Point> points;
  Json last;  ///< the newest line
  void take(const Json& line, const SessionHours& hours);
};

/// signals_D.jsonl: the newest set.
struct SignalSet {
  std::string ts;
  std::vector<Json> rows;
  void take(const Json& line);
};

/// decisions_D.jsonl
struct DecisionLines {
  std::deque<Json> last;                        ///< no blocked entries among them; oldest first
  std::map<std::string, std::int64_t> blocked;  ///< by reason
  std::int64_t entries = 0, exits = 0, cancels = 0;
  std::map<std::string, Json> newest;  ///< by symbol
  void take(const Json& line);
};

/// trades_D.jsonl
struct TradeLines {
  std::int64_t executions = 0, sales = 0, wins = 0;
  double pnl = 0, fees = 0;  ///< USD
  std::deque<Json> last;     ///< oldest first
  void take(const Json& line);
};

/// Seconds that something took, all of the day's.
struct Delays {
  std::vector<double> seconds;
  void add(double value);
  [[nodiscard]] Json summary() const;  ///< count, last_seconds, median_seconds, p99_seconds, worst_seconds
};

struct Message {
  TimePoint at{};
  std::string level;  ///< "critical", "warning", "info" of alerts; "log"
  std::string text;
};

/// journal_D.jsonl: how the day was begun, when things came, what people were told.
struct JournalLines {
  Json header;
  Delays sets;   ///< end of a minute → its set; not of minutes that were read back at a start
  Delays fills;  ///< the set an order was decided on → its first execution was heard of
  std::deque<Message> alerts;
  void take(const Json& line, const SessionHours& hours);

 private:
  void take_note(const Json& line, TimePoint now);
  void take_set(int minute, TimePoint end, TimePoint now);
  void take_fill(const Json& order, TimePoint now);
  std::map<int, TimePoint> stepped_;  ///< sets by minute
  std::set<std::string> filled_;      ///< orders with an execution
  TimePoint listening_since_{};
};

/// session_D.log
struct LogLines {
  bool synthetic = false;
  std::deque<Message> messages;  ///< without the line of each minute
  void take(const std::string& line);
};

class DayLines {
 public:
  DayLines(const std::filesystem::path& folder, const SessionHours& hours);
  /// Takes in what was written since; false: nothing.
  [[nodiscard]] bool poll();
  [[nodiscard]] const SessionHours& hours() const { return hours_; }

  BookLines book;
  SignalSet signals;
  DecisionLines decisions;
  TradeLines trades;
  std::vector<Json> health;
  JournalLines journal;
  LogLines log;
  std::int64_t damaged = 0;  ///< whole lines that are no JSON object

 private:
  template <class Take, class Forget>
  void follow(LineTail& tail, const Take& take, const Forget& forget);
  template <class Take, class Forget>
  void follow_objects(LineTail& tail, const Take& take, const Forget& forget);

  SessionHours hours_;
  LineTail book_, signals_, decisions_, trades_, health_, journal_, log_;
  bool changed_ = false;
};

}  // namespace sentio::dashboard_detail
