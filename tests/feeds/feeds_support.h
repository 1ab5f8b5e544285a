#pragma once
/// A small universe and a session for feed tests.

#include <string>
#include <vector>

#include "sentio/config/universe.h"
#include "sentio/core/calendar.h"
#include "sentio/feeds/feed_event.h"

namespace sentio {

inline Universe test_universe() {
  std::vector<SymbolInfo> symbols;
  for (const char* name : {"QQQ", "SPY", "TQQQ"}) symbols.push_back(SymbolInfo{.name = name});
  return Universe(std::move(symbols));
}
inline constexpr SymbolId kQqq = 0, kSpy = 1, kTqqq = 2;

inline SessionHours test_session() {
  return *NyseCalendar::session(Date{std::chrono::year{2025}, std::chrono::month{9}, std::chrono::day{26}});
}

inline Bar test_bar(TimePoint start, double close = 100) {
  return Bar{
      .start = start, .open = close, .high = close + 1, .low = close - 1, .close = close, .volume = 500};
}

}  // namespace sentio
