// The mock broker: when orders meet bars, and what comes back as events.

#include <gtest/gtest.h>

#include "replay_support.h"
#include "sentio/mock/replay_broker.h"

namespace sentio::testing {
namespace {

constexpr SymbolId kFirst = 0;
const SessionHours kDay = full_day();

Order order_of(Side side, double qty, int decided) {
  Order order;
  order.key = {kDay.date, static_cast<std::int16_t>(decided), kFirst, side, 0};
  order.side = side;
  order.symbol = kFirst;
  order.qty = Qty{qty};
  order.reference = Price{100};
  order.decided_at = kDay.minute_end(decided);
  return order;
}

class ReplayBrokerTest : public ::testing::Test {
 protected:
  void pass(ReplayBroker& to, int minute, std::optional<double> price, double volume = 1e6) {
    std::vector<std::optional<Bar>> bars(2);
    if (price) bars[kFirst] = flat_bar(kDay.minute_start(minute), *price, volume);
    to.on_minute(kDay.minute_start(minute), bars);
  }
  static std::vector<Fill> fills(const std::vector<Event>& events) {
    std::vector<Fill> all;
    for (const Event& event : events) {
      if (const auto* filled = std::get_if<OrderFilled>(&event)) all.push_back(filled->fill);
    }
    return all;
  }
  Universe universe = universe_of({"AAA", "BBB"});
  ReplayBroker broker{FillConfig{}, universe};
  ReplayBroker at_close{FillConfig{.timing = FillTiming::same_close}, universe};
};

TEST_F(ReplayBrokerTest, AnOrderMeetsTheOpenOfTheMinuteItArrivesIn) {
  pass(broker, 4, 90);
  // Decided on the set that ends at 09:35:00; the wire takes a while.
  broker.submit(approved(order_of(Side::buy, 10, 4)), kDay.minute_end(4) + std::chrono::milliseconds{59'999});
  EXPECT_TRUE(broker.poll().empty());
  pass(broker, 5, 100);
  const auto filled = fills(broker.poll());
  ASSERT_EQ(filled.size(), 1U);
  EXPECT_DOUBLE_EQ(filled[0].price.v, 100.10);
  EXPECT_EQ(filled[0].at, kDay.minute_start(5));
  EXPECT_TRUE(broker.poll().empty());  // told once
}

TEST_F(ReplayBrokerTest, AnOrderOfTheNextMinuteMissesThisOpen) {
  broker.submit(approved(order_of(Side::buy, 10, 4)), kDay.minute_start(6));
  pass(broker, 5, 100);
  EXPECT_TRUE(broker.poll().empty());
  pass(broker, 6, 101);
  EXPECT_EQ(fills(broker.poll()).size(), 1U);
}

TEST_F(ReplayBrokerTest, ACancelOfTheRestIsAnEvent) {
  const Order order = order_of(Side::buy, 25, 0);
  broker.submit(approved(order), kDay.minute_end(0));
  pass(broker, 1, 100, 100);
  ASSERT_EQ(fills(broker.poll()).size(), 1U);
  broker.cancel(order.key);
  const auto events = broker.poll();
  ASSERT_EQ(events.size(), 1U);
  const auto& canceled = std::get<OrderCanceled>(events[0]);
  EXPECT_EQ(canceled.order, order.key);
  EXPECT_EQ(canceled.reason, Reason::broker_canceled);
  pass(broker, 2, 100, 100);
  EXPECT_TRUE(broker.poll().empty());
}

TEST_F(ReplayBrokerTest, ACancelThatComesTooLateSaysNothing) {
  const Order order = order_of(Side::buy, 5, 0);
  broker.submit(approved(order), kDay.minute_end(0));
  pass(broker, 1, 100);
  broker.cancel(order.key);
  const auto events = broker.poll();
  ASSERT_EQ(events.size(), 1U);
  EXPECT_EQ(fills(events).size(), 1U);
}

TEST_F(ReplayBrokerTest, TheEndOfTheSessionSettlesEveryOrder) {
  pass(broker, 388, 100, 100);
  const Order entry = order_of(Side::buy, 25, 388), exit = order_of(Side::sell, 7, 388);
  broker.submit(approved(entry), kDay.minute_end(388));
  broker.submit(approved(exit), kDay.minute_end(388));
  pass(broker, 389, std::nullopt);
  broker.end_session(kDay.close);
  const auto events = broker.poll();
  ASSERT_EQ(events.size(), 2U);
  const Fill sold = std::get<OrderFilled>(events[0]).fill;
  EXPECT_EQ(sold.order, exit.key);
  EXPECT_TRUE(sold.last_resort);
  EXPECT_DOUBLE_EQ(sold.price.v, 99.80);
  EXPECT_EQ(std::get<OrderCanceled>(events[1]).order, entry.key);
  EXPECT_EQ(std::get<OrderCanceled>(events[1]).reason, Reason::entry_expired);
}

TEST_F(ReplayBrokerTest, ANewSessionStartsEmpty) {
  pass(at_close, 0, 100);
  broker.submit(approved(order_of(Side::buy, 5, 0)), kDay.minute_end(0));
  broker.begin_session();
  at_close.begin_session();
  pass(broker, 1, 100);
  EXPECT_TRUE(broker.poll().empty());
  at_close.submit(approved(order_of(Side::buy, 5, 0)), kDay.minute_end(0));
  EXPECT_TRUE(at_close.poll().empty());  // yesterday's close is no price
}

TEST_F(ReplayBrokerTest, SameCloseFillsAtOnceAtTheLatestClose) {
  pass(at_close, 0, 100, 10);
  pass(at_close, 1, std::nullopt);
  at_close.submit(approved(order_of(Side::buy, 500, 1)), kDay.minute_end(1));
  const auto filled = fills(at_close.poll());
  ASSERT_EQ(filled.size(), 1U);
  EXPECT_EQ(filled[0].qty, Qty{500});
  EXPECT_DOUBLE_EQ(filled[0].price.v, 100.10);
  EXPECT_EQ(filled[0].at, kDay.minute_end(1));
  pass(at_close, 2, 100);
  EXPECT_TRUE(at_close.poll().empty());
}

TEST_F(ReplayBrokerTest, SameCloseWithoutABarWaitsForTheNextOpen) {
  at_close.submit(approved(order_of(Side::sell, 5, 0)), kDay.minute_end(0));
  EXPECT_TRUE(at_close.poll().empty());
  pass(at_close, 1, 100);
  EXPECT_EQ(fills(at_close.poll()).size(), 1U);
}

}  // namespace
}  // namespace sentio::testing
