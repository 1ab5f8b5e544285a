#include "common_options.h"

#include <cstdio>
#include <sstream>

namespace sentio::cli {

void add_setup_flags(CLI::App& command, CommonOptions& options) {
  command.add_option("--config", options.setup.config_files,
                     "Strategy file; repeatable, later files win key by key (default config/rotation_strategy.json)");
  command.add_option("--symbols-config", options.setup.symbols_file, "Known symbols (default config/symbols.json)");
  command.add_option("--symbols", options.setup.symbols, "Instruments of this run, e.g. TQQQ,SQQQ (wins over the files)")
      ->delimiter(',');
}

void add_data_flag(CLI::App& command, CommonOptions& options) {
  command.add_option("--data-dir", options.data_dir, "Folder of <SYMBOL>_RTH_NH.csv[.gz] files")->capture_default_str();
}

void add_output_flags(CLI::App& command, CommonOptions& options) {
  command.add_option("--log-dir", options.log_dir, "Where results go")->capture_default_str();
  command.add_flag("--json", options.json, "Print the summary as JSON instead of the report");
  command.add_flag("-q,--quiet", options.quiet, "No progress, no report on the terminal");
  command.add_flag("-v,--verbose", options.verbose, "More about what is read and written");
}

void finish(ExitCode code) { throw CLI::RuntimeError(static_cast<int>(code)); }

void finish(const Error& error) {
  std::istringstream lines(error.message());
  for (std::string line; std::getline(lines, line);) std::fprintf(stderr, "sentio_cli: error: %s\n", line.c_str());
  finish(exit_code(error.code));
}

void print_warning(const std::string& text) { std::fprintf(stderr, "sentio_cli: warning: %s\n", text.c_str()); }

Date date_or_finish(const std::string& flag, const std::string& text) {
  auto date = parse_date(text);
  if (!date) finish(Error{Errc::usage, flag, date.error().detail + " (expected YYYY-MM-DD, got \"" + text + "\")"});
  return *date;
}

std::filesystem::path installation_home() {
  std::error_code error;
  auto folder = std::filesystem::read_symlink("/proc/self/exe", error).parent_path();
  while (!folder.empty() && folder != folder.root_path()) {
    if (std::filesystem::exists(folder / "config" / "symbols.json")) return folder;
    folder = folder.parent_path();
  }
  return {};
}

RunSetup setup_or_finish(const CommonOptions& options) {
  RunSetup setup = value_or_finish(load_setup(options.setup, installation_home()));
  for (const auto& warning : setup.config.warnings) print_warning(warning);
  return setup;
}

}  // namespace sentio::cli
