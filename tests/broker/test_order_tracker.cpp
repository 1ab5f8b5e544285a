#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <cmath>

#include "broker_support.h"
#include "sentio/broker/order_tracker.h"
#include "sentio/broker/status_machine.h"

namespace sentio {
namespace {

constexpr const char* kId = "sen-20250926-1000-TQQQ-B-0";
using Kind = BrokerNotice::Kind;

struct Booked {
  double shares = 0, usd = 0;
  int fills = 0, canceled = 0, rejected = 0;
  bool after_end = false;
  std::set<std::uint64_t> executions;
  void add(const std::vector<Event>& events) {
    for (const Event& e : events) {
      if (canceled + rejected > 0) after_end = true;
      if (const auto* f = std::get_if<OrderFilled>(&e)) {
        shares += f->fill.qty.v;
        usd += f->fill.qty.v * f->fill.price.v;
        ++fills;
        executions.insert(f->fill.execution);
      }
      canceled += std::holds_alternative<OrderCanceled>(e);
      rejected += std::holds_alternative<OrderRejected>(e);
    }
  }
};

OrderTracker tracking(double shares = 10) {
  OrderTracker t;
  t.submit(test_order(shares), kId, "TQQQ", test_time());
  return t;
}

TradeUpdate update(TradeEvent event, AlpacaOrder order, const std::string& execution = {}, double qty = 0,
                   double price = 0) {
  TradeUpdate u;
  u.event = event;
  u.execution_id = execution;
  u.order = std::move(order);
  if (qty > 0) {
    u.qty = decimal_of(qty);
    u.price = decimal_of(price);
  }
  u.timestamp = test_time(1);
  return u;
}

bool noted(OrderTracker& t, Kind kind) {
  const auto all = t.take_notices();
  return std::any_of(all.begin(), all.end(), [kind](const auto& n) { return n.kind == kind; });
}

TEST(OrderTracker, BooksEachExecutionOnce) {
  OrderTracker t = tracking();
  const auto first = update(TradeEvent::partial_fill,
                            broker_order(kId, OrderStatus::partially_filled, 4, 80.0, 1), "e1", 4, 80.0);
  const auto last =
      update(TradeEvent::fill, broker_order(kId, OrderStatus::filled, 10, 80.6, 2), "e2", 6, 81.0);
  Booked b;
  for (const auto& u : {first, first, last, first, last}) {
    t.apply(u, test_time());
    b.add(t.take_events());
  }
  EXPECT_EQ(b.fills, 2);
  EXPECT_DOUBLE_EQ(b.shares, 10);
  EXPECT_DOUBLE_EQ(b.usd, 4 * 80.0 + 6 * 81.0);
  EXPECT_EQ(b.executions.size(), 2U);
  EXPECT_EQ(b.canceled + b.rejected, 0);
  EXPECT_TRUE(t.open().empty());
}

TEST(OrderTracker, EventsComeInTheOrderOfSubmissionWhicheverConnectionWasFaster) {
  OrderTracker t = tracking();
  Order second = test_order(5);
  second.key.minute += 1;
  const std::string second_id = "sen-20250926-1001-TQQQ-B-0";
  t.submit(second, second_id, "TQQQ", test_time());
  AlpacaOrder other = broker_order(second_id, OrderStatus::filled, 5, 81.0, 1);
  other.id = "another";
  t.apply(update(TradeEvent::fill, other, "e9", 5, 81.0), test_time());
  t.apply(update(TradeEvent::partial_fill, broker_order(kId, OrderStatus::partially_filled, 4, 80.0, 1), "e1", 4,
                 80.0),
          test_time());
  t.apply(update(TradeEvent::fill, broker_order(kId, OrderStatus::filled, 10, 80.6, 2), "e2", 6, 81.0),
          test_time());
  const auto events = t.take_events();
  ASSERT_EQ(events.size(), 3U);
  const double quantities[] = {4, 6, 5};
  for (std::size_t i = 0; i < 3; ++i) EXPECT_EQ(std::get<OrderFilled>(events[i]).fill.qty.v, quantities[i]) << i;
}

TEST(OrderTracker, AMissedExecutionIsBookedAtThePriceThatMakesTheAverageRight) {
  OrderTracker t = tracking();
  t.apply(update(TradeEvent::fill, broker_order(kId, OrderStatus::filled, 10, 80.6, 2), "e2", 6, 81.0),
          test_time());
  const auto events = t.take_events();
  ASSERT_EQ(events.size(), 2U);
  EXPECT_NEAR(std::get<OrderFilled>(events[0]).fill.price.v, 80.0, 1e-9);
  EXPECT_DOUBLE_EQ(std::get<OrderFilled>(events[0]).fill.qty.v, 4);
  EXPECT_DOUBLE_EQ(std::get<OrderFilled>(events[1]).fill.price.v, 81.0);
}

TEST(OrderTracker, APollThatKnowsMoreBooksTheDifference) {
  OrderTracker t = tracking();
  t.apply(update(TradeEvent::partial_fill, broker_order(kId, OrderStatus::partially_filled, 4, 80.0, 1), "e1",
                 4, 80.0),
          test_time());
  t.apply(broker_order(kId, OrderStatus::canceled, 7, 80.3, 3), test_time());
  Booked b;
  b.add(t.take_events());
  EXPECT_DOUBLE_EQ(b.shares, 7);
  EXPECT_NEAR(b.usd, 7 * 80.3, 1e-9);
  EXPECT_EQ(b.canceled, 1);
  EXPECT_FALSE(b.after_end);
}

TEST(OrderTracker, ActivitiesBookExactPricesAndOnlyWithoutAGap) {
  OrderTracker t = tracking();
  t.apply(broker_order(kId, OrderStatus::new_, 0, std::nullopt), test_time());
  FillActivity row;
  row.order_id = std::string("id-of-") + kId;
  row.transaction_time = test_time(1);
  const auto apply = [&](double qty, double price, std::optional<double> cum, std::optional<double> leaves) {
    row.qty = decimal_of(qty);
    row.price = decimal_of(price);
    row.cum_qty = cum ? std::optional(decimal_of(*cum)) : std::nullopt;
    row.leaves_qty = leaves ? std::optional(decimal_of(*leaves)) : std::nullopt;
    t.apply(row);
  };
  apply(6, 81, 10, std::nullopt);  // its forerunner is not known: wait for the order itself
  EXPECT_TRUE(t.take_events().empty());
  apply(4, 80, 4, std::nullopt);
  apply(4, 80, 4, std::nullopt);
  apply(6, 81, std::nullopt, 0);  // the last row of a recorded session has no cum_qty
  Booked b;
  b.add(t.take_events());
  EXPECT_EQ(b.fills, 2);
  EXPECT_DOUBLE_EQ(b.usd, 4 * 80.0 + 6 * 81.0);
}

TEST(OrderTracker, AFillMayComeBeforeTheAnswerToThePost) {
  OrderTracker t = tracking();
  t.apply(update(TradeEvent::fill, broker_order(kId, OrderStatus::filled, 10, 80.0, 2), "e1", 10, 80.0),
          test_time());
  t.apply(broker_order(kId, OrderStatus::pending_new, 0, std::nullopt, 0), test_time());
  Booked b;
  b.add(t.take_events());
  EXPECT_EQ(b.fills, 1);
  EXPECT_EQ(t.find(kId)->status, OrderStatus::filled);
  EXPECT_TRUE(t.take_notices().empty());
}

TEST(OrderTracker, WhatCanNoLongerBeBookedIsANoticeAndNeverAnEvent) {
  OrderTracker t = tracking();
  t.apply(broker_order(kId, OrderStatus::canceled, 4, 80.0, 1), test_time());
  t.apply(
      update(TradeEvent::partial_fill, broker_order(kId, OrderStatus::canceled, 6, 80.0, 2), "e9", 2, 80.0),
      test_time());
  Booked b;
  b.add(t.take_events());
  EXPECT_DOUBLE_EQ(b.shares, 4);
  EXPECT_FALSE(b.after_end);
  EXPECT_TRUE(noted(t, Kind::unbooked_shares));
  t.apply(broker_order(kId, OrderStatus::canceled, 6, 80.0, 2), test_time());
  EXPECT_FALSE(noted(t, Kind::unbooked_shares)) << "said once";
}

TEST(OrderTracker, NeverMoreSharesThanOrdered) {
  OrderTracker t = tracking();
  t.apply(broker_order(kId, OrderStatus::filled, 12, 80.0, 1), test_time());
  Booked b;
  b.add(t.take_events());
  EXPECT_DOUBLE_EQ(b.shares, 10);
  EXPECT_TRUE(noted(t, Kind::unbooked_shares));
}

TEST(OrderTracker, ARefusedPostEndsTheOrder) {
  OrderTracker t = tracking();
  t.refuse(kId, "403 insufficient buying power");
  t.refuse(kId, "again");
  Booked b;
  b.add(t.take_events());
  EXPECT_EQ(b.rejected, 1);
  EXPECT_TRUE(t.open().empty());
}

TEST(OrderTracker, ARefusalOfAnOrderThatTheBrokerHasChangesNothing) {
  OrderTracker t = tracking();
  t.apply(broker_order(kId, OrderStatus::new_, 0, std::nullopt), test_time());
  t.refuse(kId, "422");
  EXPECT_TRUE(t.take_events().empty());
  EXPECT_EQ(t.open().size(), 1U);
}

TEST(OrderTracker, ForeignAndFractionalOrdersAreReportedOnceAndIgnored) {
  OrderTracker t = tracking();
  AlpacaOrder foreign = broker_order("somebody-else", OrderStatus::filled, 0.5, 80.0);
  foreign.qty = decimal_of(0.5);
  t.apply(foreign, test_time());
  t.apply(foreign, test_time());
  EXPECT_TRUE(t.take_events().empty());
  const auto notices = t.take_notices();
  ASSERT_EQ(notices.size(), 1U);
  EXPECT_EQ(notices[0].kind, Kind::foreign_order);
  EXPECT_NE(notices[0].text.find("fractional"), std::string::npos);
}

TEST(OrderTracker, OfAForeignOrderSideAndSharesAreToldAndWhetherItCanMoveAny) {
  const auto told = [](OrderStatus status, double filled) {
    OrderTracker t = tracking();
    AlpacaOrder foreign = broker_order("somebody-else", status, filled, 80.0);
    foreign.side = Side::sell;
    foreign.qty = decimal_of(50);
    t.apply(foreign, test_time());
    return t.take_notices().at(0);
  };
  EXPECT_EQ(told(OrderStatus::accepted, 0).text.substr(0, 7), "sell 50") << told(OrderStatus::accepted, 0).text;
  EXPECT_TRUE(told(OrderStatus::accepted, 0).at_work);
  EXPECT_FALSE(told(OrderStatus::canceled, 0).at_work);
  EXPECT_TRUE(told(OrderStatus::canceled, 7).at_work);
}

TEST(OrderTracker, AnotherOrderUnderOurIdIsNotBooked) {
  OrderTracker t = tracking();
  AlpacaOrder o = broker_order(kId, OrderStatus::filled, 10, 80.0);
  o.symbol = "SQQQ";
  t.apply(o, test_time());
  EXPECT_TRUE(t.take_events().empty());
  EXPECT_TRUE(noted(t, Kind::odd_message));
}

TEST(OrderTracker, ABustIsReportedAndNotBooked) {
  OrderTracker t = tracking();
  t.apply(update(TradeEvent::fill, broker_order(kId, OrderStatus::filled, 10, 80.0, 1), "e1", 10, 80.0),
          test_time());
  (void)t.take_events();
  t.apply(update(TradeEvent::trade_bust, broker_order(kId, OrderStatus::canceled, 0, std::nullopt, 2), "e2",
                 10, 80.0),
          test_time());
  EXPECT_TRUE(t.take_events().empty());
  EXPECT_TRUE(noted(t, Kind::execution_changed));
}

TEST(OrderTracker, AResumedOrderGoesOnWhereTheJournalEnded) {
  OrderTracker t;
  t.resume(test_order(10), kId, "TQQQ", test_time(), 4, 4 * 80.0, false);
  t.apply(broker_order(kId, OrderStatus::filled, 10, 80.6, 2), test_time());
  const auto events = t.take_events();
  ASSERT_EQ(events.size(), 1U);
  EXPECT_DOUBLE_EQ(std::get<OrderFilled>(events[0]).fill.qty.v, 6);
  EXPECT_NEAR(std::get<OrderFilled>(events[0]).fill.price.v, 81.0, 1e-9);
}

struct EndCase {
  OrderStatus status;
  double filled;
  int canceled, rejected;
  friend void PrintTo(const EndCase& row, std::ostream* out) { *out << to_string(row.status) << " at " << row.filled; }
};
class EndTest : public testing::TestWithParam<EndCase> {};
TEST_P(EndTest, EveryStatusEndsAnOrderOnceOrNotAtAll) {
  const auto& c = GetParam();
  OrderTracker t = tracking();
  const auto price = c.filled > 0 ? std::optional(80.0) : std::nullopt;
  Booked b;
  for (int i = 0; i < 3; ++i) {
    t.apply(broker_order(kId, c.status, c.filled, price, i), test_time());
    b.add(t.take_events());
  }
  EXPECT_EQ(b.canceled, c.canceled);
  EXPECT_EQ(b.rejected, c.rejected);
  EXPECT_DOUBLE_EQ(b.shares, c.filled);
  EXPECT_EQ(t.open().empty(), c.canceled + c.rejected > 0 || c.filled >= 10);
}
INSTANTIATE_TEST_SUITE_P(
    Statuses, EndTest,
    testing::Values(EndCase{OrderStatus::pending_new, 0, 0, 0}, EndCase{OrderStatus::accepted, 0, 0, 0},
                    EndCase{OrderStatus::held, 0, 0, 0}, EndCase{OrderStatus::pending_review, 0, 0, 0},
                    EndCase{OrderStatus::new_, 0, 0, 0}, EndCase{OrderStatus::partially_filled, 4, 0, 0},
                    EndCase{OrderStatus::done_for_day, 4, 0, 0},
                    EndCase{OrderStatus::pending_cancel, 4, 0, 0},
                    EndCase{OrderStatus::pending_replace, 0, 0, 0},
                    EndCase{OrderStatus::accepted_for_bidding, 0, 0, 0},
                    EndCase{OrderStatus::stopped, 0, 0, 0}, EndCase{OrderStatus::suspended, 0, 0, 0},
                    EndCase{OrderStatus::calculated, 0, 0, 0}, EndCase{OrderStatus::filled, 10, 0, 0},
                    EndCase{OrderStatus::filled, 9, 1, 0}, EndCase{OrderStatus::canceled, 0, 1, 0},
                    EndCase{OrderStatus::canceled, 4, 1, 0}, EndCase{OrderStatus::expired, 4, 1, 0},
                    EndCase{OrderStatus::rejected, 0, 0, 1},
                    EndCase{OrderStatus::unknown, 0, 0, 0}),
    [](const auto& tc) {
      return std::string(to_string(tc.param.status)) + std::to_string(static_cast<int>(tc.param.filled));
    });

struct StepCase {
  OrderStatus from, to;
  Transition want;
  friend void PrintTo(const StepCase& row, std::ostream* out) { *out << to_string(row.from) << " to " << to_string(row.to); }
};
class StepTest : public testing::TestWithParam<StepCase> {};
TEST_P(StepTest, IsKnownFromTheTable) {
  EXPECT_EQ(transition(GetParam().from, GetParam().to), GetParam().want);
}
using enum OrderStatus;
INSTANTIATE_TEST_SUITE_P(
    Table, StepTest,
    testing::Values(
        StepCase{accepted, new_, Transition::next}, StepCase{accepted, rejected, Transition::next},
        StepCase{accepted, partially_filled, Transition::skipped},
        StepCase{pending_new, filled, Transition::next}, StepCase{pending_new, expired, Transition::skipped},
        StepCase{new_, pending_new, Transition::behind}, StepCase{new_, filled, Transition::next},
        StepCase{new_, new_, Transition::same}, StepCase{partially_filled, rejected, Transition::illegal},
        StepCase{partially_filled, pending_new, Transition::behind},
        StepCase{pending_cancel, canceled, Transition::next},
        StepCase{pending_cancel, partially_filled, Transition::next},
        StepCase{pending_cancel, new_, Transition::next},
        StepCase{pending_replace, replaced, Transition::next}, StepCase{held, new_, Transition::next},
        StepCase{held, filled, Transition::skipped}, StepCase{new_, held, Transition::behind},
        StepCase{suspended, rejected, Transition::next}, StepCase{done_for_day, new_, Transition::next},
        StepCase{calculated, filled, Transition::next},
        StepCase{filled, partially_filled, Transition::behind},
        StepCase{filled, canceled, Transition::illegal}, StepCase{canceled, filled, Transition::illegal},
        StepCase{canceled, new_, Transition::behind}, StepCase{rejected, canceled, Transition::illegal},
        StepCase{expired, pending_new, Transition::behind},
        StepCase{replaced, pending_replace, Transition::behind}, StepCase{new_, unknown, Transition::next},
        StepCase{unknown, filled, Transition::next}, StepCase{filled, unknown, Transition::illegal}),
    [](const auto& tc) {
      return std::string(to_string(tc.param.from)) + "_to_" + std::string(to_string(tc.param.to));
    });

TEST(StatusMachine, EveryPairIsJudgedAndTerminalStatesHaveNoWayOut) {
  for (std::size_t i = 0; i < kOrderStatuses; ++i) {
    for (std::size_t k = 0; k < kOrderStatuses; ++k) {
      const auto from = static_cast<OrderStatus>(i), to = static_cast<OrderStatus>(k);
      const Transition t = transition(from, to);
      EXPECT_EQ(t == Transition::same, i == k);
      if (is_terminal(from)) {
        EXPECT_TRUE(t == Transition::same || t == Transition::behind || t == Transition::illegal);
      }
    }
  }
}

/// One order's true life and everything the broker may say about it.
struct Story {
  double shares = 0, usd = 0;
  bool full = false;
  std::vector<TradeUpdate> updates;
  std::vector<AlpacaOrder> polls;
};

Story make_story() {
  Story s;
  const int executions = *rc::gen::inRange(0, 5);
  const bool canceled = executions == 0 || *rc::gen::arbitrary<bool>();
  const double whole_order = 100;
  int version = 0;
  s.updates.push_back(
      update(TradeEvent::new_, broker_order(kId, OrderStatus::new_, 0, std::nullopt, ++version)));
  s.polls.push_back(s.updates.back().order);
  for (int i = 0; i < executions; ++i) {
    const bool last = i + 1 == executions && !canceled;
    const double qty = last ? whole_order - s.shares : *rc::gen::inRange(1, 20);
    const double price = *rc::gen::inRange(790'000, 810'000) / 10'000.0;
    s.shares += qty;
    s.usd += qty * price;
    const AlpacaOrder o = broker_order(kId, last ? OrderStatus::filled : OrderStatus::partially_filled,
                                       s.shares, s.usd / s.shares, ++version);
    s.updates.push_back(
        update(last ? TradeEvent::fill : TradeEvent::partial_fill, o, "e" + std::to_string(i), qty, price));
    s.polls.push_back(o);
  }
  s.full = !canceled;
  if (canceled) {
    AlpacaOrder o = broker_order(kId, OrderStatus::canceled, s.shares, std::nullopt, ++version);
    if (s.shares > 0) o.filled_avg_price = decimal_of(s.usd / s.shares);
    s.updates.push_back(update(TradeEvent::canceled, o));
    s.polls.push_back(o);
  }
  return s;
}

RC_GTEST_PROP(OrderTracker, ShuffledRepeatedAndDroppedMessagesEndInTheSameFills, ()) {
  const Story story = make_story();
  struct Message {
    bool poll;
    std::size_t index;
  };
  std::vector<Message> messages;
  for (const bool poll : {false, true}) {
    for (std::size_t i = 0; i < story.updates.size(); ++i) {
      const bool last = i + 1 == story.updates.size();
      // Anything may be lost but one way to learn of the end, and anything may come several times.
      const int copies = poll && last ? *rc::gen::inRange(1, 3) : *rc::gen::inRange(0, 3);
      for (int n = 0; n < copies; ++n) messages.push_back({poll, i});
    }
  }
  for (std::size_t i = messages.size(); i > 1; --i) {
    std::swap(messages[i - 1], messages[*rc::gen::inRange<std::size_t>(0, i)]);
  }
  OrderTracker t = tracking(100);
  Booked b;
  for (const Message& m : messages) {
    if (m.poll) {
      t.apply(story.polls[m.index], test_time());
    } else {
      t.apply(story.updates[m.index], test_time());
    }
    b.add(t.take_events());
  }
  RC_ASSERT(std::abs(b.shares - story.shares) < 1e-9);
  RC_ASSERT(std::abs(b.usd - story.usd) < 0.001);  // averages have six decimals
  RC_ASSERT(b.canceled == (story.full ? 0 : 1));
  RC_ASSERT(b.rejected == 0);
  RC_ASSERT(!b.after_end);
  RC_ASSERT(b.executions.size() == static_cast<std::size_t>(b.fills));
  RC_ASSERT(t.open().empty());
  RC_ASSERT(t.take_notices().empty());
}

// ---- orders that somebody replaces at the broker -----------------------------------------------------------------

constexpr const char* kOldBrokerId = "id-of-sen-20250926-1000-TQQQ-B-0";

AlpacaOrder replaced_by(const std::string& successor, double filled = 0, std::optional<double> average = std::nullopt) {
  AlpacaOrder o = broker_order(kId, OrderStatus::replaced, filled, average, 2);
  o.replaced_by = successor;
  return o;
}
/// Under a client id of the broker's.
AlpacaOrder successor(OrderStatus status, double filled, std::optional<double> average, bool says_what_it_replaces = true,
                      const std::string& id = "new-id", const std::string& before = kOldBrokerId) {
  AlpacaOrder o = broker_order("0c2ca2ee-2f2b-4d3e-9d4e-9a3b0b0f0c2e", status, filled, average, 3);
  o.id = id;
  if (says_what_it_replaces) o.replaces = before;
  return o;
}

Booked book_all(OrderTracker& t, const std::vector<AlpacaOrder>& messages) {
  Booked b;
  for (const AlpacaOrder& m : messages) {
    t.apply(m, test_time());
    b.add(t.take_events());
  }
  return b;
}

TEST(OrderTrackerReplaced, TheSuccessorIsOursWhicheverOfTheTwoNamesTheOther) {
  for (const bool names_its_forerunner : {true, false}) {
    OrderTracker t = tracking();
    const Booked b = book_all(t, {broker_order(kId, OrderStatus::new_, 0, std::nullopt), replaced_by("new-id"),
                                  successor(OrderStatus::new_, 0, std::nullopt, names_its_forerunner),
                                  successor(OrderStatus::filled, 10, 80.5, names_its_forerunner)});
    EXPECT_DOUBLE_EQ(b.shares, 10);
    EXPECT_DOUBLE_EQ(b.usd, 805);
    EXPECT_EQ(b.canceled + b.rejected, 0);
    EXPECT_TRUE(t.open().empty());
    EXPECT_TRUE(noted(t, Kind::order_replaced));
  }
}

TEST(OrderTrackerReplaced, UntilItsSuccessorIsHeardOfTheOrderIsOpenAndNamesItForACancel) {
  OrderTracker t = tracking();
  (void)book_all(t, {broker_order(kId, OrderStatus::new_, 0, std::nullopt), replaced_by("new-id")});
  ASSERT_EQ(t.open().size(), 1U);
  EXPECT_EQ(t.open().front()->broker_id, "new-id");
  EXPECT_TRUE(t.open().front()->successor_awaited);
  EXPECT_EQ(t.want_cancel(test_order(10).key), kId);
  (void)book_all(t, {successor(OrderStatus::new_, 0, std::nullopt)});
  EXPECT_FALSE(t.open().front()->successor_awaited);
}

TEST(OrderTrackerReplaced, ASuccessorThatComesFirstIsAdopted) {
  OrderTracker t = tracking();
  const Booked b = book_all(t, {broker_order(kId, OrderStatus::new_, 0, std::nullopt),
                                successor(OrderStatus::partially_filled, 4, 80.0), replaced_by("new-id"),
                                successor(OrderStatus::canceled, 4, 80.0)});
  EXPECT_DOUBLE_EQ(b.shares, 4);
  EXPECT_EQ(b.canceled, 1);
}

TEST(OrderTrackerReplaced, SharesOfTheForerunnerCountOnceWhetherTheSuccessorIncludesThemOrNot) {
  for (const bool included : {false, true}) {
    OrderTracker t = tracking();
    const double base = included ? 4 : 0;
    const Booked b = book_all(
        t, {broker_order(kId, OrderStatus::partially_filled, 4, 80.0, 1), replaced_by("new-id", 4, 80.0),
            successor(OrderStatus::new_, base, included ? std::optional(80.0) : std::nullopt),
            successor(OrderStatus::filled, base + 6, included ? (4 * 80.0 + 6 * 81.0) / 10 : 81.0)});
    EXPECT_DOUBLE_EQ(b.shares, 10) << included;
    EXPECT_NEAR(b.usd, 4 * 80.0 + 6 * 81.0, 1e-9) << included;
    EXPECT_EQ(b.canceled, 0) << included;
  }
}

TEST(OrderTrackerReplaced, AFillThatWasOvertakenByTheReplacementIsStillBooked) {
  OrderTracker t = tracking();
  const Booked b = book_all(t, {broker_order(kId, OrderStatus::new_, 0, std::nullopt), replaced_by("new-id"),
                                successor(OrderStatus::new_, 0, std::nullopt), replaced_by("new-id", 3, 80.0),
                                successor(OrderStatus::filled, 7, 81.0)});
  EXPECT_DOUBLE_EQ(b.shares, 10);
  EXPECT_NEAR(b.usd, 3 * 80.0 + 7 * 81.0, 1e-9);
}

TEST(OrderTrackerReplaced, AChainIsFollowedToItsEnd) {
  OrderTracker t = tracking();
  AlpacaOrder second = successor(OrderStatus::replaced, 2, 80.0);
  second.replaced_by = "third-id";
  Booked b = book_all(t, {replaced_by("new-id"), successor(OrderStatus::partially_filled, 2, 80.0), second});
  t.apply(update(TradeEvent::fill, successor(OrderStatus::filled, 8, 81.0, true, "third-id", "new-id"), "e1", 8, 81.0), test_time());
  b.add(t.take_events());
  EXPECT_DOUBLE_EQ(b.shares, 10);
  EXPECT_NEAR(b.usd, 2 * 80.0 + 8 * 81.0, 1e-9);
}

TEST(OrderTrackerReplaced, ASmallerSuccessorEndsTheOrderWithWhatItBought) {
  OrderTracker t = tracking();
  const Booked b = book_all(t, {replaced_by("new-id"), successor(OrderStatus::filled, 6, 80.0)});
  EXPECT_DOUBLE_EQ(b.shares, 6);
  EXPECT_EQ(b.canceled, 1);
}

TEST(OrderTrackerReplaced, ALargerSuccessorBringsNoMoreThanWasOrderedAndSaysSo) {
  OrderTracker t = tracking();
  const Booked b = book_all(t, {replaced_by("new-id"), successor(OrderStatus::filled, 15, 80.0)});
  EXPECT_DOUBLE_EQ(b.shares, 10);
  EXPECT_TRUE(noted(t, Kind::unbooked_shares));
}

TEST(OrderTrackerReplaced, AfterARestartWhatWasBookedIsSharedOutAmongTheTwo) {
  OrderTracker t;
  t.resume(test_order(10), kId, "TQQQ", test_time(), 7, 4 * 80.0 + 3 * 81.0, false);
  const Booked b = book_all(t, {replaced_by("new-id", 4, 80.0), successor(OrderStatus::partially_filled, 3, 81.0),
                                successor(OrderStatus::filled, 6, 82.0)});
  EXPECT_DOUBLE_EQ(b.shares, 3);
  EXPECT_NEAR(b.usd, 6 * 82.0 - 3 * 81.0, 1e-9);
}

TEST(OrderTrackerReplaced, WithoutASuccessorTheOrderEndsOnceItIsGivenUp) {
  OrderTracker t = tracking();
  (void)book_all(t, {replaced_by("")});
  ASSERT_EQ(t.open().size(), 1U);
  t.lose_successor(kId);
  Booked b;
  b.add(t.take_events());
  EXPECT_EQ(b.canceled, 1);
  t.lose_successor(kId);
  EXPECT_TRUE(t.take_events().empty());
}

TEST(OrderTrackerReplaced, SomebodyElsesReplacementIsForeign) {
  OrderTracker t = tracking();
  (void)book_all(t, {successor(OrderStatus::new_, 0, std::nullopt, true, "x", "not-ours")});
  EXPECT_TRUE(noted(t, Kind::foreign_order));
  EXPECT_EQ(t.owner(successor(OrderStatus::new_, 0, std::nullopt, true, "x", "not-ours")), nullptr);
}

}  // namespace
}  // namespace sentio
