#pragma once
/// Where a session's raw bars come from.

#include <optional>

#include "sentio/core/event.h"

namespace sentio {

/// Yields a session minute by minute, minutes without a single trade included.
/// Threads  one at a time.
class BarFeedInterface {
 public:
  virtual ~BarFeedInterface() = default;
  /// The next closed minute, ascending from the first one asked for; nullopt after the session's last.
  [[nodiscard]] virtual std::optional<BarsArrived> next() = 0;
};

}  // namespace sentio
