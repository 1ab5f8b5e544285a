#pragma once
/// Rows of a bar file, parsed, checked and placed in their session.

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "read/csv_header.h"
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

/// Instants from text, quickly: rows of one day share date and offset.
class TextTime {
 public:
  /// False where parse_timestamp fails; `problem()` then is its error.
  [[nodiscard]] bool read(std::string_view text, TimePoint& at);
  [[nodiscard]] const Error& problem() const { return problem_; }

 private:
  std::string_view last_date_, last_offset_;  // of the last text, with the instant of its midnight
  TimePoint last_midnight_{};
  Error problem_{};
};

/// `all`: order and soundness too. `parse`: only what it takes to make a bar; somebody else judges it.
enum class RowChecks : std::uint8_t { all, parse };

class CsvRowReader {
 public:
  /// `only_symbol`: whose rows a column of symbols may name; empty: any.
  CsvRowReader(const CsvHeader& header, std::string where, const CsvReadOptions& options,
               RowChecks checks = RowChecks::all, std::string only_symbol = {});

  /// The next row of a wanted date; false at the end and at the first bad row. Rows of other dates are
  /// checked for time and order only.
  [[nodiscard]] bool next(CsvRow& row);
  /// The bad row, if one ended the reading.
  [[nodiscard]] const std::optional<Error>& error() const { return error_; }
  /// Goes on behind the bad row.
  void forget_error() { error_.reset(); }
  [[nodiscard]] int line_number() const { return line_number_; }  ///< of the last row read
  /// False where the row's second time column names another instant, or none; the first column counts.
  [[nodiscard]] bool clocks_agree(const CsvRow& row);

 private:
  enum class Step { row, other_date, bad };
  Step read_row(std::string_view line, CsvRow& row);
  bool take_symbol(std::string_view& line, CsvRow& row);
  bool take_time(std::string_view& line, TimePoint& start);
  bool check_order(const CsvRow& row);
  bool is_later(const CsvRow& row);
  bool take_numbers(std::string_view& line, Bar& bar);
  bool take_number(std::string_view& line, const char* name, double& value);
  bool check_bar(const Bar& bar);
  [[nodiscard]] std::chrono::minutes stamp_shift() const {
    return options_.stamp == BarStamp::end ? kBarLength : std::chrono::minutes{0};
  }
  bool check_columns(std::string_view line, std::string_view rest);
  void enter_day(TimePoint start);
  bool bad(Errc code, std::string detail);

  CsvLayout layout_;
  std::string_view rest_;
  std::string where_;
  CsvReadOptions options_;
  RowChecks checks_;
  std::string only_symbol_;
  int line_number_;
  DayWindow day_{};
  bool first_row_ = true;
  TimePoint last_start_{};
  std::map<std::string_view, TimePoint> last_of_symbol_;  // of files with a column of symbols
  TextTime text_time_, other_text_time_;
  std::optional<Error> error_;
};

}  // namespace sentio::data
