/// `report`: days of a run, read back from its folder, as text or as a page.

#include <nlohmann/json.hpp>

#include "commands.h"
#include "output/read_days.h"
#include "sentio/analysis/json_report.h"
#include "sentio/analysis/performance_analyzer.h"
#include "sentio/analysis/text_report.h"
#include "sentio/page/html_page.h"
#include "sentio/reports/report_json.h"
#include "sentio/reports/run_page.h"
#include "sentio/store/atomic_file.h"

namespace sentio::cli {

namespace {

namespace fs = std::filesystem;

struct ReportFlags {
  std::string date, month, html, targets;
  std::string mode = "mock", log_dir = "logs", data_dir = "data/equities";
  bool data_dir_given = false, json = false;
};

struct ReportRange {
  Date first, last;
  std::string title;
};

Date month_start_or_finish(const std::string& text) {
  if (text.size() != 7)
    finish(Error{Errc::usage, "--month", "\"" + text + "\" is not a month such as 2025-10"});
  return date_or_finish("--month", text + "-01");
}

ReportRange range_from(const ReportFlags& flags, Date today) {
  if (flags.date.empty() == flags.month.empty())
    finish(Error{Errc::usage, "report", "give either --date D or --month YYYY-MM"});
  if (!flags.date.empty()) {
    const Date date = date_or_finish("--date", flags.date);
    check_single_day(date, today);
    return {date, date, "Day " + flags.date};
  }
  const Date first = month_start_or_finish(flags.month);
  return {first, Date(first.year() / first.month() / std::chrono::last), "Month " + flags.month};
}

/// Bars of the symbols the folder has. A symbol without a file is no problem: the page then says what it
/// shows.
std::vector<SymbolBars> bars_for_page(const ReportFlags& flags, const ReportRange& range,
                                      const RunResult& run) {
  std::vector<SymbolBars> bars;
  if (!flags.data_dir_given && !fs::is_directory(flags.data_dir)) return bars;
  for (const std::string& symbol : run.instruments) {
    const auto file = find_bar_file(flags.data_dir, symbol);
    if (!file) {
      if (flags.data_dir_given) print_warning(file.error().message());
      continue;
    }
    auto read = read_bars(*file, {.first = range.first, .last = range.last});
    if (read && !read->bars.empty()) bars.push_back(*std::move(read));
    if (!read) print_warning(read.error().message() + " (the page shows " + symbol + "'s prices without it)");
  }
  return bars;
}

void write_page_or_finish(const ReportFlags& flags, const ReportRange& range, const ReadDays& read,
                          const RunResult& run, const Summary& summary, const Targets& targets) {
  const auto bars = bars_for_page(flags, range, run);
  std::vector<Date> missing;
  for (const MissingDay& day : read.missing) missing.push_back(day.date);
  const RunPageInput input{
      .title = "sentio · " + range.title, .days = read.days, .bars = bars, .missing = missing};
  value_or_finish(write_file_atomically(flags.html, html_page(run_page(input, run, summary, targets)),
                                        Durability::process_kill));
}

[[noreturn]] void run_report(const ReportFlags& flags) {
  check_targets_name(flags.targets);  // before reading a month
  const Date today = today_in_new_york();
  const ReportRange range = range_from(flags, today);
  const fs::path folder = fs::path(flags.log_dir) / (flags.mode + "_trading");
  const bool page = !flags.html.empty();
  // Signals are nine tenths of a folder, and only charts show them.
  const ReadDays read =
      read_days_or_finish(folder, range.first, range.last, today, {.signals = page, .decisions = page});
  const RunResult run = joined_run(read.days);
  const Targets targets = targets_or_finish(flags.targets, read.days);
  const Summary summary = analyze(run, targets);
  if (page) write_page_or_finish(flags, range, read, run, summary, targets);
  if (flags.json) {
    auto json = summary_json(run, summary);
    add_reading(json, read.missing, read.notes);
    if (page) json["page"] = flags.html;
    print_or_finish(json.dump(2) + "\n");
  } else if (page) {
    const std::size_t days = read.days.size();
    print_or_finish("Page: " + flags.html + " (" + std::to_string(days) + (days == 1 ? " day" : " days") +
                    " of " + folder.string() + ")\n");
  } else {
    print_or_finish(analysis_report(run, summary, targets) + reading_text(read));
  }
  finish(ExitCode::ok);
}

}  // namespace

void add_report(CLI::App& app) {
  auto* command = app.add_subcommand("report", "Report a day or a month that was run, as text or as a page");
  auto flags = std::make_shared<ReportFlags>();
  command->add_option("--date", flags->date, "Trading day, YYYY-MM-DD");
  command->add_option("--month", flags->month, "Month, YYYY-MM: its days that have files");
  command->add_option("--html", flags->html, "Write a page instead: one file, to be opened in any browser");
  command->add_option("--mode", flags->mode, "Whose files: LOG-DIR/mock_trading or LOG-DIR/live_trading")
      ->check(CLI::IsMember({"mock", "live"}))
      ->capture_default_str();
  command->add_option(
      "--targets", flags->targets,
      "Success criteria: handbook, design-backtest or design-production (default those of the run)");
  command->add_option("--log-dir", flags->log_dir, "Where results are")->capture_default_str();
  auto* data =
      command->add_option("--data-dir", flags->data_dir, "Bars for the price charts, where there are any")
          ->capture_default_str();
  command->add_flag("--json", flags->json, "Print the summary as JSON");
  command->footer(
      "Examples:\n"
      "  sentio_cli report --month 2025-09\n"
      "  sentio_cli report --date 2025-09-26 --html day.html\n"
      "  sentio_cli report --month 2025-09 --html month.html --data-dir data/equities\n"
      "  sentio_cli report --date 2025-09-26 --mode live --html today.html");
  command->callback([flags, data] {
    flags->data_dir_given = data->count() > 0;
    run_report(*flags);
  });
}

}  // namespace sentio::cli
