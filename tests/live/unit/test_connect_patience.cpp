/// How long a start waits for a connection, and what it says when it waits no longer.

#include <gtest/gtest.h>

#include "run/connect_patience.h"

namespace sentio {
namespace {

using std::chrono::hours;
using std::chrono::seconds;
using Kind = BrokerNotice::Kind;

bool over_after(const ConnectPatience& patience, seconds waited, bool before_open = false) {
  return patience.over(waited, waited, before_open);
}

TEST(ConnectPatience, ANetworkGetsHalfAMinute) {
  ConnectPatience patience("market data", true);
  EXPECT_FALSE(over_after(patience, seconds{30}));
  EXPECT_TRUE(over_after(patience, seconds{31}));
  EXPECT_TRUE(over_after(patience, seconds{31}, true)) << "before the open as well";
  EXPECT_EQ(patience.error(seconds{30}).message(), "market data: no connection within 30 s; is the network up?");
}

TEST(ConnectPatience, ACrowdGetsAsLongAsADeadSessionLasts) {
  ConnectPatience patience("market data", true);
  EXPECT_EQ(patience.crowd_news(), std::nullopt);
  patience.hear(FeedTrouble{"alpaca data: 406 connection limit exceeded", ConnectionEnd::crowded});
  patience.hear(FeedNote{"a bar that does not read"});
  ASSERT_TRUE(patience.crowd_news());
  EXPECT_EQ(patience.crowd_news(), std::nullopt) << "said once";
  EXPECT_FALSE(over_after(patience, seconds{180}));
  EXPECT_TRUE(over_after(patience, seconds{181}));
  EXPECT_FALSE(over_after(patience, hours{2}, true)) << "until the open";
}

TEST(ConnectPatience, WithAnotherVendorToTurnToTheOpenIsNotWaitedFor) {
  ConnectPatience patience("market data", true, false);
  patience.hear(FeedTrouble{"connection failed: HTTP 429", ConnectionEnd::crowded});
  EXPECT_FALSE(over_after(patience, seconds{180}, true));
  EXPECT_TRUE(over_after(patience, seconds{181}, true));
}

TEST(ConnectPatience, TheLastAnswerCounts) {
  ConnectPatience patience("market data", true);
  patience.hear(FeedTrouble{"alpaca data: 406 connection limit exceeded", ConnectionEnd::crowded});
  patience.hear(FeedTrouble{"connection failed: the server refused the WebSocket with HTTP 502"});
  EXPECT_TRUE(over_after(patience, seconds{31}));
  EXPECT_EQ(patience.error(seconds{31}).detail,
            "no connection within 31 s; heard last: connection failed: the server refused the WebSocket with HTTP 502");
}

TEST(ConnectPatience, WhereTimeStandsStillOrSharesAreHeldACrowdIsNotWaitedOut) {
  ConnectPatience patience("market data", false);
  patience.hear(FeedTrouble{"406", ConnectionEnd::crowded});
  EXPECT_EQ(patience.crowd_news(), std::nullopt);
  EXPECT_TRUE(patience.over(seconds{31}, seconds{0}, true));
}

TEST(ConnectPatience, AServersClockCountsForACrowd) {
  ConnectPatience patience("market data", true);
  patience.hear(FeedTrouble{"406", ConnectionEnd::crowded});
  EXPECT_FALSE(patience.over(seconds{31}, seconds{100}, false));
  EXPECT_TRUE(patience.over(seconds{31}, seconds{31 * 60}, false)) << "sixty times real time";
}

TEST(ConnectPatience, AStreamThatIsRefusedIsFinalAndOneWithoutAPlaceIsNot) {
  ConnectPatience patience("trade_updates", true);
  patience.hear({.kind = Kind::stream_crowded, .client_order_id = {}, .symbol = {}, .text = "order events: HTTP 429"});
  EXPECT_FALSE(over_after(patience, seconds{180}));
  EXPECT_EQ(patience.error(seconds{181}).detail, "no connection within 181 s; heard last: order events: HTTP 429");
  EXPECT_EQ(patience.lost(), std::nullopt);
  patience.hear({.kind = Kind::unauthorized, .client_order_id = {}, .symbol = {}, .text = "/v2/clock: 401"});
  EXPECT_EQ(patience.lost(), std::nullopt) << "a stray refusal of something else";
  patience.hear({.kind = Kind::stream_lost, .client_order_id = {}, .symbol = {}, .text = "refused; check the API keys"});
  ASSERT_TRUE(patience.lost());
  EXPECT_EQ(patience.lost()->message(), "trade_updates: refused; check the API keys");
  EXPECT_EQ(patience.lost()->code, Errc::unauthorized);
}

TEST(ConnectPatience, LostMarketDataSaysWhatToDo) {
  ConnectPatience patience("market data", true);
  patience.hear(FeedLost{Error{Errc::unauthorized, "alpaca data", "402 auth failed"}});
  ASSERT_TRUE(patience.lost());
  EXPECT_EQ(patience.lost()->detail, "402 auth failed");
  EXPECT_EQ(data_cure(*patience.lost(), false, "iex"), "; check the API keys, and whether their plan has this data");
  EXPECT_EQ(data_cure(*patience.lost(), true, "iex"), "; check POLYGON_API_KEY and its plan");
  EXPECT_EQ(data_cure(Error{Errc::rejected, "alpaca data", "409"}, false, "sip"), "; --alpaca-feed iex needs no paid plan");
  EXPECT_EQ(data_cure(Error{Errc::timed_out, "market data", "no"}, false, "sip"), "");
}

}  // namespace
}  // namespace sentio
