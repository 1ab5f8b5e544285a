#pragma once
/// Days of a run read back for `report` and `analyze-mrd`, with what both refuse.

#include "options/common_options.h"
#include "sentio/analysis/targets.h"
#include "sentio/reports/run_days.h"

namespace sentio::cli {

[[nodiscard]] Date today_in_new_york();

/// Ends the command: an unknown name.
void check_targets_name(const std::string& name);
/// `asked`, or those the days were judged by, or the handbook's.
[[nodiscard]] Targets targets_or_finish(const std::string& asked, const std::vector<DayRecords>& days);

/// A closed day (exit 8) and one later than today (exit 3) end the command.
void check_single_day(Date date, Date today);

struct ReadDays {
  std::vector<DayRecords> days;  ///< not empty
  std::vector<MissingDay> missing;
  std::vector<std::string> notes;
};

/// Ends the command: no files, damaged files, days of the future, days that have no common mean.
[[nodiscard]] ReadDays read_days_or_finish(const std::filesystem::path& folder, Date first, Date last, Date today,
                                           const RunFolderOptions& options);

/// What stands below a report: sessions without a run, notes; empty where there is nothing to say.
[[nodiscard]] std::string reading_text(const ReadDays& read);

}  // namespace sentio::cli
