/// `explain`: why one instrument was or was not traded in one minute.

#include <array>
#include <cctype>
#include <nlohmann/json.hpp>

#include "commands.h"
#include "options/checked_bars.h"
#include "options/mock_options.h"
#include "sentio/core/text/text.h"
#include "sentio/mock/explanation.h"

namespace sentio::cli {

namespace {

struct ExplainFlags {
  CommonOptions common;
  MockRunFlags run;
  std::string time, symbol;
  int features = 10;
};

/// The index of the set that ends at HH:MM, New York.
int minute_or_finish(const std::string& text, const SessionHours& hours) {
  const auto digit = [&text](std::size_t i) { return std::isdigit(static_cast<unsigned char>(text[i])) != 0; };
  if (text.size() != 5 || text[2] != ':' || !digit(0) || !digit(1) || !digit(3) || !digit(4))
    finish(Error{Errc::usage, "--time", "'" + text + "' is not HH:MM, e.g. 10:05"});
  const auto at = std::chrono::minutes(std::stoi(text.substr(0, 2)) * 60 + std::stoi(text.substr(3)));
  const int minute = static_cast<int>((from_new_york(hours.date, at) - hours.open) / kBarLength) - 1;
  if (minute < 0 || minute >= hours.minutes || text[3] > '5') {
    const auto clock = [](TimePoint t) { return format_new_york(t).substr(11, 5); };
    finish(Error{Errc::usage, "--time",
                 text + " is the end of no minute of " + format_date(hours.date) + "; they are " +
                     clock(hours.minute_end(0)) + " to " + clock(hours.close)});
  }
  return minute;
}

SymbolId symbol_or_finish(const std::string& name, const Universe& universe) {
  if (const auto id = universe.find(name)) return *id;
  finish(Error{Errc::usage, "--symbol", "'" + name + "' is not traded in this run; it has " + joined(universe.as_listed())});
}

[[noreturn]] void run_explain(const ExplainFlags& flags) {
  const MockOptions options = mock_options_or_finish("explain", flags.common, flags.run);
  const MockPlan plan = value_or_finish(plan_mock(options));
  const int minute = minute_or_finish(flags.time, plan.traded.front());
  const SymbolId symbol = symbol_or_finish(flags.symbol, options.universe);
  const auto bars =
      checked_bars_or_finish(flags.common, options.universe, {plan.warm_up, plan.traded}, options.jobs).bars;
  const std::array<ExplainedSet, 1> set{{{minute, symbol}}};
  const Explanation found = std::move(value_or_finish(explain_sets(options, bars, set, print_warning)).front());
  print_or_finish(flags.common.json ? explanation_json(found).dump(2) + "\n"
                                    : explanation_text(found, flags.features));
  finish(ExitCode::ok);
}

}  // namespace

void add_explain(CLI::App& app) {
  auto* command = app.add_subcommand("explain", "Show why an instrument was or was not traded in one minute");
  auto flags = std::make_shared<ExplainFlags>();
  command->add_option("--date", flags->run.date, "Trading day, YYYY-MM-DD, started as mock --date starts it")
      ->required();
  command->add_option("--time", flags->time, "End of the minute, HH:MM New York: the time in `ts` of the run's files")
      ->required();
  command->add_option("--symbol", flags->symbol, "Instrument, e.g. TQQQ")->required();
  command->add_option("--features", flags->features, "Features shown, the largest first; --json has all")
      ->check(CLI::Range(1, kFeatureCount))
      ->capture_default_str();
  command->add_flag("--json", flags->common.json, "One JSON object instead of a page");
  add_setup_flags(*command, flags->common);
  add_data_flag(*command, flags->common);
  add_stamp_flag(*command, flags->common);
  add_accept_flag(*command, flags->common);
  add_mock_run_flags(*command, flags->run);
  command->footer(
      "Examples:\n"
      "  sentio_cli explain --date 2025-09-26 --time 10:05 --symbol TQQQ\n"
      "  sentio_cli explain --date 2025-09-26 --time 10:05 --symbol TQQQ --json | jq '.flips'\n"
      "\n"
      "The numbers are those of `mock --date` of that day with the same flags; one instrument more or less is another\n"
      "run. For a day inside a range the book started otherwise, so that positions and cash may differ.");
  command->callback([flags] { run_explain(*flags); });
}

}  // namespace sentio::cli
