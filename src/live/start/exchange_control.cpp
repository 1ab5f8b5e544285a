#include "sentio/live/exchange_control.h"

#include <nlohmann/json.hpp>

namespace sentio {
namespace {

using std::chrono::seconds;
using Wall = std::chrono::steady_clock;

constexpr seconds kAnswerMax{30};

/// Members of one message. Absent ones take their default; one of another type, or beyond its range, makes the
/// whole message a malformed one.
class Told {
 public:
  explicit Told(const nlohmann::json& message) : message_(message) {}

  std::string text(const char* key) {
    const auto* found = find(key);
    if (found == nullptr) return {};
    if (!found->is_string()) return note(key), std::string();
    return found->get<std::string>();
  }
  std::int64_t whole(const char* key, std::int64_t absent, std::int64_t least, std::int64_t most) {
    const auto* found = find(key);
    if (found == nullptr) return absent;
    const bool sound = found->is_number_integer() && *found >= least && *found <= most;
    return sound ? found->get<std::int64_t>() : (note(key), absent);
  }
  bool flag(const char* key, bool absent) {
    const auto* found = find(key);
    if (found == nullptr) return absent;
    return found->is_boolean() ? found->get<bool>() : (note(key), absent);
  }
  double not_negative(const char* key) {
    const auto* found = find(key);
    if (found == nullptr) return 0;
    const bool sound = found->is_number() && *found >= 0;
    return sound ? found->get<double>() : (note(key), 0);
  }
  template <class T>
  T parsed(const char* key, Result<T> (*parse)(std::string_view)) {
    const auto value = parse(text(key));
    return value ? *value : (note(key), T{});
  }
  [[nodiscard]] Result<> result() const {
    if (wrong_.empty()) return {};
    return fail(Errc::malformed, "control", "\"" + wrong_ + "\" is not what it must be");
  }

 private:
  const nlohmann::json* find(const char* key) const {
    const auto found = message_.find(key);
    return found == message_.end() ? nullptr : &*found;
  }
  void note(const char* key) {
    if (wrong_.empty()) wrong_ = key;
  }
  const nlohmann::json& message_;
  std::string wrong_;
};

ExchangeTold told_by(Told& told, std::string type) {
  constexpr std::int64_t kCountMax = std::int64_t{1} << 53, kSocketsMax = 1'000'000, kMinuteMax = 24 * 60;
  ExchangeTold out{.type = std::move(type), .now = told.parsed("now", parse_timestamp)};
  out.updates = static_cast<std::uint64_t>(told.whole("events", 0, 0, kCountMax));
  out.items = static_cast<std::uint64_t>(told.whole("items", 0, 0, kCountMax));
  out.data_sockets = static_cast<int>(told.whole("data", 0, 0, kSocketsMax));
  out.streams = static_cast<int>(told.whole("streams", 0, 0, kSocketsMax));
  out.minute = static_cast<int>(told.whole("minute", -1, -1, kMinuteMax));
  if (out.type != "hello") return out;
  out.date = told.parsed("date", parse_date);
  out.last_minute = static_cast<int>(told.whole("last", -1, -1, kMinuteMax));
  out.lock_step = told.flag("lock_step", true);
  out.speed = told.not_negative("speed");
  return out;
}

}  // namespace

Result<ExchangeTold> parse_exchange_told(std::string_view frame) {
  const auto message = nlohmann::json::parse(frame, nullptr, false);
  if (!message.is_object()) return fail(Errc::malformed, "control", "not a JSON object");
  Told told(message);
  std::string type = told.text("type");
  if (type == "error") return fail(Errc::internal, "control", told.text("message"));
  ExchangeTold out = type == "ok" ? ExchangeTold{.type = "ok"} : told_by(told, std::move(type));
  if (auto sound = told.result(); !sound) return tl::unexpected(sound.error());
  return out;
}

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
    auto told = parse_exchange_told(message->data);
    if (!told || told->type != "ok") return told;
  }
  return fail(Errc::timed_out, "control", "the exchange does not answer");
}

}  // namespace sentio
