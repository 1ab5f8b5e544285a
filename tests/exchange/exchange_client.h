#pragma once
/// Plain clients for protocol tests: one keep-alive HTTP connection, one WebSocket.

#include <chrono>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

namespace sentio::testing {

using Headers = std::map<std::string, std::string>;

inline const Headers kKeys{{"APCA-API-KEY-ID", "exchange-key"}, {"APCA-API-SECRET-KEY", "exchange-secret"}};

struct RestReply {
  int status = 0;  ///< 0: the connection ended without a reply
  std::string body;
  Headers headers;  ///< names as sent
  [[nodiscard]] nlohmann::json json() const { return nlohmann::json::parse(body, nullptr, false); }
};

class RestClient {
 public:
  explicit RestClient(int port);
  ~RestClient();
  RestReply call(const std::string& method, const std::string& target, const std::string& body = "",
                 const Headers& headers = kKeys);
  RestReply get(const std::string& target) { return call("GET", target); }
  RestReply post(const std::string& target, const nlohmann::json& body) {
    return call("POST", target, body.dump());
  }
  /// A market order as our own client writes it.
  RestReply order(const std::string& symbol, const std::string& side, int qty,
                  const std::string& client_id = "");

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// The status that a WebSocket's handshake is answered: 101 when it is let in.
int upgrade_status(int port, const std::string& path);

/// A GET that may stay without an answer.
class HangingCall {
 public:
  HangingCall(int port, const std::string& target);
  ~HangingCall();
  /// Whether a byte, or the connection's end, has come by then.
  bool answered(std::chrono::milliseconds patience);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

class SocketClient {
 public:
  SocketClient(int port, const std::string& path, const Headers& headers = {});
  ~SocketClient();
  void send(const nlohmann::json& message) { send_text(message.dump()); }
  void send_text(const std::string& text);
  void close();  ///< with a close frame, answered
  void send_binary(const std::string& bytes);
  /// As websockets does: parts without FIN, then an empty continuation with FIN.
  void send_fragments(const std::vector<std::string>& parts);
  struct Frame {
    std::string payload;
    bool binary = false;
    bool closed = false;  ///< the connection ended
    [[nodiscard]] nlohmann::json json() const { return nlohmann::json::parse(payload, nullptr, false); }
  };
  /// The next frame, or nullopt when none comes in time.
  std::optional<Frame> read(std::chrono::milliseconds patience = std::chrono::seconds{60});
  /// The next frame as JSON; null when none comes.
  nlohmann::json read_json();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// Connects, authenticates and listens.
std::unique_ptr<SocketClient> open_stream(int port);
/// Connects to /v2/iex in JSON, authenticates and subscribes.
std::unique_ptr<SocketClient> open_data(int port, const nlohmann::json& channels);

}  // namespace sentio::testing
