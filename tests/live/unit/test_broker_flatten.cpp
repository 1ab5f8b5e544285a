/// What is cancelled and closed at the broker, whose it is, and in which order: at an account in memory, where orders
/// stay where they were put. Alpaca's words for the same: the last two tests.

#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "memory_broker.h"
#include "mock_world.h"
#include "sentio/broker/alpaca_broker.h"
#include "sentio/exchange/exchange_server.h"
#include "sentio/live/broker_flatten.h"
#include "sentio/net/http_client.h"
#include "watch/emergency_exit.h"

namespace sentio {
namespace {

using Json = nlohmann::json;
using Whose = FlattenPolicy::Whose;
using testing::day;

const Date kDay = day(2025, 7, 3);
using Lines = std::vector<std::string>;
const std::string kOwnBuy = "sen-20250703-1030-SVXY-B-0", kOwnSell = "sen-20250703-1031-TQQQ-S-0";

/// An account with 17 TQQQ and 5 SPXL.
class Account : public ::testing::Test {
 protected:
  Account() {
    give("TQQQ", 17);
    give("SPXL", 5);
  }
  void give(const std::string& symbol, int shares) { account.hold(symbol, shares); }
  /// A limit order far from any price: it stays at work.
  void order(const std::string& id, const std::string& symbol, const std::string& side, int qty) {
    const bool buy = side == "buy";
    account.place(id, symbol, buy ? Side::buy : Side::sell, qty, buy ? 0.5 : 9000);
  }
  [[nodiscard]] Lines at_work() const { return account.at_work(); }
  BrokerFlatten flatten(FlattenPolicy policy) {
    return {broker, universe, policy,
            {.deed = [this](const std::string& text) { deeds.push_back(text); },
             .trouble = [this](const std::string& text) { troubles.push_back(text); },
             .wait = [this](std::chrono::milliseconds) { return patience-- > 0; },
             .market_open = [this] { return open; }}};
  }

  const Universe universe = testing::six_instruments();
  testing::MemoryAccount account{universe, [] { return NyseCalendar::session(kDay)->minute_start(60); }};
  testing::MemoryBroker broker{account, universe};
  Lines deeds, troubles;
  int patience = 100;
  bool open = true;
};

TEST_F(Account, OfOursOnlyWhatIsOursGoes) {
  order(kOwnSell, "TQQQ", "sell", 4);
  order(kOwnBuy, "SVXY", "buy", 3);
  order("hand-sell", "TQQQ", "sell", 3);
  order("hand-buy", "SPXL", "buy", 1);
  BrokerFlatten ours = flatten({.whose = Whose::ours});
  ours.ours({{"TQQQ", 10}});
  EXPECT_TRUE(ours.attempt());
  EXPECT_EQ(at_work(), (Lines{"closing TQQQ 10", "hand-buy", "hand-sell"}));
  EXPECT_EQ(deeds, (Lines{"cancelling SVXY order " + kOwnBuy, "cancelling TQQQ order " + kOwnSell, "closing TQQQ 10"}));
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
  order(kOwnSell, "TQQQ", "sell", 4);
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
  order(kOwnSell, "TQQQ", "sell", 4);
  order(kOwnBuy, "SVXY", "buy", 3);
  BrokerFlatten kept = flatten({.whose = Whose::ours, .keep_positions = true});
  kept.ours({{"TQQQ", 10}});
  EXPECT_FALSE(kept.attempt());
  EXPECT_EQ(at_work(), (Lines{kOwnSell}));
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
  order(kOwnBuy, "SVXY", "buy", 3);
  patience = 0;
  BrokerFlatten ours = flatten({.whose = Whose::ours});
  ours.ours({{"TQQQ", 10}});
  EXPECT_FALSE(ours.attempt());
  EXPECT_EQ(deeds, (Lines{"cancelling SVXY order " + kOwnBuy}));
}

TEST_F(Account, WhereOrdersAreUnknownPositionsAreClosedAllTheSame) {
  account.trouble["open_orders"] = {};
  BrokerFlatten ours = flatten({.whose = Whose::ours, .urgent = true});
  ours.ours({{"TQQQ", 10}});
  EXPECT_TRUE(ours.attempt());
  ASSERT_EQ(troubles.size(), 1U);
  EXPECT_TRUE(troubles[0].starts_with("open orders are unknown: ")) << troubles[0];
  EXPECT_EQ(at_work(), (Lines{"closing TQQQ 10"}));
}

TEST_F(Account, WhatOneSymbolsClosingOrderDoesIsNoReasonToKeepAnother) {
  BrokerFlatten ours = flatten({.whose = Whose::ours});
  account.trouble["open_orders"] = {.times = 100};
  ours.ours({{"TQQQ", 17}, {"SPXL", 5}});
  EXPECT_TRUE(ours.attempt());
  EXPECT_EQ(at_work(), (Lines{"closing SPXL 5", "closing TQQQ 17"}));
}

TEST_F(Account, AfterTheCloseNobodysOrderIsCancelledForSharesThatCannotBeSold) {
  order("hand-sell", "TQQQ", "sell", 9);
  open = false;
  BrokerFlatten ours = flatten({.whose = Whose::ours});
  ours.ours({{"TQQQ", 10}});
  EXPECT_FALSE(ours.attempt());
  EXPECT_EQ(at_work(), (Lines{"hand-sell"}));
  EXPECT_TRUE(deeds.empty());
}

TEST_F(Account, WithoutPositionsWhatIsBeingClosedIsNotClosedTwiceEither) {
  give("TQQQ", 100);
  BrokerFlatten ours = flatten({.whose = Whose::ours});
  ours.ours({{"TQQQ", 10}});
  EXPECT_TRUE(ours.attempt());
  ours.ask_again();
  account.trouble["positions"] = {.times = 100};
  EXPECT_FALSE(ours.attempt());
  EXPECT_EQ(at_work(), (Lines{"closing TQQQ 10"}));
}

TEST_F(Account, OfSharesThatStayHeldAsManyAsAreFreeAreSold) {
  order("hand-sell", "TQQQ", "sell", 9);
  account.cancels_wait = true;
  BrokerFlatten ours = flatten({.whose = Whose::ours});
  ours.ours({{"TQQQ", 10}});
  EXPECT_TRUE(ours.attempt());
  EXPECT_EQ(at_work(), (Lines{"closing TQQQ 8", "hand-sell"}));
  EXPECT_EQ(troubles, (Lines{"TQQQ: only 8 of 10 shares are free; the rest follows"}));
  EXPECT_EQ(ours.left(), (Lines{"TQQQ 10"}));
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

/// The account where an order fills at once.
class QuickAccount : public Account {
 protected:
  QuickAccount() { account.fills_at_once = true; }
  /// Ten of the seventeen TQQQ are the session's.
  static TradingSession session() {
    const Universe universe = testing::six_instruments();
    TradingSession made({.config = {}, .universe = universe, .fees = testing::fees_of_2025()});
    const SessionHours hours = *NyseCalendar::session(kDay);
    (void)made.step(hours.open, SessionOpened{.hours = hours});
    (void)made.step(hours.open, PositionAdopted{*universe.find("TQQQ"), Qty{10}, Price{50}});
    return made;
  }
};

TEST_F(QuickAccount, ADayThatCannotBeRecordedSellsItsOwnSharesAndNobodyElses) {
  order(kOwnSell, "TQQQ", "sell", 4);
  order(kOwnBuy, "SVXY", "buy", 3);
  order("hand-buy", "SVXY", "buy", 1);
  EXPECT_EQ(leave_account(broker, session(), OnExit::flatten), "open orders are cancelled and nothing of ours is held");
  EXPECT_EQ(account.held("TQQQ"), 7);
  EXPECT_EQ(account.held("SPXL"), 5);
  EXPECT_EQ(at_work(), (Lines{"hand-buy"}));
}

TEST_F(QuickAccount, OnHoldItCancelsPurchasesAndSaysWhatNobodyWatches) {
  order(kOwnBuy, "SVXY", "buy", 3);
  const std::string told = leave_account(broker, session(), OnExit::hold);
  EXPECT_TRUE(told.starts_with("buys are cancelled, positions are kept and nobody watches them: ")) << told;
  EXPECT_NE(told.find("TQQQ 17"), std::string::npos) << told;
  EXPECT_EQ(account.held("TQQQ"), 17);
  EXPECT_EQ(account.held("SPXL"), 5);
  EXPECT_TRUE(at_work().empty());
}

// ---- the same over the wire -------------------------------------------------------------------------

/// A local exchange whose time stands still.
class AccountAtTheExchange : public ::testing::Test {
 protected:
  AccountAtTheExchange() {
    ExchangeOptions options;
    options.universe = universe;
    for (const SymbolInfo& s : universe) {
      options.recordings.push_back(testing::walk_bars(s.name, NyseCalendar::sessions(kDay, kDay), 7));
    }
    options.session = kDay;
    options.from_minute = 60;
    server = std::make_unique<ExchangeServer>(options);
    const std::string host = "://127.0.0.1:" + std::to_string(server->start().value());
    broker = *AlpacaBroker::create({.trading_url = "http" + host,
                                    .stream_url = "ws" + host + "/stream",
                                    .key_id = options.key_id,
                                    .secret_key = options.secret},
                                   universe);
    const HeaderList keys{{"APCA-API-KEY-ID", options.key_id}, {"APCA-API-SECRET-KEY", options.secret}};
    http = std::make_unique<HttpClient>(*HttpClient::create({.base_url = "http" + host, .default_headers = keys}));
    EXPECT_TRUE(server->control().inject("foreign position TQQQ 17"));
  }
  void order(const std::string& id, const std::string& symbol, const std::string& side) {
    const Json body{{"symbol", symbol}, {"side", side}, {"qty", "3"}, {"type", "limit"},
                    {"limit_price", side == "buy" ? "0.5" : "9000"}, {"time_in_force", "day"}, {"client_order_id", id}};
    const HttpOutcome done = http->request({.method = "POST", .path = "/v2/orders", .body = body.dump()});
    ASSERT_EQ(done.response.status, 200) << done.response.body;
  }
  BrokerFlatten flatten() {
    return {*broker, universe, {.whose = Whose::ours},
            {.deed = [this](const std::string& text) { deeds.push_back(text); },
             .trouble = [this](const std::string& text) { deeds.push_back("trouble: " + text); },
             .wait = [](std::chrono::milliseconds) { return true; },
             .market_open = {}}};
  }
  [[nodiscard]] std::size_t at_work() const { return broker->open_orders().value().size(); }

  const Universe universe = testing::six_instruments();
  std::unique_ptr<ExchangeServer> server;
  std::unique_ptr<AlpacaBroker> broker;
  std::unique_ptr<HttpClient> http;
  Lines deeds;
};

TEST_F(AccountAtTheExchange, OfOursOnlyWhatIsOursGoes) {
  order(kOwnSell, "TQQQ", "sell");
  order(kOwnBuy, "SVXY", "buy");
  order("hand-buy", "SPXL", "buy");
  BrokerFlatten ours = flatten();
  ours.ours({{"TQQQ", 10}});
  EXPECT_TRUE(ours.attempt());
  EXPECT_EQ(deeds, (Lines{"cancelling SVXY order " + kOwnBuy, "cancelling TQQQ order " + kOwnSell, "closing TQQQ 10"}));
  EXPECT_EQ(at_work(), 2U);
  EXPECT_EQ(ours.left(), (Lines{"TQQQ 10"}));
}

TEST_F(AccountAtTheExchange, SharesThatAnOrderHoldsAreNotClosedTwice) {
  BrokerFlatten ours = flatten();
  ours.ours({{"TQQQ", 10}});
  EXPECT_TRUE(ours.attempt());
  ours.ask_again();
  EXPECT_FALSE(ours.attempt());
  ASSERT_EQ(deeds.size(), 2U);
  EXPECT_EQ(deeds[1], "trouble: TQQQ 10: its closing order is still at work");
  EXPECT_EQ(at_work(), 1U);
}

}  // namespace
}  // namespace sentio
