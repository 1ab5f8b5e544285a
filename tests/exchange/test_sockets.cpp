#include "sentio/exchange/msgpack_wire.h"
#include "server_fixture.h"

namespace sentio {
namespace {

using namespace std::chrono_literals;
using testing::open_data;
using testing::open_stream;
using testing::ServerTest;
using testing::SocketClient;
using Json = nlohmann::json;

class Sockets : public ServerTest {
 protected:
  static Json success(const char* message) { return Json::array({{{"T", "success"}, {"msg", message}}}); }
  static Json error(int code, const char* message) {
    return Json::array({{{"T", "error"}, {"code", code}, {"msg", message}}});
  }
  static Json auth() { return {{"action", "auth"}, {"key", "exchange-key"}, {"secret", "exchange-secret"}}; }
};

TEST_F(Sockets, DataGreetsAuthenticatesAndListsSubscriptions) {
  start();
  SocketClient socket(port, "/v2/iex");
  EXPECT_EQ(socket.read_json(), success("connected"));
  socket.send({{"action", "subscribe"}, {"bars", {"SPY"}}});
  EXPECT_EQ(socket.read_json(), error(401, "not authenticated"));
  socket.send(auth());
  EXPECT_EQ(socket.read_json(), success("authenticated"));
  socket.send(auth());
  EXPECT_EQ(socket.read_json(), error(403, "already authenticated"));
  socket.send({{"action", "subscribe"}, {"bars", {"SPY", "TQQQ"}}, {"statuses", {"*"}}});
  auto reply = socket.read_json();
  EXPECT_EQ(reply[0].size(), 10U) << "T and nine lists";
  EXPECT_EQ(reply[0]["bars"], Json({"SPY", "TQQQ"}));
  EXPECT_EQ(reply[0]["trades"], Json::array());
  socket.send({{"action", "unsubscribe"}, {"bars", {"SPY"}}});
  EXPECT_EQ(socket.read_json()[0]["bars"], Json({"TQQQ"}));
  socket.send({{"action", "subscribe"}, {"candles", {"SPY"}}});
  EXPECT_EQ(socket.read_json()[0]["code"], 410);
  socket.send_text("{broken");
  EXPECT_EQ(socket.read_json(), error(400, "invalid syntax"));
}

TEST_F(Sockets, HandshakeHeadersAuthenticateToo) {
  start();
  SocketClient socket(port, "/v2/sip", testing::kKeys);
  EXPECT_EQ(socket.read_json(), success("connected"));
  EXPECT_EQ(socket.read_json(), success("authenticated"));
}

TEST_F(Sockets, WrongKeysAreToldAndTheSocketEnds) {
  start();
  SocketClient socket(port, "/v2/iex");
  (void)socket.read_json();
  socket.send({{"action", "auth"}, {"key", "exchange-key"}, {"secret", "wrong"}});
  EXPECT_EQ(socket.read_json(), error(402, "auth failed"));
  const auto end = socket.read();
  ASSERT_TRUE(end);
  EXPECT_TRUE(end->closed);
}

TEST_F(Sockets, SilenceEndsInAnAuthenticationTimeout) {
  options.auth_timeout = 50ms;
  start();
  SocketClient socket(port, "/v2/iex");
  (void)socket.read_json();
  EXPECT_EQ(socket.read_json(), error(404, "auth timeout"));
}

TEST_F(Sockets, ASecondDataConnectionIsRefusedUntilTheFirstHasGone) {
  start();
  auto first = open_data(port, {{"bars", {"SPY"}}});
  SocketClient second(port, "/v2/iex");
  (void)second.read_json();
  second.send(auth());
  EXPECT_EQ(second.read_json(), error(406, "connection limit exceeded"));
  first.reset();
  Json reply;
  for (int i = 0; i < 50 && reply != success("authenticated");
       ++i) {  // the server sees the end of the first soon
    second.send(auth());
    reply = second.read_json();
  }
  EXPECT_EQ(reply, success("authenticated")) << "on the same socket";
}

TEST_F(Sockets, MsgpackIsSpokenBothWaysAndFragmentsAreJoined) {
  start();
  SocketClient socket(port, "/v2/iex", {{"Content-Type", "application/msgpack"}});
  const auto greeting = socket.read();
  ASSERT_TRUE(greeting);
  EXPECT_TRUE(greeting->binary);
  EXPECT_EQ(Json::from_msgpack(greeting->payload), success("connected"));
  const auto packed = [](const Json& message) {
    std::string bytes;
    Json::to_msgpack(message, bytes);
    return bytes;
  };
  socket.send_binary(packed(auth()));
  EXPECT_EQ(Json::from_msgpack(socket.read()->payload), success("authenticated"));
  const std::string subscribe = packed({{"bars", {"SPY"}}, {"action", "subscribe"}});
  socket.send_fragments({subscribe.substr(0, 9), subscribe.substr(9)});
  EXPECT_EQ(Json::from_msgpack(socket.read()->payload)[0]["bars"], Json({"SPY"}));
  step();
  const auto bars = socket.read();
  ASSERT_TRUE(bars && bars->binary);
  // One map of ten pairs with T first; t = fixext 4, type -1, 2025-01-03T14:30:00Z.
  EXPECT_EQ(bars->payload.substr(0, 5), "\x91\x8a\xa1T\xa1");
  EXPECT_NE(bars->payload.find(std::string("\xa1t\xd6\xff\x67\x77\xf4\x68", 8)), std::string::npos);
  const Json bar = Json::from_msgpack(bars->payload)[0];
  EXPECT_EQ(bar["S"], "SPY");
  EXPECT_EQ(bar["o"], 50.0);
}

TEST_F(Sockets, BarsOfAMinuteComeInOneArrayWithTheRightFields) {
  start();
  auto socket = open_data(port, {{"bars", {"*"}}, {"dailyBars", {"SPY"}}, {"quotes", {"TQQQ"}}});
  step();
  step();
  (void)socket->read_json();
  std::map<std::string, Json> items;
  for (const Json& item : socket->read_json())
    items[item["T"].get<std::string>() + item["S"].get<std::string>()] = item;
  EXPECT_EQ(items.size(), 5U);
  EXPECT_EQ(items["bTQQQ"]["t"], "2025-01-03T14:31:00Z");
  EXPECT_EQ(items["bTQQQ"]["o"], 70.01);
  EXPECT_EQ(items["bTQQQ"]["v"], 10000);
  EXPECT_TRUE(items["bTQQQ"].contains("n") && items["bTQQQ"].contains("vw"));
  EXPECT_EQ(items["dSPY"]["v"], 20000);
  EXPECT_EQ(items["dSPY"]["t"], "2025-01-03T05:00:00Z") << "New York's midnight";
  EXPECT_LT(items["qTQQQ"]["bp"].get<double>(), items["qTQQQ"]["ap"].get<double>());
}

TEST_F(Sockets, TheTradingStreamWaitsForItsClientAndAnswersInBinary) {
  start();
  SocketClient socket(port, "/stream");
  EXPECT_FALSE(socket.read(100ms)) << "no greeting here";
  socket.send({{"action", "authenticate"},
               {"data", {{"key_id", "exchange-key"}, {"secret_key", "exchange-secret"}}}});
  const auto answer = socket.read();
  ASSERT_TRUE(answer);
  EXPECT_TRUE(answer->binary);
  EXPECT_EQ(answer->json(), Json({{"stream", "authorization"},
                                  {"data", {{"status", "authorized"}, {"action", "authenticate"}}}}));
  socket.send({{"action", "listen"}, {"data", {{"streams", {"trade_updates", "poems"}}}}});
  EXPECT_EQ(socket.read_json(), Json({{"stream", "listening"}, {"data", {{"streams", {"trade_updates"}}}}}));
}

TEST_F(Sockets, TheNewerAuthMessageIsTakenAndListeningFirstIsNot) {
  start();
  SocketClient newer(port, "/stream");
  newer.send({{"action", "auth"}, {"key", "exchange-key"}, {"secret", "exchange-secret"}});
  EXPECT_EQ(newer.read_json()["data"]["status"], "authorized");
  SocketClient hasty(port, "/stream");
  hasty.send({{"action", "listen"}, {"data", {{"streams", {"trade_updates"}}}}});
  EXPECT_EQ(hasty.read_json()["data"], Json({{"status", "unauthorized"}, {"action", "listen"}}));
  EXPECT_TRUE(hasty.read()->closed);
}

TEST_F(Sockets, AnOrdersLifeIsToldStepByStep) {
  start();
  auto stream = open_stream(port);
  step();
  const std::string id = rest->order("TQQQ", "buy", 10, "mine").json()["id"];
  EXPECT_EQ(stream->read_json()["data"]["event"], "pending_new");
  EXPECT_EQ(stream->read_json()["data"]["event"], "new");
  const auto announced = step();
  const Json fill = stream->read_json()["data"];
  EXPECT_EQ(fill["event"], "fill");
  EXPECT_EQ(fill["price"], "70.0184") << "70.01 and 1.2 bps";
  EXPECT_EQ(fill["qty"], "10");
  EXPECT_EQ(fill["position_qty"], "10");
  EXPECT_EQ(fill["timestamp"], "2025-01-03T14:31:00Z");
  EXPECT_EQ(fill["execution_id"].get<std::string>().size(), 36U);
  EXPECT_EQ(fill["event_id"].get<std::string>().size(), 26U);
  EXPECT_EQ(fill["order"]["id"], id);
  EXPECT_EQ(fill["order"]["client_order_id"], "mine");
  EXPECT_EQ(fill["order"]["filled_avg_price"], "70.0184");
  EXPECT_EQ(announced["events"], 3);
}

TEST_F(Sockets, NothingIsKeptForListenersThatComeLater) {
  start();
  step();
  (void)rest->order("TQQQ", "buy", 10);
  auto late = open_stream(port);
  EXPECT_FALSE(late->read(100ms));
  EXPECT_EQ(step()["events"], 1) << "the fill only";
  EXPECT_EQ(late->read_json()["data"]["event"], "fill");
}

TEST_F(Sockets, PolygonSpeaksItsOwnProtocol) {
  start();
  SocketClient socket(port, "/stocks");
  EXPECT_EQ(socket.read_json()[0]["status"], "connected");
  socket.send({{"action", "auth"}, {"params", "exchange-key"}});
  EXPECT_EQ(socket.read_json()[0]["status"], "auth_success");
  socket.send({{"action", "subscribe"}, {"params", "AM.TQQQ,Q.TQQQ"}});
  EXPECT_EQ(socket.read_json()[0]["message"], "subscribed to: AM.TQQQ");
  EXPECT_EQ(socket.read_json()[0]["message"], "subscribed to: Q.TQQQ");
  EXPECT_EQ(step()["sent"], 1);
  const Json items = socket.read_json();
  ASSERT_EQ(items.size(), 2U);
  EXPECT_EQ(items[0]["ev"], "AM");
  EXPECT_EQ(items[0]["s"], 1735914600000);
  EXPECT_EQ(items[0]["e"], 1735914660000);
  EXPECT_EQ(items[0]["o"], 70.0);
  EXPECT_EQ(items[1]["ev"], "Q");
  SocketClient stranger(port, "/polygon/stocks");
  (void)stranger.read_json();
  stranger.send({{"action", "auth"}, {"params", "nobody"}});
  EXPECT_EQ(stranger.read_json()[0]["status"], "auth_failed");
}

}  // namespace
}  // namespace sentio
