#pragma once
/// The report of a live or rehearsed day, on the terminal and in its files.

#include "options/common_options.h"
#include "sentio/analysis/targets.h"
#include "sentio/live/live_run.h"

namespace sentio::cli {

/// analysis_report.txt and summary_D.json.
[[nodiscard]] Result<> write_live_report(const std::filesystem::path& folder, const LiveRunResult& result,
                                         const Targets& targets);

/// The report or, with --json, the summary. `closing`: lines after the report.
void print_live_report(const std::filesystem::path& folder, const LiveRunResult& result, const Targets& targets,
                       const CommonOptions& common, const std::string& closing);

/// Says what is wrong, if anything, and ends the command with the day's exit code: 7 not flat (at all, or a
/// minute late), 5 books that differ, 6 halted by the breaker, 0.
[[noreturn]] void finish_live(const LiveRunResult& result, bool kept_on_purpose);

}  // namespace sentio::cli
