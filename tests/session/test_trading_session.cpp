/// Every kind of event at every time of the day in every state of an instrument: what it does, or that the door
/// refuses it.

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <sstream>

#include "session_day.h"

namespace sentio {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;
using testing::AAA;
using testing::BBB;
using testing::SessionDay;

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

enum class When { before_open, minute_0, midday, last_minute, after_close };
enum class State { flat, entry, held, exit };
constexpr When kTimes[] = {When::before_open, When::minute_0, When::midday, When::last_minute, When::after_close};
constexpr State kStates[] = {State::flat, State::entry, State::held, State::exit};
const char* const kTimeNames[] = {"before the open", "minute 0", "midday", "last minute", "after the close"};
const char* const kStateNames[] = {"flat", "working entry", "held", "working exit"};

constexpr int kLast = 209, kEntrySet = 190;

int minute_of(When when) {
  switch (when) {
    case When::before_open: return -1;
    case When::minute_0: return 0;
    case When::midday: return 100;
    default: return kLast;
  }
}

/// Sets up to and with `last`; every exit order is refused where `refuse_exits`.
void run_sets(SessionDay& day, int first, int last, bool refuse_exits = false) {
  for (int i = first; i <= last; ++i) {
    day.set(i);
    const WorkingOrder* order = day.working(AAA);
    if (refuse_exits && order != nullptr && order->order.side == Side::sell) {
      day.tell(day.latest, OrderRejected{order->order.key, "no"});
    }
  }
}

/// AAA in that state at that time; null where there is no such thing: no order is at work before the open.
std::unique_ptr<SessionDay> arranged(When when, State state) {
  if (when == When::before_open && (state == State::entry || state == State::exit)) return nullptr;
  auto day = std::make_unique<SessionDay>();
  day->open();
  const int last = minute_of(when);
  if (state == State::held || state == State::exit) {
    *day->wanted = true;
    day->adopt(AAA);
    run_sets(*day, 0, last, state == State::held);
    if (state == State::exit && day->working(AAA) == nullptr) day->tell(day->latest, FlattenRequested{});
  } else if (state == State::entry) {
    const int bought = std::min(last, kEntrySet);  // late in the day nothing is bought: its cancel stays unanswered
    run_sets(*day, 0, bought - 1);
    *day->wanted = true;
    run_sets(*day, bought, last);
  } else {
    run_sets(*day, 0, last);
  }
  if (when == When::after_close) day->tell(day->hours.close, SessionClosed{});
  return day;
}

TEST(TradingSessionTable, ArrangesWhatItSays) {
  for (const When when : kTimes) {
    for (const State state : kStates) {
      const auto day = arranged(when, state);
      if (!day) continue;
      SCOPED_TRACE(std::string(kTimeNames[static_cast<int>(when)]) + ", " + kStateNames[static_cast<int>(state)]);
      const WorkingOrder* order = day->working(AAA);
      const bool shares = day->session.ledger().position(AAA).qty.v > 0;
      EXPECT_EQ(shares, state == State::held || state == State::exit);
      ASSERT_EQ(order != nullptr, state == State::entry || state == State::exit);
      if (order != nullptr) {
        EXPECT_EQ(order->order.side, state == State::entry ? Side::buy : Side::sell);
      }
    }
  }
}

using Make = std::function<Event(SessionDay&)>;

struct Row {
  const char* name;
  Make event;
  /// A line a time of day: flat, working entry, held, working exit; x: there is no such state.
  std::vector<const char*> expected;
  bool at_the_next_minute = false;  ///< told when the minute after the latest set is over
};

OrderKey key_of(SessionDay& day) {
  if (const WorkingOrder* order = day.working(AAA)) return order->order.key;
  return {.session = day.hours.date, .minute = 3, .symbol = AAA, .side = Side::buy};
}

Fill fill_of(SessionDay& day, double qty, double price) {
  return {.order = key_of(day), .qty = Qty{qty}, .price = Price{price}, .at = day.latest, .execution = 7'777};
}

double left_of(SessionDay& day) {
  const WorkingOrder* order = day.working(AAA);
  return order != nullptr ? order->left().v : 10;
}

int next_minute(SessionDay& day) {
  int minute = 0;
  for (const TimedEvent& t : day.told) minute += std::holds_alternative<BarsArrived>(t.event);
  return minute;
}

BarsArrived with(BarsArrived set, const std::function<void(BarsArrived&)>& change) {
  change(set);
  return set;
}

const std::vector<const char*> kNever{"R x R x", "R R R R", "R R R R", "R R R R", "R R R R"};
/// A state of the world: no orders come of it, until the day is over.
const std::vector<const char*> kWhileOpen{"- x - x", "- - - -", "- - - -", "- - - -", "R R R R"};
/// Everything out: an entry at work is cancelled first, an exit at work is left alone.
const std::vector<const char*> kOut{"- x - x", "- C S -", "- C S -", "- - S -", "R R R R"};

Row bars(const char* name, const std::function<void(BarsArrived&)>& change) {
  return {name, [change](SessionDay& d) { return with(d.bars(next_minute(d)), change); }, kNever, true};
}
Row fills(const char* name, const std::function<void(SessionDay&, Fill&)>& change) {
  return {name,
          [change](SessionDay& d) {
            Fill fill = fill_of(d, left_of(d), testing::kClose);
            change(d, fill);
            return OrderFilled{fill};
          },
          kNever};
}
Row adopts(const char* name, SymbolId symbol, double qty, double price, std::vector<const char*> expected = kNever) {
  return {name, [=](SessionDay&) { return PositionAdopted{symbol, Qty{qty}, Price{price}}; }, std::move(expected)};
}

Row broker_sells(const char* name, const std::function<void(SessionDay&, PositionClosedByBroker&)>& change,
                 std::vector<const char*> expected = kNever) {
  return {name,
          [change](SessionDay& d) {
            PositionClosedByBroker sale{AAA, d.session.ledger().position(AAA).qty, Price{testing::kClose + 1}, d.latest};
            if (sale.qty == Qty{0}) sale.qty = Qty{10};
            change(d, sale);
            return sale;
          },
          std::move(expected)};
}

std::vector<Row> sets_and_sessions() {
  return {
      {"the session again", [](SessionDay& d) { return SessionOpened{.hours = d.hours}; }, kNever},
      {"the next session", [](SessionDay&) { return SessionOpened{.hours = testing::next_day()}; },
       {"R x R x", "R R R R", "R R R R", "R R R R", "- R R R"}},
      {"the end", [](SessionDay&) { return SessionClosed{}; }, {"R x R x", "R R R R", "R R R R", "- - - -", "R R R R"}},
      {"the next minute", [](SessionDay& d) { return d.bars(next_minute(d)); },
       {"- x - x", "- - - -", "- - - -", "R R R R", "R R R R"}, true},
      {"the next minute, early", [](SessionDay& d) { return d.bars(next_minute(d)); }, kNever},
      bars("the last minute again", [](BarsArrived& e) { --e.minute; }),
      bars("a minute is missing", [](BarsArrived& e) { ++e.minute; }),
      bars("a minute far out", [](BarsArrived& e) { e.minute = std::numeric_limits<int>::max(); }),
      bars("too few symbols", [](BarsArrived& e) { e.bars.pop_back(); }),
      bars("too many symbols", [](BarsArrived& e) { e.bars.emplace_back(); }),
      bars("a bar of another minute", [](BarsArrived& e) { e.bars[1]->start += minutes{1}; }),
      bars("a price that is none", [](BarsArrived& e) { e.bars[1]->close = kNaN; }),
      bars("a price of 0", [](BarsArrived& e) { e.bars[1] = Bar{.start = e.bars[1]->start}; }),
      bars("a price without end", [](BarsArrived& e) { e.bars[1]->high = kInfinity; }),
      bars("a negative volume", [](BarsArrived& e) { e.bars[1]->volume = -1; }),
  };
}

std::vector<Row> orders() {
  return {
      {"all is filled", [](SessionDay& d) { return OrderFilled{fill_of(d, left_of(d), testing::kClose)}; },
       {"R x R x", "R B R B", "R B R B", "R BS R B", "R R R R"}},
      {"half is filled", [](SessionDay& d) { return OrderFilled{fill_of(d, left_of(d) / 2, testing::kClose)}; },
       {"R x R x", "R B R B", "R B R B", "R B R B", "R R R R"}},
      fills("too much is filled", [](SessionDay&, Fill& f) { f.qty.v += 1; }),
      fills("nothing is filled", [](SessionDay&, Fill& f) { f.qty.v = 0; }),
      fills("less than nothing", [](SessionDay&, Fill& f) { f.qty.v = -1; }),
      fills("no number of shares", [](SessionDay&, Fill& f) { f.qty.v = kNaN; }),
      fills("no price", [](SessionDay&, Fill& f) { f.price.v = 0; }),
      fills("a negative price", [](SessionDay&, Fill& f) { f.price.v = -100; }),
      fills("a price that is none", [](SessionDay&, Fill& f) { f.price.v = kNaN; }),
      fills("a price beyond any", [](SessionDay&, Fill& f) { f.price.v = 1e300; }),
      fills("another order's", [](SessionDay&, Fill& f) { f.order.attempt += 1; }),
      fills("another symbol's", [](SessionDay&, Fill& f) { f.order.symbol = BBB; }),
      fills("no symbol's", [](SessionDay&, Fill& f) { f.order.symbol = 2; }),
      fills("at no time", [](SessionDay&, Fill& f) { f.at = TimePoint::min(); }),
      {"cancelled", [](SessionDay& d) { return OrderCanceled{key_of(d)}; },
       {"- x - x", "- - - S", "- - - S", "- - - S", "R R R R"}},
      {"rejected", [](SessionDay& d) { return OrderRejected{key_of(d), "no"}; }, kWhileOpen},
      {"a strange order is cancelled",
       [](SessionDay& d) {
         return OrderCanceled{{.session = d.hours.date, .minute = 7, .symbol = BBB, .side = Side::sell}};
       },
       kWhileOpen},
      {"no symbol's order is cancelled",
       [](SessionDay& d) { return OrderCanceled{{.session = d.hours.date, .symbol = 65'535}}; }, kNever},
      {"no symbol's order is rejected",
       [](SessionDay& d) { return OrderRejected{{.session = d.hours.date, .symbol = 2}, ""}; }, kNever},
  };
}

std::vector<Row> sales_by_the_broker() {
  // Where an order of ours is at work, its end comes first.
  const std::vector<const char*> held{"R x B x", "R R B R", "R R B R", "R R B R", "R R R R"};
  return {
      broker_sells("the broker sold it", [](SessionDay&, PositionClosedByBroker&) {}, held),
      broker_sells("the broker sold half of it", [](SessionDay&, PositionClosedByBroker& e) { e.qty.v /= 2; }, held),
      broker_sells("all but what rounds", [](SessionDay&, PositionClosedByBroker& e) { e.qty.v += 1e-10; }, held),
      broker_sells("more than is held", [](SessionDay&, PositionClosedByBroker& e) { e.qty.v += 1; }),
      broker_sells("no shares", [](SessionDay&, PositionClosedByBroker& e) { e.qty.v = 0; }),
      broker_sells("less than no shares", [](SessionDay&, PositionClosedByBroker& e) { e.qty.v = -1; }),
      broker_sells("no number", [](SessionDay&, PositionClosedByBroker& e) { e.qty.v = kNaN; }),
      broker_sells("for nothing", [](SessionDay&, PositionClosedByBroker& e) { e.price.v = 0; }),
      broker_sells("for no price", [](SessionDay&, PositionClosedByBroker& e) { e.price.v = kNaN; }),
      broker_sells("for more than there is", [](SessionDay&, PositionClosedByBroker& e) { e.price.v = 1e300; }),
      broker_sells("sold at no time", [](SessionDay&, PositionClosedByBroker& e) { e.at = TimePoint::max(); }),
      broker_sells("of the other symbol", [](SessionDay&, PositionClosedByBroker& e) { e.symbol = BBB; }),
      broker_sells("of no symbol", [](SessionDay&, PositionClosedByBroker& e) { e.symbol = 2; }),
  };
}

std::vector<Row> wishes_and_states() {
  return {
      adopts("shares of the other symbol are ours", BBB, 10, 50, {"- x - x", "R R R R", "R R R R", "R R R R", "R R R R"}),
      adopts("shares are ours", AAA, 10, 50, {"- x R x", "R R R R", "R R R R", "R R R R", "R R R R"}),
      adopts("no shares are ours", BBB, 0, 50),
      adopts("shares short are ours", BBB, -10, 50),
      adopts("no number of shares is ours", BBB, kNaN, 50),
      adopts("shares without a price are ours", BBB, 10, 0),
      adopts("shares at no price are ours", BBB, 10, kInfinity),
      adopts("shares of no symbol are ours", 2, 10, 50),
      {"EOD timer", [](SessionDay&) { return EodTimer{}; }, kOut},
      {"flatten", [](SessionDay&) { return FlattenRequested{}; }, kOut},
      {"entries are suspended", [](SessionDay&) { return EntriesSuspended{true}; }, kWhileOpen},
      {"maintenance", [](SessionDay&) { return MaintenanceMode{true}; }, kWhileOpen},
      {"halted", [](SessionDay&) { return SymbolHalted{AAA, true}; }, kWhileOpen},
      {"no symbol is halted", [](SessionDay&) { return SymbolHalted{2, true}; }, kNever},
      {"breaker latched", [](SessionDay&) { return BreakerLatched{}; }, kWhileOpen},
  };
}

std::vector<Row> all_rows() {
  std::vector<Row> rows = sets_and_sessions();
  for (const auto& more : {orders(), sales_by_the_broker(), wishes_and_states()}) rows.insert(rows.end(), more.begin(), more.end());
  return rows;
}

TimePoint time_of(const Row& row, SessionDay& day, When when, const Event& event) {
  if (const auto* opened = std::get_if<SessionOpened>(&event)) return std::max(day.latest, opened->hours.open - minutes{5});
  return row.at_the_next_minute && when != When::after_close ? day.hours.minute_end(next_minute(day)) : day.latest;
}

/// Calls `look(row, when, state, day, outcome)` for every cell that can be.
template <class Look>
void for_each_cell(Look look) {
  for (const Row& row : all_rows()) {
    for (const When when : kTimes) {
      std::istringstream cells(row.expected[static_cast<std::size_t>(when)]);
      for (const State state : kStates) {
        std::string expected;
        cells >> expected;
        SCOPED_TRACE(std::string(row.name) + ", " + kTimeNames[static_cast<int>(when)] + ", " +
                     kStateNames[static_cast<int>(state)]);
        const auto day = arranged(when, state);
        EXPECT_EQ(day == nullptr, expected == "x");
        if (!day) continue;
        const Event event = row.event(*day);
        look(expected, *day, time_of(row, *day, when, event), event);
      }
    }
  }
}

TEST(TradingSessionTable, EveryEventAtEveryTimeInEveryState) {
  for_each_cell([](const std::string& expected, SessionDay& day, TimePoint now, const Event& event) {
    const std::size_t done = day.done.size();
    EXPECT_EQ(day.tell(now, event), expected) << day.refusal;
    if (expected == "R") {
      EXPECT_FALSE(day.refusal.empty());
      EXPECT_EQ(day.done.size(), done);
    }
    day.session.ledger().check();
  });
}

TEST(TradingSessionTable, TheSameThroughAJournalAndBack) {
  for_each_cell([](const std::string&, SessionDay& day, TimePoint now, const Event& event) {
    (void)day.tell(now, event);
    if (std::holds_alternative<SessionOpened>(event)) return;  // a journal is one day's
    SessionDay again;
    JournalNumbers numbers;
    int line = 1;
    std::string text;
    for (const TimedEvent& t : day.told) {
      text.clear();
      append_event(text, t.now, t.event, testing::kNames, ++line);
      text.pop_back();
      ASSERT_TRUE(numbers.take(text, "j"));
      const auto read = parse_event(text, testing::kNames, day.hours, "j");
      ASSERT_TRUE(read) << read.error().message();
      // The planted signals wish what they did when the set was first decided.
      *again.wanted = day.wishes[static_cast<std::size_t>(line) - 2];
      ASSERT_NE(again.tell(read->now, read->event), "R") << again.refusal << text;
    }
    EXPECT_EQ(again.done, day.done);
  });
}

// ---- times ----------------------------------------------------------------------------------------

TEST(TradingSessionDoor, TimeNeverRunsBackwardsAndStaysNearTheSession) {
  SessionDay day;
  EXPECT_EQ(day.tell(day.hours.open - std::chrono::hours{30}, SessionOpened{.hours = day.hours}), "R");
  day.open();
  EXPECT_EQ(day.tell(day.latest - seconds{1}, MaintenanceMode{true}), "R");
  EXPECT_NE(day.refusal.find("before that of the event before it"), std::string::npos) << day.refusal;
  EXPECT_EQ(day.tell(day.latest, MaintenanceMode{true}), "-");
  EXPECT_EQ(day.tell(day.hours.close + std::chrono::hours{25}, MaintenanceMode{false}), "R");
  run_sets(day, 0, 5);
  EXPECT_EQ(day.tell(day.hours.minute_end(5) - seconds{1}, EodTimer{}), "R");
}

TEST(TradingSessionDoor, NothingIsToldBeforeTheSessionIsOpen) {
  SessionDay day;
  for (const Event& event : std::vector<Event>{FlattenRequested{}, MaintenanceMode{true},
                                               PositionAdopted{AAA, Qty{1}, Price{1}}, SessionClosed{}}) {
    EXPECT_EQ(day.tell(day.hours.open, event), "R");
    EXPECT_EQ(day.refusal, "the session has not begun");
  }
}

TEST(TradingSessionDoor, HoursOfNoSessionAreRefused) {
  SessionDay day;
  for (const auto& change : std::vector<std::function<void(SessionHours&)>>{[](SessionHours& h) { h.minutes = 0; },
                                                                            [](SessionHours& h) { h.minutes = 391; },
                                                                            [](SessionHours& h) { h.close += minutes{1}; },
                                                                            [](SessionHours& h) { h.date = {}; }}) {
    SessionHours hours = day.hours;
    change(hours);
    EXPECT_EQ(day.tell(day.hours.open, SessionOpened{.hours = hours}), "R");
  }
}

TEST(TradingSessionDoor, AnExecutionIsBookedOnce) {
  SessionDay day;
  day.open();
  *day.wanted = true;
  ASSERT_EQ(day.set(0), "E");
  const OrderFilled part = day.fill(AAA, 10);
  EXPECT_EQ(day.tell(day.latest, part), "B");
  EXPECT_EQ(day.tell(day.latest, part), "R");
  EXPECT_NE(day.refusal.find("is booked already"), std::string::npos);
  EXPECT_EQ(day.tell(day.latest, day.fill(AAA)), "B");
}

TEST(TradingSessionDoor, APriceThatNoPositionHasIsRefused) {
  SessionDay day;
  day.open();
  day.adopt(AAA, 1e6);
  BarsArrived set = day.bars(0, 0.9 * kBarPriceMax);
  EXPECT_EQ(day.tell(day.hours.minute_end(0), set), "R");
  set.bars[AAA].reset();  // of BBB nothing is held
  EXPECT_EQ(day.tell(day.hours.minute_end(0), set), "-");
}

// ---- what the broker sells by itself ------------------------------------------------------------

/// AAA and BBB are held, ten shares each, since before the open.
SessionDay holding_both() {
  SessionDay day;
  day.open();
  day.adopt(AAA);
  day.adopt(BBB);
  *day.wanted = true;
  return day;
}

TEST(ClosedByBroker, IsAnExitAtItsPriceWithFeesAndNothingElseIsTouched) {
  SessionDay day = holding_both();
  const double cash = day.session.ledger().cash().v;
  const std::size_t done = day.done.size();
  const PositionClosedByBroker sale{AAA, Qty{10}, Price{99}, day.latest + seconds{1}};
  EXPECT_EQ(day.tell(day.latest + seconds{1}, sale), "B");
  // One trade: no decision, no order, no word about BBB.
  ASSERT_EQ(day.done.size(), done + 1);
  EXPECT_EQ(day.done.back().find("trade sell AAA"), 0U) << day.done.back();
  EXPECT_EQ(day.last_trade->reason, Reason::closed_by_broker);
  EXPECT_EQ(day.last_trade->ts, sale.at);
  const double fees = 990 * 27.8e-6 + 10 * 0.000166;
  EXPECT_NEAR(day.last_trade->fees, fees, 1e-9);
  EXPECT_NEAR(day.last_trade->pnl, -10 - fees, 1e-9);
  EXPECT_NEAR(day.session.ledger().cash().v, cash + 990 - fees, 1e-9);
  EXPECT_EQ(day.session.ledger().position(AAA).qty, Qty{0});
  EXPECT_EQ(day.session.ledger().position(BBB).qty, Qty{10});
  EXPECT_EQ(day.working(BBB), nullptr);
}

TEST(ClosedByBroker, SalesOfADayHaveNamesOfTheirOwn) {
  SessionDay day = holding_both();
  std::vector<OrderKey> names;
  for (int i = 0; i < 3; ++i) {
    ASSERT_EQ(day.tell(day.latest, PositionClosedByBroker{AAA, Qty{2}, Price{99}, day.latest}), "B");
    EXPECT_EQ(std::count(names.begin(), names.end(), day.last_trade->order), 0);
    names.push_back(day.last_trade->order);
  }
  EXPECT_EQ(day.session.ledger().position(AAA).qty, Qty{4});
}

TEST(ClosedByBroker, WaitsForTheEndOfAnOrderOfOurs) {
  SessionDay day = holding_both();
  day.set(0);
  ASSERT_NE(day.tell(day.latest, FlattenRequested{}), "R");
  const OrderKey exit = day.working(AAA)->order.key;
  const PositionClosedByBroker sale{AAA, Qty{10}, Price{99}, day.latest};
  EXPECT_EQ(day.tell(day.latest, sale), "R");
  EXPECT_NE(day.refusal.find("an order of ours is at work"), std::string::npos) << day.refusal;
  EXPECT_EQ(day.tell(day.latest, OrderRejected{exit, "the broker closes the position"}), "-");
  EXPECT_EQ(day.tell(day.latest, sale), "B");
}

// ---- flatten before the open ------------------------------------------------------------------------

/// BBB is held, AAA is wanted, and the operator wants out a minute before the open.
SessionDay flattened_early() {
  SessionDay day;
  day.open();
  day.adopt(BBB);
  *day.wanted = true;
  EXPECT_EQ(day.tell(day.hours.open - minutes{1}, FlattenRequested{}), "-");
  EXPECT_TRUE(day.session.exit_waits_for_open());
  return day;
}

void expect_out(SessionDay& day, TimePoint decided) {
  ASSERT_TRUE(day.last_order);
  EXPECT_EQ(day.last_order->symbol, BBB);
  EXPECT_EQ(day.last_order->key.minute, 0);
  EXPECT_EQ(day.last_order->reason, Reason::operator_flatten);
  EXPECT_EQ(day.last_order->decided_at, decided);
  EXPECT_FALSE(day.session.exit_waits_for_open());
  EXPECT_EQ(day.tell(day.latest, day.fill(BBB)), "B");
  EXPECT_TRUE(day.session.flat());
}

TEST(FlattenBeforeTheOpen, TheFirstSetSells) {
  SessionDay day = flattened_early();
  EXPECT_EQ(day.set(0), "S");
  expect_out(day, day.hours.minute_end(0));
  for (int i = 1; i < 200; ++i) ASSERT_EQ(day.set(i), "-") << "an entry in minute " << i;
}

TEST(FlattenBeforeTheOpen, ARepetitionAtTheOpenSellsBeforeTheFirstSet) {
  SessionDay day = flattened_early();
  EXPECT_EQ(day.tell(day.hours.open - seconds{1}, FlattenRequested{}), "-");
  EXPECT_EQ(day.tell(day.hours.open, FlattenRequested{}), "S");
  expect_out(day, day.hours.open);
  for (int i = 0; i < 200; ++i) ASSERT_EQ(day.set(i), "-") << "an entry in minute " << i;
}

TEST(FlattenBeforeTheOpen, ExitsOfTheFirstMinuteHaveNamesOfTheirOwn) {
  SessionDay day = flattened_early();
  ASSERT_EQ(day.tell(day.hours.open, FlattenRequested{}), "S");
  const OrderKey first = day.last_order->key;
  EXPECT_EQ(day.tell(day.latest, OrderRejected{first, "not yet"}), "-");
  EXPECT_EQ(day.set(0), "-");
  EXPECT_EQ(day.tell(day.latest, FlattenRequested{}), "S");
  EXPECT_EQ(day.last_order->key.minute, 0);
  EXPECT_EQ(day.last_order->key.attempt, 1);
}

/// Names are made of the time: those of a day begun anew are not those of the morning.
TEST(FlattenBeforeTheOpen, ADayBegunLateNamesItsOrdersByItsOwnTime) {
  SessionDay day;
  day.open();
  day.adopt(BBB);
  ASSERT_EQ(day.tell(day.hours.open + minutes{90} + seconds{20}, FlattenRequested{}), "S");
  EXPECT_EQ(day.last_order->decided_at, day.hours.open + minutes{90});
  EXPECT_EQ(day.last_order->key.minute, 0);
}

TEST(FlattenBeforeTheOpen, ATimerSells) {
  SessionDay day = flattened_early();
  EXPECT_EQ(day.tell(day.hours.open + seconds{1}, EodTimer{}), "S");
  EXPECT_EQ(day.last_order->symbol, BBB);
}

TEST(FlattenBeforeTheOpen, AMinuteThatIsOnlyObservedDecidesNothing) {
  SessionDay day = flattened_early();
  EXPECT_EQ(day.set(0, true), "-");
  EXPECT_TRUE(day.session.exit_waits_for_open());
  EXPECT_EQ(day.set(1), "S");
  EXPECT_EQ(day.last_order->key.minute, 1);
}

TEST(FlattenBeforeTheOpen, IsForgottenTheNextDay) {
  SessionDay day;
  day.open();
  (void)day.tell(day.hours.open - minutes{1}, FlattenRequested{});
  run_sets(day, 0, kLast);
  ASSERT_EQ(day.tell(day.hours.close, SessionClosed{}), "-");
  day.hours = testing::next_day();
  *day.wanted = true;
  ASSERT_EQ(day.open(), "-");
  EXPECT_FALSE(day.session.exit_waits_for_open());
  EXPECT_EQ(day.set(0), "E");
}

TEST(TradingSession, AnExitThatIsRefusedForEverRunsOutOfNamesForAMinuteOnly) {
  SessionDay day;
  day.open();
  day.adopt(BBB);
  day.set(0);
  int orders = 0;
  for (int i = 0; i < 300; ++i) {
    if (day.tell(day.latest, FlattenRequested{}) != "S") break;
    ++orders;
    (void)day.tell(day.latest, OrderRejected{day.last_order->key, "no"});
  }
  EXPECT_EQ(orders, 256);
  EXPECT_EQ(day.tell(day.latest, EodTimer{}), "-");
  EXPECT_EQ(day.set(1), "-");
  EXPECT_EQ(day.tell(day.latest, FlattenRequested{}), "S");
}

}  // namespace
}  // namespace sentio
