#pragma once
/// The conversation on a market data socket as a pure machine: frames in, events and answers out.

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sentio/config/universe.h"
#include "sentio/feeds/feed_event.h"
#include "sentio/net/reconnect.h"

namespace sentio {

/// What follows from one frame.
struct ProtocolStep {
  std::vector<FeedEvent> events;
  std::vector<std::string> send;  ///< text frames, in order
  bool subscribed = false;        ///< all our symbols are subscribed from here on
  std::optional<std::chrono::nanoseconds>
      authenticate_after;  ///< call authenticate() then, on the same socket
  struct End {
    ConnectionEnd kind = ConnectionEnd::lost;
    Error error;
  };
  std::optional<End> end;  ///< close the connection
};

/// One object per connection.
class FeedProtocol {
 public:
  virtual ~FeedProtocol() = default;
  [[nodiscard]] virtual ProtocolStep received(std::string_view frame) = 0;
  [[nodiscard]] virtual ProtocolStep authenticate() = 0;
  /// The frame that renews the subscription, which the server confirms: a question that needs no new connection.
  [[nodiscard]] virtual std::string question() const = 0;
};

/// Alpaca: greeting → auth → subscribe. 406 (our own dead session may still count) is answered by
/// authenticating again on the same socket with growing pauses for about two minutes; 405 and 410 (more than the plan
/// or the stream has) by subscribing to bars alone.
[[nodiscard]] std::unique_ptr<FeedProtocol> make_alpaca_protocol(const Universe& universe, std::string key_id,
                                                                 std::string secret_key, bool quotes = false);
/// Polygon: greeting → auth → subscribe; subscribed with the first `success`.
[[nodiscard]] std::unique_ptr<FeedProtocol> make_polygon_protocol(const Universe& universe,
                                                                  std::string api_key, bool quotes);

}  // namespace sentio
