#pragma once
/// Shared by the replay tests: a small universe, approved orders, bars by hand.

#include <algorithm>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "sentio/config/universe.h"
#include "sentio/core/event.h"
#include "sentio/execution/simple_risk_manager.h"

namespace sentio::testing {

inline Universe universe_of(const std::vector<std::string>& names) {
  std::vector<SymbolInfo> symbols;
  for (const std::string& name : names) {
    SymbolInfo symbol;
    symbol.name = name;
    symbol.half_spread = Bps{10};
    symbols.push_back(symbol);
  }
  return Universe(symbols);
}

/// 2025-09-26, a full day.
inline SessionHours full_day() {
  const Date date = std::chrono::year{2025} / 9 / 26;
  const TimePoint open = from_epoch_seconds(1'758'893'400);
  return {date, open, open + kFullSessionMinutes * kBarLength, kFullSessionMinutes};
}

inline Bar flat_bar(TimePoint start, double price, double volume = 1e6) {
  return Bar{start, price, price, price, price, volume};
}

/// An order as it leaves risk, whose limits are set aside here.
inline Approved<Order> approved(const Order& order) {
  SimpleRiskManager risk{RiskConfig{.max_order_fraction = 1, .max_orders_per_minute = 1'000}};
  const auto reviewed = risk.review(order, order.reference, Usd{1e12});
  return std::get<Approved<Order>>(reviewed);
}

}  // namespace sentio::testing
