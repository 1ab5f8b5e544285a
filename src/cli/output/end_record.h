#pragma once
/// The day's line in runs.jsonl, written however `live` ends.

#include <optional>
#include <string>

#include "commands/live_command.h"
#include "sentio/live/instance_lock.h"
#include "sentio/live/live_run.h"
#include "sentio/run/run_ends.h"

namespace sentio::cli {

class EndRecord {
 public:
  EndRecord(const LiveFlags& flags, LiveAccount account);

  /// From now on the folder is ours. Without it write() takes the lock itself, or leaves the day to its holder.
  void hold(InstanceLock lock) { lock_.emplace(std::move(lock)); }
  /// What run_live() fills in as far as it comes.
  [[nodiscard]] RunTimes& times() { return times_; }
  void take(const LiveRunResult& result);
  /// The day had ended before: its line stands, or is made up for where the process was killed before it wrote it.
  void ended_before() { ended_before_ = true; }
  /// `why` counts where no result was taken. Never fails: what cannot be written is warned of.
  void write(int exit_code, const std::string& why);

 private:
  [[nodiscard]] std::optional<Date> date() const;
  [[nodiscard]] RunOutcome outcome() const;
  [[nodiscard]] bool has_line(const std::filesystem::path& folder, Date date) const;

  const LiveFlags& flags_;
  RunEnd end_;
  RunTimes times_;
  std::optional<InstanceLock> lock_;
  bool taken_ = false, ended_before_ = false;
};

}  // namespace sentio::cli
