#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "broker_support.h"
#include "sentio/broker/order_request.h"

namespace sentio {
namespace {

struct LimitCase {
  std::string name;
  Side side;
  double reference, offset_bps;
  std::string want;  ///< empty: no price
};
class LimitTest : public testing::TestWithParam<LimitCase> {};
TEST_P(LimitTest, StaysMarketableOnTheGrid) {
  const auto& c = GetParam();
  EXPECT_EQ(limit_price_text(c.side, Price{c.reference}, Bps{c.offset_bps}).value_or(""), c.want);
}
INSTANTIATE_TEST_SUITE_P(Grid, LimitTest,
                         testing::Values(LimitCase{"OnTheTick", Side::buy, 80.15, 0, "80.15"},
                                         LimitCase{"OnTheTickSell", Side::sell, 80.15, 0, "80.15"},
                                         LimitCase{"BuyUp", Side::buy, 80.10, 20, "80.27"},      // 80.2602
                                         LimitCase{"SellDown", Side::sell, 80.10, 20, "79.93"},  // 79.9398
                                         LimitCase{"BelowADollar", Side::buy, 0.51234, 0, "0.5124"},
                                         LimitCase{"OverTheDollar", Side::buy, 0.99999, 0, "1.0000"},
                                         LimitCase{"AtTheDollar", Side::sell, 1.0, 0, "1.00"},
                                         LimitCase{"OneTickAtLeast", Side::sell, 0.00001, 0, "0.0001"},
                                         LimitCase{"Cents", Side::buy, 12.07, 0, "12.07"},
                                         LimitCase{"NoPrice", Side::buy, 0, 20, ""},
                                         LimitCase{"NotANumber", Side::buy, std::nan(""), 20, ""},
                                         LimitCase{"OffsetBeyondZero", Side::sell, 5, 10'000, ""}),
                         [](const auto& tc) { return tc.param.name; });

RC_GTEST_PROP(LimitPrice, IsWithinOneTickOnTheMarketableSide, ()) {
  const double reference = *rc::gen::inRange(100, 90'000'000) / 10'000.0;
  const double offset = *rc::gen::inRange(0, 500);
  const Side side = *rc::gen::element(Side::buy, Side::sell);
  const double exact = reference * (1 + (side == Side::buy ? 1 : -1) * offset * 1e-4);
  const std::string text = *limit_price_text(side, Price{reference}, Bps{offset});
  const double price = std::stod(text), tick = exact >= 1 ? 0.01 : 0.0001;
  const double away = side == Side::buy ? price - exact : exact - price;
  RC_ASSERT(away >= -1e-6);
  RC_ASSERT(away < tick + 1e-6);
}

TEST(OrderRequest, WritesAMarketDayOrderWithItsQuantityAsAString) {
  const auto body = order_request_json(test_order(123), "TQQQ", "sen-20250926-1000-TQQQ-B-0", {});
  ASSERT_TRUE(body);
  EXPECT_EQ(*body, R"({"symbol":"TQQQ","qty":"123","side":"buy","type":"market","time_in_force":"day",)"
                   R"("client_order_id":"sen-20250926-1000-TQQQ-B-0"})");
}

TEST(OrderRequest, ASaleClosesWhatIsHeldAndOpensNoShort) {
  const auto j = nlohmann::json::parse(*order_request_json(test_order(5, Side::sell), "TQQQ", "x", {}));
  EXPECT_EQ(j["position_intent"], "sell_to_close");
}

TEST(OrderRequest, WritesALimitOrderWithItsPriceAsAString) {
  const OrderStyle style{OrderStyle::Kind::marketable_limit, Bps{20}};
  const auto j = nlohmann::json::parse(*order_request_json(test_order(5, Side::sell), "TQQQ", "x", style));
  EXPECT_EQ(j["type"], "limit");
  EXPECT_EQ(j["limit_price"], "79.93");
  EXPECT_EQ(j["side"], "sell");
}

TEST(OrderRequest, RefusesWhatIsNotAWholeNumberOfShares) {
  for (const double shares : {0.0, -1.0, 0.5, 10.25, std::nan(""), 1e300, static_cast<double>(INFINITY)}) {
    EXPECT_FALSE(order_request_json(test_order(shares), "TQQQ", "x", {})) << shares;
  }
}

TEST(ClientOrderId, OthersIdsAreNotOurs) {
  for (const char* id :
       {"", "sen-", "563fa71d-a311-41b3-9633-514e9298c07f", "sen-20250926-1000-TQQQ-X-0",
        "sen-20250926-1000-TQQQ-B-", "sen-20250926-1000-TQQQ-B-256", "sen-20251326-1000-TQQQ-B-0",
        "sen-20250926-1000--B-0", "sen-20250926-1075-TQQQ-B-0", "sen-20250926-0930-TQQQ-B-0",
        "sen-20250926-1601-TQQQ-B-0", "sen-20250926-10O0-TQQQ-B-0", "sen-20250926-1000-B-0"}) {
    EXPECT_FALSE(parse_client_order_id(id)) << id;
  }
}

RC_GTEST_PROP(ClientOrderId, ReadsBackWhatWasWritten, ()) {
  const std::string symbol = *rc::gen::element<std::string>("TQQQ", "BRK.B", "A", "X-Y", "B-0");
  OrderKey key{Date{std::chrono::year{2025}, std::chrono::month{9}, std::chrono::day{26}},
               static_cast<std::int16_t>(*rc::gen::inRange(0, 390)), 3,
               *rc::gen::element(Side::buy, Side::sell), *rc::gen::arbitrary<std::uint8_t>()};
  const TimePoint decided = from_new_york(key.session, std::chrono::minutes{570 + key.minute + 1});
  const auto parts = parse_client_order_id(client_order_id(key, symbol, decided));
  RC_ASSERT(parts.has_value());
  RC_ASSERT(parts->symbol == symbol);
  RC_ASSERT(parts->session == key.session);
  RC_ASSERT(parts->minute == key.minute);
  RC_ASSERT(parts->side == key.side);
  RC_ASSERT(parts->attempt == key.attempt);
}

}  // namespace
}  // namespace sentio
