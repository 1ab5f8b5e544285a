/// `features`: the 126 columns and the labels of one symbol as CSV.

#include "commands.h"
#include "options/checked_bars.h"
#include "sentio/mock/feature_export.h"
#include "sentio/store/atomic_file.h"

namespace sentio::cli {

namespace {

struct FeatureFlags {
  CommonOptions common;
  std::string symbol, date, start_date, end_date, output;
  int warmup_days = 20;
  bool standardized = false;
};

[[noreturn]] void run_features(FeatureFlags& flags) {
  const bool single = !flags.date.empty();
  if (single == !flags.start_date.empty() || flags.start_date.empty() != flags.end_date.empty()) {
    finish(Error{Errc::usage, "features", "give either --date D or both --start-date and --end-date"});
  }
  const Date first = date_or_finish(single ? "--date" : "--start-date", single ? flags.date : flags.start_date);
  const Date last = single ? first : date_or_finish("--end-date", flags.end_date);
  if (last < first) finish(Error{Errc::usage, "--end-date", "is before --start-date"});
  if (single && !NyseCalendar::session(first)) {
    finish(
        Error{Errc::no_session, format_date(first), "no session: " + std::string(NyseCalendar::closure_reason(first))});
  }
  if (NyseCalendar::sessions(first, last).empty()) {
    finish(Error{Errc::no_session, format_date(first) + " to " + format_date(last), "the range holds no trading day"});
  }
  flags.common.setup.symbols = {flags.symbol};
  const RunSetup setup = setup_or_finish(flags.common);
  const LoadPlan plan{NyseCalendar::sessions_before(first, flags.warmup_days), NyseCalendar::sessions(first, last)};
  const auto bars = checked_bars_or_finish(flags.common, setup.universe, plan, 1).bars;
  const std::string csv = value_or_finish(
      export_features(bars.front(), setup.config, {.first = first, .last = last, .standardized = flags.standardized}));
  if (flags.output.empty()) {
    print_or_finish(csv);
  } else {
    value_or_finish(write_file_atomically(flags.output, csv, Durability::process_kill));
  }
  finish(ExitCode::ok);
}

}  // namespace

void add_features(CLI::App& app) {
  auto* command = app.add_subcommand("features", "Write one symbol's 126 features and labels as CSV");
  auto flags = std::make_shared<FeatureFlags>();
  command->add_option("--symbol", flags->symbol, "Instrument, e.g. TQQQ")->required();
  command->add_option("--date", flags->date, "Trading day, YYYY-MM-DD");
  command->add_option("--start-date", flags->start_date, "First day of a range");
  command->add_option("--end-date", flags->end_date, "Last day of the range");
  command->add_option("--warmup-days", flags->warmup_days, "Sessions read before the first day, to fill the windows")
      ->check(CLI::Range(0, 1000))
      ->capture_default_str();
  command->add_flag("--standardized", flags->standardized, "z-scores as the learner sees them instead of raw values");
  command->add_option("--output", flags->output, "Write to this file instead of standard output");
  add_data_flag(*command, flags->common);
  add_stamp_flag(*command, flags->common);
  add_accept_flag(*command, flags->common);
  command->add_option("--config", flags->common.setup.config_files, "Strategy file (its horizons name the labels)");
  command->add_option("--symbols-config", flags->common.setup.symbols_file, "Known symbols");
  command->footer(
      "Examples:\n"
      "  sentio_cli features --symbol TQQQ --date 2025-09-26 > tqqq.csv\n"
      "  sentio_cli features --symbol UVXY --start-date 2025-09-22 --end-date 2025-09-26 --output uvxy.csv\n"
      "\n"
      "Columns: timestamp (bar start), minute, real, open, high, low, close, volume, the features of "
      "docs/features.md,\n"
      "r_<h> (log return from the next open to the open h minutes later) and y_<h> (in units of sigma, "
      "clipped at 5).");
  command->callback([flags] { run_features(*flags); });
}

}  // namespace sentio::cli
