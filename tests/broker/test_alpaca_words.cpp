/// Alpaca's answers in the port's words.

#include <gtest/gtest.h>

#include "sentio/broker/alpaca_wire.h"

namespace sentio {
namespace {

BrokerAccount account_of(const std::string& members) {
  const auto parsed = parse_account(R"({"id":"u","cash":"1","equity":"1")" + members + "}");
  EXPECT_TRUE(parsed);
  return as_account(parsed.value_or(AlpacaAccount{}));
}

TEST(AlpacaWords, AnAccountThatMayTradeHasNoHindrance) {
  const BrokerAccount account = account_of(R"(,"status":"ACTIVE","trading_blocked":false,"multiplier":"4")");
  EXPECT_TRUE(account.may_trade());
  EXPECT_EQ(account.leverage, 4);
  EXPECT_EQ(account_of(R"(,"status":"ACTIVE","multiplier":"many")").leverage, std::nullopt);
}

TEST(AlpacaWords, EveryHindranceHasItsNextStep) {
  const auto hindrances = [](const std::string& members) { return account_of(members).hindrances; };
  using Lines = std::vector<std::string>;
  EXPECT_EQ(hindrances(R"(,"status":"ACCOUNT_UPDATED")"), (Lines{"status is ACCOUNT_UPDATED, not ACTIVE"}));
  EXPECT_EQ(hindrances(R"(,"status":"\u001b[2J\n")"), (Lines{"status is ?[2J?, not ACTIVE"}));
  EXPECT_EQ(hindrances(R"(,"status":"ACTIVE","trading_blocked":true)"),
            (Lines{"trading_blocked is set: the broker refuses orders; ask the broker why"}));
  EXPECT_EQ(hindrances(R"(,"status":"ACTIVE","account_blocked":true,"trading_blocked":true)"),
            (Lines{"account_blocked is set: the broker closed the account to activity; ask the broker why"}));
  EXPECT_EQ(hindrances(R"(,"status":"ACTIVE","trade_suspended_by_user":true)"),
            (Lines{"trade_suspended_by_user is set: allow trading again in the broker's settings"}));
}

TEST(AlpacaWords, FeesThatAreNotBookedYetAreNeverNegative) {
  EXPECT_DOUBLE_EQ(account_of(R"(,"status":"ACTIVE","accrued_fees":"0.03","pending_reg_taf_fees":"0.02")").pending_fees, .05);
  EXPECT_DOUBLE_EQ(account_of(R"(,"status":"ACTIVE","accrued_fees":"-0.03","pending_reg_taf_fees":"0.02")").pending_fees, .02);
}

TEST(AlpacaWords, AnOrderSaysWhetherItHasEnded) {
  const auto order = [](const std::string& status) {
    const auto parsed =
        parse_order(R"({"id":"1","status":")" + status + R"(","filled_qty":"0","replaced_by":"2","side":"sell"})");
    EXPECT_TRUE(parsed);
    return as_order(parsed.value_or(AlpacaOrder{}));
  };
  for (const char* status : {"filled", "canceled", "expired", "replaced", "rejected"}) EXPECT_TRUE(order(status).ended) << status;
  for (const char* status : {"new", "accepted", "held", "partially_filled", "pending_cancel", "done_for_day", "a_new_word"}) {
    EXPECT_FALSE(order(status).ended) << status;
    EXPECT_EQ(order(status).cancel_pending, std::string_view(status) == "pending_cancel") << status;
    EXPECT_EQ(order(status).status, status);
  }
  EXPECT_EQ(order("replaced").replaced_by, "2");
  EXPECT_EQ(order("new").side, Side::sell);
}

TEST(AlpacaWords, AnAssetKeepsWhatIsSpecialAboutIt) {
  const auto parsed = parse_asset(R"({"symbol":"UVXY","status":"active","tradable":true,
                                      "attributes":["ptp_no_exception",7,"ipo"]})");
  ASSERT_TRUE(parsed);
  const BrokerAsset asset = as_asset(*parsed);
  EXPECT_TRUE(asset.active && asset.tradable);
  EXPECT_EQ(asset.attributes, (std::vector<std::string>{"ptp_no_exception", "ipo"}));
  EXPECT_FALSE(as_asset(*parse_asset(R"({"symbol":"A","status":"inactive","attributes":null})")).active);
}

TEST(AlpacaWords, AnActivityHasItsKindAndItsCash) {
  const auto rows = parse_activities(
      R"([{"id":"1","activity_type":"FILL","order_id":"o","symbol":"QQQ","side":"buy","qty":"2","price":"10.5",
           "transaction_time":"2025-09-26T14:00:00Z"},
          {"id":"2","activity_type":"FILL","order_id":"o","symbol":"QQQ","side":"sell_short","qty":"1","price":"11",
           "transaction_time":"2025-09-26T14:01:00Z"},
          {"id":"3","activity_type":"DIVNRA","net_amount":"-0.31"},{"id":"4","activity_type":"CSD","net_amount":"1000"},
          {"id":"5","activity_type":"FEE","activity_sub_type":"CAT","net_amount":"-0.02"},
          {"id":"6","activity_type":"INT"},{"id":"7","activity_type":"NEW\u0007","net_amount":"1"}])");
  ASSERT_TRUE(rows);
  std::vector<std::pair<std::string, double>> found;
  for (const Activity& row : *rows) {
    const AccountActivity activity = as_activity(row);
    found.emplace_back(activity.what, activity.cash);
  }
  EXPECT_EQ(found, (std::vector<std::pair<std::string, double>>{{"execution", -21},
                                                                {"execution", 11},
                                                                {"dividend", -.31},
                                                                {"transfer", 1000},
                                                                {"fee", -.02},
                                                                {"interest", 0},
                                                                {"NEW?", 1}}));
  EXPECT_EQ(as_activity(rows->front()).at, parse_timestamp("2025-09-26T14:00:00Z").value());
}

}  // namespace
}  // namespace sentio
