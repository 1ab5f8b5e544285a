#include "sockets/stream_socket.h"

namespace sentio::exchange {

namespace {


Json authorization(const char* status, const std::string& action) {
  return Json{{"stream", "authorization"}, {"data", Json{{"status", status}, {"action", action}}}};
}

}  // namespace

StreamSocket::~StreamSocket() {
  exchange_->remove(this);
  if (authorized_ && !gone_ && !goodbye_) exchange_->lost_socket("/stream");
}

void StreamSocket::received(std::string_view payload, bool) {
  const Json message = Json::parse(payload, nullptr, false);
  const std::string action = fields::text(message, "action");
  if (action == "authenticate" || action == "auth") return authenticate(message, action);
  if (action == "listen") return listen(message);
  send(Json{{"action", "error"}, {"data", Json{{"error_message", "invalid message"}}}});
}

void StreamSocket::authenticate(const Json& message, const std::string& action) {
  const bool nested = message.contains("data");
  const std::string key = nested ? fields::text(message["data"], "key_id") : fields::text(message, "key");
  const std::string secret = nested ? fields::text(message["data"], "secret_key") : fields::text(message, "secret");
  const bool failed =
      exchange_->faults().take_for_socket(FaultKind::auth_failed, exchange_->now(), "stream").has_value();
  if (!failed && exchange_->credentials_match(key, secret)) {
    authorized_ = true;
    return send(authorization("authorized", action));
  }
  send(authorization("unauthorized", action));
  peer_->later(kCloseAfterError, [this] { peer_->close(); });
}

void StreamSocket::listen(const Json& message) {
  if (!authorized_) {
    send(authorization("unauthorized", "listen"));
    return peer_->later(kCloseAfterError, [this] { peer_->close(); });
  }
  listening_ = false;
  const auto data = message.find("data");
  if (data != message.end() && data->is_object() && data->contains("streams")) {
    for (const Json& stream : (*data)["streams"]) listening_ = listening_ || stream == "trade_updates";
  }
  Json streams = Json::array();
  if (listening_) streams.push_back("trade_updates");
  send(Json{{"stream", "listening"}, {"data", Json{{"streams", std::move(streams)}}}});
}

bool StreamSocket::deliver(const std::string& frame) {
  if (!listening_ || gone_) return false;
  peer_->send(frame, true);
  return true;
}

void StreamSocket::drop() {
  if (authorized_ && !gone_) exchange_->lost_socket("/stream");
  gone_ = true;
  peer_->drop();
}

}  // namespace sentio::exchange
