#include "server_fixture.h"

namespace sentio {
namespace {

using namespace std::chrono_literals;
using testing::ServerTest;
using FaultAnswers = ServerTest;

TEST_F(FaultAnswers, ForbiddenHasNoCode) {
  start();
  inject("forbidden x2");
  for (const char* path : {"/v2/account", "/v2/stocks/bars/latest?symbols=SPY"}) {
    const auto reply = rest->get(path);
    EXPECT_EQ(reply.status, 403);
    EXPECT_EQ(reply.body, R"({"message":"forbidden."})");
  }
  EXPECT_EQ(rest->get("/v2/account").status, 200);
}

TEST_F(FaultAnswers, WrongKeysMayBeForbidden) {
  start();
  inject("wrong-keys forbidden");
  const testing::Headers wrong{{"APCA-API-KEY-ID", "exchange-key"}, {"APCA-API-SECRET-KEY", "other"}};
  for (const char* path : {"/v2/account", "/v2/clock"}) {
    const auto reply = rest->call("GET", path, "", wrong);
    EXPECT_EQ(reply.status, 403) << path;
    EXPECT_EQ(reply.body, R"({"message":"forbidden."})");
  }
  EXPECT_EQ(rest->get("/v2/account").status, 200);
}

TEST_F(FaultAnswers, APathMeetsOnlyItself) {
  start();
  inject("401 /v2/clock x1");
  EXPECT_EQ(rest->get("/v2/account").status, 200);
  EXPECT_EQ(rest->get("/v2/clock").json()["code"], 40110000);
  EXPECT_EQ(rest->get("/v2/clock").status, 200);
  inject("500 POST /v2/orders for 30s");
  EXPECT_EQ(rest->get("/v2/orders").status, 200);
  EXPECT_EQ(rest->order("SPY", "buy", 1).status, 500);
  inject("503 /v2/account for 30s");
  EXPECT_EQ(rest->get("/v2/account").status, 503);
  EXPECT_EQ(rest->get("/v2/account/activities").status, 200) << "exactly that path";
  inject("503 /v2/assets/* for 30s");
  EXPECT_EQ(rest->get("/v2/assets/SPY").status, 503);
  EXPECT_EQ(rest->get("/v2/assets").status, 200);
}

TEST_F(FaultAnswers, AHangingCallLeavesTheOthersAlone) {
  start();
  auto data = testing::open_data(port, {{"bars", {"*"}}});
  inject("hang GET /v2/positions x1");
  testing::HangingCall call(port, "/v2/positions");
  while (server->control().statistics().requests == 0) EXPECT_FALSE(call.answered(1ms));
  EXPECT_EQ(rest->get("/v2/positions").status, 200) << "x1 is used up";
  EXPECT_EQ(step()["sent"], 3);
  EXPECT_EQ(data->read_json().size(), 3U) << "sockets live on";
  EXPECT_FALSE(call.answered(100ms));
}

TEST_F(FaultAnswers, GarbageIsHalfOfTheAnswer) {
  start();
  inject("foreign position SPY 10");
  const auto whole = rest->get("/v2/positions");
  inject("garbage /v2/positions x1");
  const auto half = rest->get("/v2/positions");
  EXPECT_EQ(half.status, 200);
  EXPECT_EQ(half.body, whole.body.substr(0, whole.body.size() / 2));
  EXPECT_TRUE(half.json().is_discarded());
}

TEST_F(FaultAnswers, APortalAnswersInHtml) {
  start();
  inject("portal x2");
  const auto reply = rest->get("/v2/account");
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(reply.headers.at("Content-Type"), "text/html");
  EXPECT_EQ(reply.body.substr(0, 6), "<html>");
  EXPECT_EQ(rest->order("SPY", "buy", 1).status, 200);
  EXPECT_EQ(rest->get("/v2/orders?status=all").body, "[]") << "nothing was taken";
}

TEST_F(FaultAnswers, TrailersFollowAChunkedBody) {
  start();
  const auto plain = rest->get("/v2/assets/SPY");
  inject("trailers x1");
  const auto reply = rest->get("/v2/assets/SPY");
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(reply.headers.at("Transfer-Encoding"), "chunked");
  EXPECT_EQ(reply.headers.at("X-Checked"), "1") << "came after the body";
  EXPECT_EQ(reply.body, plain.body);
  EXPECT_EQ(rest->get("/v2/account").status, 200) << "the connection lives on";
}

TEST_F(FaultAnswers, OnePathMayBeSlow) {
  start();
  inject("slow /v2/clock 1s x1");
  const auto began = std::chrono::steady_clock::now();
  EXPECT_EQ(rest->get("/v2/clock").status, 200);
  EXPECT_GE(std::chrono::steady_clock::now() - began, 1s);
}

}  // namespace
}  // namespace sentio
