#pragma once
/// A recorded live day through the same code: it must decide the same, byte for byte.

#include <filesystem>
#include <functional>
#include <map>
#include <memory>

#include "sentio/run/run_header.h"
#include "sentio/run/run_recorder.h"
#include "sentio/store/journal.h"

namespace sentio {

/// An order of the day and what the journal says became of it.
struct RecordedOrder {
  Order order;
  TimePoint submitted_at{};
  double booked_shares = 0, booked_usd = 0;
  bool ended = false;
};

/// A session rebuilt from its journal, ready to go on (restart) or to be compared (replay).
struct ReplayedDay {
  RunHeader header;
  SessionHours hours;
  int warmup_sessions = 0;                 ///< that the learners knew at the start
  bool synthetic = false;                  ///< any of their bars were made up
  std::unique_ptr<TradingSession> session;
  std::unique_ptr<RunRecorder> recorder;   ///< holds the day's files so far
  std::vector<RecordedOrder> orders;       ///< every order the day decided, in order
  int last_minute = -1;                    ///< latest set stepped
  bool suspended = false, maintenance = false, flatten_requested = false;
  std::map<SymbolId, TimePoint> halted_since;  ///< symbols whose end of a halt has not been told
  std::uintmax_t whole_bytes = 0;          ///< of the journal, without a torn last line
  int next_seq = 0;                        ///< of the line that comes next; 0: the journal's lines have none
  bool torn = false;
  bool closed = false;                     ///< the journal ends with the session's end
  bool ended = false;                      ///< and the day's files were complete then
  TimePoint last_event{};
};

/// Steps every event of the journal. Errors: with file and line, what does not parse, is out of sequence, or does not
/// fit what came before (TradingSession::fits); a state file that is not there or does not fit.
[[nodiscard]] Result<ReplayedDay> replay_journal(const std::filesystem::path& journal);

}  // namespace sentio
