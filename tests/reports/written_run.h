#pragma once
/// A mock run of made-up bars with its files in a folder, as the command writes them.

#include <nlohmann/json.hpp>

#include "mock_world.h"
#include "scratch_folder.h"
#include "sentio/analysis/json_report.h"
#include "sentio/analysis/performance_analyzer.h"
#include "sentio/reports/run_folder.h"
#include "sentio/store/atomic_file.h"

namespace sentio::testing {

struct WrittenRun {
  MockWorld world;
  Captured captured;
};

inline std::string file_of(const char* stem, Date date, const char* extension) {
  return stem + format_date(date) + extension;
}

/// Three sessions, the last a half day.
inline const WrittenRun& three_days() {
  static const WrittenRun run = [] {
    WrittenRun r{walking_world(day(2025, 7, 1), day(2025, 7, 3), 3, 7, {.missing = 0.02}), {}};
    r.captured = r.world.run();
    return r;
  }();
  return run;
}

inline std::string summary_text(const RunResult& run) {
  return summary_json(run, analyze(run, handbook_targets())).dump(2) + "\n";
}

inline void write_run(const std::filesystem::path& folder, const Captured& run) {
  for (const DayResult& result : run.result.days) {
    RunResult one = run.result;
    one.capital = result.equity_start;
    one.days = {result};
    const DayFiles& files = run.files.at(result.date);
    const std::string summary = summary_text(one);
    const auto written =
        write_files_atomically({{folder / file_of("signals_", result.date, ".jsonl"), files.signals},
                                {folder / file_of("decisions_", result.date, ".jsonl"), files.decisions},
                                {folder / file_of("trades_", result.date, ".jsonl"), files.trades},
                                {folder / file_of("positions_", result.date, ".jsonl"), files.positions},
                                {folder / file_of("health_", result.date, ".jsonl"), files.health},
                                {folder / file_of("summary_", result.date, ".json"), summary}});
    ASSERT_TRUE(written) << written.error().message();
  }
}

}  // namespace sentio::testing
