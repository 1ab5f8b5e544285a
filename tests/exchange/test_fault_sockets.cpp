#include "server_fixture.h"

namespace sentio {
namespace {

using testing::open_data;
using testing::open_stream;
using testing::ServerTest;
using testing::SocketClient;
using testing::upgrade_status;
using Json = nlohmann::json;

class FaultSockets : public ServerTest {
 protected:
  static Json auth() { return {{"action", "auth"}, {"key", "exchange-key"}, {"secret", "exchange-secret"}}; }
  /// The first answer to authentication on a new data socket: a message or a code.
  Json authenticate(SocketClient& socket) {
    (void)socket.read_json();
    socket.send(auth());
    const Json answer = socket.read_json()[0];
    return answer["T"] == "error" ? answer["code"] : answer["msg"];
  }
  /// Symbols of the next frame.
  static std::vector<std::string> symbols(SocketClient& socket) {
    std::vector<std::string> names;
    for (const Json& item : socket.read_json()) names.push_back(item["S"]);
    return names;
  }
};
using Names = std::vector<std::string>;

TEST_F(FaultSockets, HandshakesAreRefused) {
  start();
  inject("refuse-upgrade data 403 x2");
  inject("refuse-upgrade stream 429 for 30s");
  EXPECT_EQ(upgrade_status(port, "/v2/iex"), 403);
  EXPECT_EQ(upgrade_status(port, "/stocks"), 403) << "Polygon's is a data socket too";
  EXPECT_EQ(upgrade_status(port, "/v2/iex"), 101);
  EXPECT_EQ(upgrade_status(port, "/stream"), 429);
  EXPECT_EQ(upgrade_status(port, "/stream"), 429);
  EXPECT_EQ(upgrade_status(port, "/control"), 101) << "the driver always comes in";
  step();
  EXPECT_EQ(upgrade_status(port, "/stream"), 101) << "six simulated minutes later";
}

TEST_F(FaultSockets, ADroppedDataSocketKeepsItsPlace) {
  start();
  step();
  inject("linger data 90s");
  auto data = open_data(port, {{"bars", {"*"}}});
  inject("drop data");
  EXPECT_TRUE(data->read()->closed);
  SocketClient next(port, "/v2/iex");
  EXPECT_EQ(authenticate(next), 406);
  SocketClient other(port, "/v2/sip");
  EXPECT_EQ(authenticate(other), "authenticated") << "places are counted per endpoint";
  step();
  next.send(auth());
  EXPECT_EQ(next.read_json()[0]["code"], 406) << "after 60 of 90 seconds";
  step();
  next.send(auth());
  EXPECT_EQ(next.read_json()[0]["msg"], "authenticated");
}

TEST_F(FaultSockets, ADroppedStreamIsToldTooManyRequests) {
  start();
  step();
  inject("linger stream 50s");
  auto stream = open_stream(port);
  inject("drop stream");
  EXPECT_TRUE(stream->read()->closed);
  EXPECT_EQ(upgrade_status(port, "/stream"), 429);
  step();
  EXPECT_EQ(upgrade_status(port, "/stream"), 101);
}

TEST_F(FaultSockets, WhoSaysGoodbyeLeavesNoPlaceBehind) {
  start();
  step();
  inject("linger data 90s");
  auto data = open_data(port, {{"bars", {"*"}}});
  data->close();
  data.reset();
  SocketClient next(port, "/v2/iex");
  Json answer = authenticate(next);
  for (int i = 0; i < 50 && answer != "authenticated"; ++i) {  // the server sees the end of the first soon
    next.send(auth());
    answer = next.read_json()[0]["msg"];
  }
  EXPECT_EQ(answer, "authenticated");
}

TEST_F(FaultSockets, GoodKeysFailForAWhile) {
  start();
  inject("auth-failed data x1");
  inject("auth-failed stream x1");
  SocketClient data(port, "/v2/iex");
  EXPECT_EQ(authenticate(data), 402);
  EXPECT_TRUE(data.read()->closed);
  SocketClient again(port, "/v2/iex");
  EXPECT_EQ(authenticate(again), "authenticated");
  SocketClient stream(port, "/stream");
  stream.send(auth());
  EXPECT_EQ(stream.read_json()["data"]["status"], "unauthorized");
  SocketClient later(port, "/stream");
  later.send(auth());
  EXPECT_EQ(later.read_json()["data"]["status"], "authorized");
}

TEST_F(FaultSockets, PolygonsKeysFailToo) {
  start();
  inject("auth-failed data x1");
  SocketClient socket(port, "/stocks");
  (void)socket.read_json();
  socket.send({{"action", "auth"}, {"params", "exchange-key"}});
  EXPECT_EQ(socket.read_json()[0]["status"], "auth_failed");
}

TEST_F(FaultSockets, SubscriptionsBeyondThePlanChangeNothing) {
  start();
  inject("symbol-limit 3");
  inject("no-channel statuses");
  auto data = open_data(port, {{"bars", {"SPY"}}});
  data->send({{"action", "subscribe"}, {"bars", {"SPY", "TQQQ"}}, {"updatedBars", {"SPY", "TQQQ"}}});
  EXPECT_EQ(data->read_json(),
            Json::array({{{"T", "error"}, {"code", 405}, {"msg", "symbol limit exceeded"}}}));
  data->send({{"action", "subscribe"}, {"bars", {"SQQQ"}}, {"statuses", {"*"}}});
  EXPECT_EQ(data->read_json()[0]["code"], 410);
  data->send({{"action", "subscribe"}, {"updatedBars", {"TQQQ"}}, {"statuses", Json::array()}});
  const Json now = data->read_json()[0];
  EXPECT_EQ(now["bars"], Json({"SPY"}));
  EXPECT_EQ(now["updatedBars"], Json({"TQQQ"}));
  EXPECT_EQ(now["statuses"], Json::array());
}

TEST_F(FaultSockets, OneSymbolIsMuteWhileOthersSpeak) {
  options.faults = {*exchange::parse_fault("at 09:32 mute SQQQ 90s")};
  start();
  auto data = open_data(port, {{"bars", {"*"}}});
  EXPECT_EQ(step()["sent"], 3);
  EXPECT_EQ(step()["sent"], 2);
  EXPECT_EQ(step()["sent"], 2);
  EXPECT_EQ(step()["sent"], 3);
  (void)symbols(*data);
  EXPECT_EQ(symbols(*data), (Names{"SPY", "TQQQ"}));
  const auto bars = rest->get("/v2/stocks/bars?symbols=SQQQ&timeframe=1Min").json();
  EXPECT_EQ(bars["bars"]["SQQQ"].size(), 4U) << "REST has them";
}

TEST_F(FaultSockets, OneExchangesTapeIsThin) {
  options.faults = {*exchange::parse_fault("thin 0.02 drop 0.4 seed 3")};
  options.one_data_connection = false;
  start();
  auto iex = open_data(port, {{"bars", {"SPY"}}});
  auto sip = std::make_unique<SocketClient>(port, "/v2/sip");
  EXPECT_EQ(authenticate(*sip), "authenticated");
  sip->send({{"action", "subscribe"}, {"bars", {"SPY"}}});
  (void)sip->read_json();
  for (int i = 0; i < 40; ++i) step();
  for (int i = 0; i < 40; ++i) EXPECT_EQ(sip->read_json()[0]["v"], 10'000);
  const auto thin = rest->get("/v2/stocks/bars?symbols=SPY&timeframe=1Min&feed=iex").json()["bars"]["SPY"];
  EXPECT_GT(thin.size(), 12U);
  EXPECT_LT(thin.size(), 36U);
  for (const Json& bar : thin) {
    const Json pushed = iex->read_json()[0];
    EXPECT_EQ(pushed["t"], bar["t"]) << "socket and REST miss the same minutes";
    EXPECT_EQ(pushed["v"], 200);
    EXPECT_EQ(bar["v"], 200);
    EXPECT_EQ(pushed["c"], bar["c"]);
  }
  const auto whole = rest->get("/v2/stocks/bars?symbols=SPY&timeframe=1Min&feed=sip").json()["bars"]["SPY"];
  EXPECT_EQ(whole.size(), 40U);
}

}  // namespace
}  // namespace sentio
