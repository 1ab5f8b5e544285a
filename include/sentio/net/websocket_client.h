#pragma once
/// WebSocket client with its own network thread and a bounded inbox.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "sentio/core/error.h"
#include "sentio/net/headers.h"

namespace sentio {

struct WsOptions {
  std::chrono::milliseconds open_timeout{10'000};  ///< DNS, TCP, TLS and upgrade; each at most 5 s
  std::chrono::milliseconds close_timeout{2'000};  ///< how long close() lets the server answer
  std::chrono::milliseconds ping_interval{10'000};
  std::chrono::milliseconds pong_timeout{
      20'000};                         ///< silence after a ping; any frame counts as a sign of life
  std::size_t inbox_capacity = 4'096;  ///< messages
  std::size_t message_bytes_max = std::size_t{32} << 20;
  std::string extra_ca_file;        ///< PEM file trusted beside the system's authorities; empty: none
  bool plain_text_allowed = false;  ///< ws:// to hosts other than loopback
};

struct WsOpened {};
struct WsMessage {
  bool binary = false;
  std::string data;
};
/// A close frame came (or, after our own close(), did not come in time: 1006).
struct WsClosed {
  std::uint16_t code = 1005;
  std::string reason;
};
/// Never opened, or broke without a close frame. Errc: unauthorized (upgrade refused with 401 or 403),
/// rejected (another 4xx), timed_out, network.
struct WsFailed {
  Error error;              ///< names the host, never headers or frames
  int http_status = 0;      ///< of a refused upgrade; 0: no HTTP answer
  std::string retry_after;  ///< that header of a refused upgrade; may be empty
  bool was_open = false;
};
using WsEvent = std::variant<WsOpened, WsMessage, WsClosed, WsFailed>;

struct WsCounters {
  std::uint64_t messages_received = 0;
  std::uint64_t pings_sent = 0;
  std::uint64_t reading_stopped = 0;  ///< times the inbox was full
  std::size_t inbox_peak = 0;         ///< messages
};

/// Events of one connection, in order: WsOpened, WsMessage…, then one of WsClosed and WsFailed, which is the
/// last; or WsFailed (WsClosed if close() was called) alone.
///
/// Full inbox  Nothing is ever dropped: reading from the socket stops, TCP holds the sender back, and reading
/// goes
///             on once the inbox is half empty. It may exceed its capacity by what one 16 KiB read held. A
///             server may cut a client that stays slow (Alpaca 407); while reading is stopped no pong is
///             missed.
/// TLS         1.2 or later with SNI; chain and host name are always verified.
/// Threads     all calls from one consumer thread; `on_ready` runs on the network thread after each event was
///             queued: it must only wake somebody up. The destructor and connect() wait for the network
///             thread, which can take as long as a DNS query that is under way.
class WebSocketClient {
 public:
  explicit WebSocketClient(WsOptions options, std::function<void()> on_ready = {});
  ~WebSocketClient();  ///< drops the connection; call close() first to say goodbye
  WebSocketClient(const WebSocketClient&) = delete;
  WebSocketClient& operator=(const WebSocketClient&) = delete;

  /// Starts to connect; the result arrives as an event. An earlier connection is dropped first, with its
  /// events. Errc::usage: a URL that does not parse or is plain text to another machine, a header with a line
  /// break; Errc::io: the authorities do not load.
  [[nodiscard]] Result<> connect(std::string_view url, const HeaderList& headers = {});

  /// Queues a message; Errc::network when the connection is not open. Nobody we talk to wants binary ones.
  [[nodiscard]] Result<> send_text(std::string text);

  /// The next event, or none after `timeout`.
  [[nodiscard]] std::optional<WsEvent> next(std::chrono::milliseconds timeout);

  /// Starts the close handshake; messages that are still on their way are dropped. Ends in WsClosed, or in
  /// WsFailed if the connection was broken before. Without a connection: no effect.
  void close(std::uint16_t code = 1000, std::string_view reason = {});

  [[nodiscard]] WsCounters counters() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace sentio
