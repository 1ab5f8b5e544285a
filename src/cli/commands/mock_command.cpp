/// `mock`: replay recorded bars and report, and its older spelling `live-trade --mock`.

#include <chrono>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <optional>
#include <thread>

#include "commands.h"
#include "commands/live_command.h"
#include "options/checked_bars.h"
#include "options/mock_options.h"
#include "output/printable.h"
#include "output/progress.h"
#include "sentio/analysis/json_report.h"
#include "sentio/analysis/performance_analyzer.h"
#include "sentio/analysis/placebo.h"
#include "sentio/analysis/targets.h"
#include "sentio/analysis/text_report.h"
#include "sentio/mock/mock_driver.h"
#include "sentio/mock/placebo_runs.h"
#include "sentio/store/atomic_file.h"

namespace sentio::cli {

namespace {

namespace fs = std::filesystem;

struct MockFlags {
  CommonOptions common;
  MockRunFlags run;
  double speed = 0;
  std::string summary_json;
  std::string targets = "handbook";
  bool gate = false;
  int placebos = 0;  // 0: none asked for
};

constexpr const char* kMockExamples =
    "Examples:\n"
    "  sentio_cli mock --date 2025-09-26\n"
    "  sentio_cli mock --start-date 2025-05-01 --end-date 2025-08-29 --config config/cost_aware.json\n"
    "  sentio_cli mock --date 2025-09-26 --speed 39 --log-dir /tmp/run1\n"
    "  sentio_cli mock --start-date 2025-05-01 --end-date 2025-08-29 --placebo 99\n"
    "  sentio_cli mock --date 2025-09-26 --json -q | jq .performance.mrd_pct\n"
    "\n"
    "Writes session_D.log, signals_D.jsonl, decisions_D.jsonl, trades_D.jsonl, positions_D.jsonl,\n"
    "health_D.jsonl and summary_D.json for every day D, and analysis_report.txt, into LOG-DIR/mock_trading.";

void add_mock_flags(CLI::App& command, MockFlags& flags) {
  command.add_option("--start-date", flags.run.start_date, "First day of a range (capital and learning carry over)");
  command.add_option("--end-date", flags.run.end_date, "Last day of the range");
  add_setup_flags(command, flags.common);
  add_data_flag(command, flags.common);
  add_stamp_flag(command, flags.common);
  add_accept_flag(command, flags.common);
  add_output_flags(command, flags.common);
  add_log_level_flag(command, flags.common);
  add_mock_run_flags(command, flags.run);
  command.add_option("--summary-json", flags.summary_json, "Also write the whole run's summary to this file");
  add_targets_flag(command, flags.targets);
  command.add_flag("--gate", flags.gate, "Exit 10 unless the success criteria hold");
  command
      .add_option("--placebo", flags.placebos,
                  "Then the same run this often with labels that carry no information, and its rank among them (20 or more)")
      ->check(CLI::Range(1, 10'000));
}

/// A run of one day, so that each day has a summary of its own.
RunResult single_day(const RunResult& run, const DayResult& day) {
  RunResult one = run;
  one.capital = day.equity_start;
  one.days = {day};
  return one;
}

/// Not synced, and neither is the report: a run that a power cut takes can be run again.
Result<> write_day(const fs::path& folder, const RunResult& heading, const Targets& targets, const DayResult& day,
                   const DayFiles& files) {
  const std::string d = format_date(day.date);
  const RunResult one = single_day(heading, day);
  const std::string summary = summary_json(one, analyze(one, targets)).dump(2) + "\n";
  return write_files_atomically({{folder / ("session_" + d + ".log"), files.session_log},
                                 {folder / ("signals_" + d + ".jsonl"), files.signals},
                                 {folder / ("decisions_" + d + ".jsonl"), files.decisions},
                                 {folder / ("trades_" + d + ".jsonl"), files.trades},
                                 {folder / ("positions_" + d + ".jsonl"), files.positions},
                                 {folder / ("health_" + d + ".jsonl"), files.health},
                                 {folder / ("summary_" + d + ".json"), summary}},
                                Durability::process_kill);
}

/// Sleeps so that a simulated minute takes 60/speed seconds of real time.
std::function<void(TimePoint)> pacer(double speed) {
  if (speed <= 0) return {};
  // The clock starts at the first traded minute: warm-up is not part of the day.
  return [next = std::optional<std::chrono::steady_clock::time_point>(), speed](TimePoint) mutable {
    if (!next) next = std::chrono::steady_clock::now();
    *next +=
        std::chrono::duration_cast<std::chrono::steady_clock::duration>(std::chrono::duration<double>(60.0 / speed));
    std::this_thread::sleep_until(*next);
  };
}

void deliver_report(const MockFlags& flags, const fs::path& folder, const RunResult& run, const Targets& targets,
                    const Summary& summary, const std::optional<PlaceboTest>& placebo) {
  const std::string report = analysis_report(run, summary, targets, placebo ? &*placebo : nullptr);
  auto numbers = summary_json(run, summary);
  if (placebo) numbers["placebo"] = placebo_json(*placebo);
  const std::string json = numbers.dump(2) + "\n";
  value_or_finish(write_file_atomically(folder / "analysis_report.txt", report, Durability::process_kill));
  if (!flags.summary_json.empty()) {
    value_or_finish(write_file_atomically(flags.summary_json, json, Durability::process_kill));
  }
  if (flags.common.json) {
    print_or_finish(json);
  } else if (!flags.common.quiet) {
    print_or_finish(report + "\nFiles: " + folder.string() + "\n");
  }
}

/// Before a long run, not after it.
void check_parent_folder(const std::string& flag, const fs::path& file) {
  const fs::path folder = fs::absolute(file).parent_path();
  std::error_code ignored;
  if (fs::is_directory(folder, ignored)) return;
  finish(Error{Errc::io, flag, folder.string() + " is not a folder; make it first"});
}

/// -v: what was read, to stderr so that standard output stays the report.
void print_what_was_read(const std::vector<SymbolBars>& bars) {
  for (const SymbolBars& s : bars) {
    std::fprintf(stderr, "read %s: %zu bars, %s to %s%s\n", printable(s.file).c_str(), s.bars.size(),
                 format_new_york(s.bars.front().start).c_str(), format_new_york(s.bars.back().start).c_str(),
                 s.synthetic ? ", SYNTHETIC" : "");
  }
}

/// Before a long run, not after it.
void check_placebo_flags(const MockFlags& flags) {
  if (flags.placebos == 0) return;
  if (!flags.run.warmup_state.empty()) {
    finish(Error{Errc::usage, "--placebo", "does not go with --warmup-state: that file was learned from real labels"});
  }
  if (flags.run.warmup_days < kPlaceboWarmUpMin) {
    finish(Error{Errc::usage, "--placebo",
                 "needs --warmup-days " + std::to_string(kPlaceboWarmUpMin) +
                     " or more: its labels are those of earlier days"});
  }
}

/// Nothing without --placebo.
std::optional<PlaceboTest> placebo_test(const MockFlags& flags, const MockOptions& options,
                                        const std::vector<SymbolBars>& bars, const Targets& targets,
                                        const Summary& summary, int warmup_sessions) {
  if (flags.placebos == 0) return std::nullopt;
  if (warmup_sessions < kPlaceboWarmUpMin) {
    print_warning("--placebo: only " + std::to_string(warmup_sessions) +
                  " earlier days to take labels from; its ranks mean little below " + std::to_string(kPlaceboWarmUpMin));
  }
  ProgressLine line(!flags.common.quiet && !flags.common.json);
  const auto outcomes = value_or_finish(run_placebos(options, bars, targets, flags.placebos, [&](const PlaceboProgress& p) {
    line.update(p.sessions_done, p.sessions_total, "placebo sessions",
                std::to_string(p.runs_done) + " of " + std::to_string(flags.placebos) + " placebos done");
  }));
  return judge_placebos(placebo_outcome(summary), outcomes);
}

[[noreturn]] void run_mock_command(const MockFlags& flags) {
  check_placebo_flags(flags);
  MockOptions options = mock_options_or_finish("mock", flags.common, flags.run);
  const Targets targets = value_or_finish(targets_named(flags.targets));
  const MockPlan plan = value_or_finish(plan_mock(options));
  const fs::path folder = log_folder_or_finish(flags.common, "mock_trading", Durability::process_kill);
  begin_log(flags.common, "mock");
  if (!flags.summary_json.empty()) check_parent_folder("--summary-json", flags.summary_json);
  auto [bars, review] =
      checked_bars_or_finish(flags.common, options.universe, {plan.warm_up, plan.traded}, options.jobs);
  options.data = std::move(review);
  if (flags.common.verbose) print_what_was_read(bars);
  ProgressLine progress(!flags.common.quiet && !flags.common.json);
  RunResult heading;
  MockSinks sinks;
  sinks.started = [&](const RunResult& run) { heading = run; };
  sinks.day_done = [&](const DayResult& day, const DayFiles& files) {
    return write_day(folder, heading, targets, day, files);
  };
  sinks.progress = [&](const MockProgress& p) {
    char equity[40];
    std::snprintf(equity, sizeof equity, "  equity %.0f", p.equity);
    progress.update(p.sessions_done, p.sessions_total, "sessions",
                    format_date(p.date) + (p.warming_up ? "  warm-up" : equity));
  };
  sinks.warning = [&](const std::string& text) {
    progress.clear();
    print_warning(text);
  };
  sinks.pace = pacer(flags.speed);
  const RunResult run = value_or_finish(run_mock(options, bars, sinks));
  progress.clear();

  const Summary summary = analyze(run, targets);
  deliver_report(flags, folder, run, targets, summary,
                 placebo_test(flags, options, bars, targets, summary, run.warmup_sessions));
  for (const DayResult& day : run.days) {
    if (!day.flat_at_close) {
      print_warning("not flat at the close of " + format_date(day.date));
      finish(ExitCode::not_flat);
    }
  }
  finish(flags.gate && !criteria_met(summary, targets) ? ExitCode::gate_not_met : ExitCode::ok);
}

}  // namespace

void add_mock(CLI::App& app) {
  auto* command = app.add_subcommand("mock", "Replay recorded minute bars and report the mean return per day (MRD)");
  auto flags = std::make_shared<MockFlags>();
  command->add_option("--date", flags->run.date, "Trading day to replay, YYYY-MM-DD");
  command->add_option("--speed", flags->speed, "N = N times real time; 0 = as fast as possible")
      ->check(number_from(0, 1e9))
      ->capture_default_str();
  add_mock_flags(*command, *flags);
  command->footer(kMockExamples);
  command->callback([flags] { run_mock_command(*flags); });
}

void add_live_trade(CLI::App& app) {
  auto* command =
      app.add_subcommand("live-trade", "Older spelling: with --mock --mock-date D = mock --date D, else live --paper");
  auto flags = std::make_shared<MockFlags>();
  auto mock = std::make_shared<bool>(false);
  auto exchange = std::make_shared<std::string>();
  command->add_option("--exchange", *exchange, "An exchange-sim on this machine instead of the broker")
      ->group("Rehearsals");
  command->add_flag("--mock", *mock, "Replay recorded bars");
  command->add_option("--mock-date,--date", flags->run.date, "Trading day to replay, YYYY-MM-DD");
  command->add_option("--mock-speed,--speed", flags->speed, "N = N times real time; 0 = as fast as possible")
      ->check(number_from(0, 1e9))
      ->capture_default_str();
  add_mock_flags(*command, *flags);
  command->footer("Example:\n  sentio_cli live-trade --mock --mock-date 2025-09-26 --mock-speed 39");
  command->callback([flags, mock, exchange] {
    if (*mock) run_mock_command(*flags);
    // Whoever names a past day does not mean to trade today.
    if (!flags->run.date.empty()) finish(Error{Errc::usage, "live-trade", "a date is replayed: add --mock"});
    if (flags->placebos > 0) finish(Error{Errc::usage, "--placebo", "repeats a replay: add --mock"});
    LiveFlags paper;
    paper.common = flags->common;
    paper.account.paper = true;
    paper.account.exchange = *exchange;
    paper.warmup_days = flags->run.warmup_days;
    paper.warmup_state = flags->run.warmup_state;
    paper.jobs = flags->run.jobs;
    paper.targets = flags->targets;
    run_live_command(paper);
  });
}

}  // namespace sentio::cli
