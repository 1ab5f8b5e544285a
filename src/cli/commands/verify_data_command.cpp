/// `verify-data`: what a person should know about bar files before trusting a run on them.

#include <algorithm>

#include "commands.h"
#include "options/common_options.h"
#include "options/checked_bars.h"
#include "output/verify_data_report.h"

namespace sentio::cli {

namespace {

struct VerifyFlags {
  CommonOptions common;
  std::vector<std::string> symbols;
  bool all = false, strict = false;
  std::string start_date, end_date;
};

std::vector<std::string> symbols_or_finish(const VerifyFlags& flags) {
  if (flags.all == !flags.symbols.empty()) {
    finish(Error{Errc::usage, "verify-data", "give either --all or --symbols A,B"});
  }
  const std::filesystem::path folder = flags.common.data_dir;
  std::error_code problem;
  if (!std::filesystem::is_directory(folder, problem)) {
    finish(Error{Errc::not_found, folder.string(),
                 "no such folder; give the one with the bar files as --data-dir"});
  }
  std::vector<std::string> wanted = flags.all ? bar_file_symbols(folder) : std::vector<std::string>{};
  for (const std::string& symbol : flags.symbols) {
    if (std::ranges::find(wanted, symbol) == wanted.end()) wanted.push_back(symbol);
  }
  if (wanted.empty())
    finish(Error{Errc::not_found, folder.string(), "the folder has no bar files, <SYMBOL>_RTH_NH.csv[.gz]"});
  return wanted;
}

WantedRange range_or_finish(const VerifyFlags& flags) {
  WantedRange wanted{.now = TimePoint{std::chrono::system_clock::now()}};
  if (!flags.start_date.empty()) wanted.first = date_or_finish("--start-date", flags.start_date);
  if (!flags.end_date.empty()) wanted.last = date_or_finish("--end-date", flags.end_date);
  if (wanted.first && wanted.last) {
    if (*wanted.last < *wanted.first) finish(Error{Errc::usage, "--end-date", "is before --start-date"});
    if (NyseCalendar::sessions(*wanted.first, *wanted.last).empty()) {
      finish(Error{Errc::no_session, flags.start_date + " to " + flags.end_date,
                   "the range holds no trading day"});
    }
  }
  return wanted;
}

[[noreturn]] void run_verify(const VerifyFlags& flags) {
  VerifiedData data{.folder = flags.common.data_dir, .wanted = range_or_finish(flags)};
  data.wanted.stamp = stamp_of(flags.common);
  const std::vector<std::string> symbols = symbols_or_finish(flags);
  const SymbolsConfig known = value_or_finish(load_symbols(flags.common.setup, installation_home()));
  std::vector<SymbolInfo> infos;
  for (const auto& [name, info] : known.metadata) infos.push_back(info);
  data.found = verify_folder(data.folder, symbols, infos, data.wanted);
  const FindingCounts counts = data.found.counts();
  if (counts.refused > 0 || (flags.strict && counts.warned > 0)) data.code = ExitCode::data;
  print_or_finish(flags.common.json ? verification_json(data) : verification_text(data));
  finish(data.code);
}

}  // namespace

void add_verify_data(CLI::App& app) {
  auto* command = app.add_subcommand("verify-data", "Look for what is missing or wrong in files of bars");
  auto flags = std::make_shared<VerifyFlags>();
  command->add_flag("--all", flags->all, "Every bar file of the folder");
  command->add_option("--symbols", flags->symbols, "These symbols, e.g. TQQQ,SQQQ")->delimiter(',');
  add_data_flag(*command, flags->common);
  add_stamp_flag(*command, flags->common);
  command->add_option("--start-date", flags->start_date,
                      "First day that must be there; earlier rows are left aside");
  command->add_option("--end-date", flags->end_date,
                      "Last day that must be there; later rows are left aside");
  command->add_flag("--strict", flags->strict, "Exit 3 on warnings, too");
  command->add_flag("--json", flags->common.json, "One JSON object instead of a table");
  command->add_option("--symbols-config", flags->common.setup.symbols_file,
                      "Known symbols, for leverage and underlying (default config/symbols.json)");
  command->footer(
      "Examples:\n"
      "  sentio_cli verify-data --all\n"
      "  sentio_cli verify-data --symbols TQQQ,SQQQ --start-date 2025-09-10 --end-date 2025-10-14\n"
      "  sentio_cli verify-data --all --json | jq -r '.findings[] | select(.severity != \"noted\") | .text'\n"
      "\n"
      "Exit 0: nothing is refused. 3: something is, or data are missing (--strict: or warned of).\n"
      "What each finding means and what to do: docs/data-checks.md.");
  command->callback([flags] { run_verify(*flags); });
}

}  // namespace sentio::cli
