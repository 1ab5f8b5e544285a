#pragma once
/// The journal of a live day while it is written: every event and note, numbered, and on its way to the disk.

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "journal/journal_syncer.h"
#include "sentio/live/journal_replay.h"

namespace sentio {

/// Order    What event() and note() have written survives SIGKILL when they return; to_disk() lets a thread of its own
///          see to the disk, and tells what became of what was asked for before.
/// Errors   Errc::io: the day must not go on.
/// Threads  one at a time.
class LiveJournal {
 public:
  /// A new journal in place of an old one: header and first events in one piece, so that a kill leaves a day that has
  /// begun, or none. Errc::mismatch: capital or an event that no session takes; nothing is written then.
  [[nodiscard]] static Result<std::unique_ptr<LiveJournal>> begin(const std::filesystem::path& folder,
                                                                  const RunHeader& header,
                                                                  const std::vector<Event>& first, TimePoint now,
                                                                  FileSystem& disk = posix_files());
  /// Goes on after the last whole line of what was replayed; a torn one is cut off.
  [[nodiscard]] static Result<std::unique_ptr<LiveJournal>> go_on(const std::filesystem::path& folder,
                                                                  const ReplayedDay& day);

  [[nodiscard]] Result<> event(TimePoint now, const Event& event);
  /// A line for people.
  [[nodiscard]] Result<> note(TimePoint now, std::string_view kind, std::string_view text);
  /// Everything so far shall reach the disk; returns at once, with the first failure of an earlier call.
  [[nodiscard]] Result<> to_disk();
  /// Everything so far is on the disk.
  [[nodiscard]] Result<> sync() { return writer_.sync(); }

 private:
  LiveJournal(JournalWriter writer, std::vector<std::string> names, int next_seq)
      : writer_(std::move(writer)), names_(std::move(names)), next_seq_(next_seq), syncer_(writer_) {}
  [[nodiscard]] int take_seq() { return next_seq_ == 0 ? 0 : next_seq_++; }

  JournalWriter writer_;
  std::vector<std::string> names_;  ///< by SymbolId
  int next_seq_;                    ///< of the next line; 0: an older journal, whose lines have none
  std::string line_;                // reused
  JournalSyncer syncer_;
};

}  // namespace sentio
