#include "output/read_days.h"

#include <algorithm>
#include <chrono>

#include "sentio/run/run_ends.h"

namespace sentio::cli {

namespace {

/// What runs.jsonl says of them. A damaged one hides no figure.
void explain_missing(const std::filesystem::path& folder, std::vector<MissingDay>& missing) {
  const auto ends = read_run_ends(folder);
  if (!ends) return print_warning(ends.error().message());
  for (MissingDay& day : missing) {
    const auto end = std::ranges::find(*ends, day.date, &RunEnd::date);
    if (end != ends->end()) day.why = std::string(to_string(end->outcome)) + ": " + end->reason;
  }
}

}  // namespace

Date today_in_new_york() {
  return new_york_date(TimePoint{std::chrono::system_clock::now()});
}

void check_targets_name(const std::string& name) {
  if (!name.empty()) (void)value_or_finish(targets_named(name));
}

Targets targets_or_finish(const std::string& asked, const std::vector<DayRecords>& days) {
  if (!asked.empty()) return value_or_finish(targets_named(asked));
  const std::string& own = days.front().targets;
  return value_or_finish(targets_named(own.empty() ? "handbook" : own));
}

void check_single_day(Date date, Date today) {
  if (!NyseCalendar::session(date))
    finish(Error{Errc::no_session, format_date(date),
                 "no session: " + std::string(NyseCalendar::closure_reason(date))});
  value_or_finish(none_in_the_future({date}, today));
}

ReadDays read_days_or_finish(const std::filesystem::path& folder, Date first, Date last, Date today,
                             const RunFolderOptions& options) {
  std::vector<Date> asked;
  for (const Date date : dates_of_run_files(folder))
    if (first <= date && date <= last) asked.push_back(date);
  value_or_finish(none_in_the_future(asked, today));
  ReadDays read;
  read.days = value_or_finish(read_run_folder(folder, first, last, options));
  read.notes = value_or_finish(check_agreement(read.days));
  read.missing = missing_days(first, last, read.days, today);
  explain_missing(folder, read.missing);
  return read;
}

std::string reading_text(const ReadDays& read) {
  std::string out = missing_days_text(read.missing);
  for (const std::string& note : read.notes) out += "Note: " + note + ".\n";
  return out.empty() ? out : "\n" + out;
}

}  // namespace sentio::cli
