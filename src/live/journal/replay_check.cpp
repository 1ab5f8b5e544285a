#include "sentio/live/replay_check.h"

#include <algorithm>
#include <string_view>

#include "sentio/live/journal_replay.h"
#include "sentio/store/atomic_file.h"

namespace sentio {

namespace {

/// Up to and without the newline; the rest follows it.
std::string_view take_line(std::string_view& text) {
  const auto end = text.find('\n');
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  return line;
}

void compare(ReplayVerdict& verdict, std::string_view recorded, std::string_view replayed) {
  for (int line = 1; !replayed.empty() || !recorded.empty(); ++line) {
    if (recorded.empty() && !verdict.closed) break;
    const bool one_ended = recorded.empty() || replayed.empty();
    const std::string_view was = take_line(recorded), is = take_line(replayed);
    if (!one_ended && was == is) continue;
    verdict.first_difference = line;
    verdict.recorded = was;
    verdict.replayed = is;
    return;
  }
  verdict.identical = true;
}

}  // namespace

Result<ReplayVerdict> check_replay(const std::filesystem::path& journal) {
  const auto day = replay_journal(journal);
  if (!day) return tl::unexpected(day.error());
  const auto file = journal.parent_path() / ("decisions_" + format_date(day->header.date) + ".jsonl");
  const auto recorded = read_text_file(file);
  if (!recorded) return tl::unexpected(recorded.error());
  ReplayVerdict verdict{
      .date = day->header.date, .mode = day->header.mode, .closed = day->closed, .torn = day->torn};
  const std::string& replayed = day->recorder->files().decisions;
  verdict.decisions = static_cast<int>(std::count(replayed.begin(), replayed.end(), '\n'));
  compare(verdict, *recorded, replayed);
  return verdict;
}

}  // namespace sentio
