#include "server_fixture.h"

namespace sentio {
namespace {

using testing::open_stream;
using testing::ServerTest;
using Json = nlohmann::json;

class FaultOrders : public ServerTest {
 protected:
  /// Ten minutes into the day with 100 shares of TQQQ.
  void start_with_shares() {
    start();
    step();
    (void)rest->order("TQQQ", "buy", 100);
    step();
  }
  Json order(const std::string& id) { return rest->get("/v2/orders/" + id).json(); }
  std::string take(const std::string& symbol, const std::string& side, int qty,
                   const std::string& name = "") {
    const auto reply = rest->order(symbol, side, qty, name);
    EXPECT_EQ(reply.status, 200) << reply.body;
    return reply.json().value("id", "");
  }
  Json update() { return stream->read_json()["data"]; }
  std::unique_ptr<testing::SocketClient> stream;
};

TEST_F(FaultOrders, AnOrderIsReplacedByTheBroker) {
  start_with_shares();
  stream = open_stream(port);
  inject("replace-order TQQQ sell after 5s");
  const std::string spy = take("SPY", "buy", 1);
  const std::string id = take("TQQQ", "sell", 40, "mine");
  EXPECT_EQ(order(id)["status"], "new") << "it rests until it is replaced";
  step();
  EXPECT_EQ(order(spy)["status"], "filled");
  const Json old = order(id);
  EXPECT_EQ(old["status"], "replaced");
  EXPECT_EQ(old["filled_qty"], "0");
  EXPECT_TRUE(old["replaced_at"].is_string());
  const Json next = order(old["replaced_by"].get<std::string>());
  EXPECT_EQ(next["replaces"], id);
  EXPECT_NE(next["id"], id);
  EXPECT_EQ(next["client_order_id"].get<std::string>().size(), 36U) << "a uuid, not ours: " << next;
  EXPECT_EQ(next["qty"], "40");
  EXPECT_EQ(next["status"], "filled") << "at the next opens";
  EXPECT_EQ(rest->get("/v2/orders:by_client_order_id?client_order_id=mine").json()["id"], id);
  std::vector<std::string> told;
  for (int i = 0; i < 8; ++i) {
    const Json event = update();
    if (event["order"]["symbol"] != "TQQQ") continue;
    told.push_back(event["event"].get<std::string>() + (event["order"]["id"] == id ? " old" : " next"));
    if (event["event"] == "replaced") {
      EXPECT_EQ(event["order"]["replaced_by"], next["id"]);
    }
  }
  EXPECT_EQ(told, (std::vector<std::string>{"pending_new old", "new old", "replaced old", "new next",
                                            "fill next"}));
}

TEST_F(FaultOrders, OpenOrdersAreReplacedFirstAndOthersLeftAlone) {
  start_with_shares();
  inject("foreign order TQQQ sell 10");
  const std::string foreign = rest->get("/v2/orders").json()[0]["id"];
  inject("replace-order x1");
  const std::string id = take("SPY", "buy", 1);
  step();
  EXPECT_EQ(order(foreign)["status"], "replaced");
  EXPECT_EQ(order(order(foreign)["replaced_by"])["limit_price"], order(foreign)["limit_price"]);
  EXPECT_EQ(order(id)["status"], "filled");
}

TEST_F(FaultOrders, AMarketOrderRestsForItsTimeThenFills) {
  start_with_shares();
  inject("rest-market TQQQ sell during 2m");
  const std::string buy = take("SPY", "buy", 1), id = take("TQQQ", "sell", 40);
  for (int i = 0; i < 2; ++i) {
    step();
    EXPECT_EQ(order(id)["status"], "new") << "minute " << minute;
    EXPECT_EQ(rest->get("/v2/positions/TQQQ").json()["qty_available"], "60");
  }
  EXPECT_EQ(order(buy)["status"], "filled");
  step();
  EXPECT_EQ(order(id)["status"], "filled");
  const std::string next = take("TQQQ", "sell", 10);
  step();
  EXPECT_EQ(order(next)["status"], "filled") << "x1 is used up";
}

TEST_F(FaultOrders, AnAcceptedOrderRestsUntilItIsCanceledOrTheCloseComes) {
  options.to_minute = 6;
  options.session = testing::kFixtureDay;
  start_with_shares();
  stream = open_stream(port);
  inject("rest-market buy accepted x2");
  const std::string id = take("SPY", "buy", 1);
  EXPECT_EQ(order(id)["status"], "accepted");
  EXPECT_EQ(update()["event"], "accepted");
  step();
  step();
  EXPECT_EQ(order(id)["status"], "accepted");
  EXPECT_EQ(rest->call("DELETE", "/v2/orders/" + id).status, 204);
  EXPECT_EQ(order(id)["status"], "canceled");
}

TEST_F(FaultOrders, WhatRestsExpiresAtTheClose) {
  options.from_minute = 388;
  start();
  step();
  inject("rest-market for 10m");
  const std::string id = take("SPY", "buy", 1);
  step();
  EXPECT_EQ(step()["type"], "closed");
  EXPECT_EQ(order(id)["status"], "expired");
  EXPECT_EQ(order(id)["filled_qty"], "0");
}

TEST_F(FaultOrders, ACancelWithoutEffectLingers) {
  start_with_shares();
  inject("rest-market");
  inject("stuck-cancel 90s TQQQ");
  const std::string id = take("TQQQ", "sell", 100);
  EXPECT_EQ(rest->call("DELETE", "/v2/orders/" + id).status, 204);
  EXPECT_EQ(order(id)["status"], "pending_cancel");
  EXPECT_EQ(rest->call("DELETE", "/v2/orders/" + id).status, 204) << "asked again";
  const auto refused = rest->call("DELETE", "/v2/positions/TQQQ");
  EXPECT_EQ(refused.status, 403) << "the shares are held";
  step();
  EXPECT_EQ(order(id)["status"], "pending_cancel");
  step();
  EXPECT_EQ(order(id)["status"], "canceled");
  EXPECT_EQ(rest->get("/v2/positions/TQQQ").json()["qty_available"], "100");
}

TEST_F(FaultOrders, SharesAreHeldByAForeignOrder) {
  options.faults = {*exchange::parse_fault("at 09:33 foreign order TQQQ sell 30")};
  start_with_shares();
  EXPECT_EQ(rest->get("/v2/positions/TQQQ").json()["qty_available"], "100");
  step();
  const Json foreign = rest->get("/v2/orders").json()[0];
  EXPECT_EQ(foreign["type"], "limit");
  EXPECT_EQ(foreign["limit_price"], "140.04") << "twice the last price";
  EXPECT_EQ(foreign["status"], "new");
  EXPECT_EQ(rest->get("/v2/positions/TQQQ").json()["qty_available"], "70");
  const auto refused = rest->order("TQQQ", "sell", 100);
  EXPECT_EQ(refused.status, 403);
  EXPECT_EQ(refused.json(),
            Json({{"code", 40310000},
                  {"message", "insufficient qty available for order (requested: 100, available: 70)"},
                  {"available", "70"},
                  {"existing_qty", "100"},
                  {"held_for_orders", "30"},
                  {"symbol", "TQQQ"},
                  {"related_orders", {foreign["id"]}}}));
  EXPECT_EQ(rest->order("TQQQ", "sell", 70).status, 200);
}

TEST_F(FaultOrders, ForeignOrdersOfOtherKinds) {
  start_with_shares();
  inject("foreign order TQQQ sell all stop 1.5 during 60s");
  const Json stop = rest->get("/v2/orders").json()[0];
  EXPECT_EQ(stop["type"], "stop");
  EXPECT_EQ(stop["stop_price"], "1.5");
  EXPECT_EQ(stop["qty"], "100");
  EXPECT_EQ(rest->get("/v2/positions/TQQQ").json()["qty_available"], "0");
  const auto nothing_left = server->control().inject("foreign order TQQQ sell all");
  EXPECT_EQ(nothing_left.error().code, Errc::not_found);
  EXPECT_EQ(server->control().inject("foreign order TQQQ sell 1").error().code, Errc::rejected);
  inject("foreign order SPY buy 5 market");
  step();
  EXPECT_EQ(rest->get("/v2/positions/SPY").json()["qty"], "5") << "a foreign purchase";
  step();
  EXPECT_EQ(order(stop["id"])["status"], "canceled") << "after its time";
}

}  // namespace
}  // namespace sentio
