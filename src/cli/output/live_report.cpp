#include "output/live_report.h"

#include <nlohmann/json.hpp>

#include "sentio/analysis/json_report.h"
#include "sentio/analysis/performance_analyzer.h"
#include "sentio/analysis/text_report.h"
#include "sentio/store/atomic_file.h"

namespace sentio::cli {

namespace {

struct LiveReport {
  std::string text, json;
};

LiveReport report_of(const LiveRunResult& result, const Targets& targets) {
  const Summary summary = analyze(result.run, targets);
  return {analysis_report(result.run, summary, targets), summary_json(result.run, summary).dump(2) + "\n"};
}

}  // namespace

Result<> write_live_report(const std::filesystem::path& folder, const LiveRunResult& result, const Targets& targets) {
  const LiveReport report = report_of(result, targets);
  const auto summary = folder / ("summary_" + format_date(result.hours.date) + ".json");
  return write_files_atomically({{folder / "analysis_report.txt", report.text}, {summary, report.json}});
}

void print_live_report(const std::filesystem::path& folder, const LiveRunResult& result, const Targets& targets,
                       const CommonOptions& common, const std::string& closing) {
  const LiveReport report = report_of(result, targets);
  // What finish_live() says of shares that are held counts more than a report that nobody got.
  if (common.json) return print_and_go_on(report.json);
  if (common.quiet) return;
  print_and_go_on(report.text + "\n" + latency_line(result.latency) + closing + "Files: " + folder.string() + "\n");
}

void finish_live(const LiveRunResult& result, bool kept_on_purpose) {
  for (const std::string& difference : result.differences) print_warning("difference: " + difference);
  for (const std::string& warning : result.warnings) print_warning(warning);
  std::string held;
  for (const std::string& h : result.held) held += (held.empty() ? ": " : ", ") + h;
  const std::string date = format_date(result.hours.date);
  if (!result.flat && kept_on_purpose) {
    print_warning("positions are kept" + held);
  } else if (!result.flat && result.book_read && result.held.empty()) {
    print_warning("the broker holds nothing at the end of " + date +
                  ", but our own orders did not sell it: its pages know the prices, our report does not");
    finish(ExitCode::not_flat);
  } else if (!result.flat) {
    if (!result.book_read) {
      print_warning("not proven flat at the end of " + date + ": look at the broker's own pages");
    } else {
      print_warning("NOT FLAT at the end of " + date + held + "; close by hand or with sentio_cli flatten");
    }
    finish(ExitCode::not_flat);
  }
  if (result.late_flat) {
    print_warning("flat too late on " + date + ": shares were held for more than a minute after the exit");
    finish(ExitCode::not_flat);
  }
  if (!result.differences.empty()) finish(ExitCode::reconciliation);
  if (result.breaker) finish(ExitCode::risk_halt);
  finish(ExitCode::ok);
}

}  // namespace sentio::cli
