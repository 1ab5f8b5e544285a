#include "sockets/data_socket.h"

#include <algorithm>
#include <array>

#include "sentio/exchange/msgpack_wire.h"
#include "wire/data_wire.h"

namespace sentio::exchange {

namespace {

constexpr std::array<const char*, 10> kChannels{"trades",       "quotes",    "bars",  "updatedBars",
                                                "dailyBars",    "statuses",  "lulds", "corrections",
                                                "cancelErrors", "imbalances"};
constexpr std::size_t kListedChannels = 9;  // imbalances are listed only when asked for

const char* channel_of(DataKind kind) {
  switch (kind) {
    case DataKind::bar:
      return "bars";
    case DataKind::updated_bar:
      return "updatedBars";
    case DataKind::daily_bar:
      return "dailyBars";
    case DataKind::quote:
      return "quotes";
    case DataKind::status:
      return "statuses";
  }
  return "";
}

}  // namespace

DataSocket::DataSocket(Exchange& exchange, Peer& peer, const HttpRequest& handshake)
    : BarSocket(exchange, peer),
      endpoint_(handshake.path),
      header_key_(handshake.header("apca-api-key-id")),
      header_secret_(handshake.header("apca-api-secret-key")),
      msgpack_(handshake.header("content-type") == "application/msgpack") {}

DataSocket::~DataSocket() {
  if (authenticated_ && !gone_ && !goodbye_) exchange_->lost_socket(endpoint_);
}

void DataSocket::opened() {
  send(Json::array({Json{{"T", "success"}, {"msg", "connected"}}}));
  if (!header_key_.empty()) authenticate(header_key_, header_secret_);
  peer_->later(exchange_->options().auth_timeout, [this] {
    if (authenticated_) return;
    send_error(404, "auth timeout");
    peer_->close();
  });
}

void DataSocket::received(std::string_view payload, bool binary) {
  const Json message = msgpack_ ? from_msgpack(payload) : Json::parse(payload, nullptr, false);
  if (binary != msgpack_ || !message.is_object()) return send_error(400, "invalid syntax");
  const std::string action = fields::text(message, "action");
  if (action == "auth") return authenticate(fields::text(message, "key"), fields::text(message, "secret"));
  if (action != "subscribe" && action != "unsubscribe") return send_error(400, "invalid syntax");
  if (!authenticated_) return send_error(401, "not authenticated");
  subscribe(message, action == "subscribe");
}

void DataSocket::authenticate(const std::string& key, const std::string& secret) {
  if (authenticated_) return send_error(403, "already authenticated");
  const bool failed =
      exchange_->faults().take_for_socket(FaultKind::auth_failed, exchange_->now(), "data").has_value();
  if (failed || !exchange_->credentials_match(key, secret)) {
    send_error(402, "auth failed");
    return peer_->later(kCloseAfterError, [this] { peer_->close(); });
  }
  bool limited = exchange_->faults().take(FaultKind::data_connection_limit, exchange_->now()).has_value();
  limited = limited || exchange_->place_lingers(endpoint_);
  if (exchange_->options().one_data_connection) {
    for (const DataListener* other : exchange_->data_listeners()) {
      const auto* socket = dynamic_cast<const DataSocket*>(other);
      limited = limited || (socket != nullptr && socket->authenticated() && socket->endpoint() == endpoint_);
    }
  }
  // The socket stays: clients are told to try again on it.
  if (limited) return send_error(406, "connection limit exceeded");
  authenticated_ = true;
  send(Json::array({Json{{"T", "success"}, {"msg", "authenticated"}}}));
}

/// All of it or nothing: after an error the subscriptions are what they were.
void DataSocket::subscribe(const Json& message, bool add) {
  Channels wanted = channels_;
  for (const auto& [key, symbols] : message.items()) {
    if (key == "action" || symbols.is_null() || (symbols.is_array() && symbols.empty())) continue;
    if (std::find(kChannels.begin(), kChannels.end(), key) == kChannels.end()) {
      return send_error(410, "invalid subscribe action for this feed");
    }
    if (!symbols.is_array()) return send_error(400, "invalid syntax");
    if (add && exchange_->faults().take_for_socket(FaultKind::no_channel, exchange_->now(), key)) {
      return send_error(410, "invalid subscribe action for this feed");
    }
    for (const Json& symbol : symbols) {
      if (!symbol.is_string()) return send_error(400, "invalid syntax");
      auto& channel = wanted[key];
      if (add)
        channel.insert(symbol.get<std::string>());
      else
        channel.erase(symbol.get<std::string>());
    }
  }
  std::size_t entries = 0;
  for (const auto& [name, symbols] : wanted) entries += symbols.size();
  if (add && exchange_->faults().beyond_limit(exchange_->now(), entries)) {
    return send_error(405, "symbol limit exceeded");
  }
  channels_ = std::move(wanted);
  Json reply{{"T", "subscription"}};
  for (std::size_t i = 0; i < kChannels.size(); ++i) {
    const auto found = channels_.find(kChannels[i]);
    if (i >= kListedChannels && found == channels_.end()) continue;
    reply[kChannels[i]] = found == channels_.end() ? Json::array() : Json(found->second);
  }
  send(Json::array({std::move(reply)}));
}

bool DataSocket::subscribed(const DataItem& item) const {
  const auto found = channels_.find(channel_of(item.kind));
  if (found == channels_.end()) return false;
  return found->second.contains("*") || found->second.contains(exchange_->universe()[item.symbol].name);
}

std::optional<Json> DataSocket::shown(const DataItem& item) const {
  if (!subscribed(item)) return std::nullopt;
  const auto on_tape = endpoint_ == "/v2/iex" ? exchange_->on_iex(item) : std::optional(item);
  if (!on_tape) return std::nullopt;
  return alpaca_item(*on_tape, exchange_->universe());
}

void DataSocket::drop() {
  if (authenticated()) exchange_->lost_socket(endpoint_);
  BarSocket::drop();
}

void DataSocket::send(Json messages) {
  if (msgpack_)
    peer_->send(to_msgpack(std::move(messages)), true);
  else
    peer_->send(messages.dump(), false);
}

void DataSocket::send_error(int code, const char* text) {
  send(Json::array({Json{{"T", "error"}, {"code", code}, {"msg", text}}}));
}

}  // namespace sentio::exchange
