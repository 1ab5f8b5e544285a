#include <gtest/gtest.h>

#include <chrono>
#include <mutex>

#include "net_test_support.h"
#include "sentio/net/http_client.h"

namespace sentio::test {
namespace {

using namespace std::chrono_literals;
using Kind = HttpOutcome::Kind;

/// Answers every request with 200 and keeps what it got.
class Recorder {
 public:
  void operator()(Peer& peer) {
    while (auto request = peer.read_request()) {
      const std::lock_guard lock(mutex_);
      requests_.push_back(*request);
      peer.reply(200, "answer " + std::to_string(requests_.size()));
    }
  }
  std::vector<ReceivedRequest> requests() {
    const std::lock_guard lock(mutex_);
    return requests_;
  }

 private:
  std::mutex mutex_;
  std::vector<ReceivedRequest> requests_;
};

HttpClient client_of(const std::string& url, const std::string& ca_file = {}) {
  HttpClientOptions options;
  options.base_url = url;
  options.extra_ca_file = ca_file;
  options.default_headers = {{"APCA-API-KEY-ID", "key"}};
  return HttpClient::create(options).value();
}

TEST(HttpClient, ReusesItsConnection) {
  Recorder recorder;
  const LoopbackServer server{std::ref(recorder)};
  HttpClient client = client_of(server.url("http"));
  HttpRequest post;
  post.method = "POST";
  post.body = "{}";
  EXPECT_FALSE(client.request({}).response.connection_reused);
  EXPECT_TRUE(client.request(post).response.connection_reused);
  EXPECT_EQ(client.request({}).response.body, "answer 3");
  EXPECT_EQ(server.connections(), 1);
}

TEST(HttpClient, ReusesItsConnectionOverTls) {
  const TestAuthority authority;
  Recorder recorder;
  const LoopbackServer server{std::ref(recorder), authority.issue({"localhost"})};
  HttpClient client = client_of(server.url("https"), authority.file());
  for (int i = 1; i <= 3; ++i) {
    const HttpOutcome outcome = client.request({});
    ASSERT_EQ(outcome.kind, Kind::ok) << outcome.error.message();
    EXPECT_EQ(outcome.response.body, "answer " + std::to_string(i));
  }
  EXPECT_EQ(server.connections(), 1);
}

TEST(HttpClient, SendsWhatItWasGiven) {
  Recorder recorder;
  const LoopbackServer server{std::ref(recorder)};
  HttpClient client = client_of(server.url("http"));
  HttpRequest request;
  request.method = "PATCH";
  request.path = "/v2/orders/17";
  request.query = {{"symbols", "SPY,QQQ"}, {"empty", ""}, {"a&b", "x=y z"}};
  request.headers = {{"X-Extra", "1"}};
  request.body = R"({"qty":"1"})";
  ASSERT_EQ(client.request(request).kind, Kind::ok);
  const ReceivedRequest got = recorder.requests().at(0);
  EXPECT_EQ(got.method, "PATCH");
  EXPECT_EQ(got.target, "/v2/orders/17?symbols=SPY%2CQQQ&empty=&a%26b=x%3Dy%20z");
  EXPECT_EQ(got.header("apca-api-key-id"), "key");
  EXPECT_EQ(got.header("x-extra"), "1");
  EXPECT_EQ(got.header("content-type"), "application/json");
  EXPECT_EQ(got.header("host"), "localhost:" + std::to_string(server.port()));
  EXPECT_EQ(got.body, R"({"qty":"1"})");
}

TEST(HttpClient, LeavesNothingOfARequestToTheNext) {
  Recorder recorder;
  const LoopbackServer server{std::ref(recorder)};
  HttpClient client = client_of(server.url("http"));
  HttpRequest post;
  post.method = "POST";
  post.headers = {{"X-Extra", "1"}, {"Content-Type", "application/msgpack"}};
  post.body = std::string("a\0b", 3);
  ASSERT_EQ(client.request(post).kind, Kind::ok);
  HttpRequest empty_delete;
  empty_delete.method = "DELETE";
  ASSERT_EQ(client.request(empty_delete).kind, Kind::ok);
  HttpRequest bare_post;
  bare_post.method = "POST";
  ASSERT_EQ(client.request(bare_post).kind, Kind::ok);
  const auto got = recorder.requests();
  EXPECT_EQ(got.at(0).body, std::string("a\0b", 3));
  EXPECT_EQ(got.at(0).header("content-type"), "application/msgpack");
  EXPECT_EQ(got.at(1).method, "DELETE");
  EXPECT_EQ(got.at(1).header("x-extra"), "");
  EXPECT_EQ(got.at(1).body, "");
  EXPECT_EQ(got.at(2).method, "POST");
  EXPECT_EQ(got.at(2).header("content-length"), "0");
}

TEST(HttpClient, TreatsEveryStatusAsAReplyWithItsHeaders) {
  const LoopbackServer server{[](Peer& peer) {
    (void)peer.read_request();
    peer.reply(429, R"({"code":42910000})",
               "Retry-After: 7\r\nX-RateLimit-Reset: 1760000000\r\nx-request-id:  abc \r\n");
  }};
  HttpClient client = client_of(server.url("http"));
  const HttpOutcome outcome = client.request({});
  ASSERT_EQ(outcome.kind, Kind::ok);
  EXPECT_EQ(outcome.response.status, 429);
  EXPECT_EQ(outcome.response.header("retry-after"), "7");
  EXPECT_EQ(outcome.response.header("X-RateLimit-Reset"), "1760000000");
  EXPECT_EQ(outcome.response.header("X-Request-ID"), "abc");
  EXPECT_EQ(outcome.response.header("X-Absent"), std::nullopt);
  EXPECT_EQ(outcome.response.body, R"({"code":42910000})");
}

TEST(HttpClient, TakesAReplyWithTrailersAsComplete) {
  const LoopbackServer server{[](Peer& peer) {
    while (peer.read_request()) {
      peer.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-Checksum\r\nX-Request-ID: 7\r\n\r\n"
                 "2\r\n{}\r\n0\r\nX-Checksum: abc\r\nX-Request-ID: 8\r\n\r\n");
    }
  }};
  HttpClient client = HttpClient::create({.base_url = server.url("http")}).value();
  for (int i = 0; i < 2; ++i) {
    const HttpOutcome outcome = client.request({});
    ASSERT_EQ(outcome.kind, HttpOutcome::Kind::ok) << outcome.error.message();
    EXPECT_EQ(outcome.response.body, "{}");
    EXPECT_EQ(outcome.response.header("X-Request-ID"), "7") << "what follows the body replaces nothing";
    EXPECT_EQ(outcome.response.header("X-Checksum"), std::nullopt);
  }
}

TEST(HttpClient, DoesNotFollowRedirects) {
  const LoopbackServer server{[](Peer& peer) {
    while (peer.read_request()) peer.reply(302, "", "Location: /elsewhere\r\n");
  }};
  HttpClient client = client_of(server.url("http"));
  EXPECT_EQ(client.request({}).response.status, 302);
}

struct BaseUrlCase {
  std::string name, url;
  bool ok;
  friend void PrintTo(const BaseUrlCase& row, std::ostream* out) { *out << row.name; }
};

class BaseUrlTest : public testing::TestWithParam<BaseUrlCase> {};

TEST_P(BaseUrlTest, IsCheckedAtTheDoor) {
  HttpClientOptions options;
  options.base_url = GetParam().url;
  const auto client = HttpClient::create(options);
  EXPECT_EQ(client.has_value(), GetParam().ok);
  if (!client) {
    EXPECT_EQ(client.error().code, Errc::usage);
    expect_no_secret(client.error());
  }
}

INSTANTIATE_TEST_SUITE_P(Table, BaseUrlTest,
                         testing::Values(BaseUrlCase{"Https", "https://api.alpaca.markets", true},
                                         BaseUrlCase{"TrailingSlash", "https://api.alpaca.markets/", true},
                                         BaseUrlCase{"Port", "https://api.alpaca.markets:8443", true},
                                         BaseUrlCase{"PlainLocalhost", "http://localhost:1", true},
                                         BaseUrlCase{"PlainLoopback", "http://127.0.0.1:1", true},
                                         BaseUrlCase{"PlainLoopback6", "http://[::1]:1", true},
                                         BaseUrlCase{"PlainElsewhere", "http://api.alpaca.markets", false},
                                         BaseUrlCase{"PlainLookalike", "http://127.0.0.1.example.com", false},
                                         BaseUrlCase{"Path", "https://hooks.slack.com/S3CR3T", false},
                                         BaseUrlCase{"Query", "https://a.example?key=S3CR3T", false},
                                         BaseUrlCase{"User", "https://me:S3CR3T@a.example", false},
                                         BaseUrlCase{"Scheme", "ftp://a.example", false},
                                         BaseUrlCase{"NoScheme", "S3CR3T", false},
                                         BaseUrlCase{"Empty", "", false}),
                         [](const auto& tc) { return tc.param.name; });

TEST(HttpClient, RefusesHeadersThatSmuggleOthers) {
  HttpClientOptions options;
  options.base_url = "https://a.example";
  options.default_headers = {{"X", "1\r\nY: S3CR3T"}};
  const auto client = HttpClient::create(options);
  ASSERT_FALSE(client);
  expect_no_secret(client.error());
}

TEST(HttpClient, RefusesAnAuthorityFileThatIsNotThere) {
  HttpClientOptions options;
  options.base_url = "https://a.example";
  options.extra_ca_file = "/nonexistent/ca.pem";
  EXPECT_EQ(HttpClient::create(options).error().code, Errc::io);
}

}  // namespace
}  // namespace sentio::test
