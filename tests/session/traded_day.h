#pragma once
/// A session stepped through whole days of made-up bars, every order filled at its reference.

#include <functional>

#include "sentio/mock/day_tape.h"
#include "sentio/session/trading_session.h"
#include "synthetic_bars.h"

namespace sentio::testing {

inline Universe universe_of(std::initializer_list<const char*> names) {
  std::vector<SymbolInfo> symbols;
  for (const char* name : names) symbols.push_back({.name = name, .boost = 1.5, .half_spread = Bps{1}});
  return Universe(std::move(symbols));
}

inline std::vector<SymbolBars> walks_of(const Universe& universe, const std::vector<SessionHours>& days) {
  std::vector<SymbolBars> recordings;
  for (std::size_t s = 0; s < universe.size(); ++s) {
    recordings.push_back(walk_bars(universe[static_cast<SymbolId>(s)].name, days, s + 1, {.missing = .03}));
  }
  return recordings;
}

/// Steps one event of minute `i`; the actions are valid until the next.
using StepOfMinute = std::function<std::span<const Action>(int i, TimePoint now, const Event& event)>;

/// Returns how many orders there were. Fills come at the start of the next minute.
inline int run_day(const DayTape& tape, bool trading, const StepOfMinute& step) {
  const SessionHours& hours = tape.hours();
  (void)step(-1, hours.open, SessionOpened{.hours = hours, .trading = trading});
  std::vector<Order> working;
  working.reserve(16);
  std::uint64_t execution = 0;
  int orders = 0;
  Event bars = BarsArrived{};
  for (int i = 0; i < hours.minutes; ++i) {
    auto& minute = std::get<BarsArrived>(bars);
    minute.minute = i;
    tape.minute(i, minute.bars);
    for (std::size_t k = 0; k < working.size(); ++k) {
      const Order order = working[k];
      (void)step(i, hours.minute_start(i),
                 OrderFilled{{.order = order.key, .qty = order.qty, .price = order.reference,
                              .at = hours.minute_start(i), .execution = ++execution}});
    }
    working.clear();
    for (const Action& a : step(i, hours.minute_end(i), bars)) {
      if (const auto* submit = std::get_if<SubmitOrder>(&a)) working.push_back(submit->order.get());
    }
    orders += static_cast<int>(working.size());
  }
  (void)step(hours.minutes, hours.close, SessionClosed{});
  return orders;
}

}  // namespace sentio::testing
