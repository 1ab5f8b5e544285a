/// What the rules say they asked is what they decided by, in thousands of random sets.

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>

#include "rotation_scene.h"

namespace sentio::testing {
namespace {

bool coin(int one_in) {
  return *rc::gen::inRange(0, one_in) == 0;
}

/// Anything the rules may meet, with every barrier likely enough to be the first.
Scene random_scene() {
  Scene s;
  s.config.rank_by = coin(4) ? RankBy::net_edge : RankBy::strength;
  s.config.cost_gate = coin(2) ? 1 : 0;
  s.config.forbid_opposites = coin(2);
  s.set = {.minutes_after_open = *rc::gen::inRange(1, 391), .breaker_open = coin(8), .skipped = coin(8),
           .maintenance = coin(8), .entries_suspended = coin(8)};
  s.set.eod = s.set.minutes_after_open >= s.config.eod_exit_time_minutes;
  std::array<int, kSymbols> ranks{1, 2, 3, 4, 5, 0};
  std::rotate(ranks.begin(), ranks.begin() + *rc::gen::inRange(0, 6), ranks.end());
  for (SymbolId id = 0; id < kSymbols; ++id) {
    SymbolView& view = s[id];
    s.rank(id, ranks[id], *rc::gen::inRange(0, 40) / 1000.0);
    view.move_bps = *rc::gen::inRange(-5, 10);
    view.equity_side = *rc::gen::inRange(-1, 2);
    view.real_bar = !coin(6);
    view.halted = coin(8);
    view.healthy = !coin(8);
    view.stale = coin(10);
    view.has_signal = !coin(10);
    switch (*rc::gen::inRange(0, 5)) {
      case 0: s.hold(id, *rc::gen::inRange(1, 12), *rc::gen::inRange(-25, 45) / 1000.0); break;
      case 1: s.sold(id, *rc::gen::inRange(1, 15)); break;
      case 2: coin(2) ? s.buying(id) : s; break;
      default: break;
    }
  }
  return s;
}

/// The reason of the check that settled the matter; none where nothing did.
Reason settled_by(const std::vector<RuleCheck>& checks) {
  const auto it = std::find_if(checks.begin(), checks.end(), [](const RuleCheck& c) { return c.asked && c.strikes; });
  return it == checks.end() ? Reason::none : it->reason;
}

RC_GTEST_PROP(RotationChecks, SayWhatWasDecided, ()) {
  const Scene s = random_scene();
  RotationPositionManager rules = s.manager();
  const auto span = rules.decide(s.set, s.views);
  const std::vector<RuleOutcome> outcomes(span.begin(), span.end());
  for (const RuleOutcome& outcome : outcomes) {
    const bool entry = outcome.kind != RuleOutcome::Kind::exit;
    const auto checks = entry ? rules.entry_checks(s.set, s.views, outcome.symbol)
                              : rules.exit_checks(s.set, s.views, outcome.symbol);
    RC_ASSERT(settled_by(checks) == (outcome.reason == Reason::entered ? Reason::none : outcome.reason));
  }
  for (SymbolId id = 0; id < kSymbols; ++id) {
    const auto of = [id](const RuleOutcome& outcome) { return outcome.symbol == id; };
    if (s.views[id].qty == 0 || std::any_of(outcomes.begin(), outcomes.end(), of)) continue;
    const Reason kept = settled_by(rules.exit_checks(s.set, s.views, id));
    RC_ASSERT(kept == Reason::none || kept == Reason::skipped_set);  // none: nothing sold it, or the minimum hold
  }
}

TEST(RotationChecks, AfterTheFirstThatStrikesNoneIsAskedButAllAreAnswered) {
  Scene s;
  s.rank(A, 1).sold(A, 3)[A].halted = true;
  RotationPositionManager rules = s.manager();
  (void)rules.decide(s.set, s.views);
  const auto checks = rules.entry_checks(s.set, s.views, A);
  ASSERT_EQ(checks.size(), 13U);
  EXPECT_EQ(checks[3].reason, Reason::cooling_down);
  EXPECT_TRUE(checks[3].asked && checks[3].strikes);
  EXPECT_EQ(checks[3].value, 3);
  EXPECT_EQ(checks[3].limit, 10);
  EXPECT_TRUE(checks[2].asked && !checks[2].strikes);
  EXPECT_TRUE(!checks[10].asked && checks[10].strikes);
  EXPECT_EQ(checks[10].reason, Reason::halted);
}

TEST(RotationChecks, SlotsAreThoseOfTheSymbolsTurn) {
  Scene s;
  s.config.max_positions = 2;
  s.hold(F, 2).rank(F, 0).rank(A, 1).rank(B, 2);
  RotationPositionManager rules = s.manager();
  (void)rules.decide(s.set, s.views);
  EXPECT_EQ(rules.entry_checks(s.set, s.views, A)[4].value, 1);  // F
  EXPECT_EQ(rules.entry_checks(s.set, s.views, B)[4].value, 2);  // F and A
  EXPECT_TRUE(rules.entry_checks(s.set, s.views, B)[4].strikes);
}

TEST(RotationChecks, APositionOutOfTheRanksIsToldWhatWouldReplaceIt) {
  Scene s;
  s.config.max_positions = 1;
  s.config.rotation_threshold = 2;
  s.hold(A, 50).rank(A, 2, .3).rank(B, 1, .5);
  RotationPositionManager rules = s.manager();
  EXPECT_TRUE(rules.decide(s.set, s.views).front().kind == RuleOutcome::Kind::blocked);
  const RuleCheck rotation = rules.exit_checks(s.set, s.views, A).back();
  EXPECT_EQ(rotation.reason, Reason::rotated_out);
  EXPECT_FALSE(rotation.strikes);
  EXPECT_EQ(rotation.limit, .6);
  EXPECT_EQ(rotation.value, .5);
}

}  // namespace
}  // namespace sentio::testing
