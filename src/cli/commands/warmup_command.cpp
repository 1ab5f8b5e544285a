/// `warmup-multi`: learn once, write the state, start many runs from it.

#include <cstdio>
#include <thread>

#include "commands.h"
#include "options/checked_bars.h"
#include "output/progress.h"
#include "sentio/core/text/text.h"
#include "sentio/mock/warm_up.h"

namespace sentio::cli {

namespace {

namespace fs = std::filesystem;

struct WarmUpFlags {
  CommonOptions common;
  std::string data, output = "logs/warmup_state.bin", end_date;
  int days = 20;
  int jobs = 0;
};

/// Bars of the universe, by SymbolId, from a folder of files or one file of many symbols.
std::vector<SymbolBars> read_warm_up_bars(const fs::path& source, const Universe& universe, BarStamp stamp, int jobs) {
  if (fs::is_directory(source)) return value_or_finish(load_bars(source, universe, {.stamp = stamp}, jobs));
  auto recorded = value_or_finish(read_multi_symbol_bars(source, {.stamp = stamp}));
  std::vector<SymbolBars> bars;
  std::vector<std::string> missing;
  for (const SymbolInfo& symbol : universe) {
    const auto at = std::find_if(recorded.begin(), recorded.end(), [&](const SymbolBars& s) { return s.symbol == symbol.name; });
    if (at == recorded.end()) {
      missing.push_back(symbol.name);
    } else {
      bars.push_back(std::move(*at));
    }
  }
  if (!missing.empty()) finish(Error{Errc::not_found, source.string(), "has no bars of " + joined(missing)});
  return bars;
}

std::vector<SessionHours> sessions_to_learn(const WarmUpFlags& flags, const std::vector<SymbolBars>& bars) {
  std::optional<Date> last;
  if (!flags.end_date.empty()) last = date_or_finish("--end-date", flags.end_date);
  for (const SymbolBars& s : bars) {
    if (!flags.end_date.empty() || s.bars.empty()) continue;
    const Date date = new_york_date(s.bars.back().start);
    if (!last || *last < date) last = date;
  }
  if (!last) finish(Error{Errc::not_found, flags.data, "holds no bar of a regular session"});
  const Date day_after = Date{std::chrono::sys_days{*last} + std::chrono::days{1}};
  return NyseCalendar::sessions_before(day_after, flags.days);
}

[[noreturn]] void run_warm_up(const WarmUpFlags& flags) {
  const RunSetup setup = setup_or_finish(flags.common);
  const int jobs = flags.jobs > 0 ? flags.jobs : static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
  if (!fs::exists(flags.data)) finish(Error{Errc::not_found, flags.data, "no such file or folder"});
  (void)accepted_or_finish(flags.common);
  const auto bars = read_warm_up_bars(flags.data, setup.universe, stamp_of(flags.common), jobs);
  WarmUpOptions options{.config = setup.config,
                        .universe = setup.universe,
                        .fees = setup.fees,
                        .sessions = sessions_to_learn(flags, bars),
                        .jobs = jobs};
  (void)review_or_finish(flags.common, bars, setup.universe, {.warm_up = options.sessions});
  ProgressLine progress(!flags.common.quiet);
  const StateFile state = value_or_finish(learn_warm_up(
      options, bars, [&](int done, int total) { progress.update(done, total, "sessions", "warm-up"); }));
  value_or_finish(write_state(flags.output, state.header, state.payload));
  progress.clear();
  if (!flags.common.quiet) {
    char text[120];
    std::snprintf(text, sizeof text, ": %d sessions up to %s, %zu instruments, %.1f MB\n", state.header.sessions,
                  format_date(state.header.last_session).c_str(), setup.universe.size(),
                  static_cast<double>(state.payload.size()) / 1e6);
    print_or_finish(flags.output + text);
  }
  finish(ExitCode::ok);
}

}  // namespace

void add_warmup_multi(CLI::App& app) {
  auto* command = app.add_subcommand("warmup-multi", "Teach the learners on recorded sessions and write their state");
  auto flags = std::make_shared<WarmUpFlags>();
  command->add_option("--data", flags->data, "Folder of <SYMBOL>_RTH_NH.csv[.gz], or one file of many symbols")->required();
  command->add_option("--output", flags->output, "State file to write")->capture_default_str();
  command->add_option("--days", flags->days, "Sessions to learn")->check(CLI::Range(1, 1000))->capture_default_str();
  command->add_option("--end-date", flags->end_date, "Last session to learn (default: the data's last)");
  command->add_option("--jobs", flags->jobs, "Threads; results never depend on it (0 = all cores)")
      ->check(CLI::Range(0, 256))
      ->capture_default_str();
  command->add_flag("-q,--quiet", flags->common.quiet, "No progress, no closing line");
  add_stamp_flag(*command, flags->common);
  add_accept_flag(*command, flags->common);
  add_setup_flags(*command, flags->common);
  command->footer(
      "Examples:\n"
      "  sentio_cli warmup-multi --data data/equities --output logs/warmup_state.bin\n"
      "  sentio_cli warmup-multi --data data/equities --end-date 2025-09-25\n"
      "  sentio_cli mock --date 2025-09-26 --warmup-state logs/warmup_state.bin\n"
      "\n"
      "A state belongs to one configuration, one set of instruments and one last session; any other use is refused.");
  command->callback([flags] { run_warm_up(*flags); });
}

}  // namespace sentio::cli
