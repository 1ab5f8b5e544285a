#include "options/mock_options.h"

#include <thread>

#include "sentio/mock/warm_up.h"

namespace sentio::cli {

void add_mock_run_flags(CLI::App& command, MockRunFlags& flags) {
  command.add_option("--capital", flags.capital, "Start capital in USD")
      ->check(number_from(1, 1e12))
      ->capture_default_str();
  command.add_option("--warmup-days", flags.warmup_days, "Sessions before the first day that only teach the learners")
      ->check(CLI::Range(0, 1000))
      ->capture_default_str();
  command.add_option("--warmup-state", flags.warmup_state,
                     "Start from a file made by warmup-multi (its last session must be the one before)");
  command
      .add_option("--jobs", flags.jobs, "Threads for the per-symbol work; results never depend on it (0 = all cores)")
      ->check(CLI::Range(0, 256))
      ->capture_default_str();
  command
      .add_option("--fill", flags.fill, "next-open, or close: the decision's own close (shows a bias; NOT ACHIEVABLE)")
      ->check(CLI::IsMember({"next-open", "close"}))
      ->capture_default_str();
  command
      .add_option("--participation", flags.participation,
                  "Largest share of a bar's volume an entry takes; 0 = no limit (default from the configuration)")
      ->check(number_from(0, 1));
}

MockOptions mock_options_or_finish(const std::string& command, const CommonOptions& common, const MockRunFlags& flags) {
  MockOptions options;
  const bool single = !flags.date.empty();
  const bool range = !flags.start_date.empty() || !flags.end_date.empty();
  if (single == range) {
    finish(Error{Errc::usage, command, "give either --date D or both --start-date and --end-date"});
  }
  if (range && (flags.start_date.empty() || flags.end_date.empty())) {
    finish(Error{Errc::usage, command, "a range needs both --start-date and --end-date"});
  }
  options.range = range;
  options.first = date_or_finish(single ? "--date" : "--start-date", single ? flags.date : flags.start_date);
  options.last = single ? options.first : date_or_finish("--end-date", flags.end_date);
  if (options.last < options.first) finish(Error{Errc::usage, "--end-date", "is before --start-date"});
  RunSetup setup = setup_or_finish(common);
  options.config = std::move(setup.config);
  options.universe = std::move(setup.universe);
  options.fees = std::move(setup.fees);
  options.config_name = std::move(setup.config_name);
  options.trials = setup.trials;
  options.capital = Usd{flags.capital};
  options.warmup_sessions = flags.warmup_days;
  options.jobs = flags.jobs > 0 ? flags.jobs : static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
  if (flags.fill == "close") options.config.fill.timing = FillTiming::same_close;
  const auto sessions = NyseCalendar::sessions(options.first, options.last);  // none: plan_mock() says why
  if (!flags.warmup_state.empty() && !sessions.empty()) {
    options.warmup_state = value_or_finish(
        load_warm_up_state(flags.warmup_state, options.config, options.universe, sessions.front().date));
  }
  if (flags.participation >= 0) options.config.fill.participation = flags.participation;
  return options;
}

}  // namespace sentio::cli
