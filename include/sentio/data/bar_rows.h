#pragma once
/// A bar file as it is: every row, in the file's order, also those that read_bars refuses.

#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "sentio/data/bar_findings.h"
#include "sentio/data/csv_bars.h"

namespace sentio {

struct BarRows {
  std::string symbol{};
  std::string file{};
  bool synthetic = false;
  std::vector<Bar> bars{};   ///< rows of the wanted dates, unsorted and unjudged
  std::vector<int> lines{};  ///< of the file, one per bar
  Findings unread{};         ///< bad_row, two_clocks: what could not become a bar, at most one of each
};

/// Reads one file of one symbol and goes on after bad rows. Errors only where there is no table to read: no
/// such file, damaged gzip, unknown layout, many symbols. Layouts and `options` as for read_bars.
[[nodiscard]] Result<BarRows> read_rows(const std::filesystem::path& file,
                                        const CsvReadOptions& options = {});

/// One New York day of a history: positions in its bars.
struct BarDay {
  Date date{};
  std::optional<SessionHours> session{};
  std::size_t begin = 0, end = 0;                  ///< all rows of the date
  std::size_t session_begin = 0, session_end = 0;  ///< those inside the session
};

/// Sound bars of one symbol, ascending, each minute once, with the days they fall on.
struct SymbolHistory {
  std::string symbol{};
  std::vector<Bar> bars{};
  std::vector<BarDay> days{};  ///< that have a row, in order
  [[nodiscard]] std::span<const Bar> rows(const BarDay& day) const {
    return std::span(bars).subspan(day.begin, day.end - day.begin);
  }
  [[nodiscard]] std::span<const Bar> session_bars(const BarDay& day) const {
    return std::span(bars).subspan(day.session_begin, day.session_end - day.session_begin);
  }
};

/// Sorts, keeps the first row of every minute and leaves unsound ones out (what check_rows reports).
[[nodiscard]] SymbolHistory make_history(std::string symbol, std::vector<Bar> bars);

}  // namespace sentio
