#pragma once
/// The /stream socket on a thread of its own: connects, authorizes, listens, comes back.

#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

#include "sentio/broker/alpaca_types.h"
#include "sentio/core/error.h"
#include "sentio/net/reconnect.h"
#include "sentio/net/timeline.h"
#include "sentio/net/websocket_client.h"

namespace sentio {

struct TradeStreamOptions {
  std::string url, key_id, secret_key;
  WsOptions socket;
  ReconnectOptions reconnect;
};

/// Callbacks run on the stream's thread.
struct TradeStreamCallbacks {
  std::function<void(const TradeUpdate&)> update;
  std::function<void()> up;                      ///< listening: everything missed has to be read over REST
  std::function<void(const std::string&)> down;  ///< after up(), once
  /// A try failed and is repeated, with pauses that grow to a minute once it has worked.
  std::function<void(const Error&, ConnectionEnd)> failed;
  /// It has never worked and looks hopeless; told once, and tried every minute all the same.
  std::function<void(const Error&)> lost;
  std::function<void(const std::string&)> note;
};

class TradeStream {
 public:
  TradeStream(TradeStreamOptions options, TradeStreamCallbacks callbacks, Timeline time);
  ~TradeStream();
  TradeStream(const TradeStream&) = delete;
  TradeStream& operator=(const TradeStream&) = delete;
  void start();

 private:
  struct End {
    ConnectionEnd kind = ConnectionEnd::lost;
    Error error;
  };
  void run();
  [[nodiscard]] End connection(ReconnectState& reconnect);
  [[nodiscard]] std::optional<End> on(const WsMessage& message);
  [[nodiscard]] bool stopping();

  TradeStreamOptions options_;
  TradeStreamCallbacks callbacks_;
  Timeline time_;
  WebSocketClient socket_;
  bool listening_ = false, lost_ = false;
  Timeline::Due due_;  ///< while not listening: connecting now, or again at a time
  std::mutex mutex_;
  std::condition_variable changed_;
  bool stop_ = false;
  std::thread thread_;
};

}  // namespace sentio
