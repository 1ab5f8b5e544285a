#include "server_fixture.h"

namespace sentio {
namespace {

using testing::ServerTest;
using testing::SocketClient;
using Json = nlohmann::json;
using FaultTerms = ServerTest;

TEST_F(FaultTerms, AnAssetIsWhatTheScriptSays) {
  start();
  inject("asset SPY attributes ptp_no_exception,ipo");
  EXPECT_EQ(rest->get("/v2/assets/SPY").json()["attributes"], Json({"ptp_no_exception", "ipo"}));
  EXPECT_EQ(rest->order("SPY", "buy", 1).status, 200) << "attributes alone refuse nothing";
  inject("asset SPY untradable");
  EXPECT_EQ(rest->get("/v2/assets/SPY").json()["tradable"], false);
  const auto refused = rest->order("SPY", "buy", 1);
  EXPECT_EQ(refused.status, 422);
  EXPECT_EQ(refused.json(), Json({{"code", 42210000}, {"message", "asset \"SPY\" is not tradable"}}));
  inject("asset SQQQ inactive");
  EXPECT_EQ(rest->get("/v2/assets/SQQQ").json()["status"], "inactive");
  EXPECT_EQ(rest->order("SQQQ", "buy", 1).json()["message"], "asset \"SQQQ\" is not active");
  EXPECT_EQ(rest->get("/v2/assets?status=inactive").json().size(), 1U);
  inject("asset TQQQ unknown");
  EXPECT_EQ(rest->get("/v2/assets/TQQQ").status, 404);
  EXPECT_EQ(rest->get("/v2/assets/TQQQ").json()["message"], "asset not found for TQQQ");
  EXPECT_EQ(rest->order("TQQQ", "buy", 1).json()["message"], "asset \"TQQQ\" not found");
  EXPECT_EQ(rest->get("/v2/assets").json().size(), 1U) << "SPY";
}

TEST_F(FaultTerms, TheAccountMayHaveLittleMarginOrNoPower) {
  start();
  step();
  inject("account multiplier 1");
  EXPECT_EQ(rest->get("/v2/account").json()["multiplier"], "1");
  EXPECT_EQ(rest->get("/v2/account").json()["buying_power"], "100000");
  EXPECT_EQ(rest->order("TQQQ", "buy", 1500).status, 403) << "105,000 USD";
  EXPECT_EQ(rest->order("TQQQ", "buy", 1000).status, 200);
  step();
  inject("account buying-power 0");
  EXPECT_EQ(rest->get("/v2/account").json()["buying_power"], "0");
  const Json refused = rest->order("SPY", "buy", 1).json();
  EXPECT_EQ(refused["message"], "insufficient buying power");
  EXPECT_EQ(refused["buying_power"], "0");
  EXPECT_EQ(rest->order("TQQQ", "sell", 1000).status, 200) << "exits need none";
}

TEST_F(FaultTerms, OrdersAreRefusedForTheirReason) {
  start();
  step();
  const std::map<std::string, std::tuple<int, int, std::string>> want{
      {"pdt", {403, 40310100, "trade denied due to pattern day trading protection"}},
      {"intraday-margin", {403, 40310100, "trade denied due to intraday margin deficit"}},
      {"liquidation-only", {403, 40310000, "account is restricted to liquidation only"}},
      {"buying-power", {403, 40310000, "insufficient buying power"}},
      {"not-tradable", {422, 42210000, "asset \"TQQQ\" is not tradable"}},
      {"not-active", {422, 42210000, "asset \"TQQQ\" is not active"}},
      {"wash-trade", {422, 42210000, "potential wash trade detected. use complex orders"}},
  };
  for (const auto& [reason, answer] : want) {
    inject("refuse " + reason + " TQQQ buy x1");
    const auto refused = rest->order("TQQQ", "buy", 10);
    EXPECT_EQ(refused.status, std::get<0>(answer)) << reason;
    EXPECT_EQ(refused.json()["code"], std::get<1>(answer)) << reason;
    EXPECT_EQ(refused.json()["message"], std::get<2>(answer)) << reason;
  }
  EXPECT_EQ(rest->get("/v2/orders?status=all").body, "[]") << "a refusal makes no order";
  inject("refuse ptp SPY for 90s");
  EXPECT_NE(rest->order("SPY", "buy", 1).body.find("asset \\\"SPY\\\" is a PTP"), std::string::npos);
  EXPECT_EQ(rest->order("SPY", "sell", 1).status, 403) << "either side";
  EXPECT_EQ(rest->order("TQQQ", "buy", 1).status, 200) << "only that symbol";
  step();
  step();
  EXPECT_EQ(rest->order("SPY", "buy", 1).status, 200) << "after its time";
}

TEST_F(FaultTerms, OtherClientsHabitsAreTaken) {
  start();
  // The Go client sends every channel, null where it wants none.
  SocketClient data(port, "/v2/iex");
  (void)data.read_json();
  data.send({{"action", "auth"}, {"key", "exchange-key"}, {"secret", "exchange-secret"}});
  (void)data.read_json();
  data.send({{"action", "subscribe"},
             {"bars", {"SPY"}},
             {"trades", nullptr},
             {"orderbooks", nullptr},
             {"news", Json::array()},
             {"pricing", nullptr}});
  EXPECT_EQ(data.read_json()[0]["bars"], Json({"SPY"}));
  data.send({{"action", "subscribe"}, {"news", {"SPY"}}});
  EXPECT_EQ(data.read_json()[0]["code"], 410);
  data.send({{"action", "subscribe"}, {"bars", "SPY"}});
  EXPECT_EQ(data.read_json()[0]["code"], 400);
  // The old Python SDK ends the stream's path with a slash.
  SocketClient stream(port, "/stream/");
  stream.send({{"action", "auth"}, {"key", "exchange-key"}, {"secret", "exchange-secret"}});
  EXPECT_EQ(stream.read_json()["data"]["status"], "authorized");
  // The JS SDK asks the calendar with date-times.
  const auto days =
      rest->get("/v2/calendar?start=2025-01-03T00%3A00%3A00.000Z&end=2025-01-06T23%3A59%3A59Z").json();
  ASSERT_EQ(days.size(), 2U);
  EXPECT_EQ(days[0]["date"], "2025-01-03");
  EXPECT_EQ(rest->get("/v2/calendar?start=2025-01-03Tnoon").status, 400);
  const auto polygon = rest->call("GET", "/v3/reference/tickers?apiKey=exchange-key", "", {});
  EXPECT_EQ(polygon.status, 404);
  EXPECT_EQ(polygon.json()["status"], "NOT_FOUND") << "in Polygon's words";
}

}  // namespace
}  // namespace sentio
