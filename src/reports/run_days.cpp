#include "sentio/reports/run_days.h"

#include <algorithm>

#include "sentio/core/text/text.h"

namespace sentio {

namespace {

constexpr std::string_view kBookStem = "positions_", kBookExtension = ".jsonl";

tl::unexpected<Error> disagreement(const DayRecords& a, const DayRecords& b, const std::string& key,
                                   const std::string& of_a, const std::string& of_b) {
  return fail(Errc::mismatch, key,
              format_date(a.hours.date) + " has " + of_a + ", " + format_date(b.hours.date) + " has " + of_b +
                  ": such days have no common mean");
}

Result<> agree(const DayRecords& a, const DayRecords& b) {
  if (a.run.mode != b.run.mode) return disagreement(a, b, "mode", a.run.mode, b.run.mode);
  if (a.run.instruments != b.run.instruments)
    return disagreement(a, b, "symbols", joined(a.run.instruments, ","), joined(b.run.instruments, ","));
  return {};
}

}  // namespace

std::vector<Date> dates_of_run_files(const std::filesystem::path& folder) {
  std::vector<Date> dates;
  std::error_code ignored;
  for (const auto& entry : std::filesystem::directory_iterator(folder, ignored)) {
    const std::string name = entry.path().filename().string();
    if (!name.starts_with(kBookStem) || !name.ends_with(kBookExtension)) continue;
    const auto middle = name.substr(kBookStem.size(), name.size() - kBookStem.size() - kBookExtension.size());
    if (const auto date = parse_date(middle)) dates.push_back(*date);
  }
  std::sort(dates.begin(), dates.end());
  return dates;
}

std::vector<MissingDay> missing_days(Date first, Date last, const std::vector<DayRecords>& days, Date today) {
  std::vector<MissingDay> missing;
  for (const SessionHours& hours : NyseCalendar::sessions(first, last)) {
    const bool there =
        std::any_of(days.begin(), days.end(), [&](const auto& day) { return day.hours.date == hours.date; });
    if (!there && hours.date < today) missing.push_back({hours.date, ""});
  }
  return missing;
}

std::string missing_days_text(const std::vector<MissingDay>& missing) {
  if (missing.empty()) return "";
  std::string out;
  for (const MissingDay& day : missing)
    out += (out.empty() ? "" : ", ") + format_date(day.date) + (day.why.empty() ? "" : " (" + day.why + ")");
  return "Sessions without a run, in no figure: " + out + "\n";
}

Result<> none_in_the_future(const std::vector<Date>& dates, Date today) {
  for (const Date date : dates)
    if (date > today)
      return fail(Errc::out_of_range, format_date(date),
                  "is later than today, " + format_date(today) + ": a clock is wrong, here or where it was run");
  return {};
}

Result<std::vector<std::string>> check_agreement(const std::vector<DayRecords>& days) {
  const DayRecords *first = nullptr, *with_manifest = nullptr;
  std::vector<std::string> notes;
  int without = 0;
  for (const DayRecords& day : days) {
    if (!day.finished) continue;
    if (first == nullptr) first = &day;
    if (auto same = agree(*first, day); !same) return tl::unexpected(same.error());
    if (!day.run.manifest.given()) {
      ++without;
      continue;
    }
    if (with_manifest == nullptr) with_manifest = &day;
    const std::string &ours = with_manifest->run.manifest.configuration, &its = day.run.manifest.configuration;
    if (ours != its) return disagreement(*with_manifest, day, "configuration", ours, its);
  }
  if (without > 0)
    notes.push_back(std::to_string(without) +
                    (without == 1 ? " day is of an older version" : " days are of older versions") +
                    ", without a manifest: whether its configuration was the same is not known");
  return notes;
}

}  // namespace sentio
