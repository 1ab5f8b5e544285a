#pragma once
/// Recorded minute bars from CSV files, plain or gzip, with the layout recognised by the header.

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "sentio/core/bar.h"
#include "sentio/core/calendar.h"
#include "sentio/data/row_trace.h"

namespace sentio {

/// One symbol's recorded regular-hours bars, ascending, plus what was left out.
struct SymbolBars {
  std::string symbol;
  std::string file;
  std::vector<Bar> bars;                ///< inside regular sessions only, and of minutes with a trade
  std::int64_t outside_session = 0;     ///< extended hours, closing prints, closed days
  std::map<Date, int> closing_prints;   ///< rows stamped exactly at the session's close, by date
  bool synthetic = false;               ///< the file carries the SYNTHETIC marker
  std::uint64_t content_hash = 0;       ///< content_hash() of the whole file, unpacked; 0: not from a file
  RowTrace trace{};                     ///< for check_load
};

/// Which instant of its minute a row's time names.
enum class BarStamp : std::uint8_t { start, end };

struct CsvReadOptions {
  std::optional<Date> first, last;      ///< keep only these New York dates (inclusive)
  BarStamp stamp = BarStamp::start;     ///< end: a minute is taken off every time
};

/// Reads one file. Layouts, told apart by the header line, whose letters may be capitals:
///   timestamp,open,high,low,close,volume[,extras…]             ISO-8601 with Z or offset, or epoch s / ms
///   symbol,timestamp,open,high,low,close,volume[,extras…]      every row of the file's symbol
///   ts_utc,ts_nyt_epoch,open,high,low,close,volume[,extras…]   the epoch column counts
/// `timestamp` may be called ts_utc, time or datetime. Lines starting with '#' before the header are comments;
/// "# SYNTHETIC" marks made-up data. Extras are not interpreted, nor is a bar_id among them (makers number
/// differently). Dates outside the calendar's years count as outside_session; a header without rows gives no bars.
/// Rows outside the session must be as sound as the others; rows of dates that `options` leave out are checked for
/// time and order only. Rows without volume are minutes without a trade: counted in `trace`, not in `bars`.
/// Errors name file and line: unknown layout, unsorted or duplicated rows, NaN, prices and volumes beyond the limits
/// of core/bar.h, high < low, open/close outside high..low, negative volume, times off the minute grid, rows of
/// another symbol, unreadable or truncated gzip.
[[nodiscard]] Result<SymbolBars> read_bars(const std::filesystem::path& file, const CsvReadOptions& options = {});

/// One file of many symbols: symbol,timestamp,open,high,low,close,volume[,extras…], each symbol's rows sorted by time.
[[nodiscard]] Result<std::vector<SymbolBars>> read_multi_symbol_bars(const std::filesystem::path& file,
                                                                     const CsvReadOptions& options = {});

/// <folder>/<SYMBOL>_RTH_NH.csv or .csv.gz (plain wins when both exist); not_found names what was looked for
/// and lists the symbols the folder does have.
[[nodiscard]] Result<std::filesystem::path> find_bar_file(const std::filesystem::path& folder, std::string_view symbol);

/// The symbols that have a bar file in the folder, sorted; none where there is no such folder.
[[nodiscard]] std::vector<std::string> bar_file_symbols(const std::filesystem::path& folder);

/// "TQQQ" of TQQQ_RTH_NH.csv.gz.
[[nodiscard]] std::string symbol_of_file(const std::filesystem::path& file);

}  // namespace sentio
