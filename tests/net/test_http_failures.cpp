#include <gtest/gtest.h>

#include <atomic>
#include <chrono>

#include "net_test_support.h"
#include "sentio/net/http_client.h"

namespace sentio::test {
namespace {

using namespace std::chrono_literals;
using Kind = HttpOutcome::Kind;

HttpClientOptions options_for(const std::string& url, const std::string& ca_file = {}) {
  HttpClientOptions options;
  options.base_url = url;
  options.extra_ca_file = ca_file;
  options.default_headers = {{"APCA-API-SECRET-KEY", kSecret}};
  return options;
}

/// A request whose every part but the path is secret.
HttpRequest secret_request(const std::string& method) {
  HttpRequest request;
  request.method = method;
  request.path = "/v2/orders";
  request.query = {{"apiKey", kSecret}};
  request.headers = {{"Authorization", std::string{"Bearer "} + kSecret}};
  if (method == "POST") request.body = std::string{R"({"client_order_id":")"} + kSecret + "\"}";
  return request;
}

HttpOutcome failed_request(HttpClientOptions options, const std::string& method = "POST") {
  HttpClient client = HttpClient::create(std::move(options)).value();
  HttpOutcome outcome = client.request(secret_request(method));
  EXPECT_NE(outcome.kind, Kind::ok);
  EXPECT_EQ(outcome.error.where, method + " localhost/v2/orders");
  expect_no_secret(outcome.error);
  return outcome;
}

std::string dead_url(const DeadPort& port) {
  return "http://localhost:" + std::to_string(port.port());
}

TEST(HttpFailure, RefusedConnectionIsNotSent) {
  const DeadPort port{DeadPort::Kind::refusing};
  const HttpOutcome outcome = failed_request(options_for(dead_url(port)));
  EXPECT_EQ(outcome.kind, Kind::not_sent);
  EXPECT_EQ(outcome.error.code, Errc::network);
  EXPECT_EQ(outcome.error.detail, "localhost cannot be reached or refuses the connection");
}

TEST(HttpFailure, ConnectTimeoutIsNotSent) {
  const DeadPort port{DeadPort::Kind::silent};
  HttpClientOptions options = options_for(dead_url(port));
  options.connect_timeout = 100ms;
  const HttpOutcome outcome = failed_request(options);
  EXPECT_EQ(outcome.kind, Kind::not_sent);
  EXPECT_EQ(outcome.error.code, Errc::timed_out);
  EXPECT_EQ(outcome.error.detail, "no connection to localhost within 100 ms");
}

TEST(HttpFailure, UnknownNameIsNotSent) {
  // A label of more than 63 characters fails without asking any name server.
  HttpClientOptions options = options_for("https://" + std::string(70, 'x') + ".example");
  HttpClient client = HttpClient::create(options).value();
  const HttpOutcome outcome = client.request(secret_request("POST"));
  EXPECT_EQ(outcome.kind, Kind::not_sent);
  EXPECT_EQ(outcome.error.code, Errc::network);
  EXPECT_NE(outcome.error.detail.find("does not resolve"), std::string::npos) << outcome.error.message();
}

TEST(HttpFailure, SilenceAfterTheRequestIsAmbiguous) {
  const LoopbackServer server{[](Peer& peer) { peer.stay_mute(); }};
  HttpClientOptions options = options_for(server.url("http"));
  options.total_timeout = 150ms;
  const HttpOutcome outcome = failed_request(options);
  EXPECT_EQ(outcome.kind, Kind::ambiguous);
  EXPECT_EQ(outcome.error.code, Errc::timed_out);
  EXPECT_EQ(outcome.error.detail, "no complete reply from localhost within 150 ms");
}

TEST(HttpFailure, SilenceBeforeTheTlsHandshakeIsNotSent) {
  const LoopbackServer server{[](Peer& peer) { peer.stay_mute(); }};  // speaks no TLS, takes the ClientHello
  HttpClientOptions options = options_for(server.url("https"));
  options.connect_timeout = 150ms;
  EXPECT_EQ(failed_request(options).kind, Kind::not_sent);
}

struct BrokenReply {
  std::string name;
  std::function<void(Peer&)> after_request;
  friend void PrintTo(const BrokenReply& row, std::ostream* out) { *out << row.name; }
};

class BrokenReplyTest : public testing::TestWithParam<BrokenReply> {};

TEST_P(BrokenReplyTest, IsAmbiguous) {
  const LoopbackServer server{[](Peer& peer) {
    if (peer.read_request()) GetParam().after_request(peer);
  }};
  for (const char* method : {"POST", "GET", "DELETE"}) {
    const HttpOutcome outcome = failed_request(options_for(server.url("http")), method);
    EXPECT_EQ(outcome.kind, Kind::ambiguous) << method;
    EXPECT_EQ(outcome.error.code, Errc::network) << method;
  }
}

INSTANTIATE_TEST_SUITE_P(
    Table, BrokenReplyTest,
    testing::Values(
        BrokenReply{"Reset", [](Peer& peer) { peer.reset(); }}, BrokenReply{"Closed", [](Peer&) {}},
        BrokenReply{"HalfAHead", [](Peer& peer) { peer.write("HTTP/1.1 200 OK\r\nConte"); }},
        BrokenReply{"HalfABody",
                    [](Peer& peer) { peer.write("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf"); }},
        BrokenReply{"Garbage", [](Peer& peer) { peer.write("\x16\x03\x01 not HTTP at all\r\n\r\n"); }}),
    [](const auto& tc) { return tc.param.name; });

TEST(HttpFailure, ResetDuringTheTlsHandshakeIsNotSent) {
  const LoopbackServer server{[](Peer& peer) { peer.reset(); }};
  const HttpOutcome outcome = failed_request(options_for(server.url("https")));
  EXPECT_EQ(outcome.kind, Kind::not_sent);
  EXPECT_FALSE(outcome.certificate_refused);
}

TEST(HttpFailure, NotSentIsNeverSaidOfARequestTheServerSaw) {
  std::atomic<std::size_t> bytes{0};
  const LoopbackServer server{[&](Peer& peer) {
    static std::atomic<int> turn{0};
    if (turn++ % 2 == 0) {
      (void)peer.read_request();
      bytes += peer.bytes_read();
    }
    peer.reset();
  }};
  for (int i = 0; i < 40; ++i) {
    bytes = 0;
    const HttpOutcome outcome = failed_request(options_for(server.url("http")));
    EXPECT_TRUE(outcome.kind != Kind::not_sent || bytes == 0);
  }
}

/// Answers the first request of a connection and drops the connection on the second, unanswered.
struct DropsTheSecond {
  std::atomic<int>& requests;
  void operator()(Peer& peer) const {
    if (!peer.read_request()) return;
    ++requests;
    peer.reply(200, "{}");
    if (peer.read_request()) ++requests;
  }
};

TEST(HttpFailure, AWriteIsNeverSentTwiceOnADyingConnection) {
  for (const char* method : {"POST", "DELETE", "PATCH", "PUT"}) {
    std::atomic<int> requests{0};
    const LoopbackServer server{DropsTheSecond{requests}};
    HttpClient client = HttpClient::create(options_for(server.url("http"))).value();
    ASSERT_EQ(client.request({}).kind, Kind::ok);
    const HttpOutcome outcome = client.request(secret_request(method));
    EXPECT_EQ(outcome.kind, Kind::ambiguous) << method;
    expect_no_secret(outcome.error);
    EXPECT_EQ(requests, 2) << method;
    EXPECT_EQ(client.request({}).kind, Kind::ok) << "the client is usable afterwards";
  }
}

TEST(HttpFailure, AReadIsSentAgainOnADyingConnection) {
  std::atomic<int> requests{0};
  const LoopbackServer server{DropsTheSecond{requests}};
  HttpClient client = HttpClient::create(options_for(server.url("http"))).value();
  ASSERT_EQ(client.request({}).kind, Kind::ok);
  EXPECT_EQ(client.request({}).kind, Kind::ok);
  EXPECT_EQ(requests, 3);
}

TEST(HttpFailure, FailureAfterASuccessIsStillNotSent) {
  std::optional<LoopbackServer> server;
  server.emplace([](Peer& peer) {
    (void)peer.read_request();
    peer.reply(200, "{}", "Connection: close\r\n");
  });
  HttpClient client = HttpClient::create(options_for(server->url("http"))).value();
  ASSERT_EQ(client.request(secret_request("POST")).kind, Kind::ok);
  server.reset();
  EXPECT_EQ(client.request(secret_request("POST")).kind, Kind::not_sent);
}

class HttpCertificateTest : public testing::TestWithParam<RefusedCertificate> {};

TEST_P(HttpCertificateTest, IsRefusedBeforeAnythingIsSent) {
  const TestAuthority authority;
  std::atomic<int> requests{0};
  const LoopbackServer server{[&](Peer& peer) {
                                if (peer.read_request()) ++requests;
                              },
                              certificate_for(GetParam(), authority)};
  const HttpOutcome outcome =
      failed_request(options_for(server.url("https"), GetParam().is_authority_known ? authority.file() : ""));
  EXPECT_EQ(outcome.kind, Kind::not_sent);
  EXPECT_TRUE(outcome.certificate_refused);
  EXPECT_EQ(outcome.error.code, Errc::network);
  EXPECT_NE(outcome.error.detail.find(GetParam().text), std::string::npos) << outcome.error.message();
  EXPECT_EQ(requests, 0);
}

INSTANTIATE_TEST_SUITE_P(Table, HttpCertificateTest, testing::ValuesIn(refused_certificates()),
                         [](const auto& tc) { return tc.param.name; });

TEST(HttpFailure, AnAddressIsNotTheNameInTheCertificate) {
  const TestAuthority authority;
  const LoopbackServer server{[](Peer& peer) { (void)peer.read_request(); }, authority.issue({"localhost"})};
  HttpClient client =
      HttpClient::create(options_for(server.url("https", "127.0.0.1"), authority.file())).value();
  const HttpOutcome outcome = client.request({});
  EXPECT_TRUE(outcome.certificate_refused);
  EXPECT_EQ(outcome.error.detail, "certificate is not for 127.0.0.1");
}

TEST(HttpFailure, RepliesBeyondTheLimitAreCut) {
  const LoopbackServer server{[](Peer& peer) {
    (void)peer.read_request();
    peer.reply(200, std::string(2'000, 'x'));
  }};
  HttpClientOptions options = options_for(server.url("http"));
  options.body_bytes_max = 1'000;
  EXPECT_EQ(failed_request(options).error.detail, "reply of localhost is longer than allowed");
}

TEST(HttpFailure, CancelEndsARequestThatIsUnderWay) {
  HttpClient* client = nullptr;
  const LoopbackServer server{[&](Peer& peer) {
    (void)peer.read_request();
    client->cancel();
    peer.stay_mute();
  }};
  HttpClientOptions options = options_for(server.url("http"));
  options.total_timeout = 60s;
  HttpClient real = HttpClient::create(options).value();
  client = &real;
  const HttpOutcome outcome = real.request(secret_request("POST"));
  EXPECT_EQ(outcome.kind, Kind::ambiguous);
  EXPECT_EQ(outcome.error.detail, "cancelled by the program");
  EXPECT_EQ(real.request(secret_request("POST")).kind, Kind::not_sent);
}

TEST(HttpFailure, AHiddenPathIsNotInTheError) {
  const DeadPort port{DeadPort::Kind::refusing};
  HttpClientOptions options = options_for(dead_url(port));
  options.path_shown = false;
  HttpClient client = HttpClient::create(options).value();
  HttpRequest request = secret_request("POST");
  request.path = std::string{"/services/"} + kSecret;
  const HttpOutcome outcome = client.request(request);
  EXPECT_EQ(outcome.error.where, "POST localhost");
  expect_no_secret(outcome.error);
}

}  // namespace
}  // namespace sentio::test
