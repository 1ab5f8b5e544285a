#include "server_fixture.h"

namespace sentio {
namespace {

using testing::open_stream;
using testing::ServerTest;
using Json = nlohmann::json;

class FaultMoney : public ServerTest {
 protected:
  Json account() { return rest->get("/v2/account").json(); }
  double cash() { return std::stod(account()["cash"].get<std::string>()); }
  Json activities(const std::string& query) { return rest->get("/v2/account/activities" + query).json(); }
  std::vector<std::string> types(const std::string& query) {
    std::vector<std::string> names;
    for (const Json& row : activities(query)) names.push_back(row["activity_type"]);
    return names;
  }
  /// Buys 1,000 and sells 400 shares of TQQQ in the first two minutes.
  void trade() {
    step();
    (void)rest->order("TQQQ", "buy", 1000);
    step();
    (void)rest->order("TQQQ", "sell", 400);
    step();
  }
  double traded_cash() {  // what executions alone left
    double left = 100'000;
    for (const Json& row : activities("/FILL")) {
      const double value =
          std::stod(row["qty"].get<std::string>()) * std::stod(row["price"].get<std::string>());
      left += row["side"] == "sell" ? value : -value;
    }
    return left;
  }
};
using Names = std::vector<std::string>;

TEST_F(FaultMoney, FeesAccrueAndAreTakenOffTheCash) {
  start();
  inject("fees sec 0.0000206 taf 0.000195 cat 0.000046");
  trade();
  // CAT: 1,400 shares = 0.0644. TAF: 400 = 0.078. SEC: about 28,000 USD = 0.5769. Each up to the cent.
  EXPECT_EQ(account()["accrued_fees"], "0.07");
  EXPECT_EQ(account()["pending_reg_taf_fees"], "0.66");
  EXPECT_NEAR(cash(), traded_cash() - 0.73, 0.0051);
}

TEST_F(FaultMoney, FeesMayBeNamedOnlyOrTakenSilently) {
  start();
  inject("fees cat 0.01 apart");
  trade();
  EXPECT_EQ(account()["accrued_fees"], "14");
  EXPECT_NEAR(cash(), traded_cash(), 0.0051);
  inject("fees cat 0.01 hidden");
  EXPECT_EQ(account()["accrued_fees"], "0");
  (void)rest->order("TQQQ", "sell", 100);
  step();
  EXPECT_NEAR(cash(), traded_cash() - 15, 0.0051);
}

TEST_F(FaultMoney, ExecutionsAreBookedInWholeCents) {
  start();
  inject("cent-booking");
  for (int i = 0; i < 6; ++i) {
    step();
    (void)rest->order("TQQQ", "buy", 7);
  }
  step();
  double booked = 100'000;
  for (const Json& row : activities("/FILL")) {
    booked -= std::round(7 * std::stod(row["price"].get<std::string>()) * 100) / 100;
  }
  const double plain = traded_cash();
  EXPECT_NEAR(server->control().statistics().cash, booked, 1e-6);
  EXPECT_GT(std::abs(booked - plain), 0.004) << "the test needs prices that are no cents";
}

TEST_F(FaultMoney, MoneyThatMovesIsAnActivity) {
  options.faults = {*exchange::parse_fault("at 09:32 cash-move dividend 25.5 TQQQ"),
                    *exchange::parse_fault("at 09:33 cash-move fee -0.03 dated 2025-01-02")};
  start();
  trade();
  inject("cash-move deposit 1000");
  EXPECT_NEAR(cash(), traded_cash() + 1025.47, 0.0051);
  EXPECT_EQ(types(""), (Names{"CSD", "FEE", "FILL", "DIV", "FILL"})) << "as booked, newest first";
  const Json dividend = activities("/DIV")[0];
  EXPECT_EQ(dividend["net_amount"], "25.5");
  EXPECT_EQ(dividend["symbol"], "TQQQ");
  EXPECT_EQ(dividend["date"], "2025-01-03");
  EXPECT_EQ(dividend["status"], "executed");
  EXPECT_EQ(dividend["id"].get<std::string>().substr(0, 19), "20250103093200000::");
  EXPECT_EQ(activities("/FEE")[0]["activity_sub_type"], "REG");
  EXPECT_EQ(types("?activity_types=FEE,CSD"), (Names{"CSD", "FEE"}));
  EXPECT_EQ(types("?category=non_trade_activity&direction=asc"), (Names{"DIV", "FEE", "CSD"}));
  EXPECT_EQ(types("?category=trade_activity"), (Names{"FILL", "FILL"}));
  EXPECT_EQ(types("?date=2025-01-02"), Names{"FEE"}) << "the day it counts for";
  EXPECT_EQ(types("?date=2025-01-03&page_size=1").size(), 4U) << "a date comes all at once";
  EXPECT_EQ(types("?after=2025-01-03T14:32:00Z&direction=asc"), (Names{"FEE", "CSD"}))
      << "strictly after: executions carry their bar's start";
  const Json page = activities("?page_size=2");
  ASSERT_EQ(page.size(), 2U);
  EXPECT_EQ(types("?page_size=2&page_token=" + page[1]["id"].get<std::string>()), (Names{"FILL", "DIV"}));
  EXPECT_EQ(rest->get("/v2/account/activities?category=x").status, 422);
  EXPECT_EQ(rest->get("/v2/account/activities?category=trade_activity&activity_types=FILL").status, 422);
}

TEST_F(FaultMoney, TradesByHandInOtherInstrumentsMoveCash) {
  start();
  auto stream = open_stream(port);
  inject("foreign trade KO buy 100 62.5");
  EXPECT_EQ(stream->read_json()["data"]["event"], "new");
  const Json fill = stream->read_json()["data"];
  EXPECT_EQ(fill["event"], "fill");
  EXPECT_EQ(fill["position_qty"], "100");
  EXPECT_EQ(fill["order"]["symbol"], "KO");
  EXPECT_EQ(account()["cash"], "93750");
  EXPECT_EQ(account()["equity"], "100000");
  const Json row = activities("/FILL")[0];
  EXPECT_EQ(row["symbol"], "KO");
  EXPECT_EQ(row["price"], "62.5");
  EXPECT_EQ(rest->get("/v2/orders/" + row["order_id"].get<std::string>()).json()["status"], "filled");
  EXPECT_EQ(rest->get("/v2/positions").json()[0]["symbol"], "KO");
  EXPECT_EQ(rest->get("/v2/positions/KO").json()["qty"], "100");
  inject("foreign trade KO sell 100 63");
  EXPECT_EQ(account()["cash"], "100050");
  EXPECT_EQ(rest->get("/v2/positions").body, "[]");
  EXPECT_EQ(server->control().inject("foreign trade SPY buy 1 500").error().code, Errc::usage);
}

}  // namespace
}  // namespace sentio
