#pragma once
/// What the paper days in a folder of live trading showed, for the pre-flight of real money.

#include <filesystem>
#include <vector>

#include "sentio/analysis/preflight.h"
#include "sentio/core/error.h"

namespace sentio {

/// The paper days among the last `sessions` sessions before `before`, oldest first; older ones cannot count.
/// A day is one whose journal_D.jsonl says "mode":"paper", was begun within the session's first hour at the latest and
/// was stepped to the session's close; rehearsed, real, late, unfinished and absent days are left out. No folder: no days.
///
/// Figures  as the day's own report has them: trades, round trips, drawdown and strengths by RunRecorder from
///          trades_D, positions_D and signals_D; equity by a Ledger from the journal's fills and bars. The
///          files hold money to 1e-4 or 1e-6 USD, so a drawdown may differ in the last digits.
/// Errors   malformed with file and line; not_found where a finished day lacks one of its files; mismatch
/// where
///          trades or positions are not those of the journal. Unknown keys are passed over.
/// Reads    line by line; one day is in memory at a time.
/// Threads  reads files only; may run anywhere.
[[nodiscard]] Result<std::vector<PaperDay>> read_paper_days(const std::filesystem::path& folder, Date before,
                                                            int sessions = kPaperWindowSessions);

}  // namespace sentio
