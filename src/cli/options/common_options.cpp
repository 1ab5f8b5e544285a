#include "options/common_options.h"

#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstdio>
#include <cstring>
#include <sstream>

#include "output/printable.h"
#include "sentio/core/check.h"
#include "sentio/log/log.h"
#include "sentio/run/run_manifest.h"
#include "sentio/store/atomic_file.h"

namespace sentio::cli {

namespace {

/// errno of the first write that standard output did not take; 0: none so far.
int output_problem = 0;

void note_output_problem() {
  if (output_problem == 0) output_problem = errno != 0 ? errno : EIO;
}

}  // namespace

void add_setup_flags(CLI::App& command, CommonOptions& options) {
  command.add_option("--config", options.setup.config_files,
                     "Strategy file; repeatable, later files win key by key (default config/rotation_strategy.json)");
  command.add_option("--symbols-config", options.setup.symbols_file, "Known symbols (default config/symbols.json)");
  command
      .add_option("--symbols", options.setup.symbols, "Instruments of this run, e.g. TQQQ,SQQQ (wins over the files)")
      ->delimiter(',');
}

void add_data_flag(CLI::App& command, CommonOptions& options) {
  command.add_option("--data-dir", options.data_dir, "Folder of <SYMBOL>_RTH_NH.csv[.gz] files")->capture_default_str();
}

void add_stamp_flag(CLI::App& command, CommonOptions& options) {
  command.add_option("--stamp", options.stamp, "Which instant of a minute the files' times name: start or end")
      ->check(CLI::IsMember({"start", "end"}))
      ->capture_default_str();
}

void add_accept_flag(CLI::App& command, CommonOptions& options) {
  command
      .add_option("--accept-data", options.accept_data,
                  "Run although bars are refused: kinds of finding, e.g. early_end,missing_session")
      ->delimiter(',');
}

void add_targets_flag(CLI::App& command, std::string& targets) {
  command.add_option("--targets", targets, "Success criteria: handbook, design-backtest or design-production")
      ->capture_default_str();
}

void add_output_flags(CLI::App& command, CommonOptions& options) {
  command.add_option("--log-dir", options.log_dir, "Where results go")->capture_default_str();
  command.add_flag("--json", options.json, "Print the summary as JSON instead of the report");
  command.add_flag("-q,--quiet", options.quiet, "No progress, no report on the terminal; warnings stay");
  command.add_flag("-v,--verbose", options.verbose, "Also say which bars were read");
}

void add_log_level_flag(CLI::App& command, CommonOptions& options) {
  command
      .add_option("--log-level", options.log_level,
                  "Operational log (connections, requests, threads) in LOG-DIR/sentio.log: trace, debug, info, warn, error or off")
      ->check(CLI::IsMember({"trace", "debug", "info", "warn", "error", "off"}))
      ->capture_default_str();
}

void begin_log(const CommonOptions& options, const std::string& command) {
  const auto level = parse_log_level(options.log_level);
  SENTIO_CHECK(level.has_value());
  if (auto started = start_log({.folder = options.log_dir, .level = *level}); !started) {
    return print_warning(started.error().message() + "; going on without the operational log");
  }
  log_line(LogLevel::info, "log_begins",
           {{"command", command}, {"pid", ::getpid()}, {"version", binary_version()}, {"level", options.log_level}});
}

void finish(ExitCode code) {
  throw CLI::RuntimeError(static_cast<int>(code));
}

void finish(const Error& error) {
  log_line(LogLevel::error, "command_fails", {{"error", error.message()}});
  std::istringstream lines(error.message());
  for (std::string line; std::getline(lines, line);)
    std::fprintf(stderr, "sentio_cli: error: %s\n", printable(line).c_str());
  throw CLI::RuntimeError(error.message(), static_cast<int>(exit_code(error.code)));
}

void print_warning(const std::string& text) {
  log_line(LogLevel::warn, "warning", {{"text", text}});
  std::fprintf(stderr, "sentio_cli: warning: %s\n", printable(text).c_str());
}

void print_and_go_on(std::string_view text) {
  errno = 0;
  const bool taken = std::fwrite(text.data(), 1, text.size(), stdout) == text.size() && std::fflush(stdout) == 0;
  if (!taken) note_output_problem();
}

void print_or_finish(std::string_view text) {
  print_and_go_on(text);
  if (output_problem != 0) finish(exit_code(Errc::io));  // main() says why, once
}

int code_after_output(int code) {
  errno = 0;
  // Also what somebody printed in another way.
  if (std::fflush(stdout) != 0 || std::ferror(stdout) != 0) note_output_problem();
  if (output_problem == 0) return code;
  const int io = static_cast<int>(exit_code(Errc::io));
  // A reader that has seen enough (| head) needs no explanation.
  if (output_problem != EPIPE) {
    std::fprintf(stderr, "sentio_cli: error: standard output: cannot be written: %s\n", std::strerror(output_problem));
  }
  return code == static_cast<int>(ExitCode::ok) ? io : code;
}

CLI::Validator number_from(double low, double high) {
  std::ostringstream range;
  range.precision(15);
  range << low << " to " << high;
  const auto check = [low, high, shown = range.str()](const std::string& text) {
    double value = 0;
    const char* const end = text.data() + text.size();
    const auto [stop, problem] = std::from_chars(text.data(), end, value);
    const bool sound = problem == std::errc{} && stop == end && value >= low && value <= high;
    return sound ? std::string() : "'" + text + "' is not a number from " + shown;
  };
  return CLI::Validator(check, range.str());
}

Date date_or_finish(const std::string& flag, const std::string& text) {
  const auto date = parse_date(text);
  if (!date) finish(Error{Errc::usage, flag, date.error().detail});
  if (!NyseCalendar::covers(*date)) {
    finish(Error{Errc::usage, flag,
                 text + " is outside the calendar of this version, " + std::to_string(NyseCalendar::kFirstYear) + "-" +
                     std::to_string(NyseCalendar::kLastYear)});
  }
  return *date;
}

std::filesystem::path installation_home() {
  std::error_code error;
  auto folder = std::filesystem::read_symlink("/proc/self/exe", error).parent_path();
  while (!folder.empty() && folder != folder.root_path()) {
    for (const auto& home : {folder, folder / "share" / "sentio"}) {
      if (std::filesystem::exists(home / "config" / "symbols.json", error)) return home;
    }
    folder = folder.parent_path();
  }
  return {};
}

std::filesystem::path log_folder_or_finish(const CommonOptions& options, const std::string& name,
                                           Durability durability) {
  auto folder = std::filesystem::path(options.log_dir) / name;
  if (auto made = ensure_writable_folder(folder, durability); !made) {
    made.error().detail += "; name another folder with --log-dir";
    finish(made.error());
  }
  return folder;
}

RunSetup setup_or_finish(const CommonOptions& options) {
  RunSetup setup = value_or_finish(load_setup(options.setup, installation_home()));
  for (const auto& warning : setup.config.warnings) print_warning(warning);
  return setup;
}

}  // namespace sentio::cli
