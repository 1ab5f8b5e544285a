#pragma once
/// What a live feed said and the day has not taken in yet.

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "sentio/feeds/live_feed.h"

namespace sentio {

/// "TQQQ 2025-07-03T09:35:00-04:00 revised 80.1 80.2 80 80.15 12000".
[[nodiscard]] std::string describe(const FeedBar& bar, const std::string& symbol);

class FeedInbox {
 public:
  void hear(std::vector<FeedEvent> events);
  /// Everything unheard, in order.
  [[nodiscard]] std::vector<FeedEvent> take() { return std::exchange(events_, {}); }
  /// Bars, halts and quotes that came over the socket so far; back-fill does not.
  [[nodiscard]] std::uint64_t items() const { return items_; }
  /// The feed is subscribed and back-filled.
  [[nodiscard]] bool up() const { return up_; }

 private:
  std::vector<FeedEvent> events_;
  std::uint64_t items_ = 0;
  bool up_ = false;
};

}  // namespace sentio
