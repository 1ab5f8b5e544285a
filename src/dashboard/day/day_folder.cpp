#include "day/day_folder.h"

#include <sys/stat.h>

#include <algorithm>

#include "sentio/store/atomic_file.h"

namespace sentio::dashboard_detail {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view kBookStem = "positions_", kBookEnd = ".jsonl";
constexpr std::chrono::seconds kClockSlack{5};

std::optional<TimePoint> written_at(const fs::path& file) {
  struct stat about {};
  if (::stat(file.c_str(), &about) != 0 || !S_ISREG(about.st_mode)) return std::nullopt;
  return TimePoint{std::chrono::seconds{about.st_mtim.tv_sec} + std::chrono::nanoseconds{about.st_mtim.tv_nsec}};
}

StatusFile read_status_file(const fs::path& folder) {
  const fs::path file = folder / "status.json";
  const auto at = written_at(file);
  if (!at) return {};
  const auto text = read_text_file(file);
  return text ? StatusFile{parse_object(*text), *at} : StatusFile{};
}

/// The session whose book that file is.
std::optional<SessionHours> day_of(const std::string& name) {
  if (!name.starts_with(kBookStem) || !name.ends_with(kBookEnd)) return std::nullopt;
  const auto date = parse_date(std::string_view(name).substr(kBookStem.size(), name.size() - kBookStem.size() - kBookEnd.size()));
  return date ? NyseCalendar::session(*date) : std::nullopt;
}

struct Candidate {
  SessionHours day;
  TimePoint written{};
};

std::vector<Candidate> books_of(const fs::path& folder, TimePoint now) {
  std::vector<Candidate> books;
  std::error_code problem;
  for (fs::directory_iterator entry(folder, problem), end; !problem && entry != end; entry.increment(problem)) {
    const auto day = day_of(entry->path().filename().string());
    if (!day) continue;
    // A time stamp of tomorrow must not win until tomorrow.
    if (const auto at = written_at(entry->path())) books.push_back({*day, std::min(*at, now)});
  }
  return books;
}

/// The day of a process that wrote its status a moment ago.
std::optional<Date> day_of_process(const StatusFile& status, TimePoint now) {
  if (is_over(status) || now - status.written > kStatusSilence) return std::nullopt;
  const auto date = parse_date(fields::text(status.json, "date"));
  return date ? std::optional(*date) : std::nullopt;
}

void warn_of_clocks(DayChoice& choice, const std::vector<Candidate>& books, Date today, TimePoint now) {
  for (const Candidate& book : books) {
    if (book.day.date <= today) continue;
    choice.warnings.push_back("positions_" + format_date(book.day.date) +
                              ".jsonl is of a day that has not come: a clock is wrong. It is left aside.");
  }
  if (choice.status.written > now + kClockSlack) {
    choice.warnings.emplace_back("status.json was written in the future: a clock is wrong.");
  }
}

}  // namespace

bool is_over(const StatusFile& status) {
  const std::string state = fields::text(status.json, "state");
  return state == "ended" || state == "halted";
}

DayChoice choose_day(const fs::path& folder, TimePoint now) {
  DayChoice choice;
  choice.status = read_status_file(folder);
  std::vector<Candidate> books = books_of(folder, now);
  std::ranges::sort(books, {}, [](const Candidate& book) { return std::pair(book.written, book.day.open); });
  const auto process = day_of_process(choice.status, now);
  const Date today = std::max(new_york_date(now), process.value_or(Date{}));
  warn_of_clocks(choice, books, today, now);
  for (const Candidate& book : books) {
    if (book.day.date <= today) choice.day = book.day;
    if (process == book.day.date) break;
  }
  std::error_code problem;
  if (!choice.day) {
    choice.waiting = fs::is_directory(folder, problem) ? "no day has begun here yet" : "the folder is not there yet";
  }
  return choice;
}

}  // namespace sentio::dashboard_detail
