#include <gtest/gtest.h>

#include "broker_support.h"
#include "sentio/broker/alpaca_wire.h"

namespace sentio {
namespace {

TEST(Decimal, KeepsTheTextAndRefusesWhatIsNoNumber) {
  EXPECT_EQ(parse_decimal("80.150000001")->text, "80.150000001");
  EXPECT_DOUBLE_EQ(parse_decimal("-12.5")->value, -12.5);
  for (const char* bad : {"", "-", "+1", "1 ", " 1", "inf", "nan", "-inf", "1e999", "0x10", "1.2.3", "12a"}) {
    EXPECT_FALSE(parse_decimal(bad)) << bad;
  }
}

TEST(AlpacaWire, ReadsAnOrderWithNumbersAsStrings) {
  const auto o = parse_order(order_json("tqq-1", "partially_filled", "4", "80.1525"));
  ASSERT_TRUE(o) << o.error().message();
  EXPECT_EQ(o->client_order_id, "tqq-1");
  EXPECT_EQ(o->status, OrderStatus::partially_filled);
  EXPECT_EQ(o->side, Side::buy);
  EXPECT_EQ(o->qty->text, "10");
  EXPECT_EQ(o->filled_avg_price->text, "80.1525");
  EXPECT_DOUBLE_EQ(o->filled_qty.value, 4);
  EXPECT_EQ(*o->submitted_at - *o->created_at, std::chrono::nanoseconds{577215743 - 668464435});
}

TEST(AlpacaWire, ReadsAnOrderWithNumbersAsNumbersAndNulls) {
  const auto o =
      parse_order(R"({"id":"a","client_order_id":"b","status":"pending_new","symbol":"TQQQ","side":"sell",
      "qty":271.0,"filled_qty":0.0,"filled_avg_price":null,"expired_at ":null,"status_x":1})");
  ASSERT_TRUE(o) << o.error().message();
  EXPECT_DOUBLE_EQ(o->qty->value, 271);
  EXPECT_FALSE(o->filled_avg_price);
}

TEST(AlpacaWire, AnUnknownStatusIsKeptAsText) {
  const auto o = parse_order(order_json("x", "teleported", "0", ""));
  ASSERT_TRUE(o);
  EXPECT_EQ(o->status, OrderStatus::unknown);
  EXPECT_EQ(o->status_text, "teleported");
  EXPECT_FALSE(is_terminal(o->status));
}

TEST(AlpacaWire, RefusesAnOrderWithoutWhatMatters) {
  for (const char* bad : {"", "null", "[]", "{}", R"({"id":"a","status":"new"})",
                          R"({"id":"a","status":"new","filled_qty":"-1"})",
                          R"({"id":"a","status":"new","filled_qty":"x"})", R"({"id":7,"status":"new"})"}) {
    const auto o = parse_order(bad);
    ASSERT_FALSE(o) << bad;
    EXPECT_EQ(o.error().code, Errc::malformed);
  }
}

TEST(AlpacaWire, ReadsAnAccountOfBothErasOfTheDayTradingRule) {
  const std::string common =
      R"({"id":"u","account_number":"PA1","status":"ACTIVE","currency":"USD","cash":"-12.34","equity":"100000.55",
          "buying_power":"400002.20","multiplier":"4","trading_blocked":false,"account_blocked":false,
          "trade_suspended_by_user":false,"accrued_fees":"0.03")";
  const auto now = parse_account(common + "}");
  ASSERT_TRUE(now) << now.error().message();
  EXPECT_DOUBLE_EQ(now->cash.value, -12.34);
  EXPECT_EQ(now->equity.text, "100000.55");
  EXPECT_FALSE(now->pattern_day_trader);
  const auto before = parse_account(common + R"(,"pattern_day_trader":true,"daytrade_count":3})");
  ASSERT_TRUE(before);
  EXPECT_EQ(before->pattern_day_trader, true);
  EXPECT_EQ(before->daytrade_count, 3);
}

TEST(AlpacaWire, AShortPositionIsNegativeWhateverSignTheBrokerWrote) {
  for (const char* qty : {"-7", "7"}) {
    const auto p = parse_positions(R"([{"symbol":"SQQQ","qty":")" + std::string(qty) +
                                   R"(","side":"short","avg_entry_price":"15.1","current_price":null}])");
    ASSERT_TRUE(p) << p.error().message();
    ASSERT_EQ(p->size(), 1U);
    EXPECT_DOUBLE_EQ(p->front().shares, -7);
    EXPECT_FALSE(p->front().current_price);
  }
  EXPECT_TRUE(parse_positions("[]")->empty());
}

TEST(AlpacaWire, ReadsFillsAndFeesAmongActivities) {
  const auto rows = parse_activities(R"([
    {"activity_type":"FILL","id":"20250102093001123::u","order_id":"o","symbol":"TQQQ","side":"sell_short","qty":"51",
     "price":"31.62","leaves_qty":"30","type":"partial_fill","transaction_time":"2025-01-02T14:30:01.123Z","cum_qty":"970"},
    {"activity_type":"FILL","id":"20250102093001124::u","order_id":"o","symbol":"TQQQ","side":"buy","qty":"30",
     "price":"31.6","leaves_qty":"0","type":"fill","transaction_time":"2025-01-02T14:30:01.123Z"},
    {"activity_type":"FEE","activity_sub_type":"TAF","id":"f","date":"2025-01-03","net_amount":"-0.17"}])");
  ASSERT_TRUE(rows) << rows.error().message();
  ASSERT_EQ(rows->size(), 3U);
  const auto& first = std::get<FillActivity>((*rows)[0]);
  EXPECT_EQ(first.side, Side::sell);
  EXPECT_EQ(first.cum_qty->text, "970");
  EXPECT_FALSE(std::get<FillActivity>((*rows)[1]).cum_qty);
  EXPECT_DOUBLE_EQ(std::get<OtherActivity>((*rows)[2]).net_amount->value, -0.17);
}

TEST(AlpacaWire, ReadsClockCalendarAndAsset) {
  const auto clock = parse_market_clock(
      R"({"timestamp":"2025-06-24T14:15:22.123456789-04:00","is_open":true,"next_open":"2025-06-25T09:30:00-04:00",
          "next_close":"2025-06-24T16:00:00-04:00"})");
  ASSERT_TRUE(clock) << clock.error().message();
  EXPECT_TRUE(clock->is_open);
  EXPECT_EQ(format_utc(clock->next_close), "2025-06-24T20:00:00Z");
  const auto days = parse_calendar(
      R"([{"date":"2025-11-28","open":"09:30","close":"13:00","session_open":"0400","session_close":"1700"}])");
  ASSERT_TRUE(days) << days.error().message();
  EXPECT_EQ(days->front().close, std::chrono::minutes{13 * 60});
  EXPECT_FALSE(parse_calendar(R"([{"date":"2025-11-28","open":"09:30","close":"25:00"}])"));
  EXPECT_FALSE(parse_calendar(R"([{"date":"2025-11-28","open":"9:30","close":"13:00"}])"));
  const auto asset =
      parse_asset(R"({"id":"i","class":"us_equity","exchange":"NASDAQ","symbol":"TQQQ","status":"active",
      "tradable":true,"fractionable":true,"maintenance_margin_requirement":75})");
  ASSERT_TRUE(asset);
  EXPECT_TRUE(asset->tradable);
}

TEST(AlpacaWire, ReadsEveryKindOfStreamMessage) {
  const auto auth = parse_stream_message(
      R"({"stream":"authorization","data":{"action":"authenticate","message":"old \"form\"","status":"authorized"}})");
  ASSERT_TRUE(auth);
  EXPECT_TRUE(std::get<StreamAuthorization>(*auth).authorized);
  const auto no = parse_stream_message(
      R"({"stream":"authorization","data":{"status":"unauthorized","action":"listen"}})");
  EXPECT_FALSE(std::get<StreamAuthorization>(*no).authorized);
  const auto listening =
      parse_stream_message(R"({"stream":"listening","data":{"streams":["trade_updates"]}})");
  EXPECT_EQ(std::get<StreamListening>(*listening).streams, std::vector<std::string>{"trade_updates"});
  const auto error = parse_stream_message(R"({"action":"error","data":{"error_message":"bad"}})");
  EXPECT_EQ(std::get<StreamError>(*error).message, "bad");
  const auto update = parse_stream_message(
      R"({"stream":"trade_updates","data":{"at":"2025-01-02T14:30:01.130Z","event_id":"01JG","event":"partial_fill",
          "timestamp":"2025-01-02T14:30:01.123456789Z","execution_id":"2f63","price":"80.15","qty":"4",
          "position_qty":"4","order":)" +
      order_json("tqq-1", "partially_filled", "4", "80.15") + "}}");
  ASSERT_TRUE(update) << update.error().message();
  const auto& u = std::get<TradeUpdate>(*update);
  EXPECT_EQ(u.event, TradeEvent::partial_fill);
  EXPECT_EQ(u.execution_id, "2f63");
  EXPECT_EQ(u.price->text, "80.15");
  const auto sdk = parse_stream_message(
      R"({"stream":"trade_updates","data":{"event":"teleported","execution_id":null,"price":null,"qty":null,"order":)" +
      order_json("tqq-1", "new", "0", "") + "}}");
  ASSERT_TRUE(sdk);
  EXPECT_EQ(std::get<TradeUpdate>(*sdk).event, TradeEvent::unknown);
}

struct RefusalCase {
  std::string name;
  int status;
  std::string body;
  Refusal want;
  friend void PrintTo(const RefusalCase& row, std::ostream* out) { *out << row.name; }
};
class RefusalTest : public testing::TestWithParam<RefusalCase> {};
TEST_P(RefusalTest, IsReadFromStatusThenText) {
  EXPECT_EQ(refusal(parse_api_error(GetParam().status, GetParam().body)), GetParam().want);
}
INSTANTIATE_TEST_SUITE_P(
    Bodies, RefusalTest,
    testing::Values(
        RefusalCase{"NoCode", 401, R"({"message": "unauthorized."})", Refusal::unauthorized},
        RefusalCase{"Html", 401, "<html><body>401</body></html>", Refusal::unauthorized},
        RefusalCase{"Forbidden", 403, R"({"message": "forbidden."})", Refusal::unauthorized},
        RefusalCase{"ForbiddenWithACode", 403, R"({"code":40310000,"message":"forbidden."})", Refusal::other},
        RefusalCase{"ForbiddenHtml", 403, "<html><h1>403 Forbidden</h1></html>", Refusal::other},
        RefusalCase{"Empty", 504, "", Refusal::server_error},
        RefusalCase{"DuplicateId", 422, R"({"code":40010001,"message":"client_order_id must be unique"})",
                    Refusal::duplicate_id},
        RefusalCase{"SameCodeOtherThing", 422, R"({"code":40010001,"message":"qty must be > 0"})",
                    Refusal::other},
        RefusalCase{"AlreadyFilled", 422,
                    R"({"code":42210000,"message":"order is already in \"filled\" state"})",
                    Refusal::not_cancelable},
        RefusalCase{
            "BuyingPower", 403,
            R"({"code":40310000,"message":"insufficient buying power","buying_power":"12.5","cost_basis":"80"})",
            Refusal::buying_power},
        RefusalCase{
            "HeldShares", 403,
            R"({"code":40310000,"message":"insufficient qty available for order (requested: 9, available: 2) ",
                        "available":"2"})",
            Refusal::held_shares},
        RefusalCase{"WashTrade", 403,
                    R"({"code":40310000,"message":"potential wash trade detected. use complex orders"})",
                    Refusal::wash_trade},
        RefusalCase{"WashTradeUnprocessable", 422,
                    R"({"code":42210000,"message":"potential wash trade detected. use complex orders"})",
                    Refusal::wash_trade},
        RefusalCase{"NotFound", 404, R"({"code":40410000,"message":"order not found for x"})",
                    Refusal::not_found},
        RefusalCase{"Busy", 429, R"({"code":42910000,"message":"rate limit exceeded"})",
                    Refusal::rate_limited},
        RefusalCase{"Server", 500, R"({"code":50010000,"message":"internal server error"})",
                    Refusal::server_error}),
    [](const auto& tc) { return tc.param.name; });

TEST(AlpacaWire, EveryEventThatIsAStatusHasAName) {
  EXPECT_EQ(parse_trade_event("accepted_for_bidding"), TradeEvent::accepted_for_bidding);
  EXPECT_EQ(parse_trade_event("trade_correct"), TradeEvent::trade_correct);
  EXPECT_EQ(parse_trade_event("a_new_word"), TradeEvent::unknown);
}

TEST(AlpacaWire, ErrorTextIsPrintableAndShort) {
  const ApiError e = parse_api_error(500, std::string(1000, '\x01'));
  EXPECT_EQ(e.message, std::string(300, '?'));
  EXPECT_EQ(describe(parse_api_error(403, R"({"code":40310000,"message":"no"})")), "403 40310000 no");
}

}  // namespace
}  // namespace sentio
