/// The journal: what is written reads back to the same bits, and damage is named.

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <bit>
#include <fstream>

#include "scratch_folder.h"
#include "sentio/store/atomic_file.h"
#include "sentio/store/journal.h"

namespace sentio {
namespace {

using std::chrono::day;
using std::chrono::month;
using std::chrono::nanoseconds;
using std::chrono::year;

const std::vector<std::string> kSymbols{"SQQQ", "TQQQ", "UVXY"};
const Date kDate{year{2025}, month{9}, day{26}};

SessionHours hours() {
  return *NyseCalendar::session(kDate);
}

std::string line_of(TimePoint now, const Event& event, int seq = 2) {
  std::string out;
  append_event(out, now, event, kSymbols, seq);
  EXPECT_EQ(out.back(), '\n');
  EXPECT_EQ(std::count(out.begin(), out.end(), '\n'), 1);
  out.pop_back();
  return out;
}

Result<TimedEvent> read_back(const std::string& line) {
  return parse_event(line, kSymbols, hours(), "j.jsonl:2");
}

const OrderKey kOrder{.session = kDate, .minute = 17, .symbol = 1, .side = Side::sell, .attempt = 3};

struct Row {
  const char* name;
  Event event;
};

/// One of every kind, every field away from its default.
std::vector<Row> one_of_each() {
  BarsArrived bars{.minute = 388, .bars = {}, .observe_only = true};
  bars.bars = {
      std::nullopt,
      Bar{.start = hours().minute_start(388),
          .open = 0.1,
          .high = 1.0 / 3,
          .low = 5e-324,
          .close = 84.35,
          .volume = 1e15},
      Bar{.start = hours().minute_start(388), .open = 12, .high = 12, .low = 12, .close = 12, .volume = 0}};
  const Fill fill{.order = kOrder,
                  .qty = Qty{7},
                  .price = Price{84.3521},
                  .at = hours().open + nanoseconds{1'234'567'891},
                  .execution = 0xfedc'ba98'7654'3210ULL,
                  .last_resort = true,
                  .spread_cost = 0.1 + 0.2};
  return {{"session opened", SessionOpened{.hours = hours(), .trading = true}},
          {"warm-up session opened", SessionOpened{.hours = hours(), .trading = false}},
          {"bars", bars},
          {"a minute without a bar",
           BarsArrived{.minute = 0, .bars = {std::nullopt, std::nullopt, std::nullopt}}},
          {"fill", OrderFilled{fill}},
          {"canceled by the broker", OrderCanceled{kOrder, Reason::broker_canceled}},
          {"entry expired", OrderCanceled{kOrder, Reason::entry_expired}},
          {"rejected", OrderRejected{kOrder, "403 \"insufficient\"\n\tbuying power \x01 ü"}},
          {"adopted", PositionAdopted{2, Qty{11}, Price{1.0 / 7}}},
          {"closed by the broker",
           PositionClosedByBroker{2, Qty{1.0 / 3}, Price{84.3521}, hours().open + nanoseconds{1'234'567'891}}},
          {"EOD timer", EodTimer{}},
          {"session closed", SessionClosed{}},
          {"entries suspended", EntriesSuspended{true}},
          {"entries resumed", EntriesSuspended{false}},
          {"maintenance", MaintenanceMode{true}},
          {"halted", SymbolHalted{2, true}},
          {"resumed", SymbolHalted{1, false}},
          {"breaker latched", BreakerLatched{}},
          {"flatten", FlattenRequested{}}};
}

void expect_same_bits(double a, double b) {
  EXPECT_EQ(std::bit_cast<std::uint64_t>(a), std::bit_cast<std::uint64_t>(b));
}

void expect_same(const Bar& a, const Bar& b) {
  EXPECT_EQ(a.start, b.start);
  expect_same_bits(a.open, b.open);
  expect_same_bits(a.high, b.high);
  expect_same_bits(a.low, b.low);
  expect_same_bits(a.close, b.close);
  expect_same_bits(a.volume, b.volume);
}

struct ExpectSame {
  const Event& other;
  void operator()(const SessionOpened& e) const {
    const auto& o = std::get<SessionOpened>(other);
    EXPECT_EQ(e.trading, o.trading);
    EXPECT_EQ(e.hours.date, o.hours.date);
    EXPECT_EQ(e.hours.open, o.hours.open);
    EXPECT_EQ(e.hours.close, o.hours.close);
  }
  void operator()(const BarsArrived& e) const {
    const auto& o = std::get<BarsArrived>(other);
    EXPECT_EQ(e.minute, o.minute);
    EXPECT_EQ(e.observe_only, o.observe_only);
    ASSERT_EQ(e.bars.size(), o.bars.size());
    for (std::size_t i = 0; i < e.bars.size(); ++i) {
      ASSERT_EQ(e.bars[i].has_value(), o.bars[i].has_value());
      if (e.bars[i]) expect_same(*e.bars[i], *o.bars[i]);
    }
  }
  void operator()(const OrderFilled& e) const {
    const auto& o = std::get<OrderFilled>(other);
    EXPECT_EQ(e.fill.order, o.fill.order);
    expect_same_bits(e.fill.qty.v, o.fill.qty.v);
    expect_same_bits(e.fill.price.v, o.fill.price.v);
    EXPECT_EQ(e.fill.at, o.fill.at);
    EXPECT_EQ(e.fill.execution, o.fill.execution);
    EXPECT_EQ(e.fill.last_resort, o.fill.last_resort);
    expect_same_bits(e.fill.spread_cost, o.fill.spread_cost);
  }
  void operator()(const OrderCanceled& e) const {
    const auto& o = std::get<OrderCanceled>(other);
    EXPECT_EQ(e.order, o.order);
    EXPECT_EQ(e.reason, o.reason);
  }
  void operator()(const OrderRejected& e) const {
    const auto& o = std::get<OrderRejected>(other);
    EXPECT_EQ(e.order, o.order);
    EXPECT_EQ(e.detail, o.detail);
  }
  void operator()(const PositionAdopted& e) const {
    const auto& o = std::get<PositionAdopted>(other);
    EXPECT_EQ(e.symbol, o.symbol);
    expect_same_bits(e.qty.v, o.qty.v);
    expect_same_bits(e.avg_entry.v, o.avg_entry.v);
  }
  void operator()(const PositionClosedByBroker& e) const {
    const auto& o = std::get<PositionClosedByBroker>(other);
    EXPECT_EQ(e.symbol, o.symbol);
    expect_same_bits(e.qty.v, o.qty.v);
    expect_same_bits(e.price.v, o.price.v);
    EXPECT_EQ(e.at, o.at);
  }
  void operator()(const EntriesSuspended& e) const {
    EXPECT_EQ(e.suspended, std::get<EntriesSuspended>(other).suspended);
  }
  void operator()(const MaintenanceMode& e) const { EXPECT_EQ(e.on, std::get<MaintenanceMode>(other).on); }
  void operator()(const SymbolHalted& e) const {
    EXPECT_EQ(e.symbol, std::get<SymbolHalted>(other).symbol);
    EXPECT_EQ(e.halted, std::get<SymbolHalted>(other).halted);
  }
  // EodTimer, SessionClosed, BreakerLatched, FlattenRequested: the kind is all they say.
  template <class T>
  void operator()(const T&) const {}
};

TEST(Journal, EveryKindOfEventReadsBackToTheSameBits) {
  const TimePoint now = hours().open + nanoseconds{987'654'321};
  std::vector<bool> kinds(std::variant_size_v<Event>);
  for (const Row& row : one_of_each()) {
    SCOPED_TRACE(row.name);
    kinds[row.event.index()] = true;
    const auto read = read_back(line_of(now, row.event));
    ASSERT_TRUE(read) << read.error().message();
    EXPECT_EQ(read->now, now);
    ASSERT_EQ(read->event.index(), row.event.index());
    std::visit(ExpectSame{read->event}, row.event);
  }
  EXPECT_EQ(std::count(kinds.begin(), kinds.end(), false), 0) << "a kind of event has no row";
}

RC_GTEST_PROP(Journal, AnyFiniteNumberKeepsItsBits, (std::uint64_t bits)) {
  const auto value = std::bit_cast<double>(bits);
  RC_PRE(std::isfinite(value));
  BarsArrived e{
      .minute = 5,
      .bars = {Bar{
          .start = hours().minute_start(5), .open = value, .high = 1, .low = 1, .close = 1, .volume = 1}}};
  e.bars.resize(kSymbols.size());
  const auto read = read_back(line_of(hours().open, e));
  RC_ASSERT(read.has_value());
  RC_ASSERT(std::bit_cast<std::uint64_t>(std::get<BarsArrived>(read->event).bars[0]->open) == bits);
}

TEST(Journal, NotesAreForPeopleAndNeverTakenForEvents) {
  std::string note;
  append_note(note, hours().open + nanoseconds{123'456'789}, "late_bar", "TQQQ 09:31 \"close\" 84.35", 1'234'567);
  EXPECT_TRUE(is_note(note));
  for (const Row& row : one_of_each()) EXPECT_FALSE(is_note(line_of(hours().open, row.event))) << row.name;
  // A rejection that quotes a note is still an event.
  EXPECT_FALSE(is_note(line_of(hours().open, OrderRejected{kOrder, ",\"note\":"})));
}

TEST(Journal, ANoteOfAnotherTypeIsNoNote) {
  const std::string now = R"({"now":"2025-09-26T13:30:00Z","note":)";
  EXPECT_EQ(note_text(now + R"("log","text":"a"})", kLogNote), "a");
  EXPECT_EQ(note_text(now + R"("log","text":5})", kLogNote), "");
  EXPECT_EQ(note_text(now + R"("log"})", kLogNote), "");
  for (const char* rest : {"5}", "null}", "[\"log\"]}", R"({"log":"log"}})", R"("log")", ""}) {
    EXPECT_EQ(note_text(now + rest, kLogNote), std::nullopt) << rest;
  }
}

TEST(Journal, AMalformedLineIsNamedWithFileAndLine) {
  const std::string good = line_of(hours().open, EntriesSuspended{true});
  const std::pair<const char*, std::string> lines[] = {
      {"no JSON", "entries_suspended"},
      {"cut", good.substr(0, good.size() - 1)},
      {"no time", R"({"event":"session_closed"})"},
      {"a bad time", R"({"now":"yesterday","event":"session_closed"})"},
      {"no such event", R"({"now":"2025-09-26T13:30:00Z","event":"party"})"},
      {"no such symbol", R"({"now":"2025-09-26T13:30:00Z","event":"halted","symbol":"SPY","on":true})"},
      {"a missing field", R"({"now":"2025-09-26T13:30:00Z","event":"halted","symbol":"TQQQ"})"},
      {"a field of another type", R"({"now":"2025-09-26T13:30:00Z","event":"maintenance","on":"yes"})"},
      {"four numbers in a bar",
       R"({"now":"2025-09-26T13:30:00Z","event":"bars","minute":0,"observe_only":false,"bars":{"TQQQ":[1,1,1,1]}})"},
      {"another session",
       R"({"now":"2025-09-26T13:30:00Z","event":"session_opened","date":"2025-09-25","trading":true})"},
  };
  for (const auto& [name, line] : lines) {
    const auto read = parse_event(line, kSymbols, hours(), "journal_2025-09-26.jsonl:17");
    ASSERT_FALSE(read) << name;
    EXPECT_EQ(read.error().code, Errc::malformed) << name;
    EXPECT_EQ(read.error().where, "journal_2025-09-26.jsonl:17") << name;
  }
}

TEST(Journal, NumbersThatNoFieldHoldsAreRefusedAndNotCut) {
  const auto order = [](const char* minute, const char* attempt, const char* side) {
    return std::string(R"({"now":"2025-09-26T13:30:00Z","event":"rejected","order":{"session":"2025-09-26","minute":)") +
           minute + R"(,"symbol":"TQQQ","side":")" + side + R"(","attempt":)" + attempt + R"(},"detail":""})";
  };
  ASSERT_TRUE(read_back(order("17", "255", "sell")));
  const auto set = [](const char* minute) {
    return std::string(R"({"now":"2025-09-26T13:30:00Z","event":"bars","observe_only":false,"bars":{},"minute":)") + minute + "}";
  };
  ASSERT_TRUE(read_back(set("389")));
  for (const std::string& line : {order("65553", "0", "sell"), order("-1", "0", "sell"), order("17", "256", "sell"),
                                  order("1.5", "0", "sell"), order("17", "0", "both"), set("390"), set("-1"),
                                  set("4294967296"), set("99999999999999999999")}) {
    const auto read = read_back(line);
    ASSERT_FALSE(read) << line;
    EXPECT_EQ(read.error().code, Errc::malformed);
  }
}

/// Numbered lines 2 … 6.
std::vector<std::string> five_lines(bool numbered = true) {
  std::vector<std::string> lines;
  for (int i = 0; i < 5; ++i) lines.push_back(line_of(hours().minute_end(i), MaintenanceMode{i % 2 == 0}, numbered ? i + 2 : 0));
  return lines;
}

/// Where numbers stop to fit, as "4: …"; empty: they all do.
std::string out_of_place(const std::vector<std::string>& lines) {
  JournalNumbers numbers;
  int number = 1;
  for (const std::string& line : lines) {
    if (const auto in_place = numbers.take(line, std::to_string(++number)); !in_place) return in_place.error().message();
  }
  return {};
}

TEST(JournalNumbers, AMissingDoubledOrMovedLineIsSeen) {
  EXPECT_EQ(out_of_place(five_lines()), "");
  const std::string ending = ": a line is missing, out of place or there twice";
  for (std::size_t i = 0; i + 1 < 5; ++i) {  // the last line may be missing: a kill came before it
    SCOPED_TRACE(i);
    const std::string here = std::to_string(i + 2), next = std::to_string(i + 3);
    auto dropped = five_lines();
    dropped.erase(dropped.begin() + static_cast<std::ptrdiff_t>(i));
    EXPECT_EQ(out_of_place(dropped), here + ": \"seq\":" + here + " expected, found " + next + ending);
    auto doubled = five_lines();
    doubled.insert(doubled.begin() + static_cast<std::ptrdiff_t>(i), doubled[i]);
    EXPECT_EQ(out_of_place(doubled), next + ": \"seq\":" + next + " expected, found " + here + ending);
    auto swapped = five_lines();
    std::swap(swapped[i], swapped[i + 1]);
    EXPECT_EQ(out_of_place(swapped), here + ": \"seq\":" + here + " expected, found " + next + ending);
  }
}

TEST(JournalNumbers, OlderJournalsHaveNoneAndThenNoLineMayHaveOne) {
  JournalNumbers numbers;
  EXPECT_EQ(numbers.next(), 2);
  for (const std::string& line : five_lines(false)) ASSERT_TRUE(numbers.take(line, "j"));
  EXPECT_EQ(numbers.next(), 0);
  auto mixed = five_lines(false);
  mixed[3] = five_lines()[3];
  EXPECT_NE(out_of_place(mixed).find("5: no \"seq\", as in the lines before, expected, found 5"), std::string::npos);
  mixed = five_lines();
  mixed[3] = five_lines(false)[3];
  EXPECT_NE(out_of_place(mixed).find("5: \"seq\":5 expected, found none"), std::string::npos);
}

TEST(JournalNumbers, AreGoneOnWith) {
  JournalNumbers numbers;
  for (const std::string& line : five_lines()) ASSERT_TRUE(numbers.take(line, "j"));
  EXPECT_EQ(numbers.next(), 7);
}

const std::string kHeader = "{\"journal\":1}\n";

TEST(Journal, WrittenLinesAreReadBackAndAReopenedJournalGrows) {
  const testing::ScratchFolder folder;
  const auto file = folder / "journal.jsonl";
  {
    auto writer = JournalWriter::open(file);
    ASSERT_TRUE(writer);
    ASSERT_TRUE(writer->append(kHeader));
    ASSERT_TRUE(writer->append("{\"a\":1}\n{\"b\":2}\n"));
    ASSERT_TRUE(writer->sync());
  }
  auto again = JournalWriter::open(file);
  ASSERT_TRUE(again);
  ASSERT_TRUE(again->append("{\"c\":3}\n"));
  const auto text = read_journal(file);  // while the writer still has it open
  ASSERT_TRUE(text);
  EXPECT_EQ(text->header + "\n", kHeader);
  EXPECT_EQ(text->lines, (std::vector<std::string>{"{\"a\":1}", "{\"b\":2}", "{\"c\":3}"}));
  EXPECT_FALSE(text->torn);
}

TEST(Journal, ALastLineCutByAKillIsLeftOutWhereverItWasCut) {
  const testing::ScratchFolder folder;
  const auto file = folder / "journal.jsonl";
  const std::string last = "{\"b\":2}\n";
  for (std::size_t kept = 0; kept <= last.size(); ++kept) {
    ASSERT_TRUE(write_file_atomically(file, kHeader + "{\"a\":1}\n" + last.substr(0, kept)));
    const auto text = read_journal(file);
    ASSERT_TRUE(text);
    const bool whole = kept == last.size();
    EXPECT_EQ(text->torn, kept > 0 && !whole) << kept;
    EXPECT_EQ(text->lines.size(), whole ? 2U : 1U) << kept;
  }
}

TEST(Journal, AFileThatIsNoJournalIsRefused) {
  const testing::ScratchFolder folder;
  const auto file = folder / "decisions.jsonl";
  for (const char* text : {"", "{\"ts\":1}\n", "{\"journal\":1}"}) {  // the last: a header cut by a kill
    ASSERT_TRUE(write_file_atomically(file, text));
    const auto read = read_journal(file);
    ASSERT_FALSE(read) << text;
    EXPECT_EQ(read.error().code, Errc::malformed);
  }
  EXPECT_EQ(read_journal(folder / "absent").error().code, Errc::not_found);
}

}  // namespace
}  // namespace sentio
