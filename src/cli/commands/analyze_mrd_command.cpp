/// `analyze-mrd`: the mean return per day of what was run, with its evidence; live beside mock.

#include <algorithm>
#include <nlohmann/json.hpp>

#include "commands.h"
#include "output/read_days.h"
#include "sentio/analysis/json_report.h"
#include "sentio/analysis/performance_analyzer.h"
#include "sentio/analysis/text_report.h"
#include "sentio/reports/report_json.h"

namespace sentio::cli {

namespace {

namespace fs = std::filesystem;

struct MrdFlags {
  std::string date, week, start_date, end_date, targets;
  std::string mode = "mock", log_dir = "logs";
  bool json = false;
};

struct MrdRange {
  Date first{}, last{};
};

fs::path mode_folder(const MrdFlags& flags, const std::string& mode) {
  return fs::path(flags.log_dir) / (mode + "_trading");
}

MrdRange week_of(Date date) {
  const std::chrono::sys_days day(date);
  const auto monday = day - (std::chrono::weekday(day) - std::chrono::Monday);
  return {Date(monday), Date(monday + std::chrono::days(6))};
}

/// The newest day that every folder asked for has.
Date latest_day_or_finish(const MrdFlags& flags) {
  const bool both = flags.mode == "both";
  const fs::path folder = mode_folder(flags, both ? "live" : flags.mode);
  std::vector<Date> dates = dates_of_run_files(folder);
  if (both) {
    const auto mocked = dates_of_run_files(mode_folder(flags, "mock"));
    std::erase_if(dates, [&](Date date) { return !std::binary_search(mocked.begin(), mocked.end(), date); });
  }
  if (dates.empty())
    finish(Error{Errc::not_found, both ? flags.log_dir : folder.string(),
                 both ? "holds no day that was both run live and replayed; replay one with mock --date"
                      : "holds no files of a run; run a day first, or name another --log-dir"});
  return dates.back();
}

MrdRange range_or_finish(const MrdFlags& flags, Date today) {
  const bool range = !flags.start_date.empty() || !flags.end_date.empty();
  if (int{!flags.date.empty()} + int{!flags.week.empty()} + int{range} > 1)
    finish(Error{Errc::usage, "analyze-mrd", "give one of --date, --week, or --start-date with --end-date"});
  if (range && (flags.start_date.empty() || flags.end_date.empty()))
    finish(Error{Errc::usage, "analyze-mrd", "a range needs both --start-date and --end-date"});
  if (range) {
    const MrdRange asked{date_or_finish("--start-date", flags.start_date),
                         date_or_finish("--end-date", flags.end_date)};
    if (asked.last < asked.first) finish(Error{Errc::usage, "--end-date", "is before --start-date"});
    return asked;
  }
  if (!flags.date.empty()) {
    const Date date = date_or_finish("--date", flags.date);
    check_single_day(date, today);
    return {date, date};
  }
  return week_of(flags.week.empty() ? latest_day_or_finish(flags) : date_or_finish("--week", flags.week));
}

/// The days, judged.
struct Judged {
  ReadDays read;
  RunResult run;
  Targets targets;
  Summary summary;

  Judged(ReadDays days, const std::string& asked_targets)
      : read(std::move(days)),
        run(joined_run(read.days)),
        targets(targets_or_finish(asked_targets, read.days)),
        summary(analyze(run, targets)) {}
  [[nodiscard]] std::string text() const { return mrd_report(run, summary, targets) + reading_text(read); }
  [[nodiscard]] nlohmann::ordered_json json() const {
    auto json = summary_json(run, summary);
    add_reading(json, read.missing, read.notes);
    return json;
  }
};

Judged judged_or_finish(const MrdFlags& flags, const std::string& mode, const MrdRange& range, Date today) {
  return {read_days_or_finish(mode_folder(flags, mode), range.first, range.last, today,
                              {.signals = false, .decisions = false}),
          flags.targets};
}

std::vector<DayComparison> compared_or_finish(const MrdFlags& flags, const Judged& live, const Judged& mock) {
  std::vector<DayComparison> days;
  for (const DayRecords& ours : live.read.days) {
    const auto its = std::ranges::find_if(
        mock.read.days, [&](const DayRecords& day) { return day.hours.date == ours.hours.date; });
    if (its == mock.read.days.end()) continue;
    const std::string &a = ours.run.manifest.configuration, &b = its->run.manifest.configuration;
    if (!a.empty() && !b.empty() && a != b)
      finish(Error{Errc::mismatch, "configuration",
                   format_date(ours.hours.date) + " live has " + a + ", mock of that day has " + b +
                       ": replay it with the configuration that was traded"});
    days.push_back(value_or_finish(
        compare_days(ours, mode_folder(flags, "live"), *its, mode_folder(flags, "mock"))));
  }
  if (days.empty())
    finish(Error{Errc::not_found, flags.log_dir,
                 "no day of the range was both run live and replayed; replay one with mock --date"});
  return days;
}

[[noreturn]] void run_both(const MrdFlags& flags, const MrdRange& range, Date today) {
  const Judged live = judged_or_finish(flags, "live", range, today);
  const Judged mock = judged_or_finish(flags, "mock", range, today);
  const auto days = compared_or_finish(flags, live, mock);
  if (flags.json) {
    const nlohmann::ordered_json all{
        {"live", live.json()}, {"mock", mock.json()}, {"comparison", comparison_json(days)}};
    print_or_finish(all.dump(2) + "\n");
  } else {
    print_or_finish(live.text() + "\n" + mock.text() + "\n" + comparison_text(days));
  }
  const bool equal = std::ranges::none_of(days, [](const auto& day) { return day.difference.has_value(); });
  finish(equal ? ExitCode::ok : ExitCode::reconciliation);
}

[[noreturn]] void run_analyze_mrd(const MrdFlags& flags) {
  check_targets_name(flags.targets);
  const Date today = today_in_new_york();
  const MrdRange range = range_or_finish(flags, today);
  if (flags.mode == "both") run_both(flags, range, today);
  const Judged judged = judged_or_finish(flags, flags.mode, range, today);
  print_or_finish(flags.json ? judged.json().dump(2) + "\n" : judged.text());
  finish(ExitCode::ok);
}

}  // namespace

void add_analyze_mrd(CLI::App& app) {
  auto* command = app.add_subcommand("analyze-mrd", "The mean return per day (MRD) of days that were run, with evidence");
  auto flags = std::make_shared<MrdFlags>();
  command->add_option("--date", flags->date, "One trading day, YYYY-MM-DD");
  command->add_option("--week", flags->week, "The week of that date (default: the week of the newest day)");
  command->add_option("--start-date", flags->start_date, "First day of a range");
  command->add_option("--end-date", flags->end_date, "Last day of the range");
  command->add_option("--mode", flags->mode, "mock, live, or both: live compared with the mock of the same days")
      ->check(CLI::IsMember({"mock", "live", "both"}))
      ->capture_default_str();
  command->add_option(
      "--targets", flags->targets,
      "Success criteria: handbook, design-backtest or design-production (default those of the run)");
  command->add_option("--log-dir", flags->log_dir, "Where results are")->capture_default_str();
  command->add_flag("--json", flags->json, "Print JSON");
  command->footer(
      "Examples:\n"
      "  sentio_cli analyze-mrd                                    # the newest week in logs/mock_trading\n"
      "  sentio_cli analyze-mrd --start-date 2025-09-01 --end-date 2025-09-30 --json | jq .evidence\n"
      "  sentio_cli analyze-mrd --date 2025-10-14 --mode both      # live against mock\n"
      "\n"
      "Exit code 5 (--mode both): signals of live and mock differ.");
  command->callback([flags] { run_analyze_mrd(*flags); });
}

}  // namespace sentio::cli
