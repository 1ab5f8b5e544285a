#pragma once
/// Alpaca's trading socket: /stream with trade_updates.

#include "book/exchange.h"
#include "wire/json_wire.h"

namespace sentio::exchange {

/// The client speaks first. Replies are JSON in binary frames, as the paper endpoint sends them. No replay:
/// what happens while nobody listens is lost.
class StreamSocket final : public SocketSession, public UpdateListener {
 public:
  StreamSocket(Exchange& exchange, Peer& peer) : exchange_(&exchange), peer_(&peer) { exchange.add(this); }
  ~StreamSocket() override;
  StreamSocket(const StreamSocket&) = delete;
  StreamSocket& operator=(const StreamSocket&) = delete;

  void opened() override {}
  void received(std::string_view payload, bool binary) override;
  void said_goodbye() override { goodbye_ = true; }
  bool deliver(const std::string& frame) override;
  [[nodiscard]] bool listening() const override { return listening_ && !gone_; }
  void drop() override;

 private:
  void authenticate(const Json& message, const std::string& action);
  void listen(const Json& message);
  void send(const Json& message) { peer_->send(message.dump(), true); }

  Exchange* exchange_;
  Peer* peer_;
  bool authorized_ = false, listening_ = false, gone_ = false, goodbye_ = false;
};

}  // namespace sentio::exchange
