/// What is cancelled and closed at the broker, whose it is, and in which order: against a local exchange whose time
/// stands still, so that orders stay where they were put.

#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "mock_world.h"
#include "sentio/broker/alpaca_broker.h"
#include "sentio/exchange/exchange_server.h"
#include "sentio/net/http_client.h"
#include "sentio/live/broker_flatten.h"
#include "watch/emergency_exit.h"

namespace sentio {
namespace {

using Json = nlohmann::json;
using Whose = FlattenPolicy::Whose;
using testing::day;

const Date kDay = day(2025, 7, 3);

/// An account with 17 TQQQ and 5 SPXL.
class Account : public ::testing::Test {
 protected:
  explicit Account(double speed = 0) {
    ExchangeOptions options;
    options.recordings = world().bars;
    options.universe = world().options.universe;
    options.session = kDay;
    options.speed = speed;
    options.from_minute = 60;
    server = std::make_unique<ExchangeServer>(options);
    const std::string port = std::to_string(server->start().value());
    url = "http://127.0.0.1:" + port;
    broker = *AlpacaBroker::create({.trading_url = url,
                                    .stream_url = "ws://127.0.0.1:" + port + "/stream",
                                    .key_id = options.key_id,
                                    .secret_key = options.secret},
                                   world().options.universe);
    const HeaderList keys{{"APCA-API-KEY-ID", options.key_id}, {"APCA-API-SECRET-KEY", options.secret}};
    http = std::make_unique<HttpClient>(*HttpClient::create({.base_url = url, .default_headers = keys}));
    give("TQQQ", 17);
    give("SPXL", 5);
  }

  static const testing::MockWorld& world() {
    static const testing::MockWorld made = testing::walking_world(kDay, kDay, 1, 7);
    return made;
  }
  void give(const std::string& symbol, int shares) {
    ASSERT_TRUE(server->control().inject("foreign position " + symbol + " " + std::to_string(shares)));
  }
  /// A limit order far from any price: it stays at work.
  void order(const std::string& id, const std::string& symbol, const std::string& side, int qty) {
    const Json body{{"symbol", symbol}, {"side", side}, {"qty", std::to_string(qty)}, {"type", "limit"},
                    {"limit_price", side == "buy" ? "0.5" : "9000"}, {"time_in_force", "day"}, {"client_order_id", id}};
    const HttpOutcome done = http->request({.method = "POST", .path = "/v2/orders", .body = body.dump()});
    ASSERT_EQ(done.response.status, 200) << done.response.body;
  }
  /// The client ids of what is at work; orders of the broker's own as "closing TQQQ 10".
  [[nodiscard]] std::vector<std::string> at_work() const {
    std::vector<std::string> ids;
    const auto orders = broker->open_orders().value();
    for (const BrokerOrder& o : orders) {
      const bool given = o.client_order_id.starts_with("sen-") || o.client_order_id.starts_with("hand-");
      ids.push_back(given ? o.client_order_id : "closing " + o.symbol + " " + o.qty->text);
    }
    std::ranges::sort(ids);
    return ids;
  }
  BrokerFlatten flatten(FlattenPolicy policy) {
    return {*broker, world().options.universe, policy,
            {.deed = [this](const std::string& text) { deeds.push_back(text); },
             .trouble = [this](const std::string& text) { troubles.push_back(text); },
             .wait = [this](std::chrono::milliseconds) { return patience-- > 0; },
             .market_open = [this] { return open; }}};
  }
  using Lines = std::vector<std::string>;
  const std::string own_buy = "sen-20250703-1030-SVXY-B-0", own_sell = "sen-20250703-1031-TQQQ-S-0";

  std::unique_ptr<ExchangeServer> server;
  std::string url;
  std::unique_ptr<AlpacaBroker> broker;
  std::unique_ptr<HttpClient> http;
  Lines deeds, troubles;
  int patience = 100;
  bool open = true;
};

TEST_F(Account, OfOursOnlyWhatIsOursGoes) {
  order(own_sell, "TQQQ", "sell", 4);
  order(own_buy, "SVXY", "buy", 3);
  order("hand-sell", "TQQQ", "sell", 3);
  order("hand-buy", "SPXL", "buy", 1);
  BrokerFlatten ours = flatten({.whose = Whose::ours});
  ours.ours({{"TQQQ", 10}});
  EXPECT_TRUE(ours.attempt());
  EXPECT_EQ(at_work(), (Lines{"closing TQQQ 10", "hand-buy", "hand-sell"}));
  EXPECT_EQ(deeds, (Lines{"cancelling SVXY order " + own_buy, "cancelling TQQQ order " + own_sell, "closing TQQQ 10"}));
  EXPECT_TRUE(troubles.empty());
  EXPECT_EQ(ours.left(), (Lines{"TQQQ 10"}));
}

TEST_F(Account, WhatTheBrokerHasTakenIsAskedForOnceUntilItMayHaveBeenRefused) {
  BrokerFlatten ours = flatten({.whose = Whose::ours});
  ours.ours({{"TQQQ", 10}});
  EXPECT_TRUE(ours.attempt());
  EXPECT_FALSE(ours.attempt());
  EXPECT_EQ(at_work(), (Lines{"closing TQQQ 10"}));
  ours.ask_again();
  EXPECT_FALSE(ours.attempt());  // its order is at work: seven are not reserved
  EXPECT_EQ(troubles.size(), 1U);
  EXPECT_EQ(at_work(), (Lines{"closing TQQQ 10"}));
}

TEST_F(Account, TheFirstLookSaysWhatIsSomebodyElses) {
  BrokerFlatten ours = flatten({.whose = Whose::ours});
  ours.ours({{"TQQQ", 10}});
  EXPECT_EQ(ours.left(), (Lines{"TQQQ 10"}));  // 7 are not
  give("TQQQ", -6);  // as if six of ours had been sold
  EXPECT_EQ(ours.left(), (Lines{"TQQQ 4"}));
  give("TQQQ", -4);
  EXPECT_EQ(ours.left(), Lines{});
  EXPECT_FALSE(ours.attempt());
  EXPECT_TRUE(at_work().empty());
}

TEST_F(Account, OfAllEverythingGoesAndAClosingOrderStays) {
  order(own_sell, "TQQQ", "sell", 4);
  order("hand-sell", "TQQQ", "sell", 3);
  order("hand-buy", "SVXY", "buy", 1);
  BrokerFlatten all = flatten({.whose = Whose::all});
  EXPECT_TRUE(all.attempt());
  EXPECT_EQ(at_work(), (Lines{"closing SPXL 5", "closing TQQQ 17"}));
  EXPECT_EQ(deeds.front(), "cancelling SVXY order hand-buy") << "purchases come first";
  EXPECT_FALSE(all.attempt());
  EXPECT_EQ(at_work(), (Lines{"closing SPXL 5", "closing TQQQ 17"}));
  EXPECT_EQ(all.left()->size(), 2U);
}

TEST_F(Account, OfPositionsThatAreKeptOnlyPurchasesAreCancelled) {
  order(own_sell, "TQQQ", "sell", 4);
  order(own_buy, "SVXY", "buy", 3);
  BrokerFlatten kept = flatten({.whose = Whose::ours, .keep_positions = true});
  kept.ours({{"TQQQ", 10}});
  EXPECT_FALSE(kept.attempt());
  EXPECT_EQ(at_work(), (Lines{own_sell}));
}

TEST_F(Account, WhereItOnlyTellsNothingChanges) {
  order("hand-buy", "SVXY", "buy", 1);
  BrokerFlatten told = flatten({.whose = Whose::all, .only_tell = true});
  told.attempt();
  EXPECT_EQ(deeds, (Lines{"cancelling SVXY order hand-buy", "closing SPXL 5", "closing TQQQ 17"}));
  EXPECT_EQ(at_work(), (Lines{"hand-buy"}));
}

TEST_F(Account, AfterTheCloseNothingIsLeftForTomorrow) {
  open = false;
  BrokerFlatten ours = flatten({.whose = Whose::ours});
  ours.ours({{"TQQQ", 10}});
  EXPECT_FALSE(ours.attempt());
  EXPECT_EQ(troubles, (Lines{"the session is over: TQQQ 10 is not closed any more"}));
  EXPECT_TRUE(at_work().empty());
}

TEST_F(Account, WhoeverLeavesOffWhileCancelsAreWaitedForClosesNothing) {
  order(own_buy, "SVXY", "buy", 3);
  patience = 0;
  BrokerFlatten ours = flatten({.whose = Whose::ours});
  ours.ours({{"TQQQ", 10}});
  EXPECT_FALSE(ours.attempt());
  EXPECT_EQ(deeds, (Lines{"cancelling SVXY order " + own_buy}));
}

TEST_F(Account, WhereOrdersAreUnknownPositionsAreClosedAllTheSame) {
  ASSERT_TRUE(server->control().inject("500 orders x1"));
  BrokerFlatten ours = flatten({.whose = Whose::ours, .urgent = true});
  ours.ours({{"TQQQ", 10}});
  EXPECT_TRUE(ours.attempt());
  ASSERT_EQ(troubles.size(), 1U);
  EXPECT_TRUE(troubles[0].starts_with("open orders are unknown: ")) << troubles[0];
  EXPECT_EQ(at_work(), (Lines{"closing TQQQ 10"}));
}

/// The account at a speed at which an order fills at once.
class RunningAccount : public Account {
 protected:
  RunningAccount() : Account(600) {}
  /// Ten of the seventeen TQQQ are the session's.
  static TradingSession session() {
    const auto& o = world().options;
    TradingSession made({.config = o.config, .universe = o.universe, .fees = o.fees});
    const SessionHours hours = *NyseCalendar::session(kDay);
    (void)made.step(hours.open, SessionOpened{.hours = hours});
    (void)made.step(hours.open, PositionAdopted{*o.universe.find("TQQQ"), Qty{10}, Price{50}});
    return made;
  }
  [[nodiscard]] Lines held() const {
    Lines lines;
    const auto positions = broker->positions().value();
    for (const BrokerPosition& p : positions) lines.push_back(p.symbol + " " + p.qty.text);
    std::ranges::sort(lines);
    return lines;
  }
};

TEST_F(RunningAccount, ADayThatCannotBeRecordedSellsItsOwnSharesAndNobodyElses) {
  order(own_sell, "TQQQ", "sell", 4);
  order(own_buy, "SVXY", "buy", 3);
  order("hand-buy", "SVXY", "buy", 1);
  EXPECT_EQ(leave_account(*broker, session(), OnExit::flatten),
            "open orders are cancelled and nothing of ours is held");
  EXPECT_EQ(held(), (Lines{"SPXL 5", "TQQQ 7"}));
  EXPECT_EQ(at_work(), (Lines{"hand-buy"}));
}

TEST_F(RunningAccount, OnHoldItCancelsPurchasesAndSaysWhatNobodyWatches) {
  order(own_buy, "SVXY", "buy", 3);
  const std::string told = leave_account(*broker, session(), OnExit::hold);
  EXPECT_TRUE(told.starts_with("buys are cancelled, positions are kept and nobody watches them: ")) << told;
  EXPECT_NE(told.find("TQQQ 17"), std::string::npos) << told;
  EXPECT_EQ(held(), (Lines{"SPXL 5", "TQQQ 17"}));
  EXPECT_TRUE(at_work().empty());
}

TEST_F(Account, ASaleOfSomebodyElseThatHoldsSharesOfOursGoesFirst) {
  order("hand-sell", "TQQQ", "sell", 9);
  order("hand-other", "SPXL", "sell", 5);
  BrokerFlatten ours = flatten({.whose = Whose::ours});
  ours.ours({{"TQQQ", 10}});
  EXPECT_TRUE(ours.attempt());
  EXPECT_EQ(at_work(), (Lines{"closing TQQQ 10", "hand-other"}));
  EXPECT_EQ(deeds, (Lines{"cancelling TQQQ order hand-sell, not ours, which holds shares of ours", "closing TQQQ 10"}));
  EXPECT_TRUE(troubles.empty());
}

TEST_F(Account, WhileItsClosingOrderIsAtWorkNoShareOfSomebodyElseIsSoldInItsPlace) {
  give("TQQQ", 100);
  BrokerFlatten ours = flatten({.whose = Whose::ours});
  ours.ours({{"TQQQ", 10}});
  EXPECT_TRUE(ours.attempt());
  ours.ask_again();
  EXPECT_FALSE(ours.attempt());
  EXPECT_EQ(troubles, (Lines{"TQQQ 10: its closing order is still at work"}));
  EXPECT_EQ(at_work(), (Lines{"closing TQQQ 10"}));
}

}  // namespace
}  // namespace sentio
