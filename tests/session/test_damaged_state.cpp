/// A learned state with any of its bytes changed is refused, or trades a day.

#include <gtest/gtest.h>

#include <cmath>

#include "damaged_state.h"
#include "traded_day.h"

namespace sentio {
namespace {

using testing::Bytes;
using testing::with;

bool numbers(const SignalOutput& s) {
  bool all = std::isfinite(s.own.probability) && std::isfinite(s.own.confidence) && std::isfinite(s.strength) &&
             std::isfinite(s.move_bps) && std::isfinite(s.cost_bps) && std::isfinite(s.net_edge_bps);
  for (const PerHorizon* row : {&s.own.prediction, &s.own.sigma}) {
    for (const double value : *row) all = all && std::isfinite(value);
  }
  return all;
}

bool numbers(const Action& action) {
  if (const auto* signal = std::get_if<SignalRecord>(&action)) return numbers(signal->signal);
  if (const auto* d = std::get_if<DecisionRecord>(&action)) {
    return std::isfinite(d->qty + d->price + d->strength + d->net_edge_bps + d->move_bps + d->return_since_entry);
  }
  if (const auto* book = std::get_if<PositionsRecord>(&action)) return std::isfinite(book->cash + book->equity);
  return true;
}

class DamagedState : public ::testing::Test {
 protected:
  DamagedState() {
    TradingSession session(options());
    for (std::size_t day = 0; day + 1 < days_.size(); ++day) {
      const auto step = [&](int, TimePoint now, const Event& event) { return session.step(now, event); };
      (void)testing::run_day(DayTape(days_[day], bars_), false, step);
    }
    ByteWriter out;
    session.save_learning(out);
    state_ = out.take();
  }
  [[nodiscard]] TradingSession::Options options() const {
    TradingSession::Options o{.config = {}, .universe = universe_,
                              .fees = FeeTable({{.from = days_.front().date, .taf_per_share = 0.000166, .taf_cap = 8.3}})};
    o.config.learner.horizons = {1, 5};
    o.config.learner.horizon_weights = {0.5, 0.5};
    return o;
  }
  /// The session after loading, its last day traded; null: refused.
  std::unique_ptr<TradingSession> trade(const Bytes& state) {
    auto session = std::make_unique<TradingSession>(options());
    ByteReader in(state);
    if (!session->load_learning(in)) return nullptr;
    ByteWriter out;
    session->save_learning(out);
    EXPECT_EQ(out.bytes(), state) << "what was loaded comes out again";
    const auto step = [&](int minute, TimePoint now, const Event& event) {
      const auto actions = session->step(now, event);
      for (const Action& action : actions) EXPECT_TRUE(numbers(action)) << "minute " << minute;
      return actions;
    };
    orders_ = testing::run_day(*tape_, true, step);
    return session;
  }
  [[nodiscard]] bool learned_loads(const TradingSession& session) const {
    ByteWriter out;
    session.save_learning(out);
    ByteReader in(out.bytes());
    return TradingSession(options()).load_learning(in).has_value();
  }

  const Universe universe_ = testing::universe_of({"AAA", "BBB"});
  const std::vector<SessionHours> days_ = NyseCalendar::sessions_before(Date{std::chrono::year{2025} / 7 / 7}, 4);
  const std::vector<SymbolBars> bars_ = testing::walks_of(universe_, days_);
  const std::unique_ptr<DayTape> tape_ = std::make_unique<DayTape>(days_.back(), bars_);
  Bytes state_;
  int orders_ = 0;
};

TEST_F(DamagedState, WholeItTrades) {
  const auto session = trade(state_);
  ASSERT_NE(session, nullptr);
  EXPECT_TRUE(learned_loads(*session));
  EXPECT_GT(orders_, 10);
}

/// One byte, or eight that become a bad number or count, at a place drawn anew each time: half of the places near
/// the ends of the symbols' parts, where counts, flags and labels are; matrices fill the rest.
TEST_F(DamagedState, IsRefusedOrTradesADay) {
  testing::Random random(20'250'703);
  const auto below = [&](std::size_t n) { return static_cast<std::size_t>(random.bits() % n); };
  constexpr std::size_t kSmallParts = 12'000;
  const std::size_t last = state_.size() - sizeof(double), middle = state_.size() / universe_.size();
  int refused = 0, traded = 0;
  for (int i = 0; i < 200 && !HasFailure(); ++i) {
    std::size_t at = below(last);
    if (i % 4 == 0) at = last - below(kSmallParts);
    if (i % 4 == 1) at = middle - below(kSmallParts);
    SCOPED_TRACE(at);
    const std::size_t how = below(3);
    const Bytes damaged = how == 0 ? with(state_, at, static_cast<std::uint8_t>(state_[at] ^ (1 + below(255))))
                          : how == 1 ? with(state_, at, testing::kBadNumbers[below(std::size(testing::kBadNumbers))])
                                     : with(state_, at, testing::kBadCounts[below(std::size(testing::kBadCounts))]);
    const auto session = trade(damaged);
    ++(session == nullptr ? refused : traded);
    // A flipped exponent may be near the limit and beyond it a day later.
    const bool kept_sound = session == nullptr || how == 0 || learned_loads(*session);
    EXPECT_TRUE(kept_sound) << "it spoiled what was learned next";
  }
  EXPECT_GT(refused, 30);
  EXPECT_GT(traded, 30);
}

}  // namespace
}  // namespace sentio
