// Money beside the fills: fees, movements of cash, trades in other instruments.
#include <cmath>

#include "sentio/exchange/matching.h"

namespace sentio::exchange {

void Matching::charge(const Execution& execution) {
  charges_.add(execution.side, execution.qty, execution.price);
  book_.set_deducted(charges_.deducted());
}

void Matching::move_cash(CashMove move) {
  move.id = make_uuid("movement", moves_.size() + 1);
  book_.move_cash(move.usd);
  moves_.push_back(std::move(move));
  moved_after_.push_back(executions_.size());
}

std::vector<Activity> Matching::activities() const {
  std::vector<Activity> all;
  all.reserve(executions_.size() + moves_.size());
  std::size_t moved = 0;
  for (std::size_t i = 0; i <= executions_.size(); ++i) {
    for (; moved < moves_.size() && moved_after_[moved] == i; ++moved)
      all.push_back({nullptr, &moves_[moved]});
    if (i < executions_.size()) all.push_back({&executions_[i], nullptr});
  }
  return all;
}

void Matching::trade_elsewhere(const std::string& name, Side side, double qty, double price, TimePoint now) {
  auto entry = std::make_unique<Entry>();
  ExchangeOrder& order = entry->order;
  const std::uint64_t number = next_id_++;
  order.id = make_uuid("order", number);
  order.request.symbol = name;
  order.request.side = side;
  order.request.qty = qty;
  order.request.client_order_id = make_uuid("client", number);
  order.symbol = kElsewhere;
  order.status = OrderStatus::created;
  order.created_at = order.updated_at = now;
  const double signed_qty = side == Side::buy ? qty : -qty;
  const auto& elsewhere = book_.elsewhere();
  const auto held = elsewhere.find(name);
  const double before = held == elsewhere.end() ? 0 : held->second.qty;
  order.request.position_intent = inferred_intent(side, before);
  tell(*entry, "new", now, now);
  book_.trade_elsewhere(name, signed_qty, price);
  order.status = OrderStatus::filled;
  order.filled_qty = qty;
  order.filled_value = qty * price;
  order.filled_at = now;
  Execution execution;
  execution.id = make_uuid("execution", executions_.size() + 1);
  execution.order_id = order.id;
  execution.symbol = kElsewhere;
  execution.side = side;
  execution.qty = execution.cum_qty = qty;
  execution.price = price;
  execution.position_qty = before + signed_qty;
  execution.at = now;
  executions_.push_back(execution);
  charge(execution);
  tell(*entry, "fill", now, now, &executions_.back());
  by_id_[order.id] = by_client_id_[order.request.client_order_id] = entry.get();
  entries_.push_back(std::move(entry));
}

std::string Matching::asset_id(const ExchangeOrder& order) const {
  return order.symbol == kElsewhere ? make_uuid(order.request.symbol, 0) : asset_id(order.symbol);
}

}  // namespace sentio::exchange
