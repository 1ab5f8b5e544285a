#include "sentio/exchange/matching.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "matching_fixture.h"

namespace sentio::exchange {
namespace {

using Names = std::vector<std::string>;

TEST_F(Book, AMarketOrderFillsHalfASpreadAboveTheOpenOfItsMinute) {
  const auto taken = matching().submit(market("TQQQ", Side::buy, 100), minute(5) + seconds{3});
  ASSERT_TRUE(taken);
  EXPECT_EQ(taken->status, OrderStatus::pending_new) << "the reply never proves a fill";
  run(5, 0, 80.0);
  const ExchangeOrder& order = *matching().find(taken->id);
  EXPECT_EQ(order.status, OrderStatus::filled);
  EXPECT_EQ(events(), (Names{"pending_new", "new", "fill"}));
  const Execution& e = matching().executions().at(0);
  EXPECT_DOUBLE_EQ(e.price, 80.0096);  // 1.2 bps of 80 is 0.0096
  EXPECT_EQ(e.at, minute(5)) << "stamped with the bar, as in the replay broker";
  EXPECT_EQ(e.position_qty, 100);
  EXPECT_DOUBLE_EQ(matching().book().cash(), 100'000 - 8000.96) << "no fees";
}

TEST_F(Book, AnOrderLaterInTheMinuteMeetsTheSameOpenAtOnce) {
  run(5, 0, 80.0);
  const std::string id = take(market("TQQQ", Side::buy, 100), 5);
  EXPECT_EQ(status(id), OrderStatus::filled);
  EXPECT_DOUBLE_EQ(matching().executions().at(0).price, 80.0096);
}

TEST_F(Book, AMinuteWithoutABarFillsNothing) {
  const std::string id = take(market("TQQQ", Side::buy, 100), 5);
  run(5, 500, 0);
  EXPECT_EQ(status(id), OrderStatus::created);
  run(6, 500, 81);
  EXPECT_EQ(status(id), OrderStatus::filled);
  EXPECT_EQ(matching().executions().at(0).at, minute(6));
}

TEST_F(Book, AnEntryTakesItsShareOfTheVolumeAndWorksOn) {
  const std::string id = take(market("TQQQ", Side::buy, 150), 5);
  run(5, 0, 80, 1000);
  EXPECT_EQ(status(id), OrderStatus::partially_filled);
  EXPECT_EQ(matching().find(id)->filled_qty, 100) << "a tenth of 1000";
  run(6, 0, 80, 1000);
  EXPECT_EQ(status(id), OrderStatus::filled);
  EXPECT_EQ(events(), (Names{"pending_new", "new", "partial_fill", "fill"}));
  EXPECT_EQ(matching().executions().at(0).leaves_qty, 50);
  EXPECT_EQ(matching().executions().at(1).cum_qty, 150);
}

TEST_F(Book, AnExitFillsWholeWithTheRestOneHalfSpreadWorse) {
  take(market("TQQQ", Side::buy, 150), 5);
  run(5, 0, 80);
  const std::string id = take(market("TQQQ", Side::sell, 150), 6);
  run(6, 0, 80, 1000);
  EXPECT_EQ(status(id), OrderStatus::filled);
  ASSERT_EQ(matching().executions().size(), 3U);
  EXPECT_DOUBLE_EQ(matching().executions()[1].price, 79.9904);
  EXPECT_DOUBLE_EQ(matching().executions()[2].price, 79.9808);
  EXPECT_EQ(matching().executions()[2].qty, 50);
  EXPECT_EQ(matching().book()[1].qty, 0);
}

TEST_F(Book, OrdersBeforeTheOpenAreQueuedAndStartWithTheSession) {
  const auto taken = matching().submit(market("TQQQ", Side::buy, 10), minute(0) - seconds{60});
  ASSERT_TRUE(taken);
  EXPECT_EQ(taken->status, OrderStatus::accepted);
  matching().open_session(minute(0));
  run(0, 0, 80);
  EXPECT_EQ(events(), (Names{"accepted", "new", "fill"}));
}

TEST_F(Book, OrdersAfterTheCloseWaitForAnotherDay) {
  const auto taken = matching().submit(market("TQQQ", Side::buy, 10), options.hours.close + seconds{1});
  ASSERT_TRUE(taken);
  EXPECT_EQ(taken->status, OrderStatus::accepted);
  matching().close_session(options.hours.close + seconds{10});
  EXPECT_EQ(status(taken->id), OrderStatus::accepted);
}

TEST_F(Book, AtTheCloseExitsGetTheLastTradeTwoHalfSpreadsWorseAndEntriesExpire) {
  take(market("TQQQ", Side::buy, 10), 5);
  run(5, 500, 80);
  const std::string exit = take(market("TQQQ", Side::sell, 10), 389);
  const std::string entry = take(market("SPY", Side::buy, 10), 389);
  run(389, 0, 0);
  matching().close_session(options.hours.close);
  EXPECT_EQ(status(exit), OrderStatus::filled);
  EXPECT_DOUBLE_EQ(matching().executions().back().price, 79.9808);
  EXPECT_EQ(status(entry), OrderStatus::expired);
  EXPECT_TRUE(matching().find(entry)->expired_at);
}

TEST_F(Book, WhatIsDecidedOnTheLastMinuteStillGetsTheLastResort) {
  take(market("TQQQ", Side::buy, 10), 5);
  run(5, 500, 80);
  const auto exit = matching().submit(market("TQQQ", Side::sell, 10), options.hours.close);
  ASSERT_TRUE(exit);
  matching().close_session(options.hours.close);
  EXPECT_EQ(status(exit->id), OrderStatus::filled);
}

TEST_F(Book, ACancelEndsAnOrderAndASecondOneIsRefused) {
  const std::string id = take(market("TQQQ", Side::buy, 10), 5);
  ASSERT_TRUE(matching().cancel(id, minute(5)));
  EXPECT_EQ(status(id), OrderStatus::canceled);
  EXPECT_TRUE(matching().find(id)->canceled_at);
  const auto again = matching().cancel(id, minute(5));
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().http_status, 422);
  EXPECT_EQ(again.error().message, "order is already in \"canceled\" state");
  EXPECT_EQ(matching().cancel("nobody", minute(5)).error().http_status, 404);
  run(5, 500, 80);
  EXPECT_TRUE(matching().executions().empty());
}

TEST_F(Book, AReplacementIsANewOrderAndTheOldOneSaysSo) {
  const std::string id = take(limit("TQQQ", Side::buy, 10, 70), 5);
  ReplaceRequest change;
  change.qty = 4;
  change.limit_price = 85;
  const auto next = matching().replace(id, change, minute(5));
  ASSERT_TRUE(next);
  EXPECT_EQ(next->replaces, id);
  EXPECT_EQ(status(id), OrderStatus::replaced);
  EXPECT_EQ(matching().find(id)->replaced_by, next->id);
  EXPECT_EQ(events(), (Names{"pending_new", "new", "replaced", "new"}));
  run(5, 500, 80);
  EXPECT_EQ(matching().find(next->id)->filled_qty, 4);
  EXPECT_FALSE(matching().replace(id, change, minute(6))) << "a finished order cannot be replaced";
}

TEST_F(Book, ALimitOrderWaitsForItsPrice) {
  const std::string id = take(limit("TQQQ", Side::buy, 10, 79.5), 5);
  run(5, 500, 80);
  EXPECT_EQ(status(id), OrderStatus::created);
  run(6, 500, 79);
  EXPECT_EQ(status(id), OrderStatus::filled);
  EXPECT_LE(matching().executions().at(0).price, 79.5);
}

TEST_F(Book, AStopIsTriggeredByALowAndFillsAtTheNextOpen) {
  take(market("TQQQ", Side::buy, 10), 5);
  run(5, 500, 80);
  OrderRequest stop = market("TQQQ", Side::sell, 10);
  stop.type = OrderType::stop;
  stop.stop_price = 79;
  const std::string id = take(stop, 6);
  run(6, 500, 80);
  run(7, 500, 78.5);
  EXPECT_EQ(status(id), OrderStatus::created) << "minute 7 only triggers it";
  run(8, 500, 78);
  EXPECT_EQ(status(id), OrderStatus::filled);
}

TEST_F(Book, ATrailingStopFollowsTheHigh) {
  take(market("TQQQ", Side::buy, 10), 5);
  run(5, 500, 80);
  OrderRequest trail = market("TQQQ", Side::sell, 10);
  trail.type = OrderType::trailing_stop;
  trail.trail_price = 2;
  const std::string id = take(trail, 6);
  run(6, 500, 90);
  run(7, 500, 89);
  EXPECT_EQ(status(id), OrderStatus::created);
  EXPECT_EQ(*matching().find(id)->high_water_mark, 90);
  run(8, 500, 88);
  run(9, 500, 88);
  EXPECT_EQ(status(id), OrderStatus::filled);
}

TEST_F(Book, HeldSharesCannotBeSoldTwice) {
  take(market("TQQQ", Side::buy, 10), 5);
  run(5, 500, 80);
  take(limit("TQQQ", Side::sell, 7, 90), 6);
  EXPECT_EQ(matching().held_for_orders(1), 7);
  const auto refused = matching().submit(limit("TQQQ", Side::sell, 4, 91), minute(6));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().http_status, 403);
  EXPECT_EQ(refused.error().message, "insufficient qty available for order (requested: 4, available: 3)");
  EXPECT_TRUE(matching().submit(limit("TQQQ", Side::sell, 3, 91), minute(6)));
}

TEST_F(Book, BuyingPowerIsReservedUntilAnOrderIsDone) {
  options.multiplier = 1;
  const std::string id = take(limit("TQQQ", Side::buy, 1000, 79), 5);
  EXPECT_DOUBLE_EQ(matching().buying_power(), 21'000);
  const auto refused = matching().submit(market("SPY", Side::buy, 43), minute(5));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, 40310000);
  EXPECT_EQ(refused.error().message, "insufficient buying power");
  ASSERT_TRUE(matching().cancel(id, minute(5)));
  EXPECT_TRUE(matching().submit(market("SPY", Side::buy, 43), minute(5)));
}

TEST_F(Book, TheMarginAccountLendsUpToItsMultiplier) {
  EXPECT_DOUBLE_EQ(matching().buying_power(), 400'000);
  EXPECT_TRUE(matching().submit(market("SPY", Side::buy, 800), minute(5)));
  EXPECT_FALSE(matching().submit(market("SPY", Side::buy, 1), minute(5)));
}

TEST_F(Book, AClientOrderIdIsTakenOnceForTheLifeOfTheAccount) {
  const std::string id = take(market("TQQQ", Side::buy, 10, "mine"), 5);
  run(5, 500, 80);
  ASSERT_EQ(status(id), OrderStatus::filled);
  const auto refused = matching().submit(market("TQQQ", Side::buy, 10, "mine"), minute(6));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().http_status, 422);
  EXPECT_EQ(refused.error().code, 40010001);
  EXPECT_EQ(refused.error().message, "client_order_id must be unique");
  EXPECT_EQ(matching().orders().size(), 1U) << "a refusal creates no order";
}

TEST_F(Book, ShortSalesAreCountedNegative) {
  take(market("TQQQ", Side::sell, 10), 5);
  run(5, 500, 80);
  EXPECT_EQ(matching().book()[1].qty, -10);
  take(market("TQQQ", Side::buy, 10), 6);
  run(6, 500, 70);
  EXPECT_EQ(matching().book()[1].qty, 0);
  EXPECT_GT(matching().book().cash(), 100'090);
}

TEST_F(Book, ANotionalOrderBuysThatManyDollars) {
  OrderRequest r = market("TQQQ", Side::buy, 1);
  r.qty.reset();
  r.notional = 1000;
  const std::string id = take(r, 5);
  run(5, 500, 80);
  EXPECT_EQ(status(id), OrderStatus::filled);
  EXPECT_NEAR(matching().book().cash(), 99'000, 0.001);
}

TEST_F(Book, TheRejectFaultEndsTheNextOrderAfterItWasTaken) {
  matching().reject_next(1);
  const std::string id = take(market("TQQQ", Side::buy, 10), 5);
  EXPECT_EQ(status(id), OrderStatus::rejected);
  EXPECT_TRUE(matching().find(id)->failed_at);
  EXPECT_EQ(events(), (Names{"pending_new", "rejected"}));
  EXPECT_EQ(status(take(market("TQQQ", Side::buy, 10), 5)), OrderStatus::created);
}

TEST_F(Book, ThePartialFaultSplitsAnOrderOverTwoBars) {
  matching().split_next(1);
  const std::string id = take(market("TQQQ", Side::buy, 11), 5);
  run(5, 500, 80);
  EXPECT_EQ(matching().find(id)->filled_qty, 5);
  run(6, 500, 0);
  run(7, 500, 81);
  EXPECT_EQ(status(id), OrderStatus::filled);
  EXPECT_EQ(matching().executions().size(), 2U);
}

TEST_F(Book, TheCancelRaceFaultLetsTheFillWin) {
  matching().race_next_cancels(1);
  const std::string id = take(market("TQQQ", Side::buy, 10), 5);
  ASSERT_TRUE(matching().cancel(id, minute(5)));
  EXPECT_EQ(status(id), OrderStatus::pending_cancel);
  run(5, 500, 80);
  EXPECT_EQ(status(id), OrderStatus::filled);
  EXPECT_EQ(events(), (Names{"pending_new", "new", "pending_cancel", "fill"}));
}

TEST_F(Book, ABlockedAccountTakesNoOrders) {
  matching().block_account();
  EXPECT_EQ(matching().submit(market("TQQQ", Side::buy, 10), minute(5)).error().http_status, 403);
}

// ---- against the fill model itself ------------------------------------------------------------------

RC_GTEST_PROP(MatchingProperty, FillsWhatTheSharedFillModelFills, ()) {
  const SessionHours hours = *NyseCalendar::session(kDay);
  const Universe universe({testing::symbol_info("TQQQ")});
  Matching matching({FillConfig{}, hours, 1e9, 4}, universe);
  matching.set_previous_close(0, 80);
  FillModel model(FillConfig{}, universe);
  model.begin_session();
  std::vector<std::pair<double, double>> got, want;  // quantity, price
  std::int16_t number = 0;
  for (int i = 0; i < 30; ++i) {
    const TimePoint now = hours.minute_start(i);
    const auto orders = matching.orders();
    const bool idle = orders.empty() || terminal(orders.back()->status);
    if (idle && *rc::gen::inRange(0, 2) == 0) {
      const double held = matching.book()[0].qty;
      sentio::Order order;
      order.key.minute = ++number;
      order.side = held > 0 && *rc::gen::inRange(0, 2) == 0 ? Side::sell : Side::buy;
      order.qty = Qty{order.side == Side::sell ? held : static_cast<double>(*rc::gen::inRange(1, 400))};
      model.submit(order, now);
      OrderRequest request;
      request.symbol = "TQQQ";
      request.side = order.side;
      request.qty = order.qty.v;
      RC_ASSERT(matching.submit(request, now).has_value());
    }
    std::vector<std::optional<Bar>> bars(1);
    if (*rc::gen::inRange(0, 4) > 0) {
      const double open = *rc::gen::inRange(7000, 9000) / 100.0;
      bars[0] = Bar{now, open, open + 1, open - 1, open, static_cast<double>(*rc::gen::inRange(0, 3000))};
    }
    for (const Fill& f : model.on_minute(now, bars)) want.emplace_back(f.qty.v, f.price.v);
    matching.match_minute(now, bars, now);
    matching.finish_minute(bars);
  }
  for (const Execution& e : matching.executions()) got.emplace_back(e.qty, e.price);
  RC_ASSERT(got == want);
}

}  // namespace
}  // namespace sentio::exchange
