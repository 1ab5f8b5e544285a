#include <gtest/gtest.h>

#include <chrono>
#include <mutex>
#include <nlohmann/json.hpp>
#include <string>

#include "net_test_support.h"
#include "sentio/net/webhook.h"

namespace sentio::test {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;

const Alert kAlert{AlertLevel::critical, "NOT FLAT", "TQQQ <100> & \"more\"\n@everyone"};

struct ShapeCase {
  std::string name;
  WebhookShape shape;
  std::string path, want_target;
  json want_body;
  friend void PrintTo(const ShapeCase& row, std::ostream* out) { *out << row.name; }
};

class WebhookTest : public testing::TestWithParam<ShapeCase> {};

TEST_P(WebhookTest, PostsTheShapeOfTheService) {
  std::mutex mutex;
  ReceivedRequest got;
  const LoopbackServer server{[&](Peer& peer) {
    const auto request = peer.read_request();
    if (!request) return;
    {
      const std::lock_guard lock(mutex);
      got = *request;
    }
    peer.reply(204, "");
  }};
  AlertWorker worker{make_webhook({server.url("http") + GetParam().path, GetParam().shape, 10s, ""}).value()};
  EXPECT_TRUE(worker.post(kAlert));
  EXPECT_EQ(worker.drain(60s).delivered, 1U) << worker.error_latest();
  const std::lock_guard lock(mutex);
  EXPECT_EQ(got.method, "POST");
  EXPECT_EQ(got.target, GetParam().want_target);
  EXPECT_EQ(got.header("content-type"), "application/json");
  EXPECT_EQ(json::parse(got.body), GetParam().want_body);
}

INSTANTIATE_TEST_SUITE_P(
    Shapes, WebhookTest,
    testing::Values(ShapeCase{"Slack", WebhookShape::slack, "/services/T0/B0/xyz", "/services/T0/B0/xyz",
                              json{{"text",
                                    "[critical] NOT FLAT\nTQQQ &lt;100&gt; &amp; \"more\"\n@everyone"}}},
                    ShapeCase{"Discord", WebhookShape::discord, "/api/webhooks/1/xyz", "/api/webhooks/1/xyz",
                              json{{"content", "[critical] NOT FLAT\nTQQQ <100> & \"more\"\n@everyone"},
                                   {"allowed_mentions", {{"parse", json::array()}}}}},
                    ShapeCase{"Ntfy", WebhookShape::ntfy, "/my-topic", "/",
                              json{{"topic", "my-topic"},
                                   {"title", "NOT FLAT"},
                                   {"message", "TQQQ <100> & \"more\"\n@everyone"},
                                   {"priority", 5}}},
                    ShapeCase{"NtfyBelowAPath", WebhookShape::ntfy, "/ntfy/my-topic/", "/ntfy/",
                              json{{"topic", "my-topic"},
                                   {"title", "NOT FLAT"},
                                   {"message", "TQQQ <100> & \"more\"\n@everyone"},
                                   {"priority", 5}}}),
    [](const auto& tc) { return tc.param.name; });

TEST(WebhookBody, DiscordTextIsCutAtWholeCharacters) {
  std::string text;
  for (int i = 0; i < 3'000; ++i) text += "é";
  const auto content = json::parse(webhook_body(WebhookShape::discord, {AlertLevel::info, "t", text}, ""))
                           .at("content")
                           .get<std::string>();
  const std::string head = "[info] t\n";
  EXPECT_EQ(content.size(), head.size() + 2 * (2'000 - head.size()));
  EXPECT_EQ(content.substr(content.size() - 2), "é");
}

TEST(WebhookBody, BytesThatAreNoTextDoNotThrow) {
  for (const auto shape : {WebhookShape::slack, WebhookShape::discord, WebhookShape::ntfy})
    EXPECT_TRUE(
        json::accept(webhook_body(shape, {AlertLevel::info, "\xff\xfe", std::string("a\0\xc3", 3)}, "t")));
}

TEST(Webhook, ShapeFollowsTheHost) {
  EXPECT_EQ(webhook_shape("https://hooks.slack.com/services/x"), WebhookShape::slack);
  EXPECT_EQ(webhook_shape("https://discord.com/api/webhooks/x"), WebhookShape::discord);
  EXPECT_EQ(webhook_shape("https://ptb.discordapp.com:443/api"), WebhookShape::discord);
  EXPECT_EQ(webhook_shape("https://ntfy.sh/topic"), WebhookShape::ntfy);
  EXPECT_EQ(webhook_shape("https://notslack.com/slack.com"), WebhookShape::ntfy);
}

TEST(Webhook, UrlNeverShowsInErrors) {
  const LoopbackServer server{[](Peer& peer) {
    (void)peer.read_request();
    peer.reply(403, "invalid_token");
  }};
  const DeadPort dead{DeadPort::Kind::refusing};
  const std::string path = std::string{"/services/"} + kSecret;
  for (const std::string& base : {server.url("http"), "http://localhost:" + std::to_string(dead.port())}) {
    const auto channel = make_webhook({base + path, WebhookShape::slack, 10s, ""}).value();
    const auto sent = channel->deliver(kAlert);
    ASSERT_FALSE(sent);
    expect_no_secret(sent.error());
  }
  for (const char* url : {"S3CR3T", "http://hooks.example/S3CR3T", "ftp://hooks.example/S3CR3T"}) {
    const auto channel = make_webhook({url, WebhookShape::slack, 10s, ""});
    ASSERT_FALSE(channel) << url;
    EXPECT_EQ(channel.error().code, Errc::usage);
    expect_no_secret(channel.error());
  }
  EXPECT_FALSE(make_webhook({"https://ntfy.sh/", WebhookShape::ntfy, 10s, ""}));
}

TEST(Webhook, AMuteServerDoesNotHoldUpShutdown) {
  Gate reached;
  const LoopbackServer server{[&](Peer& peer) {
    (void)peer.read_request();
    reached.open();
    peer.stay_mute();
  }};
  AlertWorker worker{make_webhook({server.url("http") + "/x", WebhookShape::slack, 600s, ""}).value()};
  worker.post(kAlert);
  ASSERT_TRUE(reached.wait());
  EXPECT_EQ(worker.drain(0ms).failed, 1U);  // would take ten minutes if cancel did not work
}

}  // namespace
}  // namespace sentio::test
