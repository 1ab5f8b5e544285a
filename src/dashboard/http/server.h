#pragma once
/// Sockets (private): a page, a snapshot and a stream of changes, to this machine only.

#include <chrono>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>

#include "http/board.h"
#include "sentio/core/error.h"

namespace sentio::dashboard_detail {

struct ServerOptions {
  int port = 0;              ///< of 127.0.0.1; 0: any free one
  int connections_max = 16;  ///< more are told 503
  std::chrono::milliseconds refresh_every{300};
  std::chrono::milliseconds send_every{1000};     ///< at most one event to a reader
  std::chrono::milliseconds keep_alive{15'000};   ///< a reader hears something at least that often
  std::chrono::milliseconds request_max{10'000};  ///< to send a request, also the idle time between two
  std::chrono::milliseconds write_max{10'000};    ///< a reader that takes longer is dropped
  int send_buffer_bytes = 0;                      ///< of the kernel; 0: its own choice
  std::string page;                               ///< HTML
  std::function<void(Board&)> refresh;            ///< renews the board
};

/// One thread: that of run().
class Server {
 public:
  /// Errc::usage: the port is taken or may not be used. Errc::io.
  [[nodiscard]] static Result<std::unique_ptr<Server>> open(ServerOptions options);
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;
  [[nodiscard]] int port() const;
  /// Serves until `stop` is requested, which may come from any thread.
  void run(const std::stop_token& stop);

 private:
  struct Impl;
  explicit Server(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace sentio::dashboard_detail
