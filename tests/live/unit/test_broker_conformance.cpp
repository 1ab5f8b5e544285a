/// What every broker promises (docs/adding-a-broker.md): the same questions to each, and the same answers. Another
/// broker is another bench and a line at the end.

#include <gtest/gtest.h>

#include <thread>

#include "memory_broker.h"
#include "mock_world.h"
#include "sentio/broker/alpaca_broker.h"
#include "sentio/exchange/exchange_server.h"
#include "sentio/execution/simple_risk_manager.h"

namespace sentio {
namespace {

using std::chrono::minutes;
using testing::day;

const SessionHours kHours = *NyseCalendar::session(day(2025, 7, 3));

const Universe& six() {
  static const Universe made = testing::six_instruments();
  return made;
}

/// An account in an open market that goes on when it is asked to.
class Bench {
 public:
  virtual ~Bench() = default;
  /// Another process at the account, started.
  [[nodiscard]] virtual std::unique_ptr<LiveBrokerInterface> connect() = 0;
  [[nodiscard]] virtual TimePoint now() const = 0;
  virtual void go_on() = 0;
};

class MemoryBench final : public Bench {
 public:
  std::unique_ptr<LiveBrokerInterface> connect() override {
    auto made = std::make_unique<testing::MemoryBroker>(account_, six());
    made->start();
    return made;
  }
  [[nodiscard]] TimePoint now() const override { return now_; }
  void go_on() override {
    now_ += minutes{1};
    account_.market_opens({{"TQQQ", 50}});
  }

 private:
  TimePoint now_ = kHours.minute_start(60);
  testing::MemoryAccount account_{six(), [this] { return now_; }};
};

/// AlpacaBroker at a local exchange whose minute takes a fifth of a second.
class AlpacaBench final : public Bench {
 public:
  AlpacaBench() {
    for (const SymbolInfo& s : six()) {
      options_.recordings.push_back(testing::walk_bars(s.name, {kHours}, 7));
    }
    options_.universe = six();
    options_.session = kHours.date;
    options_.speed = 300;
    options_.from_minute = 60;
    options_.rate_limit_per_minute = 0;
    server_ = std::make_unique<ExchangeServer>(options_);
    host_ = "://127.0.0.1:" + std::to_string(server_->start().value());
  }
  std::unique_ptr<LiveBrokerInterface> connect() override {
    AlpacaBrokerOptions o{.trading_url = "http" + host_, .stream_url = "ws" + host_ + "/stream"};
    o.key_id = options_.key_id;
    o.secret_key = options_.secret;
    o.time = Timeline(options_.speed);
    o.now = [this] { return now(); };
    auto made = *AlpacaBroker::create(std::move(o), six());
    made->start();
    return made;
  }
  [[nodiscard]] TimePoint now() const override { return server_->control().now(); }
  void go_on() override { std::this_thread::sleep_for(std::chrono::milliseconds{5}); }

 private:
  ExchangeOptions options_;
  std::unique_ptr<ExchangeServer> server_;
  std::string host_;
};

struct NamedBench {
  const char* name;
  std::unique_ptr<Bench> (*make)();
  friend void PrintTo(const NamedBench& bench, std::ostream* out) { *out << bench.name; }
};

class EveryBroker : public ::testing::TestWithParam<NamedBench> {
 protected:
  EveryBroker() { reconnect(); }
  void reconnect() {
    broker.reset();
    broker = bench->connect();
    EXPECT_TRUE(until([this] { return broker->stream_up(); }));
  }
  /// A purchase, decided now; with a limit that no market meets where `far`.
  Order submit(double qty, bool far = false) {
    Order order{.key = {kHours.date, ++minute, *six().find("TQQQ"), Side::buy, 0}, .side = Side::buy};
    order.symbol = order.key.symbol;
    order.qty = Qty{qty};
    order.reference = Price{50};
    if (far) order.limit = Price{.5};
    order.decided_at = bench->now();
    SimpleRiskManager risk{RiskConfig{}};
    risk.on_session_open(Usd{1e9});
    broker->submit(std::get<Approved<Order>>(risk.review(order, order.price(), Usd{1e9})), bench->now());
    return order;
  }
  static std::string id_of(const Order& order) { return client_order_id(order.key, "TQQQ", order.decided_at); }
  template <class Done>
  bool until(Done done) {
    for (int turn = 0; turn < 4000; ++turn) {
      for (Event& event : broker->poll()) events.push_back(std::move(event));
      if (done()) return true;
      bench->go_on();
    }
    return false;
  }
  void a_while() {
    int turns = 0;
    (void)until([&] { return ++turns > 60; });
  }
  [[nodiscard]] double bought() const {
    double shares = 0;
    for (const Event& event : events) {
      if (const auto* e = std::get_if<OrderFilled>(&event)) shares += e->fill.qty.v;
    }
    return shares;
  }
  template <class What>
  [[nodiscard]] long count() const {
    return std::ranges::count_if(events, [](const Event& e) { return std::holds_alternative<What>(e); });
  }
  [[nodiscard]] long cancelled() const { return count<OrderCanceled>(); }
  [[nodiscard]] double held() const {
    const auto positions = broker->positions();
    return positions && !positions->empty() ? positions->front().shares : 0;
  }

  std::unique_ptr<Bench> bench = GetParam().make();
  std::unique_ptr<LiveBrokerInterface> broker;
  std::vector<Event> events;
  std::int16_t minute = 60;
};

TEST_P(EveryBroker, FillsAddUpToTheOrderAndNothingFollows) {
  const Order order = submit(10);
  ASSERT_TRUE(until([this] { return bought() >= 10; }));
  EXPECT_TRUE(until([this] { return broker->open_order_count() == 0 && broker->idle(); }));
  broker->cancel(order.key);  // too late: no event
  a_while();
  EXPECT_EQ(bought(), 10);
  EXPECT_EQ(cancelled(), 0);
  EXPECT_EQ(held(), 10);
  const auto known = broker->order_by_client_id(id_of(order));
  ASSERT_TRUE(known);
  EXPECT_TRUE(known->ended);
  EXPECT_EQ(known->filled_qty.value, 10);
  EXPECT_TRUE(broker->cancel_by_broker_id(known->id)) << "done already is done";
}

TEST_P(EveryBroker, ACancelledOrderEndsOnce) {
  const Order order = submit(10, true);
  ASSERT_TRUE(until([&] { return broker->order_by_client_id(id_of(order)).has_value(); }));
  EXPECT_EQ(broker->open_orders()->size(), 1U);
  broker->cancel(order.key);
  broker->cancel(order.key);
  ASSERT_TRUE(until([this] { return cancelled() > 0; }));
  a_while();
  EXPECT_EQ(cancelled(), 1);
  EXPECT_EQ(bought(), 0);
  EXPECT_EQ(broker->open_order_count(), 0U);
  EXPECT_TRUE(broker->open_orders()->empty());
}

TEST_P(EveryBroker, AfterARestartOnlyWhatIsNotBookedIsTold) {
  const Order whole = submit(10);
  ASSERT_TRUE(until([this] { return bought() >= 10; }));
  const Order waiting = submit(3, true);
  ASSERT_TRUE(until([&] { return broker->order_by_client_id(id_of(waiting)).has_value(); }));
  Order lost = waiting;
  lost.key.attempt = 1;
  const double usd = std::get<OrderFilled>(events.front()).fill.price.v * 10;
  events.clear();
  reconnect();
  broker->resume(whole, whole.decided_at, 10, usd, true);
  broker->resume(waiting, waiting.decided_at, 0, 0, false);
  broker->resume(lost, lost.decided_at, 0, 0, false);
  ASSERT_TRUE(until([this] { return count<OrderRejected>() > 0; })) << "it never got there";
  a_while();
  ASSERT_EQ(events.size(), 1U) << "the others have no news";
  EXPECT_EQ(std::get<OrderRejected>(events.front()).order, lost.key);
  EXPECT_EQ(broker->open_order_count(), 1U);
}

TEST_P(EveryBroker, APositionIsClosedInPartByAnOrderOfItsOwn) {
  EXPECT_TRUE(broker->close_position("TQQQ", std::nullopt)) << "there is none";
  (void)submit(10);
  ASSERT_TRUE(until([this] { return bought() >= 10 && held() == 10; }));
  ASSERT_TRUE(broker->close_position("TQQQ", 4));
  ASSERT_TRUE(until([this] { return held() == 6; }));
  EXPECT_FALSE(broker->close_position("TQQQ", 7)) << "more than there is";
  const auto orders = broker->orders_since(kHours.open);
  ASSERT_TRUE(orders && orders->size() == 2);
  EXPECT_EQ(orders->back().side, Side::sell);
  EXPECT_EQ(orders->back().filled_qty.value, 4);
  EXPECT_TRUE(orders->back().filled_avg_price && orders->back().filled_at);
  EXPECT_FALSE(parse_client_order_id(orders->back().client_order_id)) << "a name of the broker's";
  const auto activities = broker->activities_since(kHours.open);
  ASSERT_TRUE(activities && activities->size() == 2);
  EXPECT_GT(activities->back().cash, 0);
}

TEST_P(EveryBroker, QuestionsHaveTheirOwnKindsOfNo) {
  const auto account = broker->account();
  ASSERT_TRUE(account);
  EXPECT_TRUE(account->may_trade());
  EXPECT_EQ(account->currency, "USD");
  EXPECT_EQ(account->cash.value, 100'000);
  EXPECT_TRUE(broker->positions()->empty());
  EXPECT_EQ(broker->order_by_client_id("sen-20250703-1000-TQQQ-B-9").error().code, Errc::not_found);
  EXPECT_EQ(broker->asset("NOSUCH").error().code, Errc::not_found);
  EXPECT_TRUE(broker->asset("TQQQ")->tradable);
  EXPECT_EQ(*broker->calendar(day(2025, 7, 4)), std::nullopt);
  const auto today = broker->calendar(kHours.date);
  ASSERT_TRUE(today && *today);
  EXPECT_EQ((*today)->close - (*today)->open, minutes{kHours.minutes});
  EXPECT_LT(std::chrono::abs(broker->clock()->timestamp - bench->now()), minutes{10});
}

INSTANTIATE_TEST_SUITE_P(Brokers, EveryBroker,
                         ::testing::Values(NamedBench{"Memory", [] { return std::unique_ptr<Bench>(new MemoryBench); }},
                                           NamedBench{"Alpaca", [] { return std::unique_ptr<Bench>(new AlpacaBench); }}),
                         [](const auto& tested) { return std::string(tested.param.name); });

}  // namespace
}  // namespace sentio
