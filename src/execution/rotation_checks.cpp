// The rules' answers once more, for people.

#include <algorithm>
#include <utility>

#include "rotation_questions.h"

namespace sentio {

using namespace rotation_detail;

namespace {

/// An ask() that hears every answer; what follows a strike is marked as not asked.
auto collecting(std::vector<RuleCheck>& checks) {
  return [&checks, asked = true](RuleCheck check) mutable {
    check.asked = std::exchange(asked, asked && !check.strikes);
    checks.push_back(check);
    return true;
  };
}

}  // namespace

std::vector<RuleCheck> RotationPositionManager::entry_checks(const SetView& set, Views symbols, SymbolId symbol) const {
  const SymbolView& view = symbols[symbol];
  auto slots_taken = static_cast<int>(std::count_if(symbols.begin(), symbols.end(), occupied));
  bool against = against_book(symbol, symbols, kNone);
  for (const RuleOutcome& outcome : outcomes_) {
    if (outcome.kind == RuleOutcome::Kind::exit) continue;
    if (outcome.symbol == symbol) break;
    if (outcome.kind == RuleOutcome::Kind::blocked) continue;
    ++slots_taken;
    against = against || opposite(symbols[outcome.symbol].equity_side, view.equity_side);
  }
  std::vector<RuleCheck> checks;
  ask_entry(set, symbol, view, slots_taken, config_.forbid_opposites && against, collecting(checks));
  return checks;
}

std::vector<RuleCheck> RotationPositionManager::exit_checks(const SetView& set, Views symbols, SymbolId symbol) const {
  const SymbolView& view = symbols[symbol];
  std::vector<RuleCheck> checks;
  auto collect = collecting(checks);
  ask_exit(set, symbol, view, collect);
  if (held(view) && !set.skipped && config_.rank_by == RankBy::strength) collect(rotation_check(symbols, symbol));
  return checks;
}

// Value: the strongest candidate, limit: what it must reach; both only where the position has fallen out of the ranks.
RuleCheck RotationPositionManager::rotation_check(Views symbols, SymbolId symbol) const {
  const SymbolView& view = symbols[symbol];
  RuleCheck check = found(Reason::rotated_out, exits_[symbol] == Reason::rotated_out);
  if (view.rank >= 1 && view.rank <= config_.max_positions) return check;
  check.limit = config_.rotation_threshold * view.strength;
  for (const Candidate& candidate : candidates_)
    check.value = std::max(check.value.value_or(0), symbols[candidate.symbol].strength);
  return check;
}

}  // namespace sentio
