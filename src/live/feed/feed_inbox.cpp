#include "feed/feed_inbox.h"

#include "sentio/core/text/json_line.h"

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

std::string describe(const FeedBar& bar, const std::string& symbol) {
  std::string text = symbol + " " + format_new_york(bar.bar.start) + (bar.revised ? " revised" : "");
  for (const double v : {bar.bar.open, bar.bar.high, bar.bar.low, bar.bar.close, bar.bar.volume}) {
    text += " ";
    append_number(text, v);
  }
  return text;
}

}  // namespace sentio
