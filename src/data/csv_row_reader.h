#pragma once
/// Rows of a bar file, parsed, checked and placed in their session.

#include <optional>
#include <string>
#include <string_view>

#include "csv_header.h"
#include "sentio/core/calendar.h"
#include "sentio/data/csv_bars.h"

namespace sentio::data {

/// One New York day. Computed once per day of a file, so that a row costs no calendar arithmetic.
struct DayWindow {
  Date date{};
  TimePoint begin{}, end{};  ///< midnight to midnight in New York
  std::optional<SessionHours> session;
  bool wanted = false;  ///< inside CsvReadOptions
  [[nodiscard]] bool holds(TimePoint t) const { return t >= begin && t < end; }
};

struct CsvRow {
  std::string_view symbol;  ///< empty in files of one symbol; valid while the text lives
  Bar bar;
  const DayWindow* day = nullptr;  ///< valid until the next row
  std::string_view other_time;     ///< the ts_utc in front of a ts_nyt_epoch; empty in other layouts
};

/// `all`: order and soundness too. `parse`: only what it takes to make a bar; somebody else judges it.
enum class RowChecks : std::uint8_t { all, parse };

class CsvRowReader {
 public:
  CsvRowReader(const CsvHeader& header, std::string where, const CsvReadOptions& options,
               RowChecks checks = RowChecks::all);

  /// The next row of a wanted date; false at the end and at the first bad row. Rows of other dates are
  /// checked for time and order only.
  [[nodiscard]] bool next(CsvRow& row);
  /// The bad row, if one ended the reading.
  [[nodiscard]] const std::optional<Error>& error() const { return error_; }
  /// Goes on behind the bad row.
  void forget_error() { error_.reset(); }
  [[nodiscard]] int line_number() const { return line_number_; }  ///< of the last row read

 private:
  enum class Step { row, other_date, bad };
  Step read_row(std::string_view line, CsvRow& row);
  bool take_symbol(std::string_view& line, CsvRow& row);
  bool take_time(std::string_view& line, TimePoint& start);
  bool parse_text_time(std::string_view text, TimePoint& start);
  bool check_order(const CsvRow& row);
  bool take_numbers(std::string_view& line, Bar& bar);
  bool take_number(std::string_view& line, const char* name, double& value);
  bool check_bar(const Bar& bar);
  bool check_columns(std::string_view line, std::string_view rest);
  void enter_day(TimePoint start);
  bool bad(Errc code, std::string detail);

  CsvLayout layout_;
  std::string_view rest_;
  std::string where_;
  CsvReadOptions options_;
  RowChecks checks_;
  int line_number_;
  DayWindow day_{};
  bool first_row_ = true;
  TimePoint last_start_{};
  std::string_view last_symbol_;
  std::string_view last_date_text_,
      last_offset_text_;  // of the last ISO time, with the instant of its midnight
  TimePoint last_midnight_{};
  std::optional<Error> error_;
};

}  // namespace sentio::data
