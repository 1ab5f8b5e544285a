#include "output/status_book.h"

#include <cmath>
#include <cstdio>

#include "options/common_options.h"
#include "sentio/config/strategy_config.h"
#include "sentio/live/journal_replay.h"
#include "sentio/live/ledger_check.h"
#include "sentio/store/atomic_file.h"

namespace sentio::cli {

namespace {

namespace fs = std::filesystem;

/// The day's newest journal of the account; its header names the account.
std::optional<fs::path> newest_journal(const BookRequest& request) {
  const std::string prefix = "journal_" + format_date(request.date);
  std::optional<fs::path> newest;
  fs::file_time_type newest_time{};
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(request.folder, error)) {
    const std::string name = entry.path().filename().string();
    if (!name.starts_with(prefix) || !name.ends_with(".jsonl")) continue;
    const auto time = entry.last_write_time(error);
    if (!newest || time > newest_time) newest = entry.path(), newest_time = time;
  }
  if (!newest) return std::nullopt;
  const auto text = read_journal(*newest);
  if (!text) return newest;  // the replay will say what is wrong with it
  const auto header = parse_run_header(text->header, newest->string());
  if (header && !request.is_ours(header->mode)) return std::nullopt;
  return newest;
}

/// Every symbol of config/symbols.json: a position in one of them may be ours whatever today's strategy is.
std::set<std::string> known_instruments() {
  const fs::path file = fs::path("config") / "symbols.json";
  for (const fs::path& path : {file, installation_home() / file}) {
    const auto text = read_text_file(path);
    if (!text) continue;
    const auto symbols = parse_symbols({path.string(), *text});
    if (!symbols) return {};
    std::set<std::string> names;
    for (const auto& [name, info] : symbols->metadata) names.insert(name);
    return names;
  }
  return {};
}

OwnBook book_of(const LiveStatus& status, std::string source) {
  OwnBook book{.source = std::move(source),
               .cash = status.cash,
               .cash_explained = status.cash_explained,
               .cash_allowance = status.cash_allowance};
  for (const StatusPosition& p : status.positions) book.shares[p.symbol] += p.qty;
  return book;
}

Result<OwnBook> book_of(const fs::path& journal) {
  const auto day = replay_journal(journal);
  if (!day) return tl::unexpected(day.error());
  const Ledger& ledger = day->session->ledger();
  OwnBook book{.source = journal.filename().string(),
               .cash = ledger.cash().v,
               .cash_allowance = cash_allowance(ledger.equity().v, ledger.executions(), ledger.fees_paid().v)};
  const Universe& universe = day->session->universe();
  for (std::size_t i = 0; i < universe.size(); ++i) {
    const auto id = static_cast<SymbolId>(i);
    book.instruments.insert(universe[id].name);
    if (ledger.position(id).qty.v != 0) book.shares[universe[id].name] = ledger.position(id).qty.v;
  }
  return book;
}

Result<OwnBook> recorded_book(const BookRequest& request) {
  if (request.running && request.status != nullptr) {
    return book_of(*request.status, "status.json of pid " + std::to_string(request.status->pid));
  }
  const bool has_status = request.status != nullptr && request.status->date == request.date;
  if (const auto journal = newest_journal(request)) {
    auto book = book_of(*journal);
    if (book || !has_status) return book;
    print_warning(book.error().message() + "; taking status.json instead");
  }
  if (has_status) return book_of(*request.status, "status.json, as the day's process left it");
  return OwnBook{.source = "nothing recorded today"};
}

}  // namespace

Result<OwnBook> own_book(const BookRequest& request) {
  auto book = recorded_book(request);
  if (!book || !book->instruments.empty()) return book;
  book->instruments = known_instruments();
  return book;
}

std::vector<BookLine> compare_books(const OwnBook& own, const std::vector<BrokerPosition>* broker) {
  std::map<std::string, BookLine> lines;
  for (const auto& [symbol, shares] : own.shares) {
    if (shares != 0) lines[symbol].own = shares;
  }
  if (broker != nullptr) {
    for (const BrokerPosition& p : *broker) {
      if (p.shares != 0) lines[p.symbol].broker = p.shares;
    }
  }
  std::vector<BookLine> out;
  for (auto& [symbol, line] : lines) {
    line.symbol = symbol;
    if (broker != nullptr && !line.broker) line.broker = 0;
    line.is_instrument = line.own != 0 || own.instruments.empty() || own.instruments.contains(symbol);
    line.ok = !line.is_instrument || !line.broker || std::abs(line.own - *line.broker) <= kShareTolerance;
    out.push_back(line);
  }
  return out;
}

std::string cash_word(const OwnBook& own, double broker_cash, double pending_fees) {
  if (!own.cash) return "";
  const double off = *own.cash + own.cash_explained - broker_cash;
  char text[120];
  const int explained = own.cash_explained == 0
                            ? 0
                            : std::snprintf(text, sizeof text, "%+.2f moved past our orders; ", own.cash_explained);
  std::string word(text, static_cast<std::size_t>(explained));
  if (std::abs(off) < 0.005) return word.empty() ? word : word.substr(0, word.size() - 2);
  std::snprintf(text, sizeof text, "own less broker's: %.2f", off);
  word += text;
  if (std::abs(off) <= own.cash_allowance + pending_fees) return word + ", within what fees and rounding do";
  return word + (off > 0 ? ", MISSING at the broker; its activities say why" : "; the account's activities say why");
}

}  // namespace sentio::cli
