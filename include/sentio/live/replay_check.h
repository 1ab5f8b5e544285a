#pragma once
/// Does a recorded day decide the same when it is replayed?

#include <filesystem>
#include <string>

#include "sentio/core/error.h"
#include "sentio/core/time.h"

namespace sentio {

struct ReplayVerdict {
  Date date{};
  std::string mode;  ///< of the run that was recorded
  bool identical = false;
  int decisions = 0;               ///< lines replayed
  int first_difference = 0;        ///< line number in the decisions file; 0 when identical
  std::string recorded, replayed;  ///< that line in the file and from the replay; empty = there is none
  bool closed = false;             ///< the journal ends with the session's end
  bool torn = false;               ///< its last line was cut by a kill
};

/// Replays `journal` and compares the decisions with decisions_D.jsonl beside it, byte for byte. A journal
/// that does not end with the session's end may decide a little more than the file holds (a set is journalled
/// before it is stepped), never anything else. Errors: those of replay_journal(); no decisions file.
[[nodiscard]] Result<ReplayVerdict> check_replay(const std::filesystem::path& journal);

}  // namespace sentio
