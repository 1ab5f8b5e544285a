#pragma once
/// One WebSocket connection with its thread: all that is known of websocketpp.

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "sentio/core/error.h"
#include "sentio/net/websocket_client.h"
#include "sockets/websocket_inbox.h"

namespace sentio::net {

class WsLink {
 public:
  virtual ~WsLink() = default;  ///< drops the connection and joins the thread
  virtual Result<> send(std::string text) = 0;
  virtual void close(std::uint16_t code, std::string reason) = 0;
  /// The inbox has room again.
  virtual void resume() = 0;
};

/// Starts to connect at once. `inbox` and `options` must outlive the link.
Result<std::unique_ptr<WsLink>> make_link(std::string_view url, const HeaderList& headers,
                                          const WsOptions& options, WsInbox& inbox);

}  // namespace sentio::net
