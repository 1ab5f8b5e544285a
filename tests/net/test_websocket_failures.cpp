#include <gtest/gtest.h>

#include <chrono>
#include <string>

#include "net_test_support.h"
#include "sentio/net/websocket_client.h"

namespace sentio::test {
namespace {

using namespace std::chrono_literals;

const HeaderList kSecretHeaders{{"APCA-API-SECRET-KEY", kSecret}};

WsFailed failure_of(const std::string& url, const WsOptions& options = {}) {
  WebSocketClient client{options};
  const auto started = client.connect(url + "/stream?apiKey=" + kSecret, kSecretHeaders);
  EXPECT_TRUE(started);
  const auto failed = next_of<WsFailed>(client);
  EXPECT_EQ(failed.error.where, "localhost");
  EXPECT_FALSE(failed.was_open);
  expect_no_secret(failed.error);
  return failed;
}

struct RefusedUpgrade {
  std::string name;
  int status;
  std::string headers, retry_after;
  Errc code;
  friend void PrintTo(const RefusedUpgrade& row, std::ostream* out) { *out << row.name; }
};

class RefusedUpgradeTest : public testing::TestWithParam<RefusedUpgrade> {};

TEST_P(RefusedUpgradeTest, ShowsItsStatus) {
  const LoopbackServer server{[](Peer& peer) {
    (void)peer.read_request();
    peer.reply(GetParam().status, "<html>no</html>", GetParam().headers);
    peer.stay_mute();
  }};
  const WsFailed failed = failure_of(server.url("ws"));
  EXPECT_EQ(failed.http_status, GetParam().status);
  EXPECT_EQ(failed.retry_after, GetParam().retry_after);
  EXPECT_EQ(failed.error.code, GetParam().code);
  EXPECT_EQ(failed.error.detail,
            "the server refused the WebSocket with HTTP " + std::to_string(GetParam().status));
}

INSTANTIATE_TEST_SUITE_P(Table, RefusedUpgradeTest,
                         testing::Values(RefusedUpgrade{"Unauthorized", 401, "", "", Errc::unauthorized},
                                         RefusedUpgrade{"Forbidden", 403, "", "", Errc::unauthorized},
                                         RefusedUpgrade{"NotFound", 404, "", "", Errc::rejected},
                                         RefusedUpgrade{"TooMany", 429, "Retry-After: 12\r\n", "12",
                                                        Errc::rejected},
                                         RefusedUpgrade{"Unavailable", 503, "", "", Errc::network},
                                         RefusedUpgrade{"NoUpgrade", 200, "", "", Errc::network}),
                         [](const auto& tc) { return tc.param.name; });

class WsCertificateTest : public testing::TestWithParam<RefusedCertificate> {};

TEST_P(WsCertificateTest, IsRefusedBeforeAnythingIsSent) {
  const TestAuthority authority;
  std::atomic<int> requests{0};
  const LoopbackServer server{[&](Peer& peer) {
                                if (peer.read_request()) ++requests;
                              },
                              certificate_for(GetParam(), authority)};
  WsOptions options;
  if (GetParam().is_authority_known) options.extra_ca_file = authority.file();
  const WsFailed failed = failure_of(server.url("wss"), options);
  EXPECT_EQ(failed.error.code, Errc::network);
  EXPECT_NE(failed.error.detail.find(GetParam().text), std::string::npos) << failed.error.message();
  EXPECT_EQ(requests, 0);
}

INSTANTIATE_TEST_SUITE_P(Table, WsCertificateTest, testing::ValuesIn(refused_certificates()),
                         [](const auto& tc) { return tc.param.name; });

TEST(WebSocketFailure, AnAddressIsNotTheNameInTheCertificate) {
  const TestAuthority authority;
  const LoopbackServer server{[](Peer& peer) { (void)peer.read_request(); }, authority.issue({"localhost"})};
  WsOptions options;
  options.extra_ca_file = authority.file();
  WebSocketClient client{options};
  ASSERT_TRUE(client.connect(server.url("wss", "127.0.0.1")));
  EXPECT_EQ(next_of<WsFailed>(client).error.detail, "certificate is not for 127.0.0.1");
}

TEST(WebSocketFailure, RefusedConnectionFails) {
  const DeadPort port{DeadPort::Kind::refusing};
  const WsFailed failed = failure_of("ws://localhost:" + std::to_string(port.port()));
  EXPECT_EQ(failed.error.code, Errc::network);
  EXPECT_EQ(failed.http_status, 0);
}

TEST(WebSocketFailure, SilenceDuringConnectTimesOut) {
  const DeadPort port{DeadPort::Kind::silent};
  WsOptions options;
  options.open_timeout = 100ms;
  EXPECT_EQ(failure_of("ws://localhost:" + std::to_string(port.port()), options).error.code, Errc::timed_out);
}

TEST(WebSocketFailure, SilenceAfterTheUpgradeRequestTimesOut) {
  const LoopbackServer server{[](Peer& peer) { peer.stay_mute(); }};
  WsOptions options;
  options.open_timeout = 100ms;
  for (const char* scheme : {"ws", "wss"}) {
    const WsFailed failed = failure_of(server.url(scheme), options);
    EXPECT_EQ(failed.error.code, Errc::timed_out) << scheme;
    EXPECT_EQ(failed.error.detail, "no connection within 100 ms") << scheme;
  }
}

TEST(WebSocketFailure, GarbageInsteadOfAnAnswerFails) {
  const LoopbackServer server{[](Peer& peer) {
    (void)peer.read_request();
    peer.write("\x15\x03\x01 nonsense\r\n\r\n");
  }};
  EXPECT_EQ(failure_of(server.url("ws")).error.code, Errc::network);
}

/// Opens against `script`, then returns how it ends.
WsFailed failure_after_open(const LoopbackServer& server, const WsOptions& options) {
  WebSocketClient client{options};
  EXPECT_TRUE(client.connect(server.url("ws"), kSecretHeaders));
  next_of<WsOpened>(client);
  const auto failed = next_of<WsFailed>(client);
  EXPECT_TRUE(failed.was_open);
  expect_no_secret(failed.error);
  EXPECT_FALSE(client.send_text("late"));
  return failed;
}

TEST(WebSocketFailure, MuteServerFailsThePing) {
  const LoopbackServer server{[](Peer& peer) {
    if (peer.accept_websocket()) peer.stay_mute();  // reads the pings, answers none
  }};
  WsOptions options;
  options.ping_interval = 20ms;
  options.pong_timeout = 60ms;
  const WsFailed failed = failure_after_open(server, options);
  EXPECT_EQ(failed.error.code, Errc::timed_out);
  EXPECT_EQ(failed.error.detail, "no sign of life for 60 ms after a ping");
}

TEST(WebSocketFailure, AnsweredPingsKeepAQuietConnection) {
  const LoopbackServer server{[](Peer& peer) {
    if (!peer.accept_websocket()) return;
    while (peer.ws_read()) {
    }
  }};
  WsOptions options;
  options.ping_interval = 5ms;
  options.pong_timeout = 60s;
  WebSocketClient client{options};
  ASSERT_TRUE(client.connect(server.url("ws")));
  next_of<WsOpened>(client);
  while (client.counters().pings_sent < 20) ASSERT_EQ(client.next(1ms), std::nullopt);
}

TEST(WebSocketFailure, ADropIsNotAClose) {
  for (const bool is_reset : {true, false}) {
    const LoopbackServer server{[&](Peer& peer) {
      if (peer.accept_websocket() && is_reset) peer.reset();
    }};
    EXPECT_EQ(failure_after_open(server, {}).error.code, Errc::network) << is_reset;
  }
}

TEST(WebSocketFailure, AFrameAgainstTheProtocolEndsTheConnection) {
  const LoopbackServer server{[](Peer& peer) {
    if (!peer.accept_websocket()) return;
    peer.write("\xff\x01x");  // reserved bits and opcode
    peer.stay_mute();
  }};
  WsOptions options;
  options.close_timeout = 100ms;
  EXPECT_EQ(failure_after_open(server, options).error.code, Errc::network);
}

TEST(WebSocketFailure, AnOversizedMessageEndsTheConnection) {
  const LoopbackServer server{[](Peer& peer) {
    if (!peer.accept_websocket()) return;
    peer.ws_write(std::string(5'000, 'x'), false);
    peer.stay_mute();
  }};
  WsOptions options;
  options.close_timeout = 100ms;
  options.message_bytes_max = 1'000;
  EXPECT_EQ(failure_after_open(server, options).error.code, Errc::network);
}

TEST(WebSocketFailure, CloseGivesUpOnAMuteServer) {
  const LoopbackServer server{[](Peer& peer) {
    if (peer.accept_websocket()) peer.stay_mute();
  }};
  WsOptions options;
  options.close_timeout = 50ms;
  WebSocketClient client{options};
  ASSERT_TRUE(client.connect(server.url("ws")));
  next_of<WsOpened>(client);
  client.close();
  EXPECT_EQ(next_of<WsClosed>(client).code, 1006);
}

TEST(WebSocketFailure, CloseBeforeTheAnswerEndsTheTry) {
  Gate asked;
  const LoopbackServer server{[&](Peer& peer) {
    (void)peer.read_request();
    asked.open();
    peer.stay_mute();
  }};
  WebSocketClient client{WsOptions{}};
  ASSERT_TRUE(client.connect(server.url("ws")));
  ASSERT_TRUE(asked.wait());
  client.close();
  EXPECT_EQ(next_of<WsClosed>(client).code, 1006);
}

TEST(WebSocketFailure, WithoutAConnectionNothingHappens) {
  WebSocketClient client{WsOptions{}};
  client.close();
  EXPECT_FALSE(client.send_text("x"));
  EXPECT_EQ(client.next(0ms), std::nullopt);
}

struct BadUrl {
  std::string name, url;
  HeaderList headers;
  friend void PrintTo(const BadUrl& row, std::ostream* out) { *out << row.name; }
};

class BadUrlTest : public testing::TestWithParam<BadUrl> {};

TEST_P(BadUrlTest, IsRefusedAtOnce) {
  WebSocketClient client{WsOptions{}};
  const auto started = client.connect(GetParam().url, GetParam().headers);
  ASSERT_FALSE(started);
  EXPECT_EQ(started.error().code, Errc::usage);
  expect_no_secret(started.error());
}

INSTANTIATE_TEST_SUITE_P(Table, BadUrlTest,
                         testing::Values(BadUrl{"Empty", "", {}}, BadUrl{"Words", "S3CR3T", {}},
                                         BadUrl{"Http", "https://a.example/S3CR3T", {}},
                                         BadUrl{"PlainElsewhere", "ws://a.example/S3CR3T", {}},
                                         BadUrl{"Port", "wss://a.example:99999/S3CR3T", {}},
                                         BadUrl{"Header", "wss://a.example", {{"X", "S3CR3T\r\nY: 1"}}}),
                         [](const auto& tc) { return tc.param.name; });

TEST(WebSocketFailure, AnAuthorityFileThatIsNotThereIsRefused) {
  WsOptions options;
  options.extra_ca_file = "/nonexistent/ca.pem";
  WebSocketClient client{options};
  EXPECT_EQ(client.connect("wss://a.example").error().code, Errc::io);
}

}  // namespace
}  // namespace sentio::test
