#include "sentio/data/bar_rows.h"

#include <algorithm>

#include "read/csv_row_reader.h"
#include "read/file_text.h"
#include "checks/finding_text.h"
#include "sentio/data/bar_checks.h"

namespace sentio {

namespace {

using namespace data;

/// Rows that did not become bars as they should have, by their first case.
class Doubts {
 public:
  explicit Doubts(const BarRows& rows) : file_(rows.file), symbol_(rows.symbol) {}
  void unread(const Error& error) {
    if (unread_++ == 0) first_unread_ = error.message();
  }
  void two_clocks(const CsvRow& row, int line) {
    disagreements_.add(row.bar.start);
    if (disagreements_.count() == 1) {
      first_disagreement_ = file_ + ":" + std::to_string(line) + ": " + shown(row.other_time) +
                            " beside an epoch that is " + format_new_york(row.bar.start);
    }
  }
  [[nodiscard]] Findings findings() const {
    Findings found;
    if (unread_ > 0) {
      found.push_back({.kind = FindingKind::bad_row,
                       .severity = Severity::refused,
                       .symbol = symbol_,
                       .count = unread_,
                       .text = counted(unread_, "row") + " cannot be read; the first: " + first_unread_});
    }
    if (disagreements_.count() > 0) {
      found.push_back(
          disagreements_.finding(FindingKind::two_clocks, Severity::refused, symbol_,
                                 "the two time columns of " + counted(disagreements_.count(), "row") +
                                     " name different instants; the first: " + first_disagreement_));
    }
    return found;
  }

 private:
  std::string file_, symbol_;
  std::int64_t unread_ = 0;
  std::string first_unread_;
  Tally disagreements_;
  std::string first_disagreement_;
};

/// Positions of the session's rows among those of the day.
void place_session(const std::vector<Bar>& bars, BarDay& day) {
  day.session_begin = day.session_end = day.begin;
  if (!day.session) return;
  const auto from = bars.begin() + static_cast<std::ptrdiff_t>(day.begin);
  const auto to = bars.begin() + static_cast<std::ptrdiff_t>(day.end);
  const auto position = [&](TimePoint t) {
    return static_cast<std::size_t>(std::ranges::lower_bound(from, to, t, {}, &Bar::start) - bars.begin());
  };
  day.session_begin = position(day.session->open);
  day.session_end = position(day.session->close);
}

std::vector<BarDay> days_of(const std::vector<Bar>& bars) {
  std::vector<BarDay> days;
  TimePoint next_day{};  // a row costs a comparison, only a new day costs calendar arithmetic
  for (std::size_t i = 0; i < bars.size(); ++i) {
    if (days.empty() || bars[i].start >= next_day) {
      const Date date = new_york_date(bars[i].start);
      next_day = from_new_york(Date{std::chrono::sys_days{date} + std::chrono::days{1}},
                               std::chrono::nanoseconds{0});
      days.push_back({.date = date, .session = NyseCalendar::session(date), .begin = i});
    }
    days.back().end = i + 1;
  }
  for (BarDay& day : days) place_session(bars, day);
  return days;
}

}  // namespace

Result<BarRows> read_rows(const std::filesystem::path& file, const CsvReadOptions& options) {
  const auto text = read_text(file);
  if (!text) return tl::unexpected(text.error());
  const auto header = parse_header(text->view(), file.string());
  if (!header) return tl::unexpected(header.error());
  BarRows found{.symbol = symbol_of_file(file), .file = file.string(), .synthetic = header->synthetic};
  Doubts doubts(found);
  CsvRowReader reader(*header, found.file, options, RowChecks::parse, found.symbol);
  for (CsvRow row;;) {
    if (reader.next(row)) {
      found.bars.push_back(row.bar);
      found.lines.push_back(reader.line_number());
      if (!reader.clocks_agree(row)) doubts.two_clocks(row, reader.line_number());
    } else if (reader.error()) {
      doubts.unread(*reader.error());
      reader.forget_error();
    } else {
      break;
    }
  }
  found.unread = doubts.findings();
  return found;
}

SymbolHistory make_history(std::string symbol, std::vector<Bar> bars) {
  SymbolHistory history{.symbol = std::move(symbol), .bars = std::move(bars)};
  std::erase_if(history.bars,
                [](const Bar& bar) { return !plausible(bar); });
  if (!std::ranges::is_sorted(history.bars, {}, &Bar::start))
    std::ranges::stable_sort(history.bars, {}, &Bar::start);
  const auto repeated = std::ranges::unique(history.bars, {}, &Bar::start);
  history.bars.erase(repeated.begin(), repeated.end());
  history.days = days_of(history.bars);
  return history;
}

}  // namespace sentio
