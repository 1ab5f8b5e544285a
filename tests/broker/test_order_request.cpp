#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "broker_support.h"
#include "sentio/broker/order_request.h"
#include "sentio/execution/order_style.h"

namespace sentio {
namespace {

TEST(OrderRequest, WritesAMarketDayOrderWithItsQuantityAsAString) {
  const auto body = order_request_json(test_order(123), "TQQQ", "sen-20250926-1000-TQQQ-B-0");
  ASSERT_TRUE(body);
  EXPECT_EQ(*body, R"({"symbol":"TQQQ","qty":"123","side":"buy","type":"market","time_in_force":"day",)"
                   R"("client_order_id":"sen-20250926-1000-TQQQ-B-0"})");
}

TEST(OrderRequest, ASaleClosesWhatIsHeldAndOpensNoShort) {
  const auto j = nlohmann::json::parse(*order_request_json(test_order(5, Side::sell), "TQQQ", "x"));
  EXPECT_EQ(j["position_intent"], "sell_to_close");
}

TEST(OrderRequest, SendsALimitUnchanged) {
  Order order = test_order(5);
  for (const auto& [limit, text] : {std::pair(80.27, "80.27"), {80.1, "80.1"}, {1.0, "1"}, {0.0001, "0.0001"},
                                    {0.5124, "0.5124"}, {1e9, "1000000000"}}) {
    order.limit = Price{limit};
    const auto j = nlohmann::json::parse(*order_request_json(order, "TQQQ", "x"));
    EXPECT_EQ(j["type"], "limit");
    EXPECT_EQ(j["limit_price"], text);
    EXPECT_EQ(j["side"], "buy");
  }
}

TEST(OrderRequest, RefusesALimitThatItWouldHaveToRound) {
  Order order = test_order(5);
  for (const double limit : {80.26019, 0.0, -1.0, std::nan(""), static_cast<double>(INFINITY)}) {
    order.limit = Price{limit};
    EXPECT_FALSE(order_request_json(order, "TQQQ", "x")) << limit;
  }
}

RC_GTEST_PROP(OrderRequest, EveryLimitThatIsMadeReadsBackAsItself, ()) {
  Order order = test_order(5);
  order.limit = limit_price(Side::buy, Price{*rc::gen::inRange(1, 90'000'000) / 10'007.0}, Bps{*rc::gen::inRange(0, 500) / 7.0});
  const auto body = order_request_json(order, "TQQQ", "x");
  RC_ASSERT(body.has_value());
  RC_ASSERT(std::stod(nlohmann::json::parse(*body)["limit_price"].get<std::string>()) == order.limit->v);
}

TEST(OrderRequest, RefusesWhatIsNotAWholeNumberOfShares) {
  for (const double shares : {0.0, -1.0, 0.5, 10.25, std::nan(""), 1e300, static_cast<double>(INFINITY)}) {
    EXPECT_FALSE(order_request_json(test_order(shares), "TQQQ", "x")) << shares;
  }
}

}  // namespace
}  // namespace sentio
