#include "sentio/runtime/exchange_control.h"

#include <nlohmann/json.hpp>

namespace sentio {
namespace {

using std::chrono::seconds;
using Wall = std::chrono::steady_clock;

constexpr seconds kAnswerMax{30};

Result<ExchangeTold> told_by(const nlohmann::json& j) {
  ExchangeTold told{.type = j.value("type", "")};
  const auto now = parse_timestamp(j.value("now", ""));
  if (!now) return tl::unexpected(now.error());
  told.now = *now;
  told.updates = j.value("events", std::uint64_t{0});
  told.items = j.value("items", std::uint64_t{0});
  told.data_sockets = j.value("data", 0);
  told.streams = j.value("streams", 0);
  told.minute = j.value("minute", -1);
  if (told.type != "hello") return told;
  const auto date = parse_date(j.value("date", ""));
  if (!date) return tl::unexpected(date.error());
  told.date = *date;
  told.last_minute = j.value("last", -1);
  told.lock_step = j.value("lock_step", true);
  told.speed = j.value("speed", 0.0);
  return told;
}

}  // namespace

Result<ExchangeTold> ExchangeControl::connect(const std::string& url, const std::string& extra_ca_file) {
  WsOptions options;
  options.extra_ca_file = extra_ca_file;
  socket_ = std::make_unique<WebSocketClient>(options);
  if (auto started = socket_->connect(url); !started) return tl::unexpected(started.error());
  auto hello = read();
  if (hello && hello->type != "hello") {
    return fail(Errc::malformed, "control", "no greeting but \"" + hello->type + "\"; is this an exchange-sim?");
  }
  return hello;
}

Result<ExchangeTold> ExchangeControl::acknowledge(int minute) {
  return ask({{"type", "ack"}, {"minute", minute}}, "minute", minute);
}

Result<ExchangeTold> ExchangeControl::advance(TimePoint to) {
  return ask({{"type", "advance"}, {"to", format_utc(to)}}, "time", -1);
}

Result<ExchangeTold> ExchangeControl::ask(const nlohmann::json& message, std::string_view type,
                                          int not_minute) {
  if (auto sent = socket_->send_text(message.dump()); !sent) return tl::unexpected(sent.error());
  for (;;) {
    auto told = read();
    if (!told || told->type == "closed") return told;
    if (told->type == type && (type != "minute" || told->minute != not_minute)) return told;
  }
}

Result<ExchangeTold> ExchangeControl::read() {
  const auto end = Wall::now() + kAnswerMax;
  while (Wall::now() < end) {
    const auto event = socket_->next(seconds{1});
    if (!event || std::holds_alternative<WsOpened>(*event)) continue;
    if (const auto* failed = std::get_if<WsFailed>(&*event)) return tl::unexpected(failed->error);
    const auto* message = std::get_if<WsMessage>(&*event);
    if (message == nullptr) return fail(Errc::network, "control", "the exchange hung up");
    const auto j = nlohmann::json::parse(message->data, nullptr, false);
    if (!j.is_object()) return fail(Errc::malformed, "control", "not a JSON object");
    if (j.value("type", "") == "ok") continue;
    if (j.value("type", "") == "error") return fail(Errc::internal, "control", j.value("message", ""));
    return told_by(j);
  }
  return fail(Errc::timed_out, "control", "the exchange does not answer");
}

}  // namespace sentio
