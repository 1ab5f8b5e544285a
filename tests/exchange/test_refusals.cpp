#include "matching_fixture.h"

namespace sentio::exchange {
namespace {

// ---- what is refused, and how -------------------------------------------------------------------

struct RefusalCase {
  std::string name;
  void (*change)(OrderRequest&);
  int http_status, code;
  std::string message;  // a part of it
  friend void PrintTo(const RefusalCase& row, std::ostream* out) { *out << row.name; }
};

class Refused : public Book, public ::testing::WithParamInterface<RefusalCase> {};

TEST_P(Refused, WithTheRealStatusAndCode) {
  OrderRequest r = market("TQQQ", Side::buy, 10);
  GetParam().change(r);
  const auto refused = matching().submit(r, minute(60));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().http_status, GetParam().http_status);
  EXPECT_EQ(refused.error().code, GetParam().code);
  EXPECT_NE(refused.error().message.find(GetParam().message), std::string::npos) << refused.error().message;
  EXPECT_TRUE(matching().orders().empty());
  EXPECT_TRUE(events().empty());
}

INSTANTIATE_TEST_SUITE_P(
    Orders, Refused,
    ::testing::Values(
        RefusalCase{"UnknownSymbol", [](OrderRequest& r) { r.symbol = "ZZZZ"; }, 422, 42210000,
                    "asset \"ZZZZ\" not found"},
        RefusalCase{"NoQuantity", [](OrderRequest& r) { r.qty.reset(); }, 422, 40010001, "qty or notional"},
        RefusalCase{"BothQuantities", [](OrderRequest& r) { r.notional = 10; }, 422, 40010001, "only one of"},
        RefusalCase{"ZeroQuantity", [](OrderRequest& r) { r.qty = 0; }, 422, 40010001, "qty must be > 0"},
        RefusalCase{"SmallNotional",
                    [](OrderRequest& r) {
                      r.qty.reset();
                      r.notional = .5;
                    },
                    422, 40010001, ">= 1.00"},
        RefusalCase{"FractionalGtc",
                    [](OrderRequest& r) {
                      r.qty = 1.5;
                      r.tif = TimeInForce::gtc;
                    },
                    422, 42210000, "fractional orders must be DAY orders"},
        RefusalCase{"FractionalShort",
                    [](OrderRequest& r) {
                      r.qty = 1.5;
                      r.side = Side::sell;
                    },
                    422, 42210000, "cannot be sold short"},
        RefusalCase{"LimitWithoutPrice", [](OrderRequest& r) { r.type = OrderType::limit; }, 422, 40010001,
                    "limit price"},
        RefusalCase{"MarketWithPrice", [](OrderRequest& r) { r.limit_price = 80; }, 422, 40010001, "limit"},
        RefusalCase{"StopWithoutPrice", [](OrderRequest& r) { r.type = OrderType::stop; }, 422, 40010001,
                    "stop price"},
        RefusalCase{"TrailWithoutDistance", [](OrderRequest& r) { r.type = OrderType::trailing_stop; }, 422,
                    40010001, "trail_price"},
        RefusalCase{"SubPenny",
                    [](OrderRequest& r) {
                      r.type = OrderType::limit;
                      r.limit_price = 80.001;
                    },
                    422, 42210000, "sub-penny"},
        RefusalCase{"ExtendedMarket", [](OrderRequest& r) { r.extended_hours = true; }, 422, 42210000,
                    "extended hours"},
        RefusalCase{"OpgDuringTheDay", [](OrderRequest& r) { r.tif = TimeInForce::opg; }, 403, 40310000,
                    "opg orders"},
        RefusalCase{"LongClientId", [](OrderRequest& r) { r.client_order_id = std::string(129, 'x'); }, 422,
                    40010001, "128 characters"},
        RefusalCase{"WrongIntent", [](OrderRequest& r) { r.position_intent = "buy_to_close"; }, 422, 42210000,
                    "position intent mismatch"},
        RefusalCase{"Bracket", [](OrderRequest& r) { r.order_class = "bracket"; }, 422, 40010001,
                    "order_class"},
        RefusalCase{"TooExpensive", [](OrderRequest& r) { r.qty = 1e6; }, 403, 40310000,
                    "insufficient buying power"}),
    [](const auto& tc) { return tc.param.name; });

// ---- wash trades ----------------------------------------------------------------------------------

struct WashCase {
  std::string name;
  std::optional<double> resting_sell, new_buy;  // limit prices; nullopt = market (buy) or stop (sell)
  bool refused;
  friend void PrintTo(const WashCase& row, std::ostream* out) { *out << row.name; }
};

class WashTrade : public Book, public ::testing::WithParamInterface<WashCase> {};

TEST_P(WashTrade, FollowsTheTable) {
  take(market("TQQQ", Side::buy, 10), 5);
  run(5, 500, 80);
  OrderRequest resting = market("TQQQ", Side::sell, 10);
  if (GetParam().resting_sell) {
    resting = limit("TQQQ", Side::sell, 10, *GetParam().resting_sell);
  } else {
    resting.type = OrderType::stop;
    resting.stop_price = 70;
  }
  const std::string id = take(resting, 6);
  const auto buy =
      GetParam().new_buy ? limit("TQQQ", Side::buy, 1, *GetParam().new_buy) : market("TQQQ", Side::buy, 1);
  const auto result = matching().submit(buy, minute(6));
  EXPECT_EQ(!result, GetParam().refused);
  if (result) return;
  EXPECT_EQ(result.error().http_status, 403);
  EXPECT_EQ(result.error().message, "potential wash trade detected. use complex orders");
  EXPECT_EQ(result.error().extra.at(0), (std::pair<std::string, std::string>{"existing_order_id", id}));
}

INSTANTIATE_TEST_SUITE_P(Pairs, WashTrade,
                         ::testing::Values(WashCase{"LimitsCross", 85, 85, true},
                                           WashCase{"LimitsApart", 85, 84.99, false},
                                           WashCase{"MarketBuyAgainstLimit", 85, std::nullopt, true},
                                           WashCase{"LimitBuyAgainstStop", std::nullopt, 60, true}),
                         [](const auto& tc) { return tc.param.name; });

}  // namespace
}  // namespace sentio::exchange
