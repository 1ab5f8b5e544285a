#pragma once
/// What the rotation rules ask, in their order (private to the module). Decisions and their explanations run
/// through these lines; ask(check) says whether to go on.

#include "sentio/execution/rotation_position_manager.h"

namespace sentio {

namespace rotation_detail {

inline constexpr int kNone = -1;
inline constexpr Reason kHold = Reason::none;  // the minimum hold is no outcome's reason

inline bool held(const SymbolView& view) {
  return view.qty > 0;
}

/// Takes a slot and a side: also while its exit is on the way.
inline bool occupied(const SymbolView& view) {
  return held(view) || view.buy_working || view.sell_working;
}

inline bool opposite(int a, int b) {
  return a * b < 0;
}

/// Is the candidate against anything in the book, `leaving` aside?
inline bool against_book(SymbolId candidate, std::span<const SymbolView> symbols, int leaving) {
  for (std::size_t id = 0; id < symbols.size(); ++id) {
    if (static_cast<int>(id) == leaving || !occupied(symbols[id])) continue;
    if (opposite(symbols[candidate].equity_side, symbols[id].equity_side)) return true;
  }
  return false;
}

/// What strikes ends the asking, and the position stays.
inline bool keeps(const RuleCheck& check) {
  return check.reason == kHold || check.reason == Reason::skipped_set;
}

/// Of a question with numbers, or of one that is a flag.
inline RuleCheck found(Reason reason, bool strikes, std::optional<double> value = {},
                       std::optional<double> limit = {}) {
  return RuleCheck{.reason = reason, .strikes = strikes, .value = value, .limit = limit};
}

}  // namespace rotation_detail

template <class Ask>
void RotationPositionManager::ask_exit(const SetView& set, SymbolId symbol, const SymbolView& view,
                                       Ask&& ask) const {
  using namespace rotation_detail;
  const int eod = scaled_minute(config_.eod_exit_time_minutes, set.session_minutes);
  if (!ask(found(Reason::eod, set.eod, set.minutes_after_open, eod))) return;
  if (!ask(found(Reason::circuit_breaker, set.breaker_open))) return;
  if (!held(view)) return;  // a working buy: only the two rules above concern it
  if (view.last_close > 0 && view.avg_entry > 0) {
    const double since_entry = view.last_close / view.avg_entry - 1;
    const double stop = -config_.stop_loss_pct, target = config_.profit_target_pct;
    if (!ask(found(Reason::stop_loss, since_entry <= stop, since_entry, stop))) return;
    if (!ask(found(Reason::profit_target, since_entry >= target, since_entry, target))) return;
  }
  const int sets = sets_held_[symbol];
  if (!ask(found(Reason::skipped_set, set.skipped))) return;
  if (!ask(found(kHold, sets < config_.minimum_hold_bars, sets, config_.minimum_hold_bars))) return;
  if (!ask(found(Reason::stale_signal, view.stale || !view.has_signal))) return;
  if (config_.rank_by == RankBy::net_edge)
    (void)ask(found(Reason::negative_edge, view.move_bps < 0, view.move_bps, 0));
  else
    (void)ask(found(Reason::weak_signal, view.strength < config_.min_strength_to_exit, view.strength,
                    config_.min_strength_to_exit));
}

template <class Ask>
void RotationPositionManager::ask_entry(const SetView& set, SymbolId symbol, const SymbolView& view,
                                        int slots_taken, bool against, Ask&& ask) const {
  using namespace rotation_detail;
  const double k = config_.cost_gate, gate = k * view.cost_bps;
  const int since_exit = sets_since_exit_[symbol];
  const int cutoff = scaled_minute(config_.entry_cutoff_minutes, set.session_minutes);
  const auto sets = since_exit != kNone ? std::optional<double>(since_exit) : std::nullopt;
  if (!ask(found(Reason::below_entry_strength, view.strength < config_.min_strength_to_enter, view.strength,
                 config_.min_strength_to_enter)))
    return;
  if (!ask(found(Reason::cost_gate, k > 0 && (view.move_bps <= 0 || view.move_bps < gate), view.move_bps, gate))) return;
  if (!ask(found(Reason::no_real_bar, !view.real_bar))) return;
  if (!ask(found(Reason::cooling_down, since_exit != kNone && since_exit < config_.rotation_cooldown_bars, sets,
                 config_.rotation_cooldown_bars)))
    return;
  if (!ask(found(Reason::no_free_slot, slots_taken >= config_.max_positions, slots_taken, config_.max_positions)))
    return;
  if (!ask(found(Reason::opposite_side, against))) return;
  // A configured cut-off may lie behind the EOD exit; nothing is bought once everything must go.
  if (!ask(found(Reason::after_cutoff, set.eod || set.minutes_after_open >= cutoff, set.minutes_after_open, cutoff)))
    return;
  if (!ask(found(Reason::maintenance, set.maintenance))) return;
  if (!ask(found(Reason::breaker_open, set.breaker_open))) return;
  if (!ask(found(Reason::entries_suspended, set.entries_suspended))) return;
  if (!ask(found(Reason::halted, view.halted))) return;
  if (!ask(found(Reason::refusal_pause, view.refusal_pause))) return;
  (void)ask(found(Reason::learner_unhealthy, !view.healthy));
}

}  // namespace sentio
