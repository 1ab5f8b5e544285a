#include "output/end_record.h"

#include <algorithm>

namespace sentio::cli {

namespace {

TimePoint wall_now() {
  return TimePoint{std::chrono::system_clock::now()};
}

std::string without_breaks(std::string text) {
  std::ranges::replace(text, '\n', ';');
  return text;
}

}  // namespace

EndRecord::EndRecord(const LiveFlags& flags, LiveAccount account) : flags_(flags) {
  end_.mode = std::string(to_string(account)) + (flags.dry_run ? "-dry" : "");
  end_.simulated = !flags.account.exchange.empty();
}

void EndRecord::take(const LiveRunResult& result) {
  taken_ = true;
  end_.reason = result.note + (result.stopped ? "; stopped by a signal" : "");
  end_.flat = result.flat;
  if (result.run.days.empty()) return;
  const DayResult& day = result.run.days.back();
  if (day.equity_start > 0) end_.mrd = day.equity_end / day.equity_start - 1;
}

/// An exchange-sim that was not reached has no date; a wall clock's would be another day's.
std::optional<Date> EndRecord::date() const {
  if (times_.date || end_.simulated) return times_.date;
  return new_york_date(wall_now());
}

RunOutcome EndRecord::outcome() const {
  if (taken_ || ended_before_) return RunOutcome::ended;
  if (times_.traded) return RunOutcome::halted;
  return end_.exit_code == static_cast<int>(ExitCode::no_session) ? RunOutcome::closed : RunOutcome::refused;
}

bool EndRecord::has_line(const std::filesystem::path& folder, Date date) const {
  const auto ends = read_run_ends(folder);
  const auto is_it = [date](const RunEnd& end) { return end.date == date && end.outcome == RunOutcome::ended; };
  return !ends || std::ranges::any_of(*ends, is_it);
}

void EndRecord::write(int exit_code, const std::string& why) {
  const auto day = date();
  if (!day || exit_code == static_cast<int>(ExitCode::already_running)) return;
  const auto folder = std::filesystem::path(flags_.common.log_dir) / "live_trading";
  if (!lock_) {
    auto lock = InstanceLock::take(folder);
    if (!lock) return;  // another one's day; or a folder that cannot be written, which was the error
    hold(*std::move(lock));
  }
  if (ended_before_ && has_line(folder, *day)) return;
  end_.date = *day;
  end_.exit_code = exit_code;
  end_.outcome = outcome();
  if (!taken_) end_.reason = without_breaks(ended_before_ ? "had ended before; the process that ended it left no line" : why);
  end_.started = times_.started;
  end_.ended = times_.ended.value_or(wall_now());
  if (auto done = record_run_end(folder, end_); !done) print_warning(done.error().message());
}

}  // namespace sentio::cli
