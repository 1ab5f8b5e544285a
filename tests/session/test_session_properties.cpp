/// Whatever comes through the door can be stepped: no sequence of events ends the program.

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>
#include <limits>

#include "session_day.h"

namespace sentio {
namespace {

using testing::AAA;
using testing::BBB;
using testing::SessionDay;

template <class T>
T any_of(std::vector<T> values) {
  return *rc::gen::elementOf(std::move(values));
}

bool one_in(int n) {
  return *rc::gen::inRange(0, n) == 0;
}

/// Mostly what a market says, sometimes what nobody says.
double any_number(double usual) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  if (!one_in(3)) return usual;
  return any_of<double>({usual / 2, usual / 2, usual + 1, usual + 1, 0, -1, 1e-4, 1e-12, 5e-324, 8e8, 1e300, kInfinity,
                         std::numeric_limits<double>::quiet_NaN()});
}

SymbolId any_symbol() { return any_of<SymbolId>({AAA, AAA, AAA, BBB, BBB, 2, 65'535}); }

OrderKey any_key(const SessionDay& day) {
  const SymbolId symbol = one_in(4) ? any_symbol() : day.working(BBB) != nullptr ? BBB : AAA;
  if (symbol <= BBB && day.working(symbol) != nullptr && !one_in(8)) return day.working(symbol)->order.key;
  return {.session = day.hours.date, .minute = any_of<std::int16_t>({-1, 0, 7}), .symbol = symbol,
          .side = any_of<Side>({Side::buy, Side::sell})};
}

Event any_fill(SessionDay& day) {
  const OrderKey key = any_key(day);
  const WorkingOrder* order = key.symbol <= BBB ? day.working(key.symbol) : nullptr;
  const double left = order != nullptr ? order->left().v : 10;
  return OrderFilled{{.order = key, .qty = Qty{any_number(left)}, .price = Price{any_number(testing::kClose)}, .at = day.latest,
                      .execution = one_in(4) ? 1 : ++day.executions}};
}

Event any_bars(const SessionDay& day, int next) {
  BarsArrived set = day.bars(any_of<int>({next, next, next, next, next - 1, next + 1, -7}),
                             one_in(20) ? any_of<double>({101, 99, 90, 1e-4, 0.5, 5'000, 8e8}) : testing::kClose, one_in(6));
  const int spoilt = *rc::gen::inRange(0, 12);
  if (spoilt == 0) set.bars[BBB].reset();
  if (spoilt == 1) set.bars[AAA]->low = any_number(testing::kClose);
  if (spoilt == 2) set.bars[AAA]->volume = any_number(1e6);
  if (spoilt == 3) set.bars.pop_back();
  return set;
}

Event any_event(SessionDay& day, int next) {
  const bool flag = one_in(4);
  switch (*rc::gen::inRange(0, 26)) {
    case 0: return EodTimer{};
    case 1: return one_in(6) ? Event{FlattenRequested{}} : Event{MaintenanceMode{false}};
    case 2: return PositionAdopted{any_symbol(), Qty{any_number(10)}, Price{any_number(testing::kClose)}};
    case 3: return SymbolHalted{any_symbol(), flag};
    case 4: return EntriesSuspended{flag};
    case 5: return MaintenanceMode{flag};
    case 6: return one_in(12) ? Event{BreakerLatched{}} : Event{EntriesSuspended{false}};
    case 7: return SessionClosed{};
    case 8: return SessionOpened{.hours = flag ? day.hours : testing::next_day(), .trading = true};
    case 9: case 10: return OrderCanceled{any_key(day)};
    case 11: case 12: return OrderRejected{any_key(day), "no"};
    case 24: case 25:
      return PositionClosedByBroker{any_symbol(), Qty{any_number(10)}, Price{any_number(testing::kClose)}, day.latest};
    case 13: case 14: case 15: case 16: return any_fill(day);
    default: return any_bars(day, next);
  }
}

/// Often the time at which the next minute is over, sometimes nonsense.
TimePoint any_time(const SessionDay& day, const Event& event) {
  using std::chrono::seconds;
  if (const auto* set = std::get_if<BarsArrived>(&event); set != nullptr && !one_in(12)) {
    return std::max(day.latest, day.hours.minute_end(set->minute));
  }
  if (one_in(12)) return day.latest + any_of<seconds>({seconds{-1}, std::chrono::hours{200}, -std::chrono::hours{200}});
  return day.latest + any_of<seconds>({seconds{0}, seconds{0}, seconds{1}, seconds{20}});
}

void expect_sound(const TradingSession& session) {
  session.ledger().check();
  for (const SymbolId symbol : {AAA, BBB}) {
    const Position& position = session.ledger().position(symbol);
    RC_ASSERT(std::isfinite(position.qty.v) && position.qty.v >= 0);
    RC_ASSERT(std::isfinite(position.mark.v) && std::isfinite(position.avg_entry.v));
    const WorkingOrder* order = session.working_orders().find(symbol);
    if (order == nullptr) continue;
    RC_ASSERT(order->order.key.minute >= 0);
    RC_ASSERT(order->left() > Qty{0});
    if (order->order.side == Side::sell) RC_ASSERT(order->left() <= position.qty + kSmallestQty);
  }
  RC_ASSERT(std::isfinite(session.ledger().cash().v));
}

RC_GTEST_PROP(TradingSessionDoor, NoSequenceOfEventsEndsTheProgram, ()) {
  SessionDay day;
  day.open();
  if (*rc::gen::arbitrary<bool>()) day.adopt(AAA);
  bool out = false;  // a flatten was taken
  int next = 0;
  for (int i = 0; i < 400; ++i) {
    *day.wanted = !one_in(4);
    const Event event = any_event(day, next);
    const std::string outcome = day.tell(any_time(day, event), event);
    if (outcome != "R") {
      out = !std::holds_alternative<SessionOpened>(event) && (out || std::holds_alternative<FlattenRequested>(event));
      if (std::holds_alternative<BarsArrived>(event)) ++next;
      if (std::holds_alternative<SessionOpened>(event)) next = 0;
    }
    if (out) RC_ASSERT(outcome.find('E') == std::string::npos);
    expect_sound(day.session);
  }
}

/// The learners take every bar that the door lets in.
TEST(TradingSessionDoor, NoPlausibleBarsEndTheProgram) {
  for (const std::uint64_t seed : {1U, 2U, 3U}) {
    testing::Random random(seed);
    TradingSession session({.config = {}, .universe = SessionDay::universe(), .fees = SessionDay::fees()});
    for (const SessionHours& hours : NyseCalendar::sessions_before(std::chrono::year{2025} / 7 / 3, 3)) {
      ASSERT_TRUE(session.fits(hours.open, SessionOpened{.hours = hours, .trading = true}));
      (void)session.step(hours.open, SessionOpened{.hours = hours, .trading = true});
      for (int i = 0; i < hours.minutes; ++i) {
        BarsArrived set{.minute = i, .bars = {}};
        for (std::size_t s = 0; s < 2; ++s) {
          // Orders of magnitude apart from one minute to the next.
          const auto price = [&] { return std::exp(std::log(1e-4) + random.uniform() * std::log(9e9)); };
          Bar bar{.start = hours.minute_start(i), .open = price(), .close = price(), .volume = 9e9 * random.uniform()};
          bar.low = std::max(1e-4, std::min(bar.open, bar.close) * random.uniform());
          bar.high = std::min(9e5, std::max(bar.open, bar.close) / random.uniform());
          bar.open = std::clamp(bar.open, bar.low, bar.high);
          bar.close = std::clamp(bar.close, bar.low, bar.high);
          if (random.uniform() > 0.02) set.bars.emplace_back(bar); else set.bars.emplace_back();
        }
        ASSERT_TRUE(session.fits(hours.minute_end(i), set));
        (void)session.step(hours.minute_end(i), set);
      }
      for (const SymbolId symbol : {AAA, BBB}) {
        if (const WorkingOrder* order = std::as_const(session).working_orders().find(symbol)) {
          (void)session.step(hours.close, OrderRejected{order->order.key, ""});
        }
      }
      ASSERT_TRUE(session.fits(hours.close, SessionClosed{}));
      (void)session.step(hours.close, SessionClosed{});
    }
  }
}

}  // namespace
}  // namespace sentio
