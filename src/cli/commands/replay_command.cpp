/// `replay`: a recorded day must decide the same again.

#include <cstdio>
#include <nlohmann/json.hpp>

#include "commands.h"
#include "options/common_options.h"
#include "sentio/live/replay_check.h"

namespace sentio::cli {

namespace {

struct ReplayFlags {
  std::string journal;
  bool json = false;
};

std::string as_json(const ReplayVerdict& v) {
  nlohmann::ordered_json j = {{"date", format_date(v.date)}, {"mode", v.mode},     {"identical", v.identical},
                              {"decisions", v.decisions},    {"closed", v.closed}, {"torn", v.torn}};
  if (!v.identical) {
    j["first_difference"] = v.first_difference;
    j["recorded"] = v.recorded;
    j["replayed"] = v.replayed;
  }
  return j.dump() + "\n";
}

[[noreturn]] void run_replay(const ReplayFlags& flags) {
  const ReplayVerdict v = value_or_finish(check_replay(flags.journal));
  const std::string name = "decisions_" + format_date(v.date) + ".jsonl";
  if (flags.json) print_or_finish(as_json(v));
  if (v.identical) {
    const char* early = v.closed ? ""
                        : v.torn ? " (the journal ends early, in a line cut short)"
                                 : " (the journal ends early)";
    if (!flags.json) {
      print_or_finish(name + ": " + std::to_string(v.decisions) + " decisions, identical" + early + "\n");
    }
    finish(ExitCode::ok);
  }
  const auto shown = [](const std::string& line) {
    return line.empty() ? std::string("(no such line)") : line;
  };
  finish(Error{
      Errc::mismatch, name + ":" + std::to_string(v.first_difference),
      "the replay decides otherwise\n  recorded " + shown(v.recorded) + "\n  replayed " + shown(v.replayed)});
}

}  // namespace

void add_replay(CLI::App& app) {
  auto* command =
      app.add_subcommand("replay", "Replay a recorded day and compare its decisions byte for byte");
  auto flags = std::make_shared<ReplayFlags>();
  command->add_option("--journal", flags->journal, "journal_D.jsonl of a live or rehearsed day")->required();
  command->add_flag("--json", flags->json, "Print the verdict as JSON");
  command->footer(
      "Example:\n"
      "  sentio_cli replay --journal logs/live_trading/journal_2025-09-26.jsonl\n"
      "\n"
      "Compares with decisions_D.jsonl in the same folder; the learned state the journal names is read from "
      "there\n"
      "too. Exit 0: identical. Exit 3: the first line that differs is named, or a file is missing or "
      "damaged.");
  command->callback([flags] { run_replay(*flags); });
}

}  // namespace sentio::cli
