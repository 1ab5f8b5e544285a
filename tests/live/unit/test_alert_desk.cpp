/// Alerts to a real HTTP server on loopback and to real programs.

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <mutex>
#include <nlohmann/json.hpp>
#include <thread>

#include "../net/net_test_support.h"
#include "scratch_folder.h"
#include "sentio/live/alert_desk.h"
#include "sentio/store/atomic_file.h"

namespace sentio {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;
using test::LoopbackServer;
using test::Peer;

/// Keeps what was posted to it.
class Inbox {
 public:
  explicit Inbox(int status = 200)
      : server_([this, status](Peer& peer) {
          while (const auto request = peer.read_request()) {
            {
              const std::lock_guard lock(mutex_);
              bodies_.push_back(json::parse(request->body));
            }
            if (!peer.reply(status, "")) return;
          }
        }) {}
  [[nodiscard]] std::string url() const { return server_.url("http") + "/S3CR3T-topic"; }
  [[nodiscard]] std::vector<json> bodies() const {
    const std::lock_guard lock(mutex_);
    return bodies_;
  }

 private:
  mutable std::mutex mutex_;
  std::vector<json> bodies_;
  LoopbackServer server_;
};

std::unique_ptr<AlertDesk> desk_of(AlertDeskOptions options) {
  if (options.subject.empty()) options.subject = "sentio paper";
  return AlertDesk::create(std::move(options)).value();
}

TEST(AlertDesk, SaysWhatAndHowUrgentToTheWebhook) {
  const Inbox inbox;
  const auto desk = desk_of({.url = inbox.url()});
  EXPECT_TRUE(desk->configured());
  desk->post(AlertKind::start, "2025-10-14");
  desk->post(AlertKind::feed_mute, "no bar for 75 s");
  desk->post(AlertKind::not_flat, "TQQQ 100");
  EXPECT_EQ(desk->close(60s), "alerts: 3 delivered");
  const auto bodies = inbox.bodies();
  ASSERT_EQ(bodies.size(), 3U);
  EXPECT_EQ(bodies[0].at("title"), "sentio paper: started");
  EXPECT_EQ(bodies[1].at("title"), "sentio paper: no market data");
  EXPECT_EQ(bodies[2].at("title"), "sentio paper: NOT FLAT");
  EXPECT_EQ(bodies[2].at("message"), "TQQQ 100");
  EXPECT_LT(bodies[0].at("priority"), bodies[1].at("priority"));
  EXPECT_LT(bodies[1].at("priority"), bodies[2].at("priority"));
}

TEST(AlertDesk, RunsTheCommandWithTheText) {
  const testing::ScratchFolder folder;
  const auto file = folder / "told";
  const auto desk =
      desk_of({.command = "/bin/sh -c 'echo \"$SENTIO_ALERT_LEVEL|$SENTIO_ALERT_TITLE|$(cat)\" >> " +
                          file.string() + "'"});
  desk->post(AlertKind::breaker, "5 % below the peak; $(touch pwned)");
  EXPECT_EQ(desk->close(60s), "alerts: 1 delivered");
  EXPECT_EQ(*read_text_file(file),
            "critical|sentio paper: CIRCUIT BREAKER|5 % below the peak; $(touch pwned)\n");
}

TEST(AlertDesk, CountsFailuresWithoutTheUrl) {
  const Inbox inbox(500);
  const auto desk = desk_of({.url = inbox.url(), .command = "/bin/false"});
  desk->post(AlertKind::trouble, "x");
  const std::string line = desk->close(60s);
  EXPECT_TRUE(
      line.starts_with("alerts: webhook 0 delivered, 1 failed (webhook: answered HTTP 500); "
                       "command 0 delivered, 1 failed (/bin/false: "))
      << line;
  EXPECT_EQ(line.find("S3CR3T"), std::string::npos) << line;
  EXPECT_EQ(line.find('\n'), std::string::npos) << line;
}

TEST(AlertDesk, SendsTheSameOnceAMinute) {
  auto now = std::chrono::steady_clock::time_point{} + 1h;
  const Inbox inbox;
  const auto desk = desk_of({.url = inbox.url(), .now = [&] { return now; }});
  desk->post(AlertKind::trouble, "a");
  now += 59s;
  desk->post(AlertKind::trouble, "a");
  desk->post(AlertKind::trouble, "b");
  desk->post(AlertKind::halt, "a");
  now += 1s;
  desk->post(AlertKind::trouble, "a");
  EXPECT_EQ(desk->close(60s), "alerts: 4 delivered; repeats left out: 1");
}

TEST(AlertDesk, WithoutAChannelItOnlyCounts) {
  const auto desk = desk_of({});
  EXPECT_FALSE(desk->configured());
  desk->post(AlertKind::start, "x");
  desk->post(AlertKind::stop, "x");
  EXPECT_EQ(desk->close(60s), "alerts: 2, sent nowhere (no webhook and no command is set)");
}

TEST(AlertDesk, NeverWaitsForAServerThatIsMute) {
  test::Gate arrived;
  const LoopbackServer mute([&](Peer& peer) {
    arrived.open();
    peer.stay_mute();
  });
  const auto desk = desk_of({.url = mute.url("http") + "/topic"});
  // Had post() waited for an answer, each would have met the channel's own time limit: a thousand failures.
  for (int i = 0; i < 1000; ++i) desk->post(AlertKind::trouble, std::to_string(i));
  EXPECT_TRUE(arrived.wait());
  const std::string line = desk->close(100ms);
  EXPECT_TRUE(line.starts_with("alerts: 0 delivered, 1 failed (")) << line;
  EXPECT_TRUE(line.ends_with("), 999 dropped")) << line;
}

TEST(AlertDesk, RefusesWhatIsNoChannel) {
  for (const AlertDeskOptions& bad :
       {AlertDeskOptions{.url = "S3CR3T"}, AlertDeskOptions{.url = "http://example.com/S3CR3T"},
        AlertDeskOptions{.command = "say 'S3CR3T"}, AlertDeskOptions{.command = "/nonexistent/program S3CR3T"},
        AlertDeskOptions{.command = "nonexistent-program S3CR3T"}}) {
    const auto desk = AlertDesk::create(bad);
    ASSERT_FALSE(desk);
    EXPECT_EQ(desk.error().code, Errc::usage);
    EXPECT_EQ(desk.error().message().find("S3CR3T"), std::string::npos) << desk.error().message();
  }
}

}  // namespace
}  // namespace sentio
