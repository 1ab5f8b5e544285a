#include <gtest/gtest.h>

#include <cmath>

#include "broker_support.h"
#include "fake_alpaca.h"
#include "sentio/broker/alpaca_broker.h"
#include "sentio/execution/simple_risk_manager.h"

namespace sentio {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using Fault = FakeAlpaca::Fault;
using Kind = BrokerNotice::Kind;

constexpr const char* kId = "sen-20250926-1000-TQQQ-B-0";

const Universe& universe() {
  static const Universe u = [] {
    std::vector<SymbolInfo> symbols;
    for (const char* name : {"QQQ", "SPY", "SQQQ", "TQQQ"}) symbols.push_back(SymbolInfo{.name = name});
    return Universe(std::move(symbols));
  }();
  return u;
}

Approved<Order> approved(const Order& order) {
  SimpleRiskManager risk{RiskConfig{}};
  risk.on_session_open(Usd{1e9});
  return std::get<Approved<Order>>(risk.review(order, order.reference, Usd{1e9}));
}

/// A broker against the fake, and everything it said so far.
class Desk {
 public:
  explicit Desk(FakeAlpaca& fake, double pace = 30) {
    AlpacaBrokerOptions o;
    o.trading_url = fake.server().http();
    o.stream_url = fake.server().ws("/stream");
    o.key_id = FakeAlpaca::kKey;
    o.secret_key = FakeAlpaca::kSecret;
    o.time = Timeline(pace);
    broker_ = std::move(*AlpacaBroker::create(o, universe()));
  }
  AlpacaBroker& operator*() { return *broker_; }
  AlpacaBroker* operator->() { return broker_.get(); }
  void submit(double shares = 10) { broker_->submit(approved(test_order(shares)), test_time()); }

  template <class Done>
  bool wait(Done done) {
    const auto until = std::chrono::steady_clock::now() + seconds{60};
    for (;;) {
      for (Event& e : broker_->poll()) events_.push_back(std::move(e));
      for (BrokerNotice& n : broker_->notices()) notices_.push_back(std::move(n));
      if (done()) return true;
      if (std::chrono::steady_clock::now() > until) return false;
      std::this_thread::sleep_for(milliseconds{2});
    }
  }
  bool wait_stream() {
    return wait([this] { return broker_->stream_up(); });
  }
  bool wait_settled() {
    return wait([this] { return broker_->open_order_count() == 0 && broker_->idle() && !events_.empty(); });
  }
  double shares() const {
    double sum = 0;
    for (const Event& e : events_) {
      if (const auto* f = std::get_if<OrderFilled>(&e)) sum += f->fill.qty.v;
    }
    return sum;
  }
  double usd() const {
    double sum = 0;
    for (const Event& e : events_) {
      if (const auto* f = std::get_if<OrderFilled>(&e)) sum += f->fill.qty.v * f->fill.price.v;
    }
    return sum;
  }
  template <class T>
  int count() const {
    int n = 0;
    for (const Event& e : events_) n += std::holds_alternative<T>(e);
    return n;
  }
  bool noted(Kind kind) const {
    for (const BrokerNotice& n : notices_) {
      if (n.kind == kind) return true;
    }
    return false;
  }

  std::vector<Event> events_;
  std::vector<BrokerNotice> notices_;

 private:
  std::unique_ptr<AlpacaBroker> broker_;
};

int posts(FakeAlpaca& fake) {
  int n = 0;
  for (const std::string& r : fake.requests()) n += r == "POST /v2/orders";
  return n;
}

TEST(AlpacaBroker, FillsArriveOverTheStream) {
  FakeAlpaca fake;
  Desk desk(fake, 1);
  desk->start();
  ASSERT_TRUE(desk.wait_stream());
  desk.submit();
  fake.wait_for_order(kId);
  fake.fill(kId, 4, 80.0, true);
  fake.fill(kId, 6, 81.0, true);
  ASSERT_TRUE(desk.wait_settled());
  EXPECT_EQ(desk.count<OrderFilled>(), 2);
  EXPECT_DOUBLE_EQ(desk.usd(), 4 * 80.0 + 6 * 81.0);
  EXPECT_EQ(posts(fake), 1);
}

TEST(AlpacaBroker, WithoutAStreamPollsFindTheFillsAtTheirExactPrices) {
  FakeAlpaca fake;
  fake.refuse_stream();
  Desk desk(fake);
  desk->start();
  desk.submit();
  fake.wait_for_order(kId);
  fake.fill(kId, 3, 80.01, false);
  fake.fill(kId, 7, 80.02, false);
  ASSERT_TRUE(desk.wait_settled());
  EXPECT_EQ(desk.count<OrderFilled>(), 2);
  EXPECT_DOUBLE_EQ(desk.usd(), 3 * 80.01 + 7 * 80.02);
  EXPECT_TRUE(desk.noted(Kind::stream_lost));
}

TEST(AlpacaBroker, AStreamThatIsRefusedAtTheStartSaysSoAtOnceAndIsTriedOn) {
  FakeAlpaca fake;
  fake.refuse_stream();
  Desk desk(fake, 1'000);
  desk->start();
  ASSERT_TRUE(desk.wait([&] { return desk.noted(Kind::stream_lost); }));
  EXPECT_EQ(desk.notices_.front().kind, Kind::stream_lost);
  EXPECT_EQ(desk.notices_.front().text,
            "trade_updates: the server refused the keys; check the API keys, and that they belong to this kind of account, "
            "paper or real");
  fake.refuse_stream(false);
  EXPECT_TRUE(desk.wait_stream()) << "shares may be held, and keys are refused by mistake now and then";
}

TEST(AlpacaBroker, AStreamThatWorkedIsTriedOnWhateverRefusesIt) {
  FakeAlpaca fake;
  Desk desk(fake, 1'000);
  desk->start();
  ASSERT_TRUE(desk.wait_stream());
  for (const int status : {401, 403, 404}) {
    desk.notices_.clear();
    fake.server().refuse_upgrades(status, 3);
    fake.server().cut_all();
    ASSERT_TRUE(desk.wait([&] { return desk.noted(Kind::stream_up); })) << status;
    EXPECT_EQ(fake.server().upgrades_to_refuse(), 0);
    EXPECT_FALSE(desk.noted(Kind::stream_lost)) << status;
    const auto keys = std::ranges::count(desk.notices_, Kind::unauthorized, &BrokerNotice::kind);
    EXPECT_EQ(keys, status == 404 ? 0 : 1) << "once per outage";
  }
  desk.notices_.clear();
  fake.refuse_stream();
  fake.server().cut_all();
  ASSERT_TRUE(desk.wait([&] { return desk.noted(Kind::unauthorized); }));
  fake.refuse_stream(false);
  EXPECT_TRUE(desk.wait([&] { return desk.noted(Kind::stream_up); }));
}

TEST(AlpacaBroker, AServerWithoutAPlaceForTheStreamIsToldApart) {
  FakeAlpaca fake;
  fake.server().refuse_upgrades(429, 1);
  Desk desk(fake, 1'000);
  desk->start();
  ASSERT_TRUE(desk.wait_stream());
  EXPECT_EQ(desk.notices_.front().kind, Kind::stream_crowded);
  EXPECT_NE(desk.notices_.front().text.find("HTTP 429"), std::string::npos) << desk.notices_.front().text;
}

TEST(AlpacaBroker, AnOrderOfUnknownOutcomeIsFoundAndNotSentAgain) {
  for (const Fault fault : {Fault::cut_after, Fault::error_after}) {
    FakeAlpaca fake;
    fake.fill_at_once(80.0);
    fake.fail_next("POST", fault);
    Desk desk(fake);
    desk->start();
    desk.submit();
    ASSERT_TRUE(desk.wait_settled());
    EXPECT_EQ(posts(fake), 1);
    EXPECT_DOUBLE_EQ(desk.shares(), 10);
  }
}

TEST(AlpacaBroker, AnOrderThatNeverArrivedIsSentAgainUnderTheSameId) {
  FakeAlpaca fake;
  fake.fill_at_once(80.0);
  fake.fail_next("POST", Fault::cut_before);
  Desk desk(fake);
  desk->start();
  desk.submit();
  ASSERT_TRUE(desk.wait_settled());
  EXPECT_EQ(posts(fake), 2);
  EXPECT_EQ(fake.orders().size(), 1U);
  EXPECT_DOUBLE_EQ(desk.shares(), 10);
}

TEST(AlpacaBroker, MustBeUniqueMeansItGotThere) {
  FakeAlpaca fake;
  fake.fill_at_once(80.0);
  {
    Desk before(fake);
    before->start();
    before.submit();
    ASSERT_TRUE(before.wait_settled());
  }
  Desk desk(fake);  // a restart that forgot the order
  desk->start();
  desk.submit();
  ASSERT_TRUE(desk.wait_settled());
  EXPECT_EQ(fake.orders().size(), 1U);
  EXPECT_EQ(desk.count<OrderRejected>(), 0);
  EXPECT_DOUBLE_EQ(desk.shares(), 10);
}

TEST(AlpacaBroker, ARefusedOrderIsRejectedOnceAndNotRepeated) {
  FakeAlpaca fake;
  fake.fail_next("POST", Fault::refuse, R"({"code":40310000,"message":"insufficient buying power"})");
  Desk desk(fake);
  desk->start();
  desk.submit();
  ASSERT_TRUE(desk.wait_settled());
  ASSERT_EQ(desk.events_.size(), 1U);
  EXPECT_EQ(std::get<OrderRejected>(desk.events_[0]).detail, "403 40310000 insufficient buying power");
  EXPECT_EQ(posts(fake), 1);
}

TEST(AlpacaBroker, ACancelEndsInTheEventAndNotInItsAnswer) {
  FakeAlpaca fake;
  fake.hold_buys(true);
  Desk desk(fake);
  desk->start();
  desk.submit();
  fake.wait_for_held_buy();
  desk->cancel(test_order(10).key);  // on its way: the broker has not even named the order
  fake.hold_buys(false);
  ASSERT_TRUE(desk.wait_settled());
  EXPECT_EQ(desk.count<OrderCanceled>(), 1);
  EXPECT_EQ(desk.events_.size(), 1U);
  EXPECT_EQ(fake.orders().at(kId).status, "canceled");
}

TEST(AlpacaBroker, ACancelThatLosesTheRaceEndsInTheFill) {
  FakeAlpaca fake;
  Desk desk(fake, 1);
  desk->start();
  desk.submit();
  fake.wait_for_order(kId);
  fake.fill(kId, 10, 80.0, false);  // nobody told us
  desk->cancel(test_order(10).key);
  ASSERT_TRUE(desk.wait_settled());
  EXPECT_EQ(desk.count<OrderCanceled>(), 0);
  EXPECT_DOUBLE_EQ(desk.shares(), 10);
}

TEST(AlpacaBroker, AnExitWaitsForNoAnswerToAnEntry) {
  FakeAlpaca fake;
  fake.hold_buys(true);
  Desk desk(fake, 1);
  desk->start();
  desk.submit();
  Order exit = test_order(10, Side::sell);
  exit.symbol = exit.key.symbol = 2;
  desk->submit(approved(exit), test_time());
  fake.wait_for_order("sen-20250926-1000-SQQQ-S-0");
  EXPECT_EQ(fake.orders().size(), 1U);
  fake.hold_buys(false);
  fake.wait_for_order(kId);
  EXPECT_EQ(fake.orders().size(), 2U);
}

TEST(AlpacaBroker, AnOrderThatIsCancelledBeforeItCanBeSentAgainIsNotSent) {
  FakeAlpaca fake;
  fake.fail_next("POST", Fault::cut_before);
  fake.hold_buys(true);
  Desk desk(fake);
  desk->start();
  desk.submit();
  fake.wait_for_held_buy();
  desk->cancel(test_order(10).key);
  fake.hold_buys(false);
  ASSERT_TRUE(desk.wait_settled());
  EXPECT_EQ(desk.count<OrderCanceled>(), 1);
  EXPECT_EQ(desk.events_.size(), 1U);
  EXPECT_EQ(fake.orders().size(), 0U);
}

TEST(AlpacaBroker, ACancelOfARefusedOrderIsDropped) {
  FakeAlpaca fake;
  fake.fail_next("POST", Fault::refuse, R"({"code":42210000,"message":"asset is not active"})");
  fake.hold_buys(true);
  Desk desk(fake);
  desk->start();
  desk.submit();
  fake.wait_for_held_buy();
  desk->cancel(test_order(10).key);
  fake.hold_buys(false);
  ASSERT_TRUE(desk.wait_settled());
  EXPECT_EQ(desk.count<OrderRejected>(), 1);
  EXPECT_EQ(desk.events_.size(), 1U);
}

TEST(AlpacaBroker, AFillMissedWhileTheStreamWasDownIsPolledAfterTheReconnect) {
  FakeAlpaca fake;
  Desk desk(fake, 4);
  desk->start();
  ASSERT_TRUE(desk.wait_stream());
  desk.submit();
  fake.wait_for_order(kId);
  fake.server().cut_all();
  fake.fill(kId, 10, 80.0, false);
  ASSERT_TRUE(desk.wait([&] { return desk.noted(Kind::stream_down); }));
  ASSERT_TRUE(desk.wait_settled());
  ASSERT_TRUE(desk.wait_stream());
  EXPECT_DOUBLE_EQ(desk.shares(), 10);
}

TEST(AlpacaBroker, WhicheverRequestFailsThereIsOneOrderWithAllItsFills) {
  for (const bool acted : {false, true}) {
    for (int n = 1;; ++n) {
      FakeAlpaca fake;
      fake.refuse_stream();
      fake.fail_nth(n, acted);
      Desk desk(fake, 200);
      desk->start();
      desk.submit();
      fake.wait_for_order(kId);
      fake.fill(kId, 4, 80.0, false);
      fake.fill(kId, 6, 81.0, false);
      ASSERT_TRUE(desk.wait_settled()) << "request " << n;
      EXPECT_EQ(fake.orders().size(), 1U) << "request " << n;
      EXPECT_NEAR(desk.usd(), 4 * 80.0 + 6 * 81.0, 1e-6) << "request " << n;
      EXPECT_EQ(desk.count<OrderFilled>(), static_cast<int>(desk.events_.size())) << "request " << n;
      if (!fake.fault_fired()) break;
      ASSERT_LT(n, 50);
    }
  }
}

TEST(AlpacaBroker, AResumedOrderGivesOnlyWhatTheJournalDoesNotHave) {
  FakeAlpaca fake;
  fake.fill_at_once(80.0);
  {
    Desk before(fake);
    before->start();
    before.submit();
    ASSERT_TRUE(before.wait_settled());
  }
  Desk desk(fake);
  desk->start();
  desk->resume(test_order(10), test_time(), 4, 4 * 80.0, false);
  ASSERT_TRUE(desk.wait_settled());
  EXPECT_DOUBLE_EQ(desk.shares(), 6);
}

TEST(AlpacaBroker, AReplacedOrderGoesOnInItsSuccessorWhetherOrNotTheStreamTells) {
  for (const bool told : {true, false}) {
    FakeAlpaca fake;
    Desk desk(fake);
    desk->start();
    ASSERT_TRUE(desk.wait_stream());
    desk.submit();
    fake.wait_for_order(kId);
    fake.fill(kId, 4, 80.0, true);
    ASSERT_TRUE(desk.wait([&] { return desk.shares() == 4; }));
    fake.replace(kId, "by-hand", told);
    ASSERT_TRUE(desk.wait([&] { return desk.noted(Kind::order_replaced); }));
    fake.fill("by-hand", 6, 81.0, told);
    ASSERT_TRUE(desk.wait_settled());
    EXPECT_DOUBLE_EQ(desk.shares(), 10);
    EXPECT_NEAR(desk.usd(), 4 * 80.0 + 6 * 81.0, 1e-6);
    EXPECT_EQ(desk.count<OrderCanceled>() + desk.count<OrderRejected>(), 0);
    EXPECT_EQ(posts(fake), 1);
    const auto orders = desk->orders_since(test_time(-60)).value();
    EXPECT_TRUE(std::ranges::all_of(orders, [](const BrokerOrder& o) { return o.client_order_id == kId; }));
  }
}

TEST(AlpacaBroker, ACancelGoesToWhatReplacedTheOrder) {
  FakeAlpaca fake;
  Desk desk(fake);
  desk->start();
  ASSERT_TRUE(desk.wait_stream());
  desk.submit();
  fake.wait_for_order(kId);
  fake.replace(kId, "by-hand", true);
  ASSERT_TRUE(desk.wait([&] { return desk.noted(Kind::order_replaced); }));
  desk->cancel(test_order(10).key);
  ASSERT_TRUE(desk.wait_settled());
  EXPECT_EQ(fake.orders().at("by-hand").status, "canceled");
  EXPECT_EQ(desk.count<OrderCanceled>(), 1);
}

TEST(AlpacaBroker, ARestartFollowsAnOrderThatWasReplacedMeanwhile) {
  FakeAlpaca fake;
  {
    Desk before(fake);
    before.submit();
    fake.wait_for_order(kId);
    fake.fill(kId, 4, 80.0, false);
    fake.replace(kId, "by-hand", false);
    fake.fill("by-hand", 2, 81.0, false);
  }
  Desk desk(fake);
  desk->start();
  desk->resume(test_order(10), test_time(), 6, 4 * 80.0 + 2 * 81.0, false);
  ASSERT_TRUE(desk.wait([&] { return desk.noted(Kind::order_replaced); }));
  fake.fill("by-hand", 4, 82.0, true);
  ASSERT_TRUE(desk.wait_settled());
  EXPECT_DOUBLE_EQ(desk.shares(), 4);
  EXPECT_NEAR(desk.usd(), 4 * 82.0, 1e-6);
}

TEST(AlpacaBroker, AReplacementThatNobodyKnowsEndsTheOrder) {
  FakeAlpaca fake;
  Desk desk(fake);
  desk->start();
  ASSERT_TRUE(desk.wait_stream());
  desk.submit();
  fake.wait_for_order(kId);
  fake.replace(kId, "by-hand", true, false);
  ASSERT_TRUE(desk.wait_settled());
  EXPECT_EQ(desk.count<OrderCanceled>(), 1);
  EXPECT_EQ(posts(fake), 1);
}

TEST(AlpacaBroker, QueriesAnswerOrSayWhy) {
  FakeAlpaca fake;
  Desk desk(fake);
  const auto account = desk->account();
  ASSERT_TRUE(account) << account.error().message();
  EXPECT_TRUE(account->may_trade());
  const Date friday{std::chrono::year{2025}, std::chrono::month{9}, std::chrono::day{26}};
  EXPECT_TRUE(desk->calendar(friday)->has_value());
  EXPECT_FALSE(desk->calendar(std::chrono::sys_days{friday} + std::chrono::days{1})->has_value());
  EXPECT_EQ(desk->asset("NOPE").error().code, Errc::not_found);
  EXPECT_TRUE(desk->close_position("TQQQ", {})) << "none is as good as closed";
}

TEST(AlpacaBroker, WrongKeysAreReportedAndNeverShown) {
  FakeAlpaca fake;
  AlpacaBrokerOptions o;
  o.trading_url = fake.server().http();
  o.stream_url = fake.server().ws("/stream");
  o.key_id = "PKWRONGKEY";
  o.secret_key = "wrong-secret-words";
  auto broker = std::move(*AlpacaBroker::create(o, universe()));
  const auto account = broker->account();
  ASSERT_FALSE(account);
  EXPECT_EQ(account.error().code, Errc::unauthorized);
  broker->start();
  broker->submit(approved(test_order(10)), test_time());
  std::string said = account.error().message();
  bool rejected = false, keys = false;
  const auto until = std::chrono::steady_clock::now() + seconds{60};
  while (!(rejected && keys) && std::chrono::steady_clock::now() < until) {
    for (const Event& e : broker->poll()) {
      if (const auto* r = std::get_if<OrderRejected>(&e)) {
        rejected = true;
        said += r->detail;
      }
    }
    for (const BrokerNotice& n : broker->notices()) {
      keys = keys || n.kind == Kind::unauthorized;
      said += n.text;
    }
    std::this_thread::sleep_for(milliseconds{5});
  }
  EXPECT_TRUE(rejected);
  EXPECT_TRUE(keys);
  EXPECT_EQ(said.find("WRONG"), std::string::npos);
  EXPECT_EQ(said.find("wrong"), std::string::npos);
  EXPECT_FALSE(AlpacaBroker::create(AlpacaBrokerOptions{}, universe()));
}

/// Asks `server` for the account.
Error account_error(const SmallServer& server) {
  AlpacaBrokerOptions o{.trading_url = server.http(), .stream_url = server.ws("/stream")};
  o.key_id = FakeAlpaca::kKey;
  o.secret_key = FakeAlpaca::kSecret;
  o.time = Timeline(1000);
  const auto account = std::move(*AlpacaBroker::create(o, universe()))->account();
  EXPECT_FALSE(account);
  return account ? Error{} : account.error();
}
Error account_error(int status, const std::string& body) {
  const SmallServer server([&](const SmallServer::Request&) { return SmallServer::Reply{status, body}; },
                           [](SmallServer::WebSocket&, const std::string&) {});
  return account_error(server);
}

TEST(AlpacaBroker, AWebPageInPlaceOfTheAccountIsANetworkError) {
  const Error error = account_error(200, " <html>Please accept our terms</html>");
  EXPECT_EQ(error.code, Errc::network) << "exit 4, and a thing that may pass";
  EXPECT_EQ(error.detail, "an HTML page, not the broker: a captive portal or proxy?");
}

TEST(AlpacaBroker, ForbiddenWithoutACodeMeansTheKeys) {
  EXPECT_EQ(account_error(403, R"({"message": "forbidden."})").code, Errc::unauthorized);
  EXPECT_EQ(account_error(403, R"({"code":40310000,"message":"account is not authorized to trade"})").code, Errc::rejected);
}

}  // namespace
}  // namespace sentio
