#pragma once
/// Orders between submission and their last event: at most one per symbol.

#include <optional>
#include <vector>

#include "sentio/core/check.h"
#include "sentio/core/order.h"

namespace sentio {

struct WorkingOrder {
  Order order;
  Qty filled{};
  int sets = 0;               ///< sets stepped since the submission
  int traded_sets = 0;        ///< of those, the ones in which its symbol had a bar and was not halted
  int sets_since_cancel = 0;  ///< since the cancel was sent last
  bool cancel_sent = false;
  Reason exit_after = Reason::none;  ///< a buy: sell what was bought as soon as this order is done
  [[nodiscard]] Qty left() const { return order.qty - filled; }
};

class WorkingOrders {
 public:
  explicit WorkingOrders(std::size_t symbols) : orders_(symbols) {}
  [[nodiscard]] const WorkingOrder* find(SymbolId symbol) const {
    return orders_[symbol] ? &*orders_[symbol] : nullptr;
  }
  [[nodiscard]] WorkingOrder* find(SymbolId symbol) { return orders_[symbol] ? &*orders_[symbol] : nullptr; }
  /// The order with exactly that key, or null (late events of finished orders).
  [[nodiscard]] WorkingOrder* find(const OrderKey& key) {
    WorkingOrder* w = find(key.symbol);
    return w != nullptr && w->order.key == key ? w : nullptr;
  }
  void add(const Order& order) {
    SENTIO_CHECK(!orders_[order.symbol]);
    orders_[order.symbol] = WorkingOrder{.order = order};
  }
  void remove(SymbolId symbol) { orders_[symbol].reset(); }
  [[nodiscard]] bool empty() const {
    for (const auto& o : orders_) {
      if (o) return false;
    }
    return true;
  }
  [[nodiscard]] std::size_t symbols() const { return orders_.size(); }

 private:
  std::vector<std::optional<WorkingOrder>> orders_;
};

}  // namespace sentio
