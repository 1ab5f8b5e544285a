#include "options/parse_problem.h"

#include <algorithm>
#include <cstdio>

#include "sentio/config/strategy_config.h"

namespace sentio::cli {

namespace {

/// The verb the user meant to run; the program itself where none was recognised.
const CLI::App& innermost(const CLI::App& app) {
  const auto chosen = app.get_subcommands();
  return chosen.empty() ? app : innermost(*chosen.front());
}

std::vector<std::string> names_of_flags(const CLI::App& command) {
  std::vector<std::string> names;
  for (const CLI::Option* option : command.get_options()) {
    for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
  }
  return names;
}

std::vector<std::string> names_of_verbs(const CLI::App& command) {
  std::vector<std::string> names;
  for (const CLI::App* verb : command.get_subcommands([](const CLI::App*) { return true; })) {
    names.push_back(verb->get_name());
  }
  return names;
}

/// 'unknown flag --spede; did you mean --speed?'
std::string unknown_word(const CLI::App& command, const std::string& word) {
  const bool flag = word.starts_with("-");
  const std::string name = word.substr(0, word.find('='));
  const bool command_expected = !flag && !names_of_verbs(command).empty();
  const std::string near = nearest_name(name, flag ? names_of_flags(command) : names_of_verbs(command));
  return (flag               ? "unknown flag "
          : command_expected ? "unknown command "
                             : "unexpected argument ") +
         name + (near.empty() ? "" : "; did you mean " + near + "?");
}

std::string one_line(std::string text) {
  std::ranges::replace(text, '\n', ' ');
  return text;
}

}  // namespace

void print_parse_problem(const CLI::App& app, const CLI::ParseError& error) {
  const CLI::App& command = innermost(app);
  const auto rest = app.remaining(/*recurse=*/true);
  std::string path;
  for (const CLI::App* at = &command; at != nullptr; at = at->get_parent()) {
    path = at->get_name() + (path.empty() ? "" : " " + path);
  }
  const bool known = rest.empty();
  std::string what = known ? one_line(error.what()) : unknown_word(command, rest.front());
  if (known && dynamic_cast<const CLI::RequiredError*>(&error) != nullptr &&
      !names_of_verbs(command).empty()) {
    what = "no command given";
  }
  if (known && dynamic_cast<const CLI::ArgumentMismatch*>(&error) != nullptr) {
    what = what.substr(0, what.find(':')) + " needs a value";
  }
  std::fprintf(stderr, "%s: error: %s\n%s --help shows what there is.\n", app.get_name().c_str(),
               what.c_str(), path.c_str());
}

}  // namespace sentio::cli
