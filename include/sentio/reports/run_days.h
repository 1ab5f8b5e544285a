#pragma once
/// Which days a run's folder has, which are missing, and whether days may be averaged.
///
/// Threads  reads a folder's names only; the rest is pure.

#include <filesystem>
#include <string>
#include <vector>

#include "sentio/reports/run_folder.h"

namespace sentio {

/// Dates of positions_D.jsonl, ascending, whether or not the calendar knows them; none where there is no
/// such folder.
[[nodiscard]] std::vector<Date> dates_of_run_files(const std::filesystem::path& folder);

/// A session of the range without files.
struct MissingDay {
  Date date{};
  std::string why;  ///< where somebody knows: to be filled in by the caller
};
/// Sessions first … last that are not among `days` and lie before `today`.
[[nodiscard]] std::vector<MissingDay> missing_days(Date first, Date last, const std::vector<DayRecords>& days,
                                                   Date today);
/// "Sessions without a run, in no figure: 2025-10-14 (…), 2025-10-15"; empty where none is missing.
[[nodiscard]] std::string missing_days_text(const std::vector<MissingDay>& missing);

/// Errc::out_of_range naming the first of `dates` after `today`: a clock is wrong, here or there.
[[nodiscard]] Result<> none_in_the_future(const std::vector<Date>& dates, Date today);

/// May these days stand in one average? mode, instruments and configuration must be the same (of days that
/// are over: a running day has no summary yet); data files, binary and capital may differ.
/// Errors   mismatch, one line: the key and the two days.
/// Returns  what a reader must know all the same: days whose summaries have no manifest.
[[nodiscard]] Result<std::vector<std::string>> check_agreement(const std::vector<DayRecords>& days);

}  // namespace sentio
