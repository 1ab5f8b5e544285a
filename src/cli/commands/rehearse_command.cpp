/// `rehearse`: a recorded day through the live path, against a local exchange.

#include <algorithm>
#include <cstdio>
#include <thread>

#include "commands.h"
#include "options/checked_bars.h"
#include "options/common_options.h"
#include "options/exchange_options.h"
#include "output/live_report.h"
#include "output/progress.h"
#include "sentio/rehearse/rehearse.h"
#include "sentio/run/run_manifest.h"

namespace sentio::cli {

namespace {

namespace fs = std::filesystem;

struct RehearseFlags {
  CommonOptions common;
  ExchangeFlags exchange;
  int warmup_days = 20;
  int jobs = 0;
  bool dry_run = false, quotes = false;
  std::string targets = "handbook";
};

constexpr const char* kRehearseExamples =
    "Examples:\n"
    "  sentio_cli rehearse --date 2025-09-26\n"
    "  sentio_cli rehearse --date 2025-09-26 --fault 'at 10:31 drop data' --fault 'at 11:00 "
    "accept-then-500'\n"
    "  sentio_cli rehearse --date 2025-09-26 --from 15:30 --speed 60\n"
    "  sentio_cli replay --journal logs/live_trading/journal_2025-09-26.jsonl\n"
    "\n"
    "The live code with real sockets: warm-up as mock's (kept as warmup_state_D.bin), then the day against a "
    "local\n"
    "exchange. Without faults the decisions are those of mock --date D. Writes the files of a live day into\n"
    "LOG-DIR/live_trading. Exit 7 when the day ends with shares held. Faults: docs/exchange-sim.md.";

std::string exchange_line(const ExchangeStatistics& e) {
  char text[160];
  std::snprintf(text, sizeof text, "Rehearsal: %llu REST calls, %llu orders, %llu trade updates, %llu data items\n",
                static_cast<unsigned long long>(e.requests), static_cast<unsigned long long>(e.orders),
                static_cast<unsigned long long>(e.events), static_cast<unsigned long long>(e.data_items));
  return text;
}

[[noreturn]] void run_rehearse(const RehearseFlags& flags) {
  const Targets targets = value_or_finish(targets_named(flags.targets));
  RehearseOptions options;
  options.setup = setup_or_finish(flags.common);
  options.hours = session_or_finish(flags.exchange);
  options.exchange = exchange_options_or_finish(flags.exchange, options.setup, options.hours);
  options.warmup_sessions = flags.warmup_days;
  options.dry_run = flags.dry_run;
  options.quotes = flags.quotes;
  options.jobs =
      flags.jobs > 0 ? flags.jobs : static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
  options.folder = log_folder_or_finish(flags.common, "live_trading");
  begin_log(flags.common, "rehearse");
  const fs::path folder = options.folder;
  const SessionHours hours = options.hours;
  const auto before = NyseCalendar::sessions_before(hours.date, flags.warmup_days);
  options.data_dir = flags.common.data_dir;
  options.stamp = stamp_of(flags.common);
  auto [bars, review] = checked_bars_or_finish(flags.common, options.setup.universe, {before, {hours}}, options.jobs);
  options.bars = std::move(bars);
  options.accepted = review.accepted;

  ProgressLine progress(!flags.common.quiet && !flags.common.json);
  options.warning = [&](const std::string& text) {
    // The day's start reads the files of the warm-up again, and finds the same.
    const auto said = [&](const Finding& finding) { return load_line(finding, review.accepted) == text; };
    if (std::ranges::any_of(review.findings, said)) return;
    progress.clear();
    print_warning(text);
  };
  options.progress = [&](TimePoint now, double equity) {
    char note[40];
    std::snprintf(note, sizeof note, "equity %.0f", equity);
    const auto done = static_cast<int>((now - hours.open) / kBarLength);
    progress.update(std::clamp(done, 0, hours.minutes), hours.minutes, "minutes", note);
  };
  RehearseResult result = value_or_finish(rehearse(std::move(options)));
  progress.clear();
  note_data(result.live.run.manifest, review);
  value_or_finish(write_live_report(folder, result.live, targets));
  print_live_report(folder, result.live, targets, flags.common, exchange_line(result.exchange));
  finish_live(result.live, !result.live.whole_session);
}

}  // namespace

void add_rehearse(CLI::App& app) {
  auto* command =
      app.add_subcommand("rehearse", "Run a recorded day through the live path against a local exchange");
  auto flags = std::make_shared<RehearseFlags>();
  add_exchange_flags(*command, flags->exchange);
  command->add_option("--capital", flags->exchange.cash, "Start capital in USD: the account's cash")
      ->check(number_from(1, kUsdMax.v))
      ->capture_default_str();
  command->add_option("--warmup-days", flags->warmup_days, "Sessions before the day that teach the learners")
      ->check(CLI::Range(0, 1000))
      ->capture_default_str();
  command
      ->add_option("--jobs", flags->jobs,
                   "Threads for the warm-up; results never depend on it (0 = all cores)")
      ->check(CLI::Range(0, 256))
      ->capture_default_str();
  command->add_flag("--quotes", flags->quotes, "Hear quotes as well: only to measure executions by");
  command->add_flag("--dry-run", flags->dry_run, "Everything but orders");
  add_targets_flag(*command, flags->targets);
  add_setup_flags(*command, flags->common);
  add_data_flag(*command, flags->common);
  add_stamp_flag(*command, flags->common);
  add_accept_flag(*command, flags->common);
  add_output_flags(*command, flags->common);
  add_log_level_flag(*command, flags->common);
  command->footer(kRehearseExamples);
  command->callback([flags] { run_rehearse(*flags); });
}

}  // namespace sentio::cli
