#pragma once
/// Alpaca's stock data socket: /v2/iex, /v2/sip, /v2/test.

#include <map>
#include <set>

#include "book/exchange.h"
#include "wire/http_types.h"
#include "wire/json_wire.h"

namespace sentio::exchange {

/// JSON text frames, or msgpack binary frames when the handshake says Content-Type: application/msgpack.
class DataSocket final : public SocketSession, public DataListener {
 public:
  DataSocket(Exchange& exchange, Peer& peer, const HttpRequest& handshake);
  ~DataSocket() override;
  DataSocket(const DataSocket&) = delete;
  DataSocket& operator=(const DataSocket&) = delete;

  void opened() override;
  void received(std::string_view payload, bool binary) override;
  void said_goodbye() override { goodbye_ = true; }

  void deliver(std::span<const DataItem> items, bool one_by_one) override;
  [[nodiscard]] bool authenticated() const override { return authenticated_ && !gone_; }
  [[nodiscard]] int bars_sent(TimePoint start) const override;
  void drop() override;
  [[nodiscard]] const std::string& endpoint() const { return endpoint_; }

 private:
  void authenticate(const std::string& key, const std::string& secret);
  void subscribe(const Json& message, bool add);
  void send(Json messages);
  void send_error(int code, const char* text);
  [[nodiscard]] bool subscribed(const DataItem& item) const;

  Exchange* exchange_;
  Peer* peer_;
  std::string endpoint_, header_key_, header_secret_;
  bool msgpack_;
  bool authenticated_ = false, gone_ = false, goodbye_ = false;
  using Channels = std::map<std::string, std::set<std::string, std::less<>>, std::less<>>;
  Channels channels_;
  TimePoint minute_{};       ///< the newest minute bars were sent for
  std::set<SymbolId> sent_;  ///< symbols sent for it
};

}  // namespace sentio::exchange
