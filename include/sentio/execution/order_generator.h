#pragma once
/// From a decision to a sized and priced order with a name that a retry cannot double.

#include <cstddef>
#include <vector>

#include "sentio/config/rotation_config.h"
#include "sentio/core/order.h"
#include "sentio/execution/order_style.h"

namespace sentio {

class OrderGenerator {
 public:
  explicit OrderGenerator(const RotationConfig& config, const OrderStyle& style = {});
  void on_session_open(Date session);
  /// qty = floor(min(capital_per_position·equity, free_cash) / (close + half_spread)); 0 = not one share.
  [[nodiscard]] Qty entry_size(Usd equity, Usd free_cash, Price close, Price half_spread) const;
  /// The order for one decision; entries have the style's limit, from `close`. Attempt counts up when the same (set,
  /// symbol, side) is ordered again.
  [[nodiscard]] Order make(int minute, TimePoint decided_at, SymbolId symbol, Side side, Qty qty, Price close,
                           Reason reason);
  /// False once a (set, symbol, side) has had every name there is.
  [[nodiscard]] bool can_make(int minute, SymbolId symbol, Side side) const;

 private:
  [[nodiscard]] std::ptrdiff_t attempts(const OrderKey& key) const;
  RotationConfig config_;
  OrderStyle style_;
  Date session_{};
  std::vector<OrderKey> made_this_minute_;
};

}  // namespace sentio
