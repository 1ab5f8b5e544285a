#include "sentio/data/csv_bars.h"

#include <algorithm>

#include "read/csv_header.h"
#include "read/csv_row_reader.h"
#include "read/file_text.h"
#include "sentio/data/content_hash.h"

namespace sentio {

namespace {

using namespace data;

SymbolBars no_bars_yet(std::string symbol, const std::filesystem::path& file, bool synthetic) {
  SymbolBars bars;
  bars.symbol = std::move(symbol);
  bars.file = file.string();
  bars.synthetic = synthetic;
  return bars;
}

/// Rows of one symbol on their way into its bars.
class RowCollector {
 public:
  explicit RowCollector(SymbolBars& target) : target_(target) {}

  void add(const CsvRow& row) {
    const auto& session = row.day->session;
    tracer_.add(row.bar, row.day->date, session);
    if (!session || row.bar.start < session->open || row.bar.start >= session->close) {
      ++target_.outside_session;
      if (session && row.bar.start == session->close) ++target_.closing_prints[row.day->date];
    } else if (traded(row.bar)) {
      if (!target_.bars.empty() && leaps(target_.bars.back(), row.bar) && target_.bars.back().start >= session->open)
        target_.trace.leaps.push_back(target_.bars.size());
      target_.bars.push_back(row.bar);
    } else {
      untraded(row.bar);
    }
  }
  void clocks_apart(const CsvRow& row, int line) {
    if (target_.trace.clocks_apart++ > 0) return;
    target_.trace.first_clocks_apart = "line " + std::to_string(line) + ", " + shown(row.other_time) +
                                       " beside an epoch that is " + format_new_york(row.bar.start);
  }
  void finish() { target_.trace.days = tracer_.take_days(); }

 private:
  /// As far as the smallest whole split, and half of it: no minute of a fund goes there by itself.
  [[nodiscard]] static bool leaps(const Bar& before, const Bar& now) {
    constexpr double kLeap = 1.8;
    return now.close > kLeap * before.close || now.close * kLeap < before.close;
  }
  void untraded(const Bar& bar) {
    RowTrace& trace = target_.trace;
    if (trace.untraded++ == 0) trace.untraded_first = bar.start;
    if (bar.high > bar.low) ++trace.untraded_moving;
    in_a_row_ = bar.start - trace.untraded_last == kBarLength ? in_a_row_ + 1 : 1;
    trace.untraded_in_a_row = std::max(trace.untraded_in_a_row, in_a_row_);
    trace.untraded_last = bar.start;
  }

  SymbolBars& target_;
  RowTracer tracer_;
  int in_a_row_ = 0;
};

}  // namespace

Result<SymbolBars> read_bars(const std::filesystem::path& file, const CsvReadOptions& options) {
  const auto text = read_text(file);
  if (!text) return tl::unexpected(text.error());
  const auto header = parse_header(text->view(), file.string());
  if (!header) return tl::unexpected(header.error());
  SymbolBars found = no_bars_yet(symbol_of_file(file), file, header->synthetic);
  found.content_hash = content_hash(text->view());
  CsvRowReader reader(*header, file.string(), options, RowChecks::all, found.symbol);
  RowCollector collector(found);
  for (CsvRow row; reader.next(row);) {
    if (!reader.clocks_agree(row)) collector.clocks_apart(row, reader.line_number());
    collector.add(row);
  }
  if (reader.error()) return tl::unexpected(*reader.error());
  collector.finish();
  return found;
}

Result<std::vector<SymbolBars>> read_multi_symbol_bars(const std::filesystem::path& file,
                                                       const CsvReadOptions& options) {
  const auto text = read_text(file);
  if (!text) return tl::unexpected(text.error());
  const auto header = parse_header(text->view(), file.string());
  if (!header) return tl::unexpected(header.error());
  if (!header->layout.symbol_first) {
    return fail(Errc::usage, file.string(),
                "holds one symbol; here a file of many is needed (symbol,timestamp,open,…)");
  }
  std::map<std::string, SymbolBars, std::less<>> by_symbol;
  std::map<std::string, RowCollector, std::less<>> collectors;
  CsvRowReader reader(*header, file.string(), options);
  for (CsvRow row; reader.next(row);) {
    auto at = by_symbol.find(row.symbol);
    if (at == by_symbol.end()) {
      std::string symbol(row.symbol);
      at = by_symbol.emplace(symbol, no_bars_yet(symbol, file, header->synthetic)).first;
      collectors.emplace(symbol, at->second);
    }
    collectors.find(row.symbol)->second.add(row);
  }
  if (reader.error()) return tl::unexpected(*reader.error());
  for (auto& [symbol, collector] : collectors) collector.finish();
  std::vector<SymbolBars> found;
  const std::uint64_t hash = content_hash(text->view());
  for (auto& [symbol, bars] : by_symbol) {
    bars.content_hash = hash;
    found.push_back(std::move(bars));
  }
  return found;
}

}  // namespace sentio
