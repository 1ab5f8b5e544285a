#include "sockets/polygon_socket.h"

#include "wire/data_wire.h"
#include "wire/http_types.h"

namespace sentio::exchange {

void PolygonSocket::opened() {
  send_status("connected", "Connected Successfully");
  peer_->later(exchange_->options().auth_timeout, [this] {
    if (authenticated_) return;
    send_status("auth_timeout", "No authentication request received.");
    peer_->close();
  });
}

void PolygonSocket::received(std::string_view payload, bool) {
  const Json message = Json::parse(payload, nullptr, false);
  if (!message.is_object()) return send_status("error", "invalid message");
  const std::string action = fields::text(message, "action"), params = fields::text(message, "params");
  if (action == "auth") return authenticate(params);
  if (!authenticated_) return send_status("error", "not authorized");
  if (action == "subscribe" || action == "unsubscribe") return subscribe(params, action == "subscribe");
  send_status("error", "unknown action");
}

void PolygonSocket::authenticate(const std::string& key) {
  const bool failed =
      exchange_->faults().take_for_socket(FaultKind::auth_failed, exchange_->now(), "data").has_value();
  if (failed || !exchange_->polygon_key_matches(key)) {
    send_status("auth_failed", "authentication failed");
    return peer_->later(kCloseAfterError, [this] { peer_->close(); });
  }
  authenticated_ = true;
  send_status("auth_success", "authenticated");
  if (!exchange_->faults().take(FaultKind::data_connection_limit, exchange_->now())) return;
  gone_ = true;  // the real service lets the newcomer in first and ends it afterwards
  send_status("max_connections", "Maximum number of websocket connections exceeded.");
  peer_->close();
}

void PolygonSocket::subscribe(const std::string& topics, bool add) {
  for (const std::string& topic : split(topics, ',')) {
    if (!topic.starts_with("AM.") && !topic.starts_with("Q.")) {
      send_status("error", "not supported: " + topic);
      continue;
    }
    if (add)
      topics_.insert(topic);
    else
      topics_.erase(topic);
    send_status("success", (add ? "subscribed to: " : "unsubscribed to: ") + topic);
  }
}

bool PolygonSocket::subscribed(const DataItem& item) const {
  const bool minute = item.kind == DataKind::bar || item.kind == DataKind::updated_bar;
  if (!minute && item.kind != DataKind::quote) return false;
  const std::string channel = minute ? "AM." : "Q.";
  return topics_.contains(channel + "*") ||
         topics_.contains(channel + exchange_->universe()[item.symbol].name);
}

std::optional<Json> PolygonSocket::shown(const DataItem& item) const {
  if (!subscribed(item)) return std::nullopt;
  return polygon_item(item, exchange_->universe());
}

void PolygonSocket::send_status(const char* status, const std::string& text) {
  send(Json::array({Json{{"ev", "status"}, {"status", status}, {"message", text}}}));
}

}  // namespace sentio::exchange
