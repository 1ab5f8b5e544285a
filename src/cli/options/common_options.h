#pragma once
/// Flags and helpers that every command shares.

#include <CLI/CLI.hpp>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "sentio/core/error.h"
#include "sentio/run/run_setup.h"
#include "sentio/store/atomic_file.h"

namespace sentio::cli {

struct CommonOptions {
  SetupRequest setup;
  std::string data_dir = "data/equities";
  std::string stamp = "start";
  std::vector<std::string> accept_data;
  std::string log_dir = "logs";
  std::string log_level = "info";
  bool json = false;
  bool quiet = false;
  bool verbose = false;
};

/// Adds --config, --symbols-config, --symbols (and nothing else).
void add_setup_flags(CLI::App& command, CommonOptions& options);
void add_output_flags(CLI::App& command, CommonOptions& options);
void add_data_flag(CLI::App& command, CommonOptions& options);
/// --log-level, of commands whose machinery is worth a log: LOG-DIR/sentio.log.
void add_log_level_flag(CLI::App& command, CommonOptions& options);
/// From here on the operational log is written; one that cannot be is warned of, once. main() ends it.
void begin_log(const CommonOptions& options, const std::string& command);
/// --stamp, and --accept-data for commands that refuse what a load finds.
void add_stamp_flag(CLI::App& command, CommonOptions& options);
void add_accept_flag(CLI::App& command, CommonOptions& options);
/// --targets of a run: the criteria its verdict is held to; targets_named() judges the name.
void add_targets_flag(CLI::App& command, std::string& targets);

/// Ends a command: CLI11 carries the code to main().
[[noreturn]] void finish(ExitCode code);
/// Prints "sentio_cli: error: …" to stderr, one line per problem, and ends the command; what() is the message.
[[noreturn]] void finish(const Error& error);
void print_warning(const std::string& text);

/// Writes to standard output, the one way to do so: a full disk or a closed pipe ends the command.
void print_or_finish(std::string_view text);
/// For what must be done whether or not anybody reads of it (selling): the command goes on.
void print_and_go_on(std::string_view text);
/// For main(), at the very end: says what standard output did not take and makes 0 the code of such a problem;
/// a code that says something else already stays.
[[nodiscard]] int code_after_output(int code);

/// The value, or the end of the command.
template <class T>
T value_or_finish(Result<T> result) {
  if (!result) finish(result.error());
  return *std::move(result);
}
inline void value_or_finish(Result<> result) {
  if (!result) finish(result.error());
}

/// Accepts a plain number in [low, high]; unlike CLI::Range it refuses NaN.
[[nodiscard]] CLI::Validator number_from(double low, double high);

[[nodiscard]] Date date_or_finish(const std::string& flag, const std::string& text);

/// The folder that holds config/ beside the installation: of the executable's ancestors A, the nearest first, A itself
/// (a clone) or A/share/sentio (a package: /usr/bin/sentio_cli finds /usr/share/sentio). Empty where there is none.
[[nodiscard]] std::filesystem::path installation_home();

/// LOG-DIR/`name`, made if need be and proven writable.
[[nodiscard]] std::filesystem::path log_folder_or_finish(const CommonOptions& options, const std::string& name,
                                                         Durability durability = Durability::power_cut);

/// load_setup() with every warning printed; problems end the command.
[[nodiscard]] RunSetup setup_or_finish(const CommonOptions& options);

}  // namespace sentio::cli
