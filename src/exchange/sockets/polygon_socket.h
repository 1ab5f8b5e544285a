#pragma once
/// Polygon's stocks socket: /stocks and /polygon/stocks with AM and Q.

#include <set>

#include "sockets/bar_socket.h"

namespace sentio::exchange {

class PolygonSocket final : public BarSocket {
 public:
  PolygonSocket(Exchange& exchange, Peer& peer) : BarSocket(exchange, peer) {}

  void opened() override;
  void received(std::string_view payload, bool binary) override;

 private:
  void authenticate(const std::string& key);
  void subscribe(const std::string& topics, bool add);
  void send_status(const char* status, const std::string& text);
  [[nodiscard]] bool subscribed(const DataItem& item) const;
  [[nodiscard]] std::optional<Json> shown(const DataItem& item) const override;
  void send(Json messages) override { peer_->send(messages.dump(), false); }

  std::set<std::string, std::less<>> topics_;  ///< "AM.SPY", "Q.*"
};

}  // namespace sentio::exchange
