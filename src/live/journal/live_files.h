#pragma once
/// A live day's files while it runs: whatever was recorded is appended, so that `tail -f` works.

#include <array>
#include <filesystem>
#include <vector>

#include "sentio/run/run_recorder.h"
#include "sentio/store/journal.h"

namespace sentio {

class LiveFiles {
 public:
  /// Replaces the day's files by what `files` holds so far (a resumed day starts from its journal, not from
  /// files that a kill may have cut).
  [[nodiscard]] static Result<LiveFiles> open(const std::filesystem::path& folder, Date date,
                                              const DayFiles& files);
  /// Appends what is new in `files`.
  [[nodiscard]] Result<> append(const DayFiles& files);
  /// Everything appended so far, and the files' names, are on the disk.
  [[nodiscard]] Result<> sync();

 private:
  static constexpr std::size_t kFiles = 7;
  std::filesystem::path folder_;
  std::vector<JournalWriter> writers_;
  std::array<std::size_t, kFiles> written_{};
};

}  // namespace sentio
