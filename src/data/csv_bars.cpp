#include "sentio/data/csv_bars.h"

#include "csv_header.h"
#include "csv_row_reader.h"
#include "file_text.h"
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

void add_row(const CsvRow& row, SymbolBars& target) {
  const auto& session = row.day->session;
  if (session && row.bar.start >= session->open && row.bar.start < session->close) {
    target.bars.push_back(row.bar);
    return;
  }
  ++target.outside_session;
  if (session && row.bar.start == session->close) ++target.closing_prints[row.day->date];
}

}  // namespace

Result<SymbolBars> read_bars(const std::filesystem::path& file, const CsvReadOptions& options) {
  const auto text = read_text(file);
  if (!text) return tl::unexpected(text.error());
  const auto header = parse_header(text->view(), file.string());
  if (!header) return tl::unexpected(header.error());
  if (header->layout.symbol_first) {
    return fail(Errc::usage, file.string(),
                "holds many symbols; here a file of one symbol is needed (<SYMBOL>_RTH_NH.csv)");
  }
  SymbolBars found = no_bars_yet(symbol_of_file(file), file, header->synthetic);
  found.content_hash = content_hash(text->view());
  CsvRowReader reader(*header, file.string(), options);
  for (CsvRow row; reader.next(row);) add_row(row, found);
  if (reader.error()) return tl::unexpected(*reader.error());
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
  CsvRowReader reader(*header, file.string(), options);
  for (CsvRow row; reader.next(row);) {
    auto at = by_symbol.find(row.symbol);
    if (at == by_symbol.end()) {
      std::string symbol(row.symbol);
      at = by_symbol.emplace(symbol, no_bars_yet(symbol, file, header->synthetic)).first;
    }
    add_row(row, at->second);
  }
  if (reader.error()) return tl::unexpected(*reader.error());
  std::vector<SymbolBars> found;
  const std::uint64_t hash = content_hash(text->view());
  for (auto& [symbol, bars] : by_symbol) {
    bars.content_hash = hash;
    found.push_back(std::move(bars));
  }
  return found;
}

}  // namespace sentio
