#include "sentio/execution/simple_risk_manager.h"

#include <algorithm>
#include <cmath>

#include "sentio/core/check.h"

namespace sentio {

SimpleRiskManager::SimpleRiskManager(const RiskConfig& config) : config_(config) {}

void SimpleRiskManager::on_session_open(Usd equity) {
  peak_ = equity.v;
  drawdown_ = 0;
  breaker_open_ = false;
}

bool SimpleRiskManager::on_equity(Usd equity) {
  peak_ = std::max(peak_, equity.v);
  drawdown_ = peak_ > 0 ? 1 - equity.v / peak_ : 1;
  // Positive form: an equity that is no number trips the breaker too.
  if (breaker_open_ || drawdown_ < config_.max_session_drawdown) return false;
  breaker_open_ = true;
  return true;
}

std::variant<Approved<Order>, Refused> SimpleRiskManager::review(const Order& order, Price last_close,
                                                                 Usd equity) {
  SENTIO_CHECK(order.qty > Qty{0});
  if (order.decided_at != minute_) {
    minute_ = order.decided_at;
    orders_this_minute_ = 0;
  }
  if (order.side == Side::buy) {
    const Reason barrier = entry_barrier(order, last_close, equity);
    if (barrier != Reason::none) return Refused{order, barrier};
  }
  ++orders_this_minute_;
  return Approved<Order>(order);
}

Reason SimpleRiskManager::entry_barrier(const Order& order, Price last_close, Usd equity) const {
  // Negated comparisons: whatever is no number is refused.
  const Price price = order.price();
  const double notional = (order.qty * price).v;
  if (breaker_open_) return Reason::breaker_open;
  if (!(notional > 0 && notional <= config_.max_order_fraction * equity.v)) return Reason::risk_order_size;
  const double deviation = std::abs(price.v / last_close.v - 1);
  if (!(last_close.v > 0 && deviation <= config_.max_price_deviation)) return Reason::risk_price_band;
  if (orders_this_minute_ >= config_.max_orders_per_minute) return Reason::risk_order_rate;
  return Reason::none;
}

}  // namespace sentio
