#include "sentio/execution/rotation_position_manager.h"

#include <algorithm>

#include "rotation_questions.h"
#include "sentio/core/calendar.h"
#include "sentio/core/check.h"

namespace sentio {

using namespace rotation_detail;

namespace {

constexpr int kSlotFree = 0;  // slots taken, where one is about to become free

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
  Reason reason = Reason::none;
  ask_exit(set, symbol, view, [&reason](const RuleCheck& check) {
    if (check.strikes && !keeps(check)) reason = check.reason;
    return !check.strikes;
  });
  return reason;
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
    if (entry_barrier(set, candidate.symbol, view, kSlotFree, against) == Reason::none) return &candidate;
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
    const Reason barrier = entry_barrier(set, candidate.symbol, view, slots_taken, against);
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
                                              int slots_taken, bool against) const {
  Reason reason = Reason::none;
  ask_entry(set, symbol, view, slots_taken, against, [&reason](const RuleCheck& check) {
    if (check.strikes) reason = check.reason;
    return !check.strikes;
  });
  return reason;
}

}  // namespace sentio
