#include "sentio/execution/order_generator.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "sentio/core/check.h"

namespace sentio {

OrderGenerator::OrderGenerator(const RotationConfig& config, const OrderStyle& style)
    : config_(config), style_(style) {}

void OrderGenerator::on_session_open(Date session) {
  session_ = session;
  made_this_minute_.clear();
}

Qty OrderGenerator::entry_size(Usd equity, Usd free_cash, Price close, Price half_spread) const {
  const double budget = std::min(config_.capital_per_position * equity.v, free_cash.v);
  const double price = close.v + half_spread.v;
  if (!(budget > 0 && price > 0)) return Qty{0};
  return Qty{std::floor(budget / price)};
}

std::ptrdiff_t OrderGenerator::attempts(const OrderKey& key) const {
  return std::count_if(made_this_minute_.begin(), made_this_minute_.end(), [&key](const OrderKey& made) {
    return made.minute == key.minute && made.symbol == key.symbol && made.side == key.side;
  });
}

bool OrderGenerator::can_make(int minute, SymbolId symbol, Side side) const {
  const OrderKey key{session_, static_cast<std::int16_t>(minute), symbol, side, 0};
  return attempts(key) <= std::numeric_limits<std::uint8_t>::max();
}

Order OrderGenerator::make(int minute, TimePoint decided_at, SymbolId symbol, Side side, Qty qty, Price close,
                           Reason reason) {
  SENTIO_CHECK(qty > Qty{0});
  SENTIO_CHECK(minute >= 0 && minute <= std::numeric_limits<std::int16_t>::max());
  OrderKey key{session_, static_cast<std::int16_t>(minute), symbol, side, 0};
  if (!made_this_minute_.empty() && made_this_minute_.front().minute != key.minute) made_this_minute_.clear();
  SENTIO_CHECK(can_make(minute, symbol, side));
  key.attempt = static_cast<std::uint8_t>(attempts(key));
  made_this_minute_.push_back(key);
  Order order{.key = key, .side = side, .symbol = symbol, .qty = qty, .reference = close};
  order.reason = reason;
  order.decided_at = decided_at;
  if (side == Side::buy && style_.kind == OrderStyle::Kind::marketable_limit) {
    order.limit = limit_price(side, close, style_.limit_offset);
  }
  return order;
}

}  // namespace sentio
