#include "sockets/control_socket.h"

#include "wire/json_wire.h"

namespace sentio::exchange {

void ControlSocket::opened() {
  exchange_->sync();
  exchange_->add(this);
  peer_->send(exchange_->hello(), false);
  const std::string pending = exchange_->pending_announcement();
  if (!pending.empty()) peer_->send(pending, false);
}

void ControlSocket::received(std::string_view payload, bool) {
  const Json message = Json::parse(payload, nullptr, false);
  const auto text = [&message](const char* key) {
    const auto found = message.find(key);
    return found != message.end() && found->is_string() ? found->get<std::string>() : std::string();
  };
  if (!message.is_object()) return report(fail(Errc::malformed, "control", "not a JSON object"));
  const std::string type = text("type");
  if (type == "ack") {
    const auto minute = message.find("minute");
    if (minute == message.end() || !minute->is_number_integer()) {
      return report(fail(Errc::malformed, "ack", "\"minute\" is missing"));
    }
    if (auto done = exchange_->acknowledge(minute->get<int>()); !done) report(done);
    return;
  }
  if (type == "advance") {
    const auto to = parse_timestamp(text("to"));
    if (!to) return report(tl::unexpected(to.error()));
    if (auto done = exchange_->advance(*to); !done) return report(done);
    return peer_->send(exchange_->time_line("time"), false);
  }
  if (type == "fault") {
    exchange_->sync();
    const auto fault = parse_fault(text("line"));
    return report(fault ? exchange_->inject(*fault) : Result<>(tl::unexpected(fault.error())));
  }
  report(fail(Errc::malformed, "control", "unknown type \"" + type + "\""));
}

void ControlSocket::report(const Result<>& result) {
  if (result) return peer_->send(Json{{"type", "ok"}}.dump(), false);
  peer_->send(Json{{"type", "error"}, {"message", result.error().message()}}.dump(), false);
}

}  // namespace sentio::exchange
