#pragma once
/// Bars that are a plain function of symbol and minute, so that every expected price can be written down.

#include <cmath>

#include "sentio/exchange/exchange_server.h"

namespace sentio::testing {

inline SymbolInfo symbol_info(const std::string& name) {
  SymbolInfo info;
  info.name = name;
  info.half_spread = Bps{1.2};
  return info;
}

/// Minute i of a day: opens at base + i/100, closes one cent higher, 10,000 shares.
inline Bar synthetic_bar(TimePoint start, double base, int i) {
  const double open = std::round((base + i * 0.01) * 100) / 100;
  return {start, open, open + 0.03, open - 0.02, open + 0.01, 10'000};
}

/// `symbols` with bases 50, 60, 70 …; `history` sessions before the day; each day the same bars.
inline ExchangeOptions synthetic_exchange(Date session, const std::vector<std::string>& symbols,
                                          int history = 1) {
  ExchangeOptions options;
  std::vector<SymbolInfo> infos;
  for (const auto& name : symbols) infos.push_back(symbol_info(name));
  options.universe = Universe(infos);
  options.session = session;
  auto days = NyseCalendar::sessions_before(session, history);
  days.push_back(*NyseCalendar::session(session));
  double base = 50;
  for (const SymbolInfo& info : options.universe) {
    SymbolBars bars;
    bars.symbol = info.name;
    for (const SessionHours& day : days) {
      for (int i = 0; i < day.minutes; ++i) bars.bars.push_back(synthetic_bar(day.minute_start(i), base, i));
    }
    options.recordings.push_back(std::move(bars));
    base += 10;
  }
  return options;
}

}  // namespace sentio::testing
