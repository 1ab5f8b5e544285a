#pragma once
/// The two sides of one WebSocket: what a protocol needs of the wire, what the wire needs of a protocol.

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace sentio::exchange {

/// After a refusal the real services say why and close a moment later.
inline constexpr std::chrono::milliseconds kCloseAfterError{1000};

/// The wire. Calls queue and return; frames leave in order.
class Peer {
 public:
  virtual ~Peer() = default;
  virtual void send(std::string payload, bool binary) = 0;
  virtual void close() = 0;  ///< after what is queued: a close frame
  virtual void drop() = 0;   ///< after what is queued: the TCP connection ends without a word
  /// Runs `action` later unless the connection has ended by then.
  virtual void later(std::chrono::milliseconds wall, std::function<void()> action) = 0;
};

/// The protocol. Lives as long as the connection; destroyed with it.
class SocketSession {
 public:
  virtual ~SocketSession() = default;
  virtual void opened() = 0;
  virtual void received(std::string_view payload, bool binary) = 0;
  virtual void said_goodbye() {}  ///< the client ended it with a close frame
};

}  // namespace sentio::exchange
