#pragma once
/// A scripted server on 127.0.0.1: the test says what happens on each connection.

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "test_certificates.h"

namespace sentio::test {

struct ReceivedRequest {
  std::string method;
  std::string target;
  std::vector<std::pair<std::string, std::string>> headers;  // names in lower case
  std::string body;
  std::string head;                                               // as it came
  [[nodiscard]] std::string header(std::string_view name) const;  // "" if absent
};

struct WsFrame {
  bool binary = false;
  std::string data;
};

/// One accepted connection, used by its own thread. Reads return none, writes false, once the client has gone
/// or the server stops.
class Peer {
 public:
  virtual ~Peer() = default;
  virtual std::optional<ReceivedRequest> read_request() = 0;
  virtual bool write(std::string_view bytes) = 0;
  /// Reads and forgets until the client goes: a server that is there and says nothing.
  virtual void stay_mute() = 0;
  virtual void reset() = 0;  // RST
  [[nodiscard]] virtual std::size_t bytes_read() const = 0;

  /// Answers an upgrade that read_request() returned.
  virtual bool accept_websocket(const ReceivedRequest& upgrade) = 0;
  virtual std::optional<WsFrame> ws_read() = 0;  // answers pings and close frames by the way
  virtual bool ws_write(std::string_view data, bool binary) = 0;
  virtual bool ws_write_fragments(const std::vector<std::string>& parts) = 0;
  virtual void ws_close(std::uint16_t code, std::string_view reason) = 0;
  [[nodiscard]] virtual std::uint16_t ws_close_code() const = 0;  // the client's

  bool reply(int status, std::string_view body, std::string_view headers = {});
  /// read_request() and accept_websocket().
  bool accept_websocket();
};

class LoopbackServer {
 public:
  using Script = std::function<void(Peer&)>;
  explicit LoopbackServer(Script script, std::optional<Certificate> tls = std::nullopt);
  ~LoopbackServer();  // cuts every connection and joins
  LoopbackServer(const LoopbackServer&) = delete;
  LoopbackServer& operator=(const LoopbackServer&) = delete;

  [[nodiscard]] int port() const;
  [[nodiscard]] std::string url(std::string_view scheme, std::string_view host = "localhost") const;
  [[nodiscard]] int connections() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// A port on which nobody answers, for as long as this lives.
class DeadPort {
 public:
  enum class Kind {
    refusing,  // RST at once
    silent     // SYN packets are dropped: the queue of waiting connections is full
  };
  explicit DeadPort(Kind kind);
  ~DeadPort();
  DeadPort(const DeadPort&) = delete;
  DeadPort& operator=(const DeadPort&) = delete;
  [[nodiscard]] int port() const { return port_; }

 private:
  std::vector<int> sockets_;
  int port_ = 0;
};

}  // namespace sentio::test
