// What the rotation remembers between sets: holds and cooldowns; and what must hold for any set.

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <set>

#include "rotation_scene.h"

namespace sentio::testing {
namespace {

void pass_set(RotationPositionManager& rules) {
  (void)rules.decide({.skipped = true}, std::array<SymbolView, kSymbols>{});
}

TEST(RotationPositionManager, CountsSetsFromTheFirstEntryFill) {
  RotationPositionManager rules(RotationConfig{}, kSymbols);
  rules.on_session_open();
  rules.on_entry_fill(A);
  EXPECT_EQ(rules.sets_held(A), 0);
  pass_set(rules);
  EXPECT_EQ(rules.sets_held(A), 1);
  rules.on_entry_fill(A);  // the rest of a partly filled entry
  EXPECT_EQ(rules.sets_held(A), 1);
  pass_set(rules);
  EXPECT_EQ(rules.sets_held(A), 2);
  rules.on_flat(A);
  EXPECT_EQ(rules.sets_held(A), 0);
  pass_set(rules);
  EXPECT_EQ(rules.sets_held(A), 0);
  rules.on_entry_fill(A);
  EXPECT_EQ(rules.sets_held(A), 0);
}

TEST(RotationPositionManager, ForgetsCooldownsAtTheOpen) {
  Scene scene;
  scene.rank(A, 1).sold(A, 3);
  RotationPositionManager rules = scene.manager();
  const auto cooling = rules.decide(scene.set, scene.views);
  EXPECT_EQ(text({cooling.begin(), cooling.end()}), "blocked A cooling_down");
  rules.on_session_open();
  const auto next_day = rules.decide(scene.set, scene.views);
  EXPECT_EQ(text({next_day.begin(), next_day.end()}), "enter A");
}

TEST(RotationPositionManager, SharesNobodyToldOfAreABrokenInvariant) {
  Scene scene;
  scene[A].qty = 10;
  RotationPositionManager rules(RotationConfig{}, kSymbols);
  rules.on_session_open();
  EXPECT_DEATH((void)rules.decide(scene.set, scene.views), "sets_held_");
}

TEST(ScaledMinute, KeepsTheDistanceToTheClose) {
  EXPECT_EQ(scaled_minute(388, 390), 388);
  EXPECT_EQ(scaled_minute(388, 210), 208);
  EXPECT_EQ(scaled_minute(375, 390), 375);
  EXPECT_EQ(scaled_minute(375, 210), 195);
}

// ---- any set at all ------------------------------------------------------------------------------

Scene random_scene() {
  Scene scene;
  const auto flip = [](int one_in) { return *rc::gen::inRange(0, one_in) == 0; };
  scene.config.max_positions = *rc::gen::inRange(1, 5);
  scene.config.forbid_opposites = flip(2);
  scene.config.cost_gate = flip(2) ? 1 : 0;
  scene.config.rank_by = flip(3) ? RankBy::net_edge : RankBy::strength;
  scene.set.eod = flip(8);
  scene.set.breaker_open = flip(8);
  scene.set.skipped = flip(8);
  scene.set.minutes_after_open = *rc::gen::inRange(300, 391);
  std::vector<int> ranks{1, 2, 3, 4, 5, 6};
  for (std::size_t i = ranks.size(); i > 1; --i) {
    std::swap(ranks[i - 1], ranks[static_cast<std::size_t>(*rc::gen::inRange<int>(0, static_cast<int>(i)))]);
  }
  for (SymbolId id = 0; id < kSymbols; ++id) {
    SymbolView& view = scene[id];
    if (flip(3)) scene.hold(id, *rc::gen::inRange(1, 9), *rc::gen::inRange(-20, 40) / 1000.0);
    view.buy_working = flip(6);
    view.sell_working = view.qty > 0 && flip(4);
    view.rank = flip(4) ? 0 : ranks[id];
    view.strength = (7 - ranks[id]) / 100.0;
    view.equity_side = *rc::gen::inRange(-1, 2);
    view.real_bar = !flip(4);
    view.stale = flip(6);
    view.move_bps = *rc::gen::inRange(-5, 10);
    view.halted = flip(8);
    view.healthy = !flip(8);
  }
  return scene;
}

bool takes_slot(const SymbolView& view) {
  return view.qty > 0 || view.buy_working || view.sell_working;
}

RC_GTEST_PROP(RotationProperty, NoSetBreaksTheBook, ()) {
  Scene scene = random_scene();
  const auto outcomes = scene.outcomes();
  std::set<SymbolId> named;
  int slots = 0, rotations = 0, candidates = 0;
  for (const SymbolView& view : scene.views) {
    slots += takes_slot(view);
    candidates += !takes_slot(view) && view.rank >= 1 && view.rank <= scene.config.max_positions;
  }
  std::vector<int> sides;
  for (const RuleOutcome& outcome : outcomes) {
    const SymbolView& view = scene[outcome.symbol];
    RC_ASSERT(named.insert(outcome.symbol).second);  // one outcome a symbol
    if (outcome.kind == RuleOutcome::Kind::exit) {
      RC_ASSERT(takes_slot(view) && !view.sell_working);
      rotations += outcome.reason == Reason::rotated_out;
      continue;
    }
    RC_ASSERT(!takes_slot(view) && !scene.set.skipped);
    RC_ASSERT(view.rank >= 1 && view.rank <= scene.config.max_positions);
    if (outcome.kind == RuleOutcome::Kind::blocked) continue;
    RC_ASSERT(++slots <= scene.config.max_positions);
    RC_ASSERT(!scene.set.eod && !scene.set.breaker_open && scene.set.minutes_after_open < 375);
    RC_ASSERT(view.real_bar && !view.halted && view.healthy);
    if (scene.config.forbid_opposites) {
      for (const SymbolView& other : scene.views) {
        RC_ASSERT(!takes_slot(other) || other.equity_side * view.equity_side >= 0);
      }
      for (const int side : sides) RC_ASSERT(side * view.equity_side >= 0);
    }
    sides.push_back(view.equity_side);
  }
  RC_ASSERT(rotations <= candidates);
}

RC_GTEST_PROP(RotationProperty, EodAndBreakerLeaveNothingBehind, ()) {
  Scene scene = random_scene();
  scene.set.eod = *rc::gen::arbitrary<bool>();
  scene.set.breaker_open = !scene.set.eod;
  std::set<SymbolId> leaving;
  for (const RuleOutcome& outcome : scene.outcomes()) {
    if (outcome.kind == RuleOutcome::Kind::exit) leaving.insert(outcome.symbol);
  }
  for (SymbolId id = 0; id < kSymbols; ++id) {
    const SymbolView& view = scene[id];
    RC_ASSERT(leaving.contains(id) == (takes_slot(view) && !view.sell_working));
  }
}

}  // namespace
}  // namespace sentio::testing
