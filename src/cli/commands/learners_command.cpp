/// `learners`: the state of every learner as a day would start with it.

#include <nlohmann/json.hpp>
#include <thread>

#include "commands.h"
#include "options/checked_bars.h"
#include "sentio/mock/learner_report.h"

namespace sentio::cli {

namespace {

struct LearnerFlags {
  CommonOptions common;
  std::string date;
  int warmup_days = 20;
};

std::string as_json(const LearnerFlags& flags, const MockOptions& options, const LearnerReport& report) {
  nlohmann::ordered_json json = {{"date", flags.date},
                                 {"strategy", options.config.name},
                                 {"config", options.config_name},
                                 {"learners", nlohmann::ordered_json::array()}};
  for (const std::string& line : report.lines)
    json["learners"].push_back(nlohmann::ordered_json::parse(line));
  return json.dump(2) + "\n";
}

[[noreturn]] void run_learners(const LearnerFlags& flags) {
  MockOptions options;
  options.first = options.last = date_or_finish("--date", flags.date);
  RunSetup setup = setup_or_finish(flags.common);
  options.config = std::move(setup.config);
  options.universe = std::move(setup.universe);
  options.config_name = std::move(setup.config_name);
  options.warmup_sessions = flags.warmup_days;
  options.jobs = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
  const MockPlan plan = value_or_finish(plan_mock(options));
  if (plan.warm_up.empty())
    finish(Error{Errc::not_found, "learners", "there is no session before " + flags.date});
  const auto bars =
      checked_bars_or_finish(flags.common, options.universe, {.warm_up = plan.warm_up}, options.jobs).bars;
  const LearnerReport report = value_or_finish(report_learners(options, bars));
  if (!report.warning.empty()) print_warning("warm-up: " + report.warning);
  const std::string heading = options.config.name + ", before the session of " + flags.date + "\n";
  print_or_finish(flags.common.json ? as_json(flags, options, report) : heading + report.table);
  finish(ExitCode::ok);
}

}  // namespace

void add_learners(CLI::App& app) {
  auto* command =
      app.add_subcommand("learners", "Print the health of every learner as it would start that day");
  auto flags = std::make_shared<LearnerFlags>();
  command->add_option("--date", flags->date, "Trading day, YYYY-MM-DD: the sessions before it are learned")
      ->required();
  command->add_option("--warmup-days", flags->warmup_days, "Sessions to learn")
      ->check(CLI::Range(1, 1000))
      ->capture_default_str();
  command->add_flag("--json", flags->common.json, "One JSON object instead of a table");
  add_setup_flags(*command, flags->common);
  add_data_flag(*command, flags->common);
  add_stamp_flag(*command, flags->common);
  add_accept_flag(*command, flags->common);
  command->footer(
      "Examples:\n"
      "  sentio_cli learners --date 2025-09-26\n"
      "  sentio_cli learners --date 2025-09-26 --config config/cost_aware.json --symbols TQQQ,UVXY\n"
      "  sentio_cli learners --date 2025-09-26 --json | jq '.learners[] | {symbol, healthy, limit, "
      "condition}'\n"
      "\n"
      "The limits are health_config in docs/configuration.md; what each figure is: docs/learner-health.md.");
  command->callback([flags] { run_learners(*flags); });
}

}  // namespace sentio::cli
