#include "sentio/runtime/feed_inbox.h"

namespace sentio {

void FeedInbox::hear(std::vector<FeedEvent> events) {
  for (FeedEvent& event : events) {
    const auto* bar = std::get_if<FeedBar>(&event);
    const bool other = std::holds_alternative<FeedHalt>(event) || std::holds_alternative<FeedQuote>(event);
    if ((bar != nullptr && !bar->backfill) || other) ++items_;
    if (std::holds_alternative<FeedUp>(event)) up_ = true;
    if (std::holds_alternative<FeedDown>(event) || std::holds_alternative<FeedLost>(event)) up_ = false;
    events_.push_back(std::move(event));
  }
}

}  // namespace sentio
