#pragma once
/// Frames of the Polygon (Massive) stock socket. Pure.

#include <string>
#include <string_view>
#include <vector>

#include "sentio/config/universe.h"
#include "sentio/feeds/feed_event.h"

namespace sentio {

struct PolygonStatus {
  enum class Kind {
    connected,
    auth_success,
    auth_failed,
    auth_timeout,
    success,
    max_connections,
    error,
    other
  };
  Kind kind = Kind::other;
  std::string message;
};

struct PolygonFrame {
  std::vector<FeedEvent> events;  ///< bars, quotes and notes, in the frame's order
  std::vector<PolygonStatus> statuses;
};

/// As parse_alpaca_frame(). A minute that is sent again is told from the first one by the consumer, not here:
/// `revised` is always false.
[[nodiscard]] Result<PolygonFrame> parse_polygon_frame(std::string_view frame, const Universe& universe);

[[nodiscard]] std::string polygon_auth_message(std::string_view key);
/// AM (and Q, if asked) of all symbols of the universe.
[[nodiscard]] std::string polygon_subscribe_message(const Universe& universe, bool quotes);

}  // namespace sentio
