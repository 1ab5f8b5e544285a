#pragma once
/// Polygon's stocks socket: /stocks and /polygon/stocks with AM and Q.

#include <set>

#include "book/exchange.h"
#include "wire/json_wire.h"

namespace sentio::exchange {

class PolygonSocket final : public SocketSession, public DataListener {
 public:
  PolygonSocket(Exchange& exchange, Peer& peer) : exchange_(&exchange), peer_(&peer) { exchange.add(this); }
  ~PolygonSocket() override { exchange_->remove(this); }
  PolygonSocket(const PolygonSocket&) = delete;
  PolygonSocket& operator=(const PolygonSocket&) = delete;

  void opened() override;
  void received(std::string_view payload, bool binary) override;
  void deliver(std::span<const DataItem> items, bool one_by_one) override;
  [[nodiscard]] bool authenticated() const override { return authenticated_ && !gone_; }
  [[nodiscard]] int bars_sent(TimePoint start) const override;
  void drop() override;

 private:
  void authenticate(const std::string& key);
  void subscribe(const std::string& topics, bool add);
  void send_status(const char* status, const std::string& text);
  [[nodiscard]] bool subscribed(const DataItem& item) const;

  Exchange* exchange_;
  Peer* peer_;
  bool authenticated_ = false, gone_ = false;
  std::set<std::string, std::less<>> topics_;  ///< "AM.SPY", "Q.*"
  TimePoint minute_{};
  std::set<SymbolId> sent_;
};

}  // namespace sentio::exchange
