/// What counts as an item of the socket, and whether the feed is up.

#include <gtest/gtest.h>

#include "feed/feed_inbox.h"

namespace sentio {
namespace {

TEST(FeedInbox, CountsWhatCameOverTheSocketAndKeepsTheOrder) {
  FeedInbox inbox;
  FeedBar old;
  old.backfill = true;
  inbox.hear({FeedUp{}, FeedBar{}, old, FeedQuote{0, 1, 2, {}}, FeedNote{"a"}});
  inbox.hear({FeedHalt{.symbol = 0, .halted = true, .code = "H", .reason = "T1"}, FeedAlive{}});
  EXPECT_EQ(inbox.items(), 3U);
  EXPECT_TRUE(inbox.up());
  const auto events = inbox.take();
  ASSERT_EQ(events.size(), 7U);
  EXPECT_TRUE(std::holds_alternative<FeedUp>(events.front()));
  EXPECT_TRUE(std::holds_alternative<FeedAlive>(events.back()));
  EXPECT_TRUE(inbox.take().empty());
  EXPECT_EQ(inbox.items(), 3U);
}

TEST(FeedInbox, IsDownAfterACutAndAfterALoss) {
  FeedInbox inbox;
  EXPECT_FALSE(inbox.up());
  for (const FeedEvent& end : std::vector<FeedEvent>{FeedDown{"cut"}, FeedLost{Error{Errc::unauthorized, "feed", "no"}}}) {
    inbox.hear({FeedUp{}});
    EXPECT_TRUE(inbox.up());
    inbox.hear({end});
    EXPECT_FALSE(inbox.up());
  }
}

}  // namespace
}  // namespace sentio
