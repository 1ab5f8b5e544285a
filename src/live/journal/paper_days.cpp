#include "sentio/live/paper_days.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>

#include "sentio/execution/ledger.h"
#include "sentio/live/journal_replay.h"

namespace sentio {

namespace {

using Json = nlohmann::ordered_json;
namespace fs = std::filesystem;

constexpr std::chrono::minutes kFirstHour{60};
constexpr const char* kHowToGoOn = "; repair it or move that day's files away, the day then does not count";

std::string at_line(const fs::path& file, int number) {
  return file.string() + ":" + std::to_string(number);
}

tl::unexpected<Error> malformed(const std::string& where, const std::string& what) {
  return fail(Errc::malformed, where, what + kHowToGoOn);
}

/// What a kill leaves at the end of a file.
enum class TornLine { left_out, refused };

/// `read(line, where)` for each line, where = "file:17", until it fails.
template <class Read>
Result<> for_each_line(const fs::path& file, TornLine torn, Read read) {
  errno = 0;
  std::ifstream in(file, std::ios::binary);
  if (!in || fs::is_directory(file)) {
    const std::string why = errno != 0 ? std::strerror(errno) : "is not a readable file";
    return fail(Errc::not_found, file.string(), why + kHowToGoOn);
  }
  int number = 0;
  for (std::string line; std::getline(in, line);) {
    ++number;
    if (in.eof()) {
      if (torn == TornLine::left_out) break;
      return malformed(at_line(file, number), "the last line is cut off");
    }
    if (Result<> done = read(std::string_view(line), at_line(file, number)); !done) return done;
  }
  if (in.bad()) return fail(Errc::io, file.string(), "cannot be read");
  return {};
}

// ---- the journal --------------------------------------------------------------------------------

/// The book of a journalled day. Events come from a file: what a Ledger would take for a broken invariant is
/// refused here.
class JournalBook {
 public:
  JournalBook(const RunHeader& header, const SessionHours& hours)
      : hours_(hours),
        universe_(header.options.universe),
        names_(universe_.names()),
        rates_(header.options.fees.on(header.date)),
        ledger_(header.options.capital, universe_.size()),
        equity_start_(ledger_.equity().v) {}

  Result<> read(std::string_view line, const std::string& where) {
    if (const auto in_place = numbers_.take(line, where); !in_place) return malformed(where, in_place.error().detail);
    if (is_note(line)) return {};
    const auto timed = parse_event(line, names_, hours_, where);
    if (!timed) return malformed(where, timed.error().detail);
    if (!begun_) begun_ = timed->now;
    const char* wrong = std::visit([this](const auto& e) { return on(e); }, timed->event);
    return wrong == nullptr ? Result<>{} : malformed(where, wrong);
  }

  [[nodiscard]] double equity_start() const { return equity_start_; }
  [[nodiscard]] double equity() const { return ledger_.equity().v; }
  [[nodiscard]] bool flat() const { return ledger_.open_positions() == 0; }
  [[nodiscard]] bool closed() const { return closed_; }
  /// Begun late it was not traded from the morning on, after the close not at all.
  [[nodiscard]] bool has_morning() const { return begun_ && *begun_ <= hours_.open + kFirstHour; }
  [[nodiscard]] int sets() const { return sets_; }
  [[nodiscard]] int fills() const { return fills_; }
  [[nodiscard]] const std::set<std::string>& symbols_with_bars() const { return symbols_with_bars_; }

 private:
  /// Each returns what is wrong, or null.
  template <class E>
  const char* on(const E&) {
    return nullptr;
  }
  const char* on(const SessionClosed&) {
    closed_ = true;
    return nullptr;
  }
  const char* on(const BarsArrived& e) {
    ++sets_;
    for (std::size_t i = 0; i < e.bars.size(); ++i) {
      if (!e.bars[i]) continue;
      if (!(e.bars[i]->close > 0)) return "a bar without a price";
      ledger_.mark(static_cast<SymbolId>(i), Price{e.bars[i]->close});
      symbols_with_bars_.insert(names_[i]);
    }
    return nullptr;
  }
  const char* on(const OrderFilled& e) {
    ++fills_;
    const Fill& f = e.fill;
    if (!(f.qty.v > 0 && f.price.v > 0)) return "a fill without shares or price";
    if (f.order.side == Side::sell && f.qty > ledger_.position(f.order.symbol).qty)
      return "more sold than held";
    ledger_.apply(f, f.order.side, f.order.symbol, fees_of(rates_, f.order.side, f.qty, f.price));
    return nullptr;
  }
  const char* on(const PositionClosedByBroker& e) {
    ++fills_;
    const Qty held = ledger_.position(e.symbol).qty;
    if (!(e.qty.v > 0 && e.price.v > 0)) return "a sale of the broker's without shares or price";
    if (e.qty > held + kSmallestQty) return "more sold by the broker than held";
    // As the session books it: what differs by rounding is all of it.
    Fill sold{.order = {.session = hours_.date, .symbol = e.symbol, .side = Side::sell}, .qty = e.qty, .price = e.price};
    if (std::abs((held - e.qty).v) < kSmallestQty.v) sold.qty = held;
    ledger_.apply(sold, Side::sell, e.symbol, fees_of(rates_, Side::sell, sold.qty, sold.price));
    return nullptr;
  }
  const char* on(const PositionAdopted& e) {
    if (!(e.qty.v > 0 && e.avg_entry.v > 0)) return "adopted shares without number or price";
    // As the session books them: a purchase at the average price, paid before the day.
    const Fill bought{
        .order = {.session = hours_.date, .symbol = e.symbol}, .qty = e.qty, .price = e.avg_entry};
    ledger_.apply(bought, Side::buy, e.symbol, Fees{});
    return nullptr;
  }

  SessionHours hours_;
  Universe universe_;
  std::vector<std::string> names_;
  FeeRates rates_;
  Ledger ledger_;
  JournalNumbers numbers_;
  double equity_start_;
  int sets_ = 0, fills_ = 0;
  bool closed_ = false;
  std::optional<TimePoint> begun_;
  std::set<std::string> symbols_with_bars_;
};

// ---- the day's files ----------------------------------------------------------------------------

/// The mean confidence of each set of the first hour; keeps the best.
class FirstHour {
 public:
  explicit FirstHour(const SessionHours& hours) : end_(hours.open + kFirstHour) {}
  void on(TimePoint ts, double confidence) {
    if (ts > end_) return;
    if (ts != set_) close_set();
    set_ = ts;
    sum_ += confidence;
    ++count_;
  }
  [[nodiscard]] std::optional<double> best() {
    close_set();
    return best_;
  }

 private:
  void close_set() {
    if (count_ > 0) best_ = std::max(best_.value_or(0), sum_ / count_);
    sum_ = 0;
    count_ = 0;
  }
  TimePoint end_, set_{};
  double sum_ = 0;
  int count_ = 0;
  std::optional<double> best_;
};

/// Lines back into the records they were written from, as far as the figures need them. Throws on keys that
/// are not there or of another kind; read() makes that an Error.
class RecordReader {
 public:
  RecordReader(const RunHeader& header, const SessionHours& hours)
      : hours_(hours), universe_(header.options.universe) {}

  [[nodiscard]] SignalRecord signal(const Json& j) const {
    SignalRecord r{.ts = set_end(j)};
    r.signal.symbol = symbol(j);
    r.signal.own.valid = j.at("valid").get<bool>();
    r.signal.own.confidence = j.at("confidence").get<double>();
    r.signal.strength = j.at("strength").get<double>();
    return r;
  }
  [[nodiscard]] TradeRecord trade(const Json& j) {
    TradeRecord r{.ts = time(j), .qty = j.at("qty").get<double>(), .price = j.at("price").get<double>()};
    const auto side = j.at("side").get<std::string>();
    if (side != "buy" && side != "sell") throw std::invalid_argument("unknown side \"" + side + "\"");
    if (!(r.qty > 0 && r.price > 0)) throw std::invalid_argument("an execution without shares or price");
    r.order = {.session = hours_.date,
               .minute = order_number(j.at("order_id").get<std::string>()),
               .symbol = symbol(j),
               .side = side == "buy" ? Side::buy : Side::sell};
    r.fees = j.at("fees").get<double>();
    r.pnl = j.at("pnl").get<double>();
    return r;
  }
  [[nodiscard]] PositionsRecord positions(const Json& j) const {
    PositionsRecord r{.ts = set_end(j), .positions = {}};
    r.cash = j.at("cash").get<double>();
    r.equity = j.at("equity").get<double>();
    if (!(r.equity > 0)) throw std::invalid_argument("equity is not above 0");
    return r;
  }

 private:
  static TimePoint time(const Json& j) {
    const auto ts = parse_timestamp(j.at("ts").get<std::string>());
    if (!ts) throw std::invalid_argument(ts.error().message());
    return *ts;
  }
  [[nodiscard]] TimePoint set_end(const Json& j) const {
    const TimePoint ts = time(j);
    if (ts <= hours_.open || ts > hours_.close) throw std::invalid_argument("a time outside the session");
    return ts;
  }
  [[nodiscard]] SymbolId symbol(const Json& j) const {
    const auto name = j.at("symbol").get<std::string>();
    const auto id = universe_.find(name);
    if (!id) throw std::invalid_argument("unknown symbol " + name);
    return *id;
  }
  /// Orders are told apart by their ids; a number does where the recorder compares keys.
  std::int16_t order_number(const std::string& id) {
    return orders_.try_emplace(id, static_cast<std::int16_t>(orders_.size())).first->second;
  }

  SessionHours hours_;
  Universe universe_;
  std::map<std::string, std::int16_t> orders_;
};

/// `read(json)` for each line of a file of records; returns how many there were.
template <class Read>
Result<int> for_each_record(const fs::path& file, Read read) {
  int records = 0;
  const auto done =
      for_each_line(file, TornLine::refused, [&](std::string_view line, const std::string& where) {
        try {
          read(Json::parse(line));
        } catch (const std::exception& e) {
          return Result<>(malformed(where, std::string("not a record of this day: ") + e.what()));
        }
        ++records;
        return Result<>{};
      });
  if (!done) return tl::unexpected(done.error());
  return records;
}

Result<> same_count(const fs::path& file, int records, int journal, const std::string& what) {
  if (records == journal) return {};
  return fail(Errc::mismatch, file.string(),
              "holds " + std::to_string(records) + " " + what + ", the day's journal " +
                  std::to_string(journal) + kHowToGoOn);
}

// ---- one day ------------------------------------------------------------------------------------

/// One session of a folder.
class DayReader {
 public:
  DayReader(const fs::path& folder, const SessionHours& hours) : folder_(folder), hours_(hours) {}

  /// Nothing where the session is no finished paper day.
  Result<std::optional<PaperDay>> read() {
    if (auto done = read_journal_file(); !done) return tl::unexpected(done.error());
    if (!book_ || !book_->closed() || !book_->has_morning()) return std::nullopt;
    return figures();
  }

 private:
  [[nodiscard]] fs::path file(const char* stem) const {
    return folder_ / (stem + format_date(hours_.date) + ".jsonl");
  }

  Result<> read_journal_file() {
    const fs::path journal = file("journal_");
    std::error_code error;
    if (!fs::exists(journal, error)) {
      return error ? Result<>(fail(Errc::io, journal.string(), error.message())) : Result<>{};
    }
    bool other_mode = false;
    return for_each_line(journal, TornLine::left_out, [&](std::string_view line, const std::string& where) {
      if (other_mode) return Result<>{};
      if (book_) return book_->read(line, where);
      const auto paper = read_header(line, where);
      if (!paper) return Result<>(tl::unexpected(paper.error()));
      other_mode = !*paper;
      return Result<>{};
    });
  }

  /// False where the day was not on paper. Its mode comes first: a rehearsal's header may be of any age.
  Result<bool> read_header(std::string_view line, const std::string& where) {
    const Json j = Json::parse(line, nullptr, false);
    if (!j.is_object() || !j.contains("journal"))
      return malformed(where, "does not begin with a journal header");
    if (j.value("mode", Json{}) != "paper") return false;
    auto header = parse_run_header(line, where);
    if (!header) return malformed(where, header.error().detail);
    if (header->date != hours_.date)
      return malformed(where, "is the journal of " + format_date(header->date));
    header_ = *std::move(header);
    book_.emplace(*header_, hours_);
    return true;
  }

  Result<std::optional<PaperDay>> figures() {
    RunRecorder recorder(header_->options.config, header_->options.universe);
    recorder.begin_day(hours_, book_->equity_start(), Calibration{});
    RecordReader records(*header_, hours_);
    FirstHour first_hour(hours_);
    const auto signals = for_each_record(file("signals_"), [&](const Json& j) {
      const SignalRecord r = records.signal(j);
      if (r.signal.own.valid) first_hour.on(r.ts, r.signal.own.confidence);
      recorder.on_action(r);
    });
    if (!signals) return tl::unexpected(signals.error());
    const auto trades =
        for_each_record(file("trades_"), [&](const Json& j) { recorder.on_action(records.trade(j)); });
    if (!trades) return tl::unexpected(trades.error());
    const auto positions =
        for_each_record(file("positions_"), [&](const Json& j) { recorder.on_action(records.positions(j)); });
    if (!positions) return tl::unexpected(positions.error());
    if (auto same = same_count(file("trades_"), *trades, book_->fills(), "executions"); !same)
      return tl::unexpected(same.error());
    if (auto same = same_count(file("positions_"), *positions, book_->sets(), "sets"); !same)
      return tl::unexpected(same.error());
    return paper_day(recorder.end_day(book_->equity(), book_->flat()), first_hour.best());
  }

  [[nodiscard]] PaperDay paper_day(const DayResult& day, std::optional<double> confidence) const {
    const auto won = [](const RoundTrip& t) { return t.pnl > 0; };
    return {.date = day.date,
            .equity_start = day.equity_start,
            .equity_end = day.equity_end,
            .drawdown_max = day.drawdown_max,
            .trades = day.orders_filled,
            .round_trips = static_cast<int>(day.round_trips.size()),
            .wins = static_cast<int>(std::count_if(day.round_trips.begin(), day.round_trips.end(), won)),
            .confidence_first_hour = confidence,
            .strength_sum = day.signals.strength_sum,
            .strength_count = day.signals.strength_count,
            .symbols_with_bars = book_->symbols_with_bars()};
  }

  const fs::path& folder_;
  SessionHours hours_;
  std::optional<RunHeader> header_;
  std::optional<JournalBook> book_;
};

}  // namespace

Result<std::vector<PaperDay>> read_paper_days(const fs::path& folder, Date before, int sessions) {
  std::vector<PaperDay> days;
  for (const SessionHours& hours : NyseCalendar::sessions_before(before, sessions)) {
    auto day = DayReader(folder, hours).read();
    if (!day) return tl::unexpected(day.error());
    if (*day) days.push_back(**std::move(day));
  }
  return days;
}

}  // namespace sentio
