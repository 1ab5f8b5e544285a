#include "server_fixture.h"

namespace sentio {
namespace {

using testing::RestClient;
using testing::ServerTest;
using Rest = ServerTest;

TEST_F(Rest, OneConnectionServesManyCallsAndSeveralAreServedAtOnce) {
  start();
  RestClient second(port);
  for (int i = 0; i < 5; ++i) {
    EXPECT_EQ(rest->get("/v2/account").status, 200);
    EXPECT_EQ(second.get("/v2/clock").status, 200);
  }
  EXPECT_EQ(server->control().statistics().requests, 10U);
}

TEST_F(Rest, EveryReplyNamesItsRequestAndTheRateLimit) {
  start();
  const auto first = rest->get("/v2/account"), second = rest->get("/v2/nothing");
  EXPECT_EQ(first.headers.at("X-Request-ID").size(), 32U);
  EXPECT_NE(first.headers.at("X-Request-ID"), second.headers.at("X-Request-ID"));
  EXPECT_EQ(first.headers.at("X-RateLimit-Limit"), "200");
  EXPECT_EQ(first.headers.at("X-RateLimit-Remaining"), "199");
  EXPECT_EQ(first.headers.at("X-RateLimit-Reset"), "1735914360");  // 2025-01-03T14:26:00Z
  EXPECT_EQ(second.status, 404);
}

TEST_F(Rest, TheTwoHundredAndFirstCallOfAMinuteIsRefused) {
  start();
  for (int i = 0; i < 200; ++i) ASSERT_EQ(rest->get("/v2/clock").status, 200);
  const auto refused = rest->get("/v2/clock");
  EXPECT_EQ(refused.status, 429);
  EXPECT_EQ(refused.json()["code"], 42910000);
  EXPECT_EQ(rest->get("/v2/stocks/bars/latest?symbols=SPY").status, 200) << "data has a limit of its own";
  control->send({{"type", "advance"}, {"to", "2025-01-03T14:26:00Z"}});
  EXPECT_EQ(control->read_json()["type"], "time");
  EXPECT_EQ(rest->get("/v2/clock").status, 200);
}

TEST_F(Rest, MoneyIsTextAndWrongKeysAreUnauthorized) {
  start();
  const auto account = rest->get("/v2/account").json();
  EXPECT_EQ(account["cash"], "100000");
  EXPECT_EQ(account["multiplier"], "4");
  EXPECT_EQ(account["status"], "ACTIVE");
  const auto refused = rest->call("GET", "/v2/account", "", {{"APCA-API-KEY-ID", "exchange-key"}});
  EXPECT_EQ(refused.status, 401);
  EXPECT_EQ(refused.body, R"({"message":"unauthorized."})");
  const auto page = rest->call("GET", "/v2/clock", "", {});
  EXPECT_EQ(page.status, 401);
  EXPECT_EQ(page.headers.at("Content-Type"), "text/html");
  EXPECT_EQ(rest->call("GET", "/v2/account", "",
                       {{"Authorization", "Basic ZXhjaGFuZ2Uta2V5OmV4Y2hhbmdlLXNlY3JldA=="}})
                .status,
            200);
}

TEST_F(Rest, NumbersInBodiesMayBeNumbersOrText) {
  start();
  const nlohmann::json with_numbers{{"symbol", "TQQQ"},       {"qty", 1.0},
                                    {"side", "buy"},          {"type", "limit"},
                                    {"time_in_force", "day"}, {"limit_price", 20.5}};
  const auto taken = rest->post("/v2/orders", with_numbers);
  ASSERT_EQ(taken.status, 200) << taken.body;
  EXPECT_EQ(taken.json()["qty"], "1");
  EXPECT_EQ(taken.json()["limit_price"], "20.5");
  EXPECT_EQ(taken.json()["filled_avg_price"], nullptr);
  auto with_text = with_numbers;
  with_text["qty"] = "2";
  EXPECT_EQ(rest->post("/v2/orders", with_text).json()["qty"], "2");
  with_text["qty"] = "two";
  EXPECT_EQ(rest->post("/v2/orders", with_text).status, 422);
  EXPECT_EQ(rest->call("POST", "/v2/orders", "{broken").status, 400);
}

TEST_F(Rest, RefusalsCarryTheirExtraKeys) {
  start();
  const auto refused = rest->order("TQQQ", "buy", 1'000'000);
  EXPECT_EQ(refused.status, 403);
  EXPECT_EQ(refused.json()["code"], 40310000);
  EXPECT_TRUE(refused.json()["buying_power"].is_string());
  EXPECT_TRUE(refused.json()["cost_basis"].is_string());
}

TEST_F(Rest, OrdersAreFoundByClientIdListedAndCanceled) {
  start();
  const std::string id = rest->order("TQQQ", "buy", 10, "a b").json()["id"];
  EXPECT_EQ(rest->get("/v2/orders:by_client_order_id?client_order_id=a+b").json()["id"], id);
  EXPECT_EQ(rest->get("/v2/orders:by_client_order_id?client_order_id=nobody").status, 404);
  (void)rest->order("SPY", "buy", 10);
  EXPECT_EQ(rest->get("/v2/orders").json().size(), 2U);
  EXPECT_EQ(rest->get("/v2/orders").json()[0]["symbol"], "SPY") << "newest first";
  EXPECT_EQ(rest->get("/v2/orders?symbols=TQQQ%2CXYZ&limit=500&status=all").json().size(), 1U);
  EXPECT_EQ(rest->get("/v2/orders?status=closed").json().size(), 0U);
  const auto gone = rest->call("DELETE", "/v2/orders/" + id);
  EXPECT_EQ(gone.status, 204);
  EXPECT_EQ(gone.body, "");
  EXPECT_EQ(rest->get("/v2/orders/" + id).json()["status"], "canceled");
  const auto all = rest->call("DELETE", "/v2/orders");
  EXPECT_EQ(all.status, 207);
  EXPECT_EQ(all.json().size(), 1U);
  EXPECT_EQ(all.json()[0]["status"], 200);
}

TEST_F(Rest, PositionsAreClosedOneByOneAndAllTogether) {
  start();
  step();
  (void)rest->order("TQQQ", "buy", 10);
  (void)rest->order("SPY", "buy", 4);
  step();
  const auto position = rest->get("/v2/positions/TQQQ").json();
  EXPECT_EQ(position["qty"], "10");
  EXPECT_EQ(position["side"], "long");
  EXPECT_EQ(rest->get("/v2/positions").json().size(), 2U);
  EXPECT_EQ(rest->get("/v2/positions/SQQQ").json()["message"], "position does not exist");
  EXPECT_EQ(rest->call("DELETE", "/v2/positions/TQQQ?percentage=50").json()["qty"], "5");
  EXPECT_EQ(rest->get("/v2/positions/TQQQ").json()["qty_available"], "5");
  const auto partly = rest->call("DELETE", "/v2/positions");
  EXPECT_EQ(partly.status, 207);
  EXPECT_EQ(partly.json()[0]["status"], 200) << "SPY";
  EXPECT_EQ(partly.json()[1]["status"], 403) << "half of TQQQ is held by the order before";
  EXPECT_EQ(partly.json()[1]["body"]["held_for_orders"], "5");
  step();
  EXPECT_EQ(rest->call("DELETE", "/v2/positions?cancel_orders=True").json().size(), 1U);
  step();
  EXPECT_EQ(rest->get("/v2/positions").body, "[]");
  EXPECT_EQ(rest->get("/v2/account/activities/FILL").json().size(), 5U);
  const auto page = rest->get("/v2/account/activities/FILL?page_size=2").json();
  ASSERT_EQ(page.size(), 2U);
  EXPECT_EQ(page[0]["id"].get<std::string>().substr(0, 19), "20250103093300000::") << "New York time";
  const auto next =
      rest->get("/v2/account/activities?page_size=5&page_token=" + page[1]["id"].get<std::string>());
  EXPECT_EQ(next.json().size(), 3U);
}

TEST_F(Rest, BarsStopAtSimulatedNow) {
  start();
  const std::string query =
      "/v2/stocks/bars?symbols=SPY&timeframe=1Min&start=2025-01-03T14%3A30%3A00%2B00%3A00";
  EXPECT_EQ(rest->get(query).body, R"({"bars":{},"next_page_token":null})");
  step();
  step();
  const auto bars = rest->get(query).json()["bars"]["SPY"];
  ASSERT_EQ(bars.size(), 2U);
  EXPECT_EQ(bars[1]["t"], "2025-01-03T14:31:00Z");
  for (const char* key : {"o", "h", "l", "c", "v", "n", "vw"}) EXPECT_TRUE(bars[1].contains(key)) << key;
  EXPECT_EQ(rest->get("/v2/stocks/SPY/bars?timeframe=1Min&start=2025-01-03").json()["bars"].size(), 2U);
  EXPECT_EQ(rest->get("/v2/stocks/bars/latest?symbols=SPY,TQQQ").json()["bars"]["SPY"]["t"],
            "2025-01-03T14:31:00Z");
}

TEST_F(Rest, BadBarQueriesAreFourHundred) {
  start();
  for (const char* query :
       {"?timeframe=1Min", "?symbols=SPY&timeframe=7Fortnight", "?symbols=SPY&timeframe=1Min&limit=0",
        "?symbols=SPY&timeframe=1Min&limit=10001", "?symbols=spy&timeframe=1Min",
        "?symbols=SPY&timeframe=1Min&start=soon", "?symbols=SPY&timeframe=1Min&feed=mine"}) {
    EXPECT_EQ(rest->get(std::string("/v2/stocks/bars") + query).status, 400) << query;
  }
  EXPECT_EQ(rest->get("/v2/stocks/bars?symbols=ZZZZ&timeframe=1Min").body,
            R"({"bars":{},"next_page_token":null})");
}

TEST_F(Rest, PagesInBothDirectionsCoverEveryBarOnce) {
  start();
  for (const std::string sort : {"asc", "desc"}) {
    std::vector<std::string> times;
    std::string token;
    do {
      const auto page =
          rest->get(
                  "/v2/stocks/"
                  "bars?symbols=SPY&timeframe=1Min&start=2025-01-02&end=2025-01-02&limit=100&sort=" +
                  sort + (token.empty() ? "" : "&page_token=" + token))
              .json();
      for (const auto& bar : page["bars"]["SPY"]) times.push_back(bar["t"]);
      token = page["next_page_token"].is_null() ? "" : page["next_page_token"].get<std::string>();
    } while (!token.empty());
    EXPECT_EQ(times.size(), 390U) << sort;
    EXPECT_TRUE(sort == "asc" ? std::is_sorted(times.begin(), times.end())
                              : std::is_sorted(times.rbegin(), times.rend()));
  }
}

TEST_F(Rest, PolygonAggregatesPageByNextUrl) {
  start();
  std::string target =
      "/v2/aggs/ticker/TQQQ/range/1/minute/2025-01-02/2025-01-02?limit=200&apiKey=exchange-key";
  std::size_t rows = 0;
  int pages = 0;
  while (!target.empty()) {
    const auto reply = rest->call("GET", target, "", {});
    ASSERT_EQ(reply.status, 200) << reply.body;
    const auto page = reply.json();
    rows += page["results"].size();
    ++pages;
    const std::string url = page.value("next_url", "");
    target = url.empty() ? "" : url.substr(url.find("/v2/")) + "&apiKey=exchange-key";
  }
  EXPECT_EQ(rows, 390U);
  EXPECT_EQ(pages, 2);
  const auto empty = rest->call("GET", "/v2/aggs/ticker/TQQQ/range/1/minute/2025-01-04/2025-01-04", "",
                                {{"Authorization", "Bearer exchange-key"}})
                         .json();
  EXPECT_EQ(empty["resultsCount"], 0);
  EXPECT_FALSE(empty.contains("results"));
  EXPECT_EQ(rest->call("GET", "/v2/aggs/ticker/TQQQ/range/1/minute/2025-01-04/2025-01-04", "", {}).status,
            401);
}

TEST_F(Rest, ClockAndCalendarKnowHalfDays) {
  options.session = Date{std::chrono::year{2024} / 7 / 3};
  options = testing::synthetic_exchange(options.session, {"SPY"}, 1);
  start();
  const auto clock = rest->get("/v2/clock").json();
  EXPECT_EQ(clock["timestamp"], "2024-07-03T09:25:00-04:00");
  EXPECT_EQ(clock["is_open"], false);
  EXPECT_EQ(clock["next_close"], "2024-07-03T13:00:00-04:00");
  const auto days = rest->get("/v2/calendar?start=2024-07-03&end=2024-07-05").json();
  ASSERT_EQ(days.size(), 2U) << "the fourth is a holiday";
  EXPECT_EQ(days[0]["close"], "13:00");
  EXPECT_EQ(days[0]["settlement_date"], "2024-07-05");
  EXPECT_EQ(days[1]["open"], "09:30");
  EXPECT_EQ(hello["last"], 209);
}

TEST(ExchangeServer, RefusesWhatItCannotServe) {
  auto options = testing::synthetic_exchange(testing::kFixtureDay, {"SPY"});
  options.session = Date{std::chrono::year{2025} / 1 / 4};
  EXPECT_EQ(ExchangeServer(options).start().error().code, Errc::no_session);
  options.session = testing::kFixtureDay;
  options.from_minute = 390;
  EXPECT_EQ(ExchangeServer(options).start().error().code, Errc::usage);
  options.from_minute = 0;
  options.certificate_file = "/nowhere.pem";
  EXPECT_EQ(ExchangeServer(options).start().error().code, Errc::usage) << "a certificate without its key";
  options.key_file = "/nowhere.key";
  EXPECT_EQ(ExchangeServer(options).start().error().code, Errc::io);
}

}  // namespace
}  // namespace sentio
