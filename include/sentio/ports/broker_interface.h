#pragma once
/// What a session's orders need from the outside.

#include <vector>

#include "sentio/core/approved.h"
#include "sentio/core/event.h"
#include "sentio/core/order.h"

namespace sentio {

/// Takes approved orders and reports, as events, what became of them.
///
/// Every submitted order ends in exactly one of: fills that add up to its quantity, OrderCanceled (after none
/// or some fills) or OrderRejected. Failures of the wire are the broker's own business: whatever it cannot
/// settle by asking again comes back as an event too, never as a return value.
/// Threads  called from the thread that runs the core; poll() never blocks.
class BrokerInterface {
 public:
  virtual ~BrokerInterface() = default;
  /// `received`: when the order reaches the broker, on the driver's clock.
  virtual void submit(const Approved<Order>& order, TimePoint received) = 0;
  /// Asks for a cancel. An order that is no longer working gives no event: its last fill said so.
  virtual void cancel(const OrderKey& order) = 0;
  /// What happened since the last call: OrderFilled, OrderCanceled and OrderRejected, in order.
  [[nodiscard]] virtual std::vector<Event> poll() = 0;
};

}  // namespace sentio
