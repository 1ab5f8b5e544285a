#include <gtest/gtest.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <chrono>
#include <mutex>
#include <string>

#include "net_test_support.h"
#include "sentio/net/reconnect.h"
#include "sentio/net/websocket_client.h"

namespace sentio::test {
namespace {

using namespace std::chrono_literals;

void echo(Peer& peer) {
  if (!peer.accept_websocket()) return;
  while (const auto frame = peer.ws_read()) peer.ws_write(frame->data, frame->binary);
}

void expect_echo(WebSocketClient& client) {
  next_of<WsOpened>(client);
  const std::string text = R"({"action":"auth"})", large(300'000, 'x');
  ASSERT_TRUE(client.send_text(text));
  ASSERT_TRUE(client.send_text(large));
  const auto first = next_of<WsMessage>(client);
  EXPECT_EQ(first.data, text);
  EXPECT_FALSE(first.binary);
  EXPECT_EQ(next_of<WsMessage>(client).data, large);
}

// trade_updates and msgpack streams come as binary frames.
TEST(WebSocketClient, ReceivesBinaryFramesByteForByte) {
  const std::string bytes("\x81\x00\xff", 3);
  const LoopbackServer server{[&](Peer& peer) {
    if (!peer.accept_websocket()) return;
    peer.ws_write(bytes, true);
    peer.stay_mute();
  }};
  WebSocketClient client{WsOptions{}};
  ASSERT_TRUE(client.connect(server.url("ws")));
  next_of<WsOpened>(client);
  const auto message = next_of<WsMessage>(client);
  EXPECT_EQ(message.data, bytes);
  EXPECT_TRUE(message.binary);
}

TEST(WebSocketClient, EchoesText) {
  const LoopbackServer server{echo};
  WebSocketClient client{WsOptions{}};
  ASSERT_TRUE(client.connect(server.url("ws")));
  expect_echo(client);
}

TEST(WebSocketClient, EchoesTextOverTls) {
  const TestAuthority authority;
  const LoopbackServer server{echo, authority.issue({"localhost"})};
  WsOptions options;
  options.extra_ca_file = authority.file();
  WebSocketClient client{options};
  ASSERT_TRUE(client.connect(server.url("wss")));
  expect_echo(client);
}

TEST(WebSocketClient, JoinsFragments) {
  const LoopbackServer server{[](Peer& peer) {
    if (peer.accept_websocket()) peer.ws_write_fragments({"[{\"T\":", "\"b\"", "}]"});
    peer.stay_mute();
  }};
  WebSocketClient client{WsOptions{}};
  ASSERT_TRUE(client.connect(server.url("ws")));
  next_of<WsOpened>(client);
  EXPECT_EQ(next_of<WsMessage>(client).data, R"([{"T":"b"}])");
}

TEST(WebSocketClient, SendsPathAndHeadersWithTheUpgrade) {
  std::mutex mutex;
  ReceivedRequest upgrade;
  const LoopbackServer server{[&](Peer& peer) {
    const auto request = peer.read_request();
    if (!request) return;
    {
      const std::lock_guard lock(mutex);
      upgrade = *request;
    }
    peer.accept_websocket(*request);
    peer.stay_mute();
  }};
  WebSocketClient client{WsOptions{}};
  ASSERT_TRUE(client.connect(server.url("ws") + "/v2/iex?a=b", {{"Content-Type", "application/msgpack"}}));
  next_of<WsOpened>(client);
  const std::lock_guard lock(mutex);
  EXPECT_EQ(upgrade.target, "/v2/iex?a=b");
  EXPECT_EQ(upgrade.header("content-type"), "application/msgpack");
  EXPECT_EQ(upgrade.header("host"), "localhost:" + std::to_string(server.port()));
}

TEST(WebSocketClient, TellsTheServersCloseCodeAndReason) {
  const LoopbackServer server{[](Peer& peer) {
    if (peer.accept_websocket()) peer.ws_close(1008, "max_connections");
  }};
  WebSocketClient client{WsOptions{}};
  ASSERT_TRUE(client.connect(server.url("ws")));
  next_of<WsOpened>(client);
  const auto closed = next_of<WsClosed>(client);
  EXPECT_EQ(closed.code, 1008);
  EXPECT_EQ(closed.reason, "max_connections");
  EXPECT_FALSE(client.send_text("late"));
  EXPECT_EQ(client.next(0ms), std::nullopt) << "a closing event is the last";
}

TEST(WebSocketClient, ClosesWithAHandshake) {
  std::atomic<int> code{0};
  Gate seen;
  const LoopbackServer server{[&](Peer& peer) {
    if (!peer.accept_websocket()) return;
    (void)peer.ws_read();
    code = peer.ws_close_code();
    seen.open();
  }};
  WebSocketClient client{WsOptions{}};
  ASSERT_TRUE(client.connect(server.url("ws")));
  next_of<WsOpened>(client);
  client.close(1001, "end of session");
  EXPECT_EQ(next_of<WsClosed>(client).code, 1001);
  ASSERT_TRUE(seen.wait());
  EXPECT_EQ(code, 1001);
}

TEST(WebSocketClient, WakesADriverThatWaitsOnSeveralSources) {
  const int wake_fd = ::eventfd(0, EFD_CLOEXEC);
  const LoopbackServer server{echo};
  {
    WebSocketClient client{WsOptions{}, [wake_fd] {
                             const std::uint64_t one = 1;
                             (void)!::write(wake_fd, &one, sizeof one);
                           }};
    ASSERT_TRUE(client.connect(server.url("ws")));
    pollfd waiting{wake_fd, POLLIN, 0};
    ASSERT_EQ(::poll(&waiting, 1, 10'000), 1);
    EXPECT_TRUE(std::holds_alternative<WsOpened>(client.next(0ms).value()));
    std::uint64_t count = 0;
    ASSERT_EQ(::read(wake_fd, &count, sizeof count), static_cast<ssize_t>(sizeof count));
    ASSERT_TRUE(client.send_text("x"));
    ASSERT_EQ(::poll(&waiting, 1, 10'000), 1);
    EXPECT_TRUE(std::holds_alternative<WsMessage>(client.next(0ms).value()));
  }
  ::close(wake_fd);
}

TEST(WebSocketClient, ReconnectsAfterADrop) {
  std::atomic<int> visits{0};
  const LoopbackServer server{[&](Peer& peer) {
    const int visit = ++visits;
    if (!peer.accept_websocket()) return;
    if (visit < 3) return peer.reset();
    while (const auto frame = peer.ws_read()) peer.ws_write(frame->data, frame->binary);
  }};
  ReconnectOptions options;
  options.delay_min = 1ms;
  options.delay_max = 5ms;
  ReconnectState state{options, 11};
  TimePoint now{};  // the test's own time: nothing waits
  WebSocketClient client{WsOptions{}};
  ASSERT_TRUE(client.connect(server.url("ws")));
  bool was_echoed = false;
  while (!was_echoed) {
    const auto event = client.next(60s);
    ASSERT_TRUE(event);
    if (std::holds_alternative<WsOpened>(*event)) {
      state.opened(now);
      (void)client.send_text("back");
    } else if (std::holds_alternative<WsMessage>(*event)) {
      was_echoed = std::get<WsMessage>(*event).data == "back";
    } else {
      ASSERT_TRUE(std::holds_alternative<WsFailed>(*event)) << "a drop is not a close";
      const auto next = state.ended(now, connection_end(std::get<WsFailed>(*event).http_status));
      ASSERT_TRUE(next);
      now = *next;
      ASSERT_TRUE(client.connect(server.url("ws")));
    }
  }
  EXPECT_EQ(visits, 3);
  EXPECT_EQ(state.failures(), 2);
}

TEST(WebSocketClient, ConnectingAgainForgetsTheEarlierConnection) {
  std::atomic<int> visits{0};
  const LoopbackServer server{[&](Peer& peer) {
    const int visit = ++visits;
    if (peer.accept_websocket()) peer.ws_write("visit " + std::to_string(visit), false);
    peer.stay_mute();
  }};
  WebSocketClient client{WsOptions{}};
  ASSERT_TRUE(client.connect(server.url("ws")));
  next_of<WsOpened>(client);
  ASSERT_TRUE(client.connect(server.url("ws")));
  next_of<WsOpened>(client);
  EXPECT_EQ(next_of<WsMessage>(client).data, "visit 2");
}

}  // namespace
}  // namespace sentio::test
