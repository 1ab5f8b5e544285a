// Every rule of the rotation as a named row: who leaves, who enters, and why not.

#include <gtest/gtest.h>

#include <functional>
#include <utility>

#include "rotation_scene.h"

namespace sentio::testing {
namespace {

struct RuleCase {
  std::string name;
  std::function<void(Scene&)> arrange;
  std::string want;
  friend void PrintTo(const RuleCase& row, std::ostream* out) { *out << row.name; }
};

class RotationRule : public ::testing::TestWithParam<RuleCase> {};

TEST_P(RotationRule, DecidesAsTheTableSays) {
  Scene scene;
  GetParam().arrange(scene);
  EXPECT_EQ(text(scene.outcomes()), GetParam().want);
}

std::string row_name(const ::testing::TestParamInfo<RuleCase>& row) {
  return row.param.name;
}

void half_day(Scene& s, int minute) {
  s.set.session_minutes = 210;
  s.set.minutes_after_open = minute;
}

/// A is held and would leave for `weak_signal`, unless something comes first.
void hold_weak(Scene& s, int sets = 50, double since_entry = 0) {
  s.hold(A, sets, since_entry).rank(A, 0, 0.001);
}

const RuleCase kExits[] = {
    {"NothingHeldNothingRanked", [](Scene&) {}, ""},
    {"AGoodPositionStays", [](Scene& s) { s.hold(A).rank(A, 1); }, ""},
    {"EodSellsEverything", [](Scene& s) { s.hold(A).hold(C, 1), s.set.eod = true; },
     "exit A eod, exit C eod"},
    {"EodEndsAWorkingBuy", [](Scene& s) { s.buying(B), s.set.eod = true; }, "exit B eod"},
    {"EodLeavesAWorkingSellAlone", [](Scene& s) { s.hold(A).selling(A), s.set.eod = true; }, ""},
    {"EodLeavesABuyBeingCancelledAlone", [](Scene& s) { s.buying(A).selling(A), s.set.eod = true; }, ""},
    {"BreakerSellsEverything", [](Scene& s) { s.hold(A).buying(B), s.set.breaker_open = true; },
     "exit A circuit_breaker, exit B circuit_breaker"},
    {"StopLossAtItsLimit", [](Scene& s) { s.config.stop_loss_pct = .0625, s.hold(A, 50, -.0625).rank(A, 1); },
     "exit A stop_loss"},
    {"NoStopLossAboveItsLimit", [](Scene& s) { s.hold(A, 50, -.0149).rank(A, 1); }, ""},
    {"ProfitTargetAtItsLimit", [](Scene& s) { s.config.profit_target_pct = .0625, s.hold(A, 50, .0625); },
     "exit A profit_target"},
    {"NoProfitTargetBelowItsLimit", [](Scene& s) { s.hold(A, 50, .0299).rank(A, 1); }, ""},
    {"StopLossDuringMinimumHold", [](Scene& s) { s.hold(A, 1, -.02).rank(A, 1); }, "exit A stop_loss"},
    {"ProfitTargetDuringMinimumHold", [](Scene& s) { s.hold(A, 1, .04).rank(A, 1); }, "exit A profit_target"},
    {"MinimumHoldKeepsAWeakSignal", [](Scene& s) { hold_weak(s, 4); }, ""},
    {"WeakSignalAfterMinimumHold", [](Scene& s) { hold_weak(s, 5); }, "exit A weak_signal"},
    {"StrengthAtTheExitThresholdStays", [](Scene& s) { s.hold(A).rank(A, 0, .004); }, ""},
    {"MinimumHoldKeepsAStaleSignal", [](Scene& s) { s.hold(A, 4)[A].stale = true; }, ""},
    {"StaleBarsAfterMinimumHold", [](Scene& s) { s.hold(A, 5)[A].stale = true; }, "exit A stale_signal"},
    {"NoSignalCountsAsStale", [](Scene& s) { s.hold(A)[A].has_signal = false; }, "exit A stale_signal"},
    {"MinimumHoldZeroLeavesInTheFirstSet", [](Scene& s) { s.config.minimum_hold_bars = 0, hold_weak(s, 1); },
     "exit A weak_signal"},
    {"APartlyFilledEntryCanLeave", [](Scene& s) { s.hold(A, 50, -.02).buying(A); }, "exit A stop_loss"},
    {"AWorkingSellIsNotRepeated", [](Scene& s) { s.hold(A, 50, -.02).selling(A); }, ""},
    {"ABuyWithoutSharesHasNoStop", [](Scene& s) { s.buying(A).rank(A, 0, 0); }, ""},
    {"HaltedPositionsStillDecideToLeave", [](Scene& s) { s.hold(A, 50, -.02)[A].halted = true; },
     "exit A stop_loss"},
    {"SuspensionAndMaintenanceLeaveExitsAlone",
     [](Scene& s) { hold_weak(s), s.set.maintenance = s.set.entries_suspended = true; },
     "exit A weak_signal"},
};
INSTANTIATE_TEST_SUITE_P(Exits, RotationRule, ::testing::ValuesIn(kExits), row_name);

/// Neighbours in the order of precedence, both true.
const RuleCase kPrecedence[] = {
    {"EodBeforeBreaker", [](Scene& s) { s.hold(A), s.set.eod = s.set.breaker_open = true; }, "exit A eod"},
    {"BreakerBeforeStopLoss", [](Scene& s) { s.hold(A, 50, -.02), s.set.breaker_open = true; },
     "exit A circuit_breaker"},
    {"StopLossBeforeProfitTarget",
     [](Scene& s) {  // both at once only when a limit has the other's sign; the order holds all the same
       s.config.stop_loss_pct = -.05;
       s.hold(A, 50, .04);
     },
     "exit A stop_loss"},
    {"ProfitTargetBeforeMinimumHold", [](Scene& s) { hold_weak(s, 1, .04); }, "exit A profit_target"},
    {"MinimumHoldBeforeStaleSignal", [](Scene& s) { hold_weak(s, 4), s[A].stale = true; }, ""},
    {"StaleBeforeWeakSignal", [](Scene& s) { hold_weak(s), s[A].stale = true; }, "exit A stale_signal"},
    {"WeakSignalBeforeRotation", [](Scene& s) { hold_weak(s), s.rank(B, 1); }, "exit A weak_signal, enter B"},
    {"StaleSignalBeforeNegativeEdge",
     [](Scene& s) {
       s.config.rank_by = RankBy::net_edge;
       s.hold(A)[A].move_bps = -1;
       s[A].stale = true;
     },
     "exit A stale_signal"},
    {"MinimumHoldBeforeRotation", [](Scene& s) { s.hold(A, 4).rank(A, 4, .1).rank(B, 1); }, "enter B"},
};
INSTANTIATE_TEST_SUITE_P(Precedence, RotationRule, ::testing::ValuesIn(kPrecedence), row_name);

const RuleCase kSkippedSets[] = {
    {"EodStillRuns", [](Scene& s) { s.hold(A), s.set.skipped = s.set.eod = true; }, "exit A eod"},
    {"BreakerStillRuns", [](Scene& s) { s.hold(A), s.set.skipped = s.set.breaker_open = true; },
     "exit A circuit_breaker"},
    {"StopLossStillRuns", [](Scene& s) { s.hold(A, 50, -.02), s.set.skipped = true; }, "exit A stop_loss"},
    {"ProfitTargetStillRuns", [](Scene& s) { s.hold(A, 50, .04), s.set.skipped = true; },
     "exit A profit_target"},
    {"NoSignalExits", [](Scene& s) { hold_weak(s), s[A].stale = s.set.skipped = true; }, ""},
    {"NoRotation", [](Scene& s) { s.hold(A).rank(A, 4, .1).rank(B, 1), s.set.skipped = true; }, ""},
    {"NoEntriesAndNoBlockedLines",
     [](Scene& s) { s.rank(A, 1).rank(B, 2)[B].real_bar = false, s.set.skipped = true; }, ""},
};
INSTANTIATE_TEST_SUITE_P(SkippedSets, RotationRule, ::testing::ValuesIn(kSkippedSets), row_name);

/// Minutes that are read back after an outage: the newest one decides.
const RuleCase kOlderMinutes[] = {
    {"NoEntry", [](Scene& s) { s.rank(A, 1), s.set.observe_only = true; }, ""},
    {"NoSignalExit", [](Scene& s) { hold_weak(s), s.set.observe_only = true; }, ""},
    {"NoStopLoss", [](Scene& s) { s.hold(A, 50, -.02), s.set.observe_only = true; }, ""},
    {"NoEndOfDay", [](Scene& s) { s.hold(A), s.set.observe_only = s.set.eod = true; }, ""},
};
INSTANTIATE_TEST_SUITE_P(OlderMinutes, RotationRule, ::testing::ValuesIn(kOlderMinutes), row_name);

const RuleCase kRotations[] = {
    {"FallenOutAndReplaced", [](Scene& s) { s.hold(A).rank(A, 4, .1).rank(B, 1); },
     "exit A rotated_out, enter B"},
    {"FilteredOutIsFallenOut", [](Scene& s) { s.hold(A).rank(A, 0, .1).rank(B, 1); },
     "exit A rotated_out, enter B"},
    {"LastRankOfTheTopStays", [](Scene& s) { s.hold(A).rank(A, 3, .1).rank(B, 1); }, "enter B"},
    {"NoCandidateNoRotation", [](Scene& s) { s.hold(A).rank(A, 4, .1); }, ""},
    {"FullBookWaitsForTheSlot",
     [](Scene& s) { s.hold(A).hold(B).hold(C).rank(A, 4, .1).rank(B, 1).rank(C, 2).rank(D, 3, .4); },
     "exit A rotated_out, blocked D no_free_slot"},
    {"ThresholdReached",
     [](Scene& s) { s.config.rotation_threshold = 1.25, s.hold(A).rank(A, 4, .4).rank(B, 1, .5); },
     "exit A rotated_out, enter B"},
    {"ThresholdMissed",
     [](Scene& s) { s.config.rotation_threshold = 1.25, s.hold(A).rank(A, 4, .401).rank(B, 1, .5); },
     "enter B"},
    {"AnExitingPositionIsNotRotated", [](Scene& s) { s.hold(A).selling(A).rank(A, 4, .1).rank(B, 1); },
     "enter B"},
    {"APartlyFilledEntryRotates", [](Scene& s) { s.hold(A).buying(A).rank(A, 4, .1).rank(B, 1); },
     "exit A rotated_out, enter B"},
    {"ACandidateMustBeEnterable", [](Scene& s) { s.hold(A).rank(A, 4, .1).rank(B, 1)[B].real_bar = false; },
     "blocked B no_real_bar"},
    {"ACoolingCandidateIsNotEnterable", [](Scene& s) { s.hold(A).rank(A, 4, .1).rank(B, 1).sold(B, 9); },
     "blocked B cooling_down"},
    {"AWorkingSymbolIsNoCandidate", [](Scene& s) { s.hold(A).rank(A, 4, .1).rank(B, 1).buying(B); }, ""},
    {"OneCandidateJustifiesOneRotation",
     [](Scene& s) { s.hold(A).hold(B).hold(C).rank(A, 4, .1).rank(B, 5, .2).rank(C, 2).rank(D, 1, .9); },
     "exit A rotated_out, blocked D no_free_slot"},
    {"TheWeakestGoesFirst",
     [](Scene& s) { s.hold(A).hold(B).hold(C).rank(A, 4, .2).rank(B, 5, .1).rank(C, 2).rank(D, 1, .9); },
     "exit B rotated_out, blocked D no_free_slot"},
    {"EquallyWeakTheHigherIdGoesFirst",
     [](Scene& s) { s.hold(A).hold(B).hold(C).rank(A, 4, .1).rank(B, 5, .1).rank(C, 2).rank(D, 1, .9); },
     "exit B rotated_out, blocked D no_free_slot"},
    {"TwoCandidatesTwoRotations",
     [](Scene& s) {
       s.hold(A).hold(B).hold(C).rank(A, 4, .2).rank(B, 5, .1).rank(C, 2, .7).rank(D, 1, .9).rank(E, 3, .6);
     },
     "exit A rotated_out, exit B rotated_out, blocked D no_free_slot, blocked E no_free_slot"},
    {"TheWeakestTakesTheBestSoTheRestMayNotDo",
     [](Scene& s) {  // B takes D; E is not 1.5 times A
       s.config.rotation_threshold = 1.5;
       s.hold(A).hold(B).hold(C).rank(A, 4, .5).rank(B, 5, .1).rank(C, 2, .8).rank(D, 1, .9).rank(E, 3, .7);
     },
     "exit B rotated_out, blocked D no_free_slot, blocked E no_free_slot"},
    {"TheLeavingPositionIsNoOpposite",
     [](Scene& s) {
       s.config.forbid_opposites = true;
       s.hold(A).rank(A, 4, .1).rank(B, 1);
       s[A].equity_side = -1;
       s[B].equity_side = 1;
     },
     "exit A rotated_out, blocked B opposite_side"},
    {"AnotherOppositePositionForbidsTheRotation",
     [](Scene& s) {
       s.config.forbid_opposites = true;
       s.hold(A).hold(C).rank(A, 4, .1).rank(B, 1).rank(C, 2);
       s[A].equity_side = s[C].equity_side = -1;
       s[B].equity_side = 1;
     },
     "blocked B opposite_side"},
    {"NoRotationAfterTheCutoff",
     [](Scene& s) { s.hold(A).rank(A, 4, .1).rank(B, 1), s.set.minutes_after_open = 375; },
     "blocked B after_cutoff"},
};
INSTANTIATE_TEST_SUITE_P(Rotations, RotationRule, ::testing::ValuesIn(kRotations), row_name);

const RuleCase kNetEdge[] = {
    {"NegativeMoveLeaves", [](Scene& s) { s.hold(A)[A].move_bps = -.001; }, "exit A negative_edge"},
    {"ZeroMoveStays", [](Scene& s) { s.hold(A)[A].move_bps = 0; }, ""},
    {"MoveBelowItsCostStays", [](Scene& s) { s.hold(A)[A].move_bps = 1; }, ""},
    {"MinimumHoldKeepsANegativeMove", [](Scene& s) { s.hold(A, 4)[A].move_bps = -5; }, ""},
    {"WeakStrengthIsNoReason", [](Scene& s) { s.hold(A).rank(A, 0, 0); }, ""},
    {"NothingRotates", [](Scene& s) { s.hold(A).rank(A, 4, .1).rank(B, 1); }, "enter B"},
};
INSTANTIATE_TEST_SUITE_P(NetEdge, RotationRule, ::testing::ValuesIn([] {
                           std::vector<RuleCase> rows(std::begin(kNetEdge), std::end(kNetEdge));
                           for (RuleCase& row : rows) {
                             row.arrange = [inner = row.arrange](Scene& s) {
                               s.config.rank_by = RankBy::net_edge;
                               inner(s);
                             };
                           }
                           return rows;
                         }()),
                         row_name);

const RuleCase kEntries[] = {
    {"BestRanksEnterInOrder", [](Scene& s) { s.rank(C, 1).rank(A, 2).rank(E, 3).rank(B, 4); },
     "enter C, enter A, enter E"},
    {"HeldRanksCount", [](Scene& s) { s.hold(A).rank(A, 1).rank(B, 2).rank(C, 3).rank(D, 4); },
     "enter B, enter C"},
    {"ABlockedOneKeepsItsRank",
     [](Scene& s) { s.rank(A, 1).rank(B, 2).rank(C, 3).rank(D, 4)[A].real_bar = false; },
     "blocked A no_real_bar, enter B, enter C"},
    {"UnrankedNeverEnters", [](Scene& s) { s.rank(A, 0, .9); }, ""},
    {"AWorkingBuyTakesASlot", [](Scene& s) { s.hold(A).buying(B).rank(A, 1).rank(C, 2).rank(D, 3); },
     "enter C, blocked D no_free_slot"},
    {"APartlyFilledEntryTakesOneSlot", [](Scene& s) { s.hold(A).buying(A).rank(B, 1).rank(C, 2).rank(A, 3); },
     "enter B, enter C"},
    {"AnExitingPositionKeepsItsSlot",
     [](Scene& s) { s.hold(A).hold(B).hold(C, 50, -.02).rank(A, 1).rank(B, 2).rank(D, 3); },
     "exit C stop_loss, blocked D no_free_slot"},
    {"AWorkingSellKeepsItsSlot",
     [](Scene& s) { s.hold(A).hold(B).hold(C).selling(C).rank(A, 1).rank(B, 2).rank(D, 3); },
     "blocked D no_free_slot"},
    {"StrengthAtTheThresholdEnters", [](Scene& s) { s.rank(A, 1, .008); }, "enter A"},
    {"CostGateOffByDefault", [](Scene& s) { s.rank(A, 1)[A].move_bps = -3; }, "enter A"},
    {"CostGateMetExactly", [](Scene& s) { s.config.cost_gate = 5, s.rank(A, 1); }, "enter A"},
    {"CostGateMissed", [](Scene& s) { s.config.cost_gate = 5, s.rank(A, 1)[A].move_bps = 9.99; },
     "blocked A cost_gate"},
    {"CostGateNeedsAPositiveMoveEvenWithoutCost",
     [](Scene& s) { s.config.cost_gate = 1, s.rank(A, 1)[A].move_bps = s[A].cost_bps = 0; },
     "blocked A cost_gate"},
    {"CooldownLastSet", [](Scene& s) { s.rank(A, 1).sold(A, 9); }, "blocked A cooling_down"},
    {"CooldownOver", [](Scene& s) { s.rank(A, 1).sold(A, 10); }, "enter A"},
    {"CooldownIsPerSymbol", [](Scene& s) { s.rank(A, 1).sold(B, 1); }, "enter A"},
    {"OppositesAllowedByDefault",
     [](Scene& s) { s.rank(A, 1).rank(B, 2)[A].equity_side = 1, s[B].equity_side = -1; }, "enter A, enter B"},
    {"OppositeOfAnEntryOfThisSet",
     [](Scene& s) {
       s.config.forbid_opposites = true;
       s.rank(A, 1).rank(B, 2).rank(C, 3)[A].equity_side = 1;
       s[B].equity_side = -1;
     },
     "enter A, blocked B opposite_side, enter C"},
    {"OppositeOfABlockedOneIsFine",
     [](Scene& s) {
       s.config.forbid_opposites = true;
       s.rank(A, 1).rank(B, 2)[A].equity_side = 1;
       s[A].halted = true;
       s[B].equity_side = -1;
     },
     "blocked A halted, enter B"},
    {"OppositeOfAnExitingPosition",
     [](Scene& s) {
       s.config.forbid_opposites = true;
       s.hold(A, 50, -.02).rank(B, 1)[A].equity_side = 1;
       s[B].equity_side = -1;
     },
     "exit A stop_loss, blocked B opposite_side"},
    {"OppositeOfAWorkingBuy",
     [](Scene& s) {
       s.config.forbid_opposites = true;
       s.buying(A).rank(B, 1)[A].equity_side = 1;
       s[B].equity_side = -1;
     },
     "blocked B opposite_side"},
    {"LastMinuteBeforeTheCutoff", [](Scene& s) { s.rank(A, 1), s.set.minutes_after_open = 374; }, "enter A"},
    {"CutoffOnAFullDay", [](Scene& s) { s.rank(A, 1), s.set.minutes_after_open = 375; },
     "blocked A after_cutoff"},
    {"LastMinuteBeforeTheCutoffOnAHalfDay", [](Scene& s) { s.rank(A, 1), half_day(s, 194); }, "enter A"},
    {"CutoffOnAHalfDay", [](Scene& s) { s.rank(A, 1), half_day(s, 195); }, "blocked A after_cutoff"},
    {"EodIsPastAnyCutoff",
     [](Scene& s) {
       s.config.entry_cutoff_minutes = 390;
       s.rank(A, 1), s.set.minutes_after_open = 388, s.set.eod = true;
     },
     "blocked A after_cutoff"},
    {"NetEdgeRanksNeedTheEntryStrengthToo",
     [](Scene& s) { s.config.rank_by = RankBy::net_edge, s.rank(A, 1, .007); },
     "blocked A below_entry_strength"},
};
INSTANTIATE_TEST_SUITE_P(Entries, RotationRule, ::testing::ValuesIn(kEntries), row_name);

// ---- the order in which the conditions of an entry are asked ------------------------------------

struct Barrier {
  Reason reason;
  std::function<void(Scene&)> raise;
};

/// In the order of asking. Each stops A and nothing else about the scene.
const std::vector<Barrier> kBarriers = {
    {Reason::below_entry_strength, [](Scene& s) { s[A].strength = .007; }},
    {Reason::cost_gate, [](Scene& s) { s.config.cost_gate = 1, s[A].move_bps = 1; }},
    {Reason::no_real_bar, [](Scene& s) { s[A].real_bar = false; }},
    {Reason::cooling_down, [](Scene& s) { s.sold(A, 3); }},
    {Reason::no_free_slot, [](Scene& s) { s.buying(B).buying(C).buying(D); }},
    {Reason::opposite_side,
     [](Scene& s) {
       s.config.forbid_opposites = true;
       s.buying(E)[E].equity_side = -1;
       s[A].equity_side = 1;
     }},
    {Reason::after_cutoff, [](Scene& s) { s.set.minutes_after_open = 380; }},
    {Reason::maintenance, [](Scene& s) { s.set.maintenance = true; }},
    {Reason::breaker_open, [](Scene& s) { s.set.breaker_open = true; }},
    {Reason::entries_suspended, [](Scene& s) { s.set.entries_suspended = true; }},
    {Reason::halted, [](Scene& s) { s[A].halted = true; }},
    {Reason::refusal_pause, [](Scene& s) { s[A].refusal_pause = true; }},
    {Reason::learner_unhealthy, [](Scene& s) { s[A].healthy = false; }},
};

std::string about_a(const std::vector<RuleOutcome>& outcomes) {
  std::vector<RuleOutcome> of_a;
  for (const RuleOutcome& outcome : outcomes) {
    if (outcome.symbol == A) of_a.push_back(outcome);
  }
  return text(of_a);
}

std::string blocked_a(Reason reason) {
  return text({{RuleOutcome::Kind::blocked, A, reason}});
}

TEST(EntryBarrier, EachAloneBlocksTheEntry) {
  for (const Barrier& barrier : kBarriers) {
    Scene scene;
    scene.rank(A, 1);
    barrier.raise(scene);
    EXPECT_EQ(about_a(scene.outcomes()), blocked_a(barrier.reason));
  }
}

TEST(EntryBarrier, OfAnyTwoTheFirstInOrderIsNamed) {
  for (std::size_t first = 0; first < kBarriers.size(); ++first) {
    for (std::size_t second = first + 1; second < kBarriers.size(); ++second) {
      SCOPED_TRACE(to_string(kBarriers[second].reason));
      Scene scene;
      scene.rank(A, 1);
      kBarriers[second].raise(scene);
      kBarriers[first].raise(scene);
      EXPECT_EQ(about_a(scene.outcomes()), blocked_a(kBarriers[first].reason));
    }
  }
}

TEST(EntryBarrier, NoneLetsItIn) {
  Scene scene;
  scene.rank(A, 1);
  EXPECT_EQ(about_a(scene.outcomes()), "enter A");
}

}  // namespace
}  // namespace sentio::testing
