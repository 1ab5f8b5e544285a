#include "read/csv_row_reader.h"

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

/// Columns of a text whose fields may be quoted: "@,F" is one.
std::ptrdiff_t unquoted_columns(std::string_view text) {
  bool quoted = false;
  std::ptrdiff_t columns = 1;
  for (const char c : text) {
    if (c == '"') quoted = !quoted;
    if (c == ',' && !quoted) ++columns;
  }
  return columns;
}

}  // namespace

bool TextTime::read(std::string_view text, TimePoint& at) {
  constexpr std::size_t kDateLength = 11, kClockEnd = 19;  // "2025-09-26T" HH:MM:SS "-04:00"
  const auto clock = [text] {
    const int h = two_digits(&text[11]), m = two_digits(&text[14]), s = two_digits(&text[17]);
    const bool sound = h >= 0 && h < 24 && m >= 0 && m < 60 && s >= 0 && s < 60;
    return sound ? h * 3600 + m * 60 + s : -1;
  };
  if (text.size() > kClockEnd && text.substr(0, kDateLength) == last_date_ &&
      text.substr(kClockEnd) == last_offset_ && text[13] == ':' && text[16] == ':') {
    if (const int second = clock(); second >= 0) {
      at = last_midnight_ + seconds{second};
      return true;
    }
  }
  const auto parsed = parse_timestamp(text);
  if (!parsed) {
    problem_ = parsed.error();
    return false;
  }
  at = *parsed;
  last_date_ = text.substr(0, kDateLength);
  last_offset_ = text.substr(kClockEnd);
  last_midnight_ = at - seconds{clock()};
  return true;
}

CsvRowReader::CsvRowReader(const CsvHeader& header, std::string where, const CsvReadOptions& options,
                           RowChecks checks, std::string only_symbol)
    : layout_(header.layout),
      rest_(header.rows),
      where_(std::move(where)),
      options_(options),
      checks_(checks),
      only_symbol_(std::move(only_symbol)),
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
  if (!only_symbol_.empty() && row.symbol != only_symbol_) {
    return bad(Errc::malformed, "a row of " + std::string(row.symbol) + " in the file of " + shown(only_symbol_) +
                                    "; a file of one symbol is needed");
  }
  return true;
}

bool CsvRowReader::take_time(std::string_view& line, TimePoint& start) {
  const auto text = take_field(line);
  std::int64_t epoch = 0;
  const auto [stop, problem] = std::from_chars(text.data(), text.data() + text.size(), epoch);
  if (problem != std::errc{} || stop != text.data() + text.size()) {
    if (!text_time_.read(text, start)) {
      const Error& why = text_time_.problem();
      return bad(why.code, "time " + shown(text) + " cannot be read: " + why.detail);
    }
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
  start -= stamp_shift();
  return true;
}

bool CsvRowReader::clocks_agree(const CsvRow& row) {
  if (row.other_time.empty()) return !layout_.skip_before_time;
  TimePoint other{};
  return other_text_time_.read(row.other_time, other) && other == row.bar.start + stamp_shift();
}

bool CsvRowReader::is_later(const CsvRow& row) {
  const auto [at, first] = last_of_symbol_.try_emplace(row.symbol, row.bar.start);
  const bool later = first || row.bar.start > at->second;
  if (!later) last_start_ = at->second;
  at->second = row.bar.start;
  return later;
}

bool CsvRowReader::check_order(const CsvRow& row) {
  if (layout_.symbol_first ? is_later(row) : first_row_ || row.bar.start > last_start_) {
    first_row_ = false;
    last_start_ = row.bar.start;
    return true;
  }
  const std::string time = format_new_york(row.bar.start);
  return bad(Errc::out_of_order, row.bar.start == last_start_
                                     ? "a second row for " + time + "; every bar may be there once"
                                     : time + " follows " + format_new_york(last_start_) +
                                           "; sort the rows" + (layout_.symbol_first ? " of a symbol" : "") + " by time");
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
  if (found == after || (comma && after > 0 && unquoted_columns(rest) == after)) return true;
  const auto columns = std::ranges::count(line, ',') + 1;
  return bad(Errc::malformed, "has " + std::to_string(columns) + " columns where the header has " +
                                  std::to_string(layout_.columns));
}

bool CsvRowReader::check_bar(const Bar& bar) {
  return plausible(bar) || bad(Errc::out_of_range, bar_problem(bar));
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
