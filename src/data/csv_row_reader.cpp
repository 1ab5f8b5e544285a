#include "csv_row_reader.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "sentio/data/bar_checks.h"

namespace sentio::data {

namespace {

using namespace std::chrono;

/// Takes the text up to the next comma (or the end) and that comma.
std::string_view take_field(std::string_view& line) {
  const auto at = line.find(',');
  const auto field = line.substr(0, at);
  line.remove_prefix(at == std::string_view::npos ? line.size() : at + 1);
  return field;
}

/// Two digits, or a negative number.
int two_digits(const char* p) {
  const int tens = p[0] - '0', ones = p[1] - '0';
  return tens < 0 || tens > 9 || ones < 0 || ones > 9 ? -1 : tens * 10 + ones;
}

}  // namespace

CsvRowReader::CsvRowReader(const CsvHeader& header, std::string where, const CsvReadOptions& options,
                           RowChecks checks)
    : layout_(header.layout),
      rest_(header.rows),
      where_(std::move(where)),
      options_(options),
      checks_(checks),
      line_number_(header.rows_line - 1) {}

bool CsvRowReader::next(CsvRow& row) {
  while (!rest_.empty()) {
    const auto line = take_line(rest_);
    ++line_number_;
    if (line.empty()) continue;
    const Step step = read_row(line, row);
    if (step != Step::other_date) return step == Step::row;
  }
  return false;
}

CsvRowReader::Step CsvRowReader::read_row(std::string_view line, CsvRow& row) {
  auto rest = line;
  if (layout_.symbol_first && !take_symbol(rest, row)) return Step::bad;
  if (layout_.skip_before_time) row.other_time = take_field(rest);
  if (!take_time(rest, row.bar.start)) return Step::bad;
  if (checks_ == RowChecks::all && !check_order(row)) return Step::bad;
  if (!day_.holds(row.bar.start)) enter_day(row.bar.start);
  if (!day_.wanted) return Step::other_date;
  if (!take_numbers(rest, row.bar) || !check_columns(line, rest)) return Step::bad;
  if (checks_ == RowChecks::all && !check_bar(row.bar)) return Step::bad;
  row.day = &day_;
  return Step::row;
}

bool CsvRowReader::take_symbol(std::string_view& line, CsvRow& row) {
  row.symbol = take_field(line);
  const auto plain = [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-';
  };
  if (row.symbol.empty() || row.symbol.size() > 12 || !std::ranges::all_of(row.symbol, plain)) {
    return bad(Errc::malformed, "symbol " + shown(row.symbol) + " is not a ticker such as TQQQ");
  }
  return true;
}

bool CsvRowReader::take_time(std::string_view& line, TimePoint& start) {
  const auto text = take_field(line);
  std::int64_t epoch = 0;
  const auto [stop, problem] = std::from_chars(text.data(), text.data() + text.size(), epoch);
  if (problem != std::errc{} || stop != text.data() + text.size()) {
    if (!parse_text_time(text, start)) return false;
  } else {
    // Seconds until the year 2255, milliseconds from 1973: no number is both.
    constexpr std::int64_t kSecondsMax = 9'000'000'000, kMillisecondsMin = 100'000'000'000;
    if (epoch >= 0 && epoch <= kSecondsMax) {
      start = from_epoch_seconds(epoch);
    } else if (epoch >= kMillisecondsMin && epoch <= kSecondsMax * 1000) {
      start = TimePoint{milliseconds{epoch}};
    } else {
      return bad(Errc::out_of_range,
                 "time " + shown(text) + " is neither epoch seconds nor epoch milliseconds");
    }
  }
  if (start.time_since_epoch() % kBarLength != nanoseconds{0}) {
    return bad(Errc::out_of_range,
               "time " + shown(text) + " is not on a full minute; bars are stamped with their start");
  }
  return true;
}

// Rows of one day share date and offset: "2025-09-26T" HH:MM:SS "-04:00". Only the clock is read again.
bool CsvRowReader::parse_text_time(std::string_view text, TimePoint& start) {
  constexpr std::size_t kDateLength = 11, kClockEnd = 19;
  if (text.size() > kClockEnd && text.substr(0, kDateLength) == last_date_text_ &&
      text.substr(kClockEnd) == last_offset_text_ && text[13] == ':' && text[16] == ':') {
    const int h = two_digits(&text[11]), m = two_digits(&text[14]), s = two_digits(&text[17]);
    if (h >= 0 && h < 24 && m >= 0 && m < 60 && s >= 0 && s < 60) {
      start = last_midnight_ + seconds{h * 3600 + m * 60 + s};
      return true;
    }
  }
  const auto parsed = parse_timestamp(text);
  if (!parsed)
    return bad(parsed.error().code, "time " + shown(text) + " cannot be read: " + parsed.error().detail);
  start = *parsed;
  const int h = two_digits(&text[11]), m = two_digits(&text[14]), s = two_digits(&text[17]);
  last_date_text_ = text.substr(0, kDateLength);
  last_offset_text_ = text.substr(kClockEnd);
  last_midnight_ = start - seconds{h * 3600 + m * 60 + s};
  return true;
}

bool CsvRowReader::check_order(const CsvRow& row) {
  const bool later = first_row_ || row.bar.start > last_start_ ||
                     (layout_.symbol_first && row.bar.start == last_start_ && row.symbol > last_symbol_);
  if (!later) {
    const bool twice = row.bar.start == last_start_ && row.symbol == last_symbol_;
    const std::string time = format_new_york(row.bar.start);
    return bad(Errc::out_of_order, twice ? "a second row for " + time + "; every bar may be there once"
                                         : time + " follows " + format_new_york(last_start_) +
                                               "; sort the rows by " +
                                               (layout_.symbol_first ? "time, then symbol" : "time"));
  }
  first_row_ = false;
  last_start_ = row.bar.start;
  last_symbol_ = row.symbol;
  return true;
}

bool CsvRowReader::take_numbers(std::string_view& line, Bar& bar) {
  return take_number(line, "open", bar.open) && take_number(line, "high", bar.high) &&
         take_number(line, "low", bar.low) && take_number(line, "close", bar.close) &&
         take_number(line, "volume", bar.volume);
}

bool CsvRowReader::take_number(std::string_view& line, const char* name, double& value) {
  const char* const begin = line.data();
  const char* const end = begin + line.size();
  const auto [stop, problem] = std::from_chars(begin, end, value);
  if (problem != std::errc{} || (stop != end && *stop != ',') || !std::isfinite(value)) {
    return bad(Errc::malformed, std::string(name) + " " + shown(take_field(line)) + " is not a number");
  }
  line.remove_prefix(static_cast<std::size_t>(stop - begin) + (stop != end ? 1 : 0));
  return true;
}

bool CsvRowReader::check_columns(std::string_view line, std::string_view rest) {
  // After the volume an empty rest is right only where the volume was the last column.
  constexpr int kNumberColumns = 6;
  const int after =
      layout_.columns - kNumberColumns - (layout_.symbol_first ? 1 : 0) - (layout_.skip_before_time ? 1 : 0);
  const bool comma = line.size() > rest.size() && line[line.size() - rest.size() - 1] == ',';
  const auto found = comma ? std::ranges::count(rest, ',') + 1 : 0;
  if (found == after) return true;
  const auto columns = std::ranges::count(line, ',') + 1;
  return bad(Errc::malformed, "has " + std::to_string(columns) + " columns where the header has " +
                                  std::to_string(layout_.columns));
}

bool CsvRowReader::check_bar(const Bar& bar) {
  std::string problem = bar_problem(bar);
  return problem.empty() || bad(Errc::out_of_range, std::move(problem));
}

void CsvRowReader::enter_day(TimePoint start) {
  day_.date = new_york_date(start);
  day_.begin = from_new_york(day_.date, nanoseconds{0});
  day_.end = from_new_york(Date{sys_days{day_.date} + days{1}}, nanoseconds{0});
  day_.session = NyseCalendar::session(day_.date);
  day_.wanted =
      (!options_.first || day_.date >= *options_.first) && (!options_.last || day_.date <= *options_.last);
}

bool CsvRowReader::bad(Errc code, std::string detail) {
  error_ = Error{code, where_ + ":" + std::to_string(line_number_), std::move(detail)};
  return false;
}

}  // namespace sentio::data
