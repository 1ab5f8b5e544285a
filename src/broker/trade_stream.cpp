#include "trade_stream.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "sentio/broker/alpaca_wire.h"
#include "sentio/log/log.h"

namespace sentio {
namespace {

constexpr std::chrono::milliseconds kTick{100};
constexpr std::chrono::seconds kAnswerMax{10};  // wall time

using Json = nlohmann::json;

std::string authenticate_message(const std::string& key_id, const std::string& secret_key) {
  return Json{{"action", "authenticate"}, {"data", {{"key_id", key_id}, {"secret_key", secret_key}}}}.dump(
      -1, ' ', true, Json::error_handler_t::replace);
}

constexpr const char* kListen = R"({"action":"listen","data":{"streams":["trade_updates"]}})";

}  // namespace

TradeStream::TradeStream(TradeStreamOptions options, TradeStreamCallbacks callbacks, Timeline time)
    : options_(std::move(options)),
      callbacks_(std::move(callbacks)),
      time_(std::move(time)),
      socket_(options_.socket) {}

TradeStream::~TradeStream() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void TradeStream::start() {
  due_ = time_.due(time_.now());
  thread_ = std::thread([this] { run(); });
}

bool TradeStream::stopping() {
  const std::lock_guard lock(mutex_);
  return stop_;
}

void TradeStream::run() {
  const LogThread name("order-stream");
  ReconnectState reconnect(options_.reconnect, std::hash<std::string>{}(options_.url + options_.key_id));
  while (!stopping()) {
    const End end = connection(reconnect);
    due_ = time_.due(time_.now());
    const bool was_listening = std::exchange(listening_, false);
    if (was_listening) callbacks_.down(end.error.message());
    if (stopping()) return;
    log_line(LogLevel::warn, "trade_updates_down", {{"error", end.error.message()}});
    auto next = reconnect.ended(time_.now(), end.kind);
    if (!was_listening && (next || lost_)) callbacks_.failed(end.error, end.kind);
    if (!next) {
      if (!std::exchange(lost_, true)) {
        log_line(LogLevel::error, "trade_updates_given_up", {{"failures", reconnect.failures()}});
        callbacks_.lost(end.error);
      }
      next = time_.now() + options_.reconnect.delay_max;
    }
    log_line(LogLevel::info, "trade_updates_reconnect", {{"failures", reconnect.failures()}, {"wait_ms", *next - time_.now()}});
    due_ = time_.due(*next);
    std::unique_lock lock(mutex_);
    while (!stop_ && time_.now() < *next) time_.wait(lock, changed_, *next);
  }
}

TradeStream::End TradeStream::connection(ReconnectState& reconnect) {
  if (auto started = socket_.connect(options_.url); !started)
    return {ConnectionEnd::hopeless, started.error()};
  const auto give_up_at = std::chrono::steady_clock::now() + options_.socket.open_timeout + kAnswerMax;
  while (!stopping()) {
    if (!listening_ && std::chrono::steady_clock::now() > give_up_at) {
      socket_.close();
      return {ConnectionEnd::lost, {Errc::timed_out, "trade_updates", "no answer to authentication"}};
    }
    auto event = socket_.next(kTick);
    if (!event) continue;
    if (std::holds_alternative<WsOpened>(*event)) {
      reconnect.opened(time_.now());
      // The server sends no greeting: the client speaks first. A failure to send ends the connection by
      // itself.
      (void)socket_.send_text(authenticate_message(options_.key_id, options_.secret_key));
    } else if (const auto* message = std::get_if<WsMessage>(&*event)) {
      const auto end = on(*message);
      if (listening_) reconnect.worked();
      if (end) {
        socket_.close();
        return *end;
      }
    } else if (const auto* closed = std::get_if<WsClosed>(&*event)) {
      return {
          ConnectionEnd::lost,
          {Errc::network, "trade_updates", "closed by the server (" + std::to_string(closed->code) + ")"}};
    } else if (const auto* failed = std::get_if<WsFailed>(&*event)) {
      return {connection_end(failed->http_status), failed->error};
    }
  }
  socket_.close();
  return {ConnectionEnd::lost, {Errc::network, "trade_updates", "shutting down"}};
}

std::optional<TradeStream::End> TradeStream::on(const WsMessage& message) {
  const auto parsed = parse_stream_message(message.data);
  if (!parsed) {
    log_line(LogLevel::warn, "odd_message", {{"error", parsed.error().message()}});
    callbacks_.note(parsed.error().message());
    return std::nullopt;
  }
  if (const auto* update = std::get_if<TradeUpdate>(&*parsed)) {
    callbacks_.update(*update);
  } else if (const auto* authorization = std::get_if<StreamAuthorization>(&*parsed)) {
    if (!authorization->authorized) {
      return End{ConnectionEnd::hopeless,
                 {Errc::unauthorized, "trade_updates", "the server refused the keys"}};
    }
    (void)socket_.send_text(kListen);
  } else if (const auto* listening = std::get_if<StreamListening>(&*parsed)) {
    const auto& names = listening->streams;
    if (std::find(names.begin(), names.end(), "trade_updates") == names.end()) {
      return End{ConnectionEnd::lost, {Errc::rejected, "trade_updates", "the server does not listen"}};
    }
    if (!std::exchange(listening_, true)) {
      log_line(LogLevel::info, "trade_updates_up");
      callbacks_.up();
    }
    lost_ = false;
    due_.reset();
  } else if (const auto* error = std::get_if<StreamError>(&*parsed)) {
    log_line(LogLevel::warn, "trade_updates_error", {{"error", error->message}});
    callbacks_.note("trade_updates: " + error->message);
  }
  return std::nullopt;
}

}  // namespace sentio
