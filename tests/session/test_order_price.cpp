/// The price that is sent is the price that risk reviewed.

#include <gtest/gtest.h>

#include "planted_signals.h"
#include "sentio/session/trading_session.h"

namespace sentio {
namespace {

constexpr Date kDay = std::chrono::year{2025} / 9 / 26;
constexpr double kClose = 50;

/// A session of one instrument at 50 USD that everybody wants to buy.
class OneInstrument {
 public:
  explicit OneInstrument(const OrderStyle& style, const RiskConfig& risk = {}) : hours_(*NyseCalendar::session(kDay)) {
    StrategyConfig config;
    config.risk = risk;
    session_ = std::make_unique<TradingSession>(
        TradingSession::Options{.config = config,
                                .universe = Universe({{.name = "AAA", .boost = 1.5, .half_spread = Bps{1}}}),
                                .fees = FeeTable({FeeRates{.from = kDay}}),
                                .order_style = style},
        std::make_unique<testing::PlantedSignals>(
            1, [this](SymbolId, int, SymbolSignal& s) { s.probability = wanted_ ? 0.9 : 0.1; }));
    (void)session_->step(hours_.open, SessionOpened{.hours = hours_, .trading = true});
  }

  /// Steps the next minute; afterwards decision() and order() are what it led to.
  void minute() {
    BarsArrived set{.minute = minute_, .bars = {Bar{hours_.minute_start(minute_), kClose, kClose, kClose, kClose, 1e6}}};
    hear(session_->step(hours_.minute_end(minute_), set));
    ++minute_;
  }
  void fill(const Order& order) {
    hear(session_->step(hours_.minute_start(minute_),
                        OrderFilled{{.order = order.key, .qty = order.qty, .price = order.price(), .at = hours_.minute_start(minute_), .execution = 1}}));
  }
  void want(bool wanted) { wanted_ = wanted; }
  [[nodiscard]] const std::optional<DecisionRecord>& decision() const { return decision_; }
  [[nodiscard]] const std::optional<Order>& order() const { return order_; }
  [[nodiscard]] const TradingSession& session() const { return *session_; }

 private:
  void hear(std::span<const Action> actions) {
    decision_.reset();
    order_.reset();
    for (const Action& action : actions) {
      if (const auto* made = std::get_if<DecisionRecord>(&action)) decision_ = *made;
      if (const auto* submit = std::get_if<SubmitOrder>(&action)) order_ = submit->order.get();
    }
  }

  SessionHours hours_;
  bool wanted_ = true;
  std::unique_ptr<TradingSession> session_;
  int minute_ = 0;
  std::optional<DecisionRecord> decision_;
  std::optional<Order> order_;
};

OrderStyle limits_beyond(double bps) { return {OrderStyle::Kind::marketable_limit, Bps{bps}}; }

TEST(OrderPrice, AMarketOrderHasNoLimitAndItsDecisionNone) {
  OneInstrument run({}, {.max_price_deviation = 1e-9});
  run.minute();
  ASSERT_TRUE(run.order());
  EXPECT_FALSE(run.order()->limit);
  EXPECT_EQ(run.decision()->limit_price, 0);
}

TEST(OrderPrice, AnEntrysLimitStandsInTheOrderAndInTheDecision) {
  OneInstrument run(limits_beyond(21));
  run.minute();
  ASSERT_TRUE(run.order() && run.order()->limit);
  EXPECT_EQ(*run.order()->limit, Price{50.11});  // 50.105, rounded up
  EXPECT_EQ(run.order()->reference, Price{kClose});
  EXPECT_EQ(run.decision()->kind, DecisionKind::enter);
  EXPECT_EQ(run.decision()->price, kClose);
  EXPECT_EQ(run.decision()->limit_price, 50.11);
}

TEST(OrderPrice, AnExitIsAMarketOrderInEveryStyle) {
  OneInstrument run(limits_beyond(21));
  run.minute();
  const Order entry = run.order().value();
  run.fill(entry);
  run.want(false);
  for (int i = 0; i < 10 && !run.order(); ++i) run.minute();
  ASSERT_TRUE(run.order());
  EXPECT_EQ(run.order()->side, Side::sell);
  EXPECT_FALSE(run.order()->limit);
  EXPECT_EQ(run.decision()->limit_price, 0);
}

TEST(OrderPrice, ALimitFartherThanTheBandIsBlocked) {
  OneInstrument run(limits_beyond(101), {.max_price_deviation = 0.01});
  run.minute();
  EXPECT_FALSE(run.order());
  ASSERT_TRUE(run.decision());
  EXPECT_EQ(run.decision()->kind, DecisionKind::blocked);
  EXPECT_EQ(run.decision()->reason, Reason::risk_price_band);
  EXPECT_EQ(run.decision()->limit_price, 50.51);  // 50.505
  EXPECT_EQ(run.decision()->qty, 0);

  OneInstrument within(limits_beyond(98), {.max_price_deviation = 0.01});
  within.minute();
  EXPECT_TRUE(within.order());
}

// Rounding away from the close may cross the band that the offset itself keeps: what is sent counts.
TEST(OrderPrice, TheTickBelongsToThePrice) {
  OneInstrument run(limits_beyond(0.5), {.max_price_deviation = 0.6e-4});
  run.minute();
  ASSERT_TRUE(run.decision());
  EXPECT_EQ(run.decision()->reason, Reason::risk_price_band);
  EXPECT_EQ(run.decision()->limit_price, 50.01);
}

TEST(OrderPrice, TheNotionalIsThatOfTheLimit) {
  // 33 % of equity at the close, 33.08 % at the limit.
  const RiskConfig risk{.max_order_fraction = 0.3302};
  OneInstrument market({}, risk);
  market.minute();
  EXPECT_TRUE(market.order());
  OneInstrument limit(limits_beyond(30), risk);
  limit.minute();
  EXPECT_FALSE(limit.order());
  ASSERT_TRUE(limit.decision());
  EXPECT_EQ(limit.decision()->reason, Reason::risk_order_size);
}

}  // namespace
}  // namespace sentio
