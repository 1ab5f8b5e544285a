#include "sentio/execution/rotation_position_manager.h"

#include <algorithm>

#include "sentio/core/calendar.h"
#include "sentio/core/check.h"

namespace sentio {

namespace {

constexpr int kNone = -1;

bool held(const SymbolView& view) {
  return view.qty > 0;
}

/// Takes a slot and a side: also while its exit is on the way.
bool occupied(const SymbolView& view) {
  return held(view) || view.buy_working || view.sell_working;
}

bool opposite(int a, int b) {
  return a * b < 0;
}

/// Is the candidate against anything in the book, `leaving` aside?
bool against_book(SymbolId candidate, std::span<const SymbolView> symbols, int leaving) {
  for (std::size_t id = 0; id < symbols.size(); ++id) {
    if (static_cast<int>(id) == leaving || !occupied(symbols[id])) continue;
    if (opposite(symbols[candidate].equity_side, symbols[id].equity_side)) return true;
  }
  return false;
}

void advance(std::vector<int>& counts) {
  for (int& count : counts) {
    if (count != kNone) ++count;
  }
}

}  // namespace

int scaled_minute(int minutes_on_full_day, int session_minutes) {
  return minutes_on_full_day - (kFullSessionMinutes - session_minutes);
}

RotationPositionManager::RotationPositionManager(const RotationConfig& config, std::size_t symbols)
    : config_(config), sets_held_(symbols, kNone), sets_since_exit_(symbols, kNone), exits_(symbols) {}

void RotationPositionManager::on_session_open() {
  std::fill(sets_held_.begin(), sets_held_.end(), kNone);
  std::fill(sets_since_exit_.begin(), sets_since_exit_.end(), kNone);
}

void RotationPositionManager::on_entry_fill(SymbolId symbol) {
  if (sets_held_[symbol] == kNone) sets_held_[symbol] = 0;
}

void RotationPositionManager::on_flat(SymbolId symbol) {
  sets_held_[symbol] = kNone;
  sets_since_exit_[symbol] = 0;
}

int RotationPositionManager::sets_held(SymbolId symbol) const {
  return std::max(0, sets_held_[symbol]);
}

std::span<const RuleOutcome> RotationPositionManager::decide(const SetView& set, Views symbols) {
  SENTIO_CHECK(symbols.size() == sets_held_.size());
  outcomes_.clear();
  advance(sets_held_);
  advance(sets_since_exit_);
  if (set.observe_only) return outcomes_;
  decide_exits(set, symbols);
  if (!set.skipped) {
    find_candidates(symbols);
    decide_rotations(set, symbols);
  }
  for (std::size_t id = 0; id < symbols.size(); ++id) {
    if (exits_[id] != Reason::none) {
      outcomes_.push_back({RuleOutcome::Kind::exit, static_cast<SymbolId>(id), exits_[id]});
    }
  }
  if (!set.skipped) decide_entries(set, symbols);
  return outcomes_;
}

void RotationPositionManager::find_candidates(Views symbols) {
  candidates_.clear();
  for (std::size_t id = 0; id < symbols.size(); ++id) {
    const SymbolView& view = symbols[id];
    if (view.rank < 1 || view.rank > config_.max_positions || occupied(view)) continue;
    candidates_.push_back({static_cast<SymbolId>(id), false});
  }
  std::sort(candidates_.begin(), candidates_.end(), [symbols](const Candidate& a, const Candidate& b) {
    return symbols[a.symbol].rank < symbols[b.symbol].rank;
  });
}

void RotationPositionManager::decide_exits(const SetView& set, Views symbols) {
  for (std::size_t id = 0; id < symbols.size(); ++id) {
    const SymbolView& view = symbols[id];
    exits_[id] = Reason::none;
    if (!held(view) && !view.buy_working) continue;
    SENTIO_CHECK(!held(view) || sets_held_[id] != kNone);
    if (!view.sell_working) exits_[id] = exit_reason(set, static_cast<SymbolId>(id), view);
  }
}

Reason RotationPositionManager::exit_reason(const SetView& set, SymbolId symbol,
                                            const SymbolView& view) const {
  if (set.eod) return Reason::eod;
  if (set.breaker_open) return Reason::circuit_breaker;
  if (!held(view)) return Reason::none;  // a working buy: only the two rules above concern it
  if (view.last_close > 0 && view.avg_entry > 0) {
    const double since_entry = view.last_close / view.avg_entry - 1;
    if (since_entry <= -config_.stop_loss_pct) return Reason::stop_loss;
    if (since_entry >= config_.profit_target_pct) return Reason::profit_target;
  }
  if (set.skipped || sets_held_[symbol] < config_.minimum_hold_bars) return Reason::none;
  if (view.stale || !view.has_signal) return Reason::stale_signal;
  if (config_.rank_by == RankBy::net_edge) return view.move_bps < 0 ? Reason::negative_edge : Reason::none;
  return view.strength < config_.min_strength_to_exit ? Reason::weak_signal : Reason::none;
}

void RotationPositionManager::decide_rotations(const SetView& set, Views symbols) {
  if (config_.rank_by == RankBy::net_edge || candidates_.empty()) return;
  fallen_out_.clear();
  for (std::size_t id = 0; id < symbols.size(); ++id) {
    const SymbolView& view = symbols[id];
    if (!held(view) || view.sell_working || exits_[id] != Reason::none) continue;
    if (sets_held_[id] < config_.minimum_hold_bars) continue;
    if (view.rank >= 1 && view.rank <= config_.max_positions) continue;
    fallen_out_.push_back(static_cast<SymbolId>(id));
  }
  std::sort(fallen_out_.begin(), fallen_out_.end(), [symbols](SymbolId a, SymbolId b) {
    if (symbols[a].strength != symbols[b].strength) return symbols[a].strength < symbols[b].strength;
    return a > b;
  });
  for (const SymbolId id : fallen_out_) {
    if (Candidate* replacement = replacement_for(set, id, symbols)) {
      replacement->used = true;
      exits_[id] = Reason::rotated_out;
    }
  }
}

RotationPositionManager::Candidate* RotationPositionManager::replacement_for(const SetView& set,
                                                                             SymbolId leaving,
                                                                             Views symbols) {
  const double strength_needed = config_.rotation_threshold * symbols[leaving].strength;
  for (Candidate& candidate : candidates_) {
    const SymbolView& view = symbols[candidate.symbol];
    if (candidate.used || view.strength < strength_needed) continue;
    const bool against = config_.forbid_opposites && against_book(candidate.symbol, symbols, leaving);
    if (entry_barrier(set, candidate.symbol, view, true, against) == Reason::none) return &candidate;
  }
  return nullptr;
}

void RotationPositionManager::decide_entries(const SetView& set, Views symbols) {
  auto slots_taken = static_cast<int>(std::count_if(symbols.begin(), symbols.end(), occupied));
  accepted_sides_.clear();
  for (const Candidate& candidate : candidates_) {
    const SymbolView& view = symbols[candidate.symbol];
    const bool against = config_.forbid_opposites &&
                         (against_book(candidate.symbol, symbols, kNone) ||
                          std::any_of(accepted_sides_.begin(), accepted_sides_.end(),
                                      [&view](int side) { return opposite(side, view.equity_side); }));
    const Reason barrier =
        entry_barrier(set, candidate.symbol, view, slots_taken < config_.max_positions, against);
    if (barrier != Reason::none) {
      outcomes_.push_back({RuleOutcome::Kind::blocked, candidate.symbol, barrier});
      continue;
    }
    outcomes_.push_back({RuleOutcome::Kind::enter, candidate.symbol, Reason::entered});
    accepted_sides_.push_back(view.equity_side);
    ++slots_taken;
  }
}

Reason RotationPositionManager::entry_barrier(const SetView& set, SymbolId symbol, const SymbolView& view,
                                              bool slot_free, bool against) const {
  const double k = config_.cost_gate;
  const int since_exit = sets_since_exit_[symbol];
  const int cutoff = scaled_minute(config_.entry_cutoff_minutes, set.session_minutes);
  if (view.strength < config_.min_strength_to_enter) return Reason::below_entry_strength;
  if (k > 0 && (view.move_bps <= 0 || view.move_bps < k * view.cost_bps)) return Reason::cost_gate;
  if (!view.real_bar) return Reason::no_real_bar;
  if (since_exit != kNone && since_exit < config_.rotation_cooldown_bars) return Reason::cooling_down;
  if (!slot_free) return Reason::no_free_slot;
  if (against) return Reason::opposite_side;
  // A configured cut-off may lie behind the EOD exit; nothing is bought once everything must go.
  if (set.eod || set.minutes_after_open >= cutoff) return Reason::after_cutoff;
  if (set.maintenance) return Reason::maintenance;
  if (set.breaker_open) return Reason::breaker_open;
  if (set.entries_suspended) return Reason::entries_suspended;
  if (view.halted) return Reason::halted;
  if (!view.healthy) return Reason::learner_unhealthy;
  return Reason::none;
}

}  // namespace sentio
