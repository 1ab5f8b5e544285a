/// `report`: days of a run, read back from its folder, as a page.

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>

#include "common_options.h"
#include "sentio/analysis/json_report.h"
#include "sentio/analysis/performance_analyzer.h"
#include "sentio/page/html_page.h"
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

ReportRange range_from(const ReportFlags& flags) {
  if (flags.date.empty() == flags.month.empty())
    finish(Error{Errc::usage, "report", "give either --date D or --month YYYY-MM"});
  if (!flags.date.empty()) {
    const Date date = date_or_finish("--date", flags.date);
    if (!NyseCalendar::session(date))
      finish(Error{Errc::no_session, flags.date,
                   "no session: " + std::string(NyseCalendar::closure_reason(date))});
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

std::vector<Date> missing_days(const ReportRange& range, const std::vector<DayRecords>& days) {
  std::vector<Date> missing;
  for (const SessionHours& hours : NyseCalendar::sessions(range.first, range.last)) {
    const bool there = std::any_of(days.begin(), days.end(),
                                   [&](const DayRecords& d) { return d.hours.date == hours.date; });
    // What comes after the newest day has not happened yet.
    if (!there && hours.date < days.back().hours.date) missing.push_back(hours.date);
  }
  return missing;
}

[[noreturn]] void run_report(const ReportFlags& flags) {
  const ReportRange range = range_from(flags);
  if (!flags.targets.empty()) (void)value_or_finish(targets_named(flags.targets));  // before reading a month
  const fs::path folder = fs::path(flags.log_dir) / (flags.mode + "_trading");
  const auto days = value_or_finish(read_run_folder(folder, range.first, range.last));
  const RunResult run = joined_run(days);
  const std::string& own_targets = days.front().targets;
  const Targets targets = value_or_finish(targets_named(!flags.targets.empty() ? flags.targets
                                                        : own_targets.empty()  ? "handbook"
                                                                               : own_targets));
  const Summary summary = analyze(run, targets);
  const auto bars = bars_for_page(flags, range, run);
  const RunPageInput input{
      .title = "sentio · " + range.title, .days = days, .bars = bars, .missing = missing_days(range, days)};
  value_or_finish(write_file_atomically(flags.html, html_page(run_page(input, run, summary, targets)),
                                        Durability::process_kill));
  if (flags.json) {
    auto json = summary_json(run, summary);
    json["page"] = flags.html;
    print_or_finish(json.dump(2) + "\n");
  } else {
    print_or_finish("Page: " + flags.html + " (" + std::to_string(days.size()) +
                    (days.size() == 1 ? " day" : " days") + " of " + folder.string() + ")\n");
  }
  finish(ExitCode::ok);
}

}  // namespace

void add_report(CLI::App& app) {
  auto* command = app.add_subcommand("report", "Make a page of a day or a month that was run");
  auto flags = std::make_shared<ReportFlags>();
  command->add_option("--date", flags->date, "Trading day, YYYY-MM-DD");
  command->add_option("--month", flags->month, "Month, YYYY-MM: its days that have files");
  command->add_option("--html", flags->html, "The page: one file, to be opened in any browser")->required();
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
  command->add_flag("--json", flags->json, "Print the summary as JSON, with the page's name");
  command->footer(
      "Examples:\n"
      "  sentio_cli report --date 2025-09-26 --html day.html\n"
      "  sentio_cli report --month 2025-09 --html month.html --data-dir data/equities\n"
      "  sentio_cli report --date 2025-09-26 --mode live --html today.html");
  command->callback([flags, data] {
    flags->data_dir_given = data->count() > 0;
    run_report(*flags);
  });
}

}  // namespace sentio::cli
