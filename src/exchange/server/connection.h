#pragma once
/// Sockets: accepts connections on loopback and moves bytes. Knows HTTP and WebSocket, nothing of the
/// exchange.

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "book/peer.h"
#include "sentio/core/error.h"
#include "wire/http_types.h"

namespace sentio::exchange {

/// What is served. Called on the loop's thread only.
struct Service {
  std::function<HttpReply(const HttpRequest&)> http;
  /// What a WebSocket's handshake is answered instead of being let in; nullopt: it may come in.
  std::function<std::optional<HttpReply>(const HttpRequest&)> refuse;
  /// The protocol of a WebSocket path; nullptr = no such path.
  std::function<std::unique_ptr<SocketSession>(const HttpRequest&, Peer&)> socket;
  /// Work on a timer: does what is due and says when it wants to be called again.
  std::function<std::optional<std::chrono::steady_clock::time_point>()> tick;
};

struct LoopOptions {
  int port = 0;
  std::string certificate_file, key_file;  ///< both empty: plain
  int connections_max = 512;               ///< more are closed at once
};

/// One thread, one acceptor. run_on_loop() may be called from any thread, the rest from the owner's.
class NetworkLoop {
 public:
  NetworkLoop(LoopOptions options, Service service);
  ~NetworkLoop();
  NetworkLoop(const NetworkLoop&) = delete;
  NetworkLoop& operator=(const NetworkLoop&) = delete;
  [[nodiscard]] Result<int> start();  ///< the port
  bool stop();                        ///< false: it did not run
  /// Runs `action` on the loop and waits for it; false when the loop does not run.
  bool run_on_loop(const std::function<void()>& action);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace sentio::exchange
