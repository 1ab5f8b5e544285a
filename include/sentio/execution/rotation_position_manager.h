#pragma once
/// The rotation rules: who leaves, who enters, and why not. Pure decisions, no orders, no money.

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "sentio/config/rotation_config.h"
#include "sentio/core/order.h"

namespace sentio {

/// What the rules may know about one symbol in this set.
struct SymbolView {
  // the book
  double qty = 0;  ///< shares held
  double avg_entry = 0;
  double last_close = 0;      ///< last real close, 0 = none yet
  bool buy_working = false;   ///< an entry is at the broker (perhaps partly filled: then qty > 0 too)
  bool sell_working = false;  ///< an exit is at the broker, or decided and waiting for a cancel
  int equity_side = 0;
  // the market
  bool real_bar = false;
  bool stale = true;
  bool halted = false;
  bool refusal_pause = false;  ///< the broker has refused its purchase a moment ago
  // the signal
  bool has_signal = false;
  bool healthy = true;      ///< learner health allows entries
  int rank = 0;             ///< 1 = best; 0 = filtered out or no signal
  double strength = 0;      ///< unfiltered
  double net_edge_bps = 0;  ///< move - k·cost
  double move_bps = 0;
  double cost_bps = 0;
};

/// What holds for the whole book in this set.
struct SetView {
  int minutes_after_open = 0;  ///< of the set's END: 1 … 390
  int session_minutes = 390;   ///< 390, or 210 on half days
  bool eod = false;            ///< the EOD exit is due in this set (or was due before it)
  bool breaker_open = false;   ///< the circuit breaker has tripped today
  bool skipped = false;
  bool observe_only = false;   ///< an older minute, seen late: holds and cooldowns advance, nothing is decided
  bool maintenance = false;
  bool entries_suspended = false;
};

struct RuleOutcome {
  enum class Kind : std::uint8_t { exit, enter, blocked } kind = Kind::blocked;
  SymbolId symbol = 0;
  Reason reason = Reason::none;
};

/// One question the rules ask, as entry_checks() and exit_checks() report them.
struct RuleCheck {
  Reason reason = Reason::none;        ///< of the outcome where it strikes; none: the minimum hold
  bool asked = true;                   ///< an earlier one did not settle the matter
  bool strikes = false;                ///< stops the entry, or sells (of the minimum hold and a skipped set: keeps)
  std::optional<double> value, limit;  ///< in the rule's own unit (docs/user-guide.md, explain); empty for flags
};

/// Order of rules for a held position, first match wins: EOD → circuit breaker → stop loss → profit
/// target → (minimum hold: stay) → signal stale, or strength below the exit threshold → fell out of the
/// top N while an enterable candidate is `rotation_threshold` times as strong → stay.
/// With rank_by net_edge: instead of the strength rules, net edge + k·cost (= the calibrated move) < 0
/// exits and nothing rotates.
///
/// A working buy without shares leaves at EOD and on the breaker like a position (the session cancels it).
/// Rotation: the fallen-out positions are walked from the weakest (equal strength: higher SymbolId first),
/// each takes the best-ranked candidate that no other rotation of this set has taken. "Enterable" is every
/// entry condition except the free slot; the position in question does not count as an opposite side.
/// Entries: ranks 1 … max_positions that are neither held nor working, in rank order; the first condition
/// that fails, in the order of `Reason`, is the reason of the blocked outcome. Skipped sets ask for none.
///
/// Errors   shares that on_entry_fill() was never told of are a broken invariant.
/// Threads  one at a time.
class RotationPositionManager {
 public:
  RotationPositionManager(const RotationConfig& config, std::size_t symbols);

  void on_session_open();               ///< cooldowns are forgotten, nothing is held
  void on_entry_fill(SymbolId symbol);  ///< first or further shares of an entry
  void on_flat(SymbolId symbol);        ///< the last share was sold: the cooldown starts

  /// One set: advances holds and cooldowns, then applies the rules. Outcomes in order: exits by symbol,
  /// then enters and blocked entries by rank. The span is valid until the next call.
  [[nodiscard]] std::span<const RuleOutcome> decide(const SetView& set, std::span<const SymbolView> symbols);

  [[nodiscard]] int sets_held(SymbolId symbol) const;

  /// What the latest decide() asked about one symbol and what it found, in the order asked, with the same arguments;
  /// for people, not for every set (it allocates). After the first that strikes the others are not asked, but are
  /// answered here.
  /// An entry of `symbol`; slots and sides are those of its turn (of the end, where it had none).
  [[nodiscard]] std::vector<RuleCheck> entry_checks(const SetView& set, std::span<const SymbolView> symbols,
                                                    SymbolId symbol) const;
  /// The exit of `symbol`, which is held or being bought.
  [[nodiscard]] std::vector<RuleCheck> exit_checks(const SetView& set, std::span<const SymbolView> symbols,
                                                   SymbolId symbol) const;

 private:
  using Views = std::span<const SymbolView>;
  struct Candidate {
    SymbolId symbol = 0;
    bool used = false;  ///< justifies a rotation of this set
  };

  void find_candidates(Views symbols);
  void decide_exits(const SetView& set, Views symbols);
  void decide_rotations(const SetView& set, Views symbols);
  void decide_entries(const SetView& set, Views symbols);
  template <class Ask>
  void ask_exit(const SetView& set, SymbolId symbol, const SymbolView& view, Ask&& ask) const;
  template <class Ask>
  void ask_entry(const SetView& set, SymbolId symbol, const SymbolView& view, int slots_taken, bool against,
                 Ask&& ask) const;
  [[nodiscard]] RuleCheck rotation_check(Views symbols, SymbolId symbol) const;
  [[nodiscard]] Reason exit_reason(const SetView& set, SymbolId symbol, const SymbolView& view) const;
  [[nodiscard]] Candidate* replacement_for(const SetView& set, SymbolId leaving, Views symbols);
  [[nodiscard]] Reason entry_barrier(const SetView& set, SymbolId symbol, const SymbolView& view,
                                     int slots_taken, bool against) const;

  RotationConfig config_;
  std::vector<int> sets_held_;        ///< negative: not held
  std::vector<int> sets_since_exit_;  ///< negative: no exit this session
  std::vector<RuleOutcome> outcomes_;
  // Scratch of one decide(), kept so that a set allocates nothing.
  std::vector<Reason> exits_;          ///< by SymbolId; Reason::none = stays
  std::vector<Candidate> candidates_;  ///< by rank
  std::vector<SymbolId> fallen_out_;   ///< weakest first
  std::vector<int> accepted_sides_;    ///< equity sides of this set's entries
};

/// The minute after the open at which everything must go: `eod_exit_time_minutes` on a full day, the same
/// distance to the close on a half day (388 → 208).
[[nodiscard]] int scaled_minute(int minutes_on_full_day, int session_minutes);

}  // namespace sentio
