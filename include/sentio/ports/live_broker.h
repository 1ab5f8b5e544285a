#pragma once
/// A broker for a whole live day: both ports over one connection, and the connection's own life.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "sentio/ports/broker_account.h"
#include "sentio/ports/broker_interface.h"

namespace sentio {

/// When a send of an order began (it may have several), on the machine's monotonic clock.
struct SentOrder {
  OrderKey key;
  std::chrono::steady_clock::time_point at{};
};

/// Threads  everything below is called from the core's thread and does not block. The broker wakes the driver when
///          poll() or notices() have news.
class LiveBrokerInterface : public BrokerInterface, public BrokerAccountInterface {
 public:
  /// Begins to hear of the account's orders; before it only questions and resume() do anything on the wire.
  virtual void start() = 0;
  /// After a restart: an order of ours that the journal knows, with what was booked of it. It is looked up
  /// unless it has `ended`.
  virtual void resume(const Order& order, TimePoint submitted_at, double booked_shares, double booked_usd,
                      bool ended) = 0;
  /// News of orders come by themselves.
  [[nodiscard]] virtual bool stream_up() const = 0;
  /// No order or cancel is queued or under way.
  [[nodiscard]] virtual bool idle() const = 0;
  /// Orders without their end.
  [[nodiscard]] virtual std::size_t open_order_count() const = 0;
  /// The sends that began since the last call: how fast an order leaves.
  [[nodiscard]] virtual std::vector<SentOrder> take_sent() = 0;
  /// For drivers in lock step: news of orders taken in so far.
  [[nodiscard]] virtual std::uint64_t updates_received() const = 0;
};

}  // namespace sentio
