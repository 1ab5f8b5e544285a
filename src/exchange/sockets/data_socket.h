#pragma once
/// Alpaca's stock data socket: /v2/iex, /v2/sip, /v2/test.

#include <map>
#include <set>

#include "sockets/bar_socket.h"
#include "wire/http_types.h"

namespace sentio::exchange {

/// JSON text frames, or msgpack binary frames when the handshake says Content-Type: application/msgpack.
class DataSocket final : public BarSocket {
 public:
  DataSocket(Exchange& exchange, Peer& peer, const HttpRequest& handshake);
  ~DataSocket() override;
  void opened() override;
  void received(std::string_view payload, bool binary) override;
  void said_goodbye() override { goodbye_ = true; }
  void drop() override;
  [[nodiscard]] const std::string& endpoint() const { return endpoint_; }

 private:
  void authenticate(const std::string& key, const std::string& secret);
  void subscribe(const Json& message, bool add);
  void send_error(int code, const char* text);
  [[nodiscard]] bool subscribed(const DataItem& item) const;
  [[nodiscard]] std::optional<Json> shown(const DataItem& item) const override;
  void send(Json messages) override;

  std::string endpoint_, header_key_, header_secret_;
  bool msgpack_;
  bool goodbye_ = false;
  using Channels = std::map<std::string, std::set<std::string, std::less<>>, std::less<>>;
  Channels channels_;
};

}  // namespace sentio::exchange
