#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <thread>
#include <vector>

#include "net_test_support.h"
#include "sentio/net/websocket_client.h"

namespace sentio::test {
namespace {

using namespace std::chrono_literals;

WsOptions small_inbox(std::size_t capacity) {
  WsOptions options;
  options.inbox_capacity = capacity;
  return options;
}

/// Waits for a counter to get there, without taking an event out of the inbox.
template <class Condition>
bool reached(const WebSocketClient& client, Condition condition) {
  const auto deadline = std::chrono::steady_clock::now() + 60s;
  while (!condition(client.counters())) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::yield();
  }
  return true;
}

std::string numbered(int i, std::size_t size) {
  std::string text = std::to_string(i);
  text.resize(size, '.');
  return text;
}

TEST(WebSocketInbox, StopsReadingWhenFullAndLosesNothing) {
  constexpr int kMessages = 400;
  constexpr std::size_t kSize = 32 * 1024;  // two reads each: the inbox cannot pass its capacity by one read
  const LoopbackServer server{[](Peer& peer) {
    if (!peer.accept_websocket()) return;
    for (int i = 0; i < kMessages && peer.ws_write(numbered(i, kSize), false); ++i) {
    }
    (void)peer.ws_read();
  }};
  WebSocketClient client{small_inbox(8)};
  ASSERT_TRUE(client.connect(server.url("ws")));
  ASSERT_TRUE(reached(client, [](const WsCounters& c) { return c.reading_stopped == 1; }));
  next_of<WsOpened>(client);
  int i = 0;
  for (std::uint64_t stops = 2; stops <= 6; ++stops) {  // take half, and it fills up again
    for (const int end = i + 4; i < end; ++i) ASSERT_EQ(next_of<WsMessage>(client).data, numbered(i, kSize));
    ASSERT_TRUE(reached(client, [&](const WsCounters& c) { return c.reading_stopped == stops; }));
  }
  for (; i < kMessages; ++i) ASSERT_EQ(next_of<WsMessage>(client).data, numbered(i, kSize));
  EXPECT_LE(client.counters().inbox_peak, 9U);
}

TEST(WebSocketInbox, ManySmallMessagesSurviveManyStops) {
  constexpr int kMessages = 20'000;
  const LoopbackServer server{[](Peer& peer) {
    if (!peer.accept_websocket()) return;
    for (int i = 0; i < kMessages && peer.ws_write(std::to_string(i), true); ++i) {
    }
    (void)peer.ws_read();
  }};
  WebSocketClient client{small_inbox(3)};
  ASSERT_TRUE(client.connect(server.url("ws")));
  next_of<WsOpened>(client);
  for (int i = 0; i < kMessages; ++i) ASSERT_EQ(next_of<WsMessage>(client).data, std::to_string(i));
}

TEST(WebSocketInbox, NoPongIsMissedWhileReadingIsStopped) {
  constexpr int kMessages = 64;
  constexpr std::size_t kSize = 256 * 1024;  // together far more than the sockets' buffers hold
  const LoopbackServer server{[](Peer& peer) {
    if (!peer.accept_websocket()) return;
    for (int i = 0; i < kMessages && peer.ws_write(numbered(i, kSize), false); ++i) {
    }
    while (peer.ws_read()) {
    }
  }};
  WsOptions options = small_inbox(2);
  options.ping_interval = 10ms;
  options.pong_timeout = 3'000ms;
  WebSocketClient client{options};
  ASSERT_TRUE(client.connect(server.url("ws")));
  ASSERT_TRUE(reached(client, [](const WsCounters& c) { return c.reading_stopped > 0; }));
  const auto pings = client.counters().pings_sent;  // 330 at 10 ms or more: longer than the pong may take
  ASSERT_TRUE(reached(client, [&](const WsCounters& c) { return c.pings_sent >= pings + 330; }));
  next_of<WsOpened>(client);
  for (int i = 0; i < kMessages; ++i) ASSERT_EQ(next_of<WsMessage>(client).data, numbered(i, kSize));
}

TEST(WebSocketInbox, CloseWorksWhileReadingIsStopped) {
  const LoopbackServer server{[](Peer& peer) {
    if (!peer.accept_websocket()) return;
    for (int i = 0; i < 16; ++i) peer.ws_write(numbered(i, 32 * 1024), false);
    while (peer.ws_read()) {
    }
  }};
  WebSocketClient client{small_inbox(2)};
  ASSERT_TRUE(client.connect(server.url("ws")));
  ASSERT_TRUE(reached(client, [](const WsCounters& c) { return c.reading_stopped > 0; }));
  client.close();
  for (;;) {
    const auto event = client.next(60s);
    ASSERT_TRUE(event);
    if (const auto* closed = std::get_if<WsClosed>(&*event)) {
      EXPECT_EQ(closed->code, 1000);
      return;
    }
    ASSERT_FALSE(std::holds_alternative<WsFailed>(*event));
  }
}

}  // namespace
}  // namespace sentio::test
