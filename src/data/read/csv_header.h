#pragma once
/// Comments and header line of a bar file: which layout, and where the rows begin.

#include <string>
#include <string_view>

#include "sentio/core/error.h"

namespace sentio::data {

/// The columns of a row, in order: [symbol] [ignored] time open high low close volume [ignored…].
struct CsvLayout {
  bool symbol_first = false;      ///< a column of symbols: one file of many, or a vendor's table of one
  bool skip_before_time = false;  ///< ts_utc in front of ts_nyt_epoch
  int columns = 0;                ///< of the header; every row has as many
};

struct CsvHeader {
  CsvLayout layout;
  bool synthetic = false;  ///< a "# SYNTHETIC" comment stands above the header
  std::string_view rows;   ///< everything after the header line
  int rows_line = 1;       ///< line number of the first row, counted from 1
};

/// Tolerates a byte-order mark and CRLF. `where` names the file in errors.
[[nodiscard]] Result<CsvHeader> parse_header(std::string_view text, const std::string& where);

/// Takes one line off the front, without its LF or CRLF.
[[nodiscard]] std::string_view take_line(std::string_view& text);

/// Text from a file as it may be shown: one line, printable ASCII, not long.
[[nodiscard]] std::string shown(std::string_view text);

}  // namespace sentio::data
