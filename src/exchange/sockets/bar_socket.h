#pragma once
/// What the data sockets of both vendors share: who is delivered to, and which bars of a minute have gone out.

#include <set>

#include "book/exchange.h"
#include "wire/json_wire.h"

namespace sentio::exchange {

/// Threads  the exchange's. Exchange and peer outlive it.
class BarSocket : public SocketSession, public DataListener {
 public:
  BarSocket(const BarSocket&) = delete;
  BarSocket& operator=(const BarSocket&) = delete;
  void deliver(std::span<const DataItem> items, bool one_by_one) final;
  [[nodiscard]] bool authenticated() const final { return authenticated_ && !gone_; }
  [[nodiscard]] int bars_sent(TimePoint start) const final;
  void drop() override;

 protected:
  BarSocket(Exchange& exchange, Peer& peer) : exchange_(&exchange), peer_(&peer) { exchange.add(this); }
  ~BarSocket() override { exchange_->remove(this); }
  /// The item as this client gets it; nullopt: not subscribed, or not on this tape.
  [[nodiscard]] virtual std::optional<Json> shown(const DataItem& item) const = 0;
  /// An array of messages.
  virtual void send(Json messages) = 0;

  Exchange* exchange_;
  Peer* peer_;
  bool authenticated_ = false, gone_ = false;

 private:
  TimePoint minute_{};       ///< the newest minute bars were sent for
  std::set<SymbolId> sent_;  ///< symbols sent for it
};

}  // namespace sentio::exchange
