#pragma once
/// A recorded live day through the same code: it must decide the same, byte for byte.

#include <filesystem>
#include <functional>
#include <memory>

#include "sentio/runtime/run_header.h"
#include "sentio/runtime/run_recorder.h"
#include "sentio/store/journal.h"

namespace sentio {

/// A session rebuilt from its journal, ready to go on (restart) or to be compared (replay).
struct ReplayedDay {
  RunHeader header;
  SessionHours hours;
  std::unique_ptr<TradingSession> session;
  std::unique_ptr<RunRecorder> recorder;   ///< holds the day's files so far
  std::vector<OrderKey> submitted;         ///< every order the day decided, in order
  bool torn = false;
  bool closed = false;                     ///< the journal ends with the session's end
  TimePoint last_event{};
};

/// Steps every event of the journal. Errors: malformed lines with file and line; a state file that is not there
/// or does not fit.
[[nodiscard]] Result<ReplayedDay> replay_journal(const std::filesystem::path& journal);

/// Names of a universe's symbols, by SymbolId.
[[nodiscard]] std::vector<std::string> symbol_names(const Universe& universe);

}  // namespace sentio
