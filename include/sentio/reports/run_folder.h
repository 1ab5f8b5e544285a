#pragma once
/// The days of a run, read back from its folder (logs/mock_trading, logs/live_trading): what report,
/// analyze-mrd and pages are made of.
///
/// Figures  a finished day's result is rebuilt from summary_D.json, its trades and its book, so that
/// analyze() says
///          of read days what it said when they were run, to the digits the files hold (money 1e-4 USD). Fees
///          of one execution are one number in the files: a round trip's are split into SEC and TAF as the
///          whole day's are.
/// Live     costs of the spread are what executions_D.jsonl says that trading cost (execution_cost.h).
/// Running  a day without summary_D.json is not over (live), or was killed. It starts with what the day
/// before ended
///          with, else with its first line's equity; costs are those of its trades.
/// Errors   not_found: no day of the range has files. malformed with file and line. io.
/// Reads    one day at a time. Threads: reads files only; may run anywhere.

#include <filesystem>
#include <string>
#include <vector>

#include "sentio/analysis/results.h"
#include "sentio/core/calendar.h"
#include "sentio/store/record_lines.h"

namespace sentio {

struct DayRecords {
  SessionHours hours;
  bool finished = false;            ///< summary_D.json is there
  RunResult run;                    ///< the run's heading and this one day
  std::string targets;              ///< of the summary; empty where there is none
  std::vector<SignalLine> signals;  ///< by time, then by symbol
  std::vector<DecisionLine> decisions;
  std::vector<TradeLine> trades;
  std::vector<BookLine> book;
};

/// What to keep beside the results. Without signals, mean strengths over several days weigh each by all its
/// signals.
struct RunFolderOptions {
  bool signals = true, decisions = true;
};

/// Sessions first … last that have files, oldest first.
[[nodiscard]] Result<std::vector<DayRecords>> read_run_folder(const std::filesystem::path& folder, Date first,
                                                              Date last,
                                                              const RunFolderOptions& options = {});

/// The days as one run, for analyze(): the first day's heading, the instruments of all, SYNTHETIC if any day
/// is.
[[nodiscard]] RunResult joined_run(const std::vector<DayRecords>& days);

}  // namespace sentio
