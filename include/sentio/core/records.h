#pragma once
/// The lines of the JSONL files, as plain values. The core emits them as actions; `store` writes them.
/// They hold no wall times, no broker ids and no mode: mock, rehearsal and replay must agree byte for byte.

#include <cstdint>
#include <span>

#include "sentio/core/health.h"
#include "sentio/core/order.h"
#include "sentio/core/print_guard.h"
#include "sentio/core/signal.h"

namespace sentio {

/// One line of signals_D.jsonl.
struct SignalRecord {
  TimePoint ts{};          ///< end of the set
  TimePoint bar_start{};
  int horizons = 0;        ///< how many entries of the per-horizon arrays are used
  SignalOutput signal;
};

enum class DecisionKind : std::uint8_t { enter, exit, cancel, blocked, halt };
[[nodiscard]] std::string_view to_string(DecisionKind k);

/// One line of decisions_D.jsonl: something changed, or an entry was stopped.
struct DecisionRecord {
  TimePoint ts{};
  TimePoint bar_start{};
  SymbolId symbol = 0;
  bool for_all = false;   ///< a decision about the whole book (symbol is meaningless)
  DecisionKind kind = DecisionKind::blocked;
  Reason reason = Reason::none;
  double qty = 0;         ///< shares ordered; 0 where nothing is ordered
  double price = 0;       ///< close the decision was made on
  double limit_price = 0; ///< of an entry, as it is sent or was refused by risk; 0: a market order, or none
  int rank = 0;
  double strength = 0;
  double net_edge_bps = 0;
  double move_bps = 0, cost_bps = 0;
  double return_since_entry = 0;  ///< exits: close / average entry - 1
  int sets_held = 0;              ///< exits
};

/// One line of trades_D.jsonl: one execution.
struct TradeRecord {
  TimePoint ts{};         ///< time of the execution
  TimePoint bar_start{};
  OrderKey order;         ///< closed_by_broker: names the sale, which no order of ours is
  TimePoint decided_at{};
  double qty = 0, price = 0;
  double fees = 0;        ///< USD, SEC + TAF, unrounded
  double fee_sec = 0, fee_taf = 0, fee_other = 0;  ///< other = CAT and commission
  double spread_cost = 0; ///< USD
  Reason reason = Reason::none;
  double pnl = 0;         ///< USD realised net of this execution's fees; 0 on buys
  double pnl_pct = 0;     ///< fraction of the shares' cost; 0 on buys
  bool last_resort = false;
};

/// client_order_id() of the order; a sale that no order of ours was begins with "broker" instead of "sen".
[[nodiscard]] std::string order_id(const TradeRecord& trade, std::string_view symbol);

struct PositionLine {
  SymbolId symbol = 0;
  double qty = 0, avg_entry = 0, mark = 0, unrealized = 0;
  int sets_held = 0;
};

/// One line of positions_D.jsonl: the book after one set.
struct PositionsRecord {
  TimePoint ts{};
  TimePoint bar_start{};
  double cash = 0, equity = 0;
  double mrd = 0;         ///< running mean return per day, this day included
  bool skipped_set = false;
  std::span<const PositionLine> positions;  ///< the session's own; valid as long as the action list
};

/// One line of the session log: what became of a price that was held back.
struct PrintRecord {
  TimePoint ts{};  ///< end of the set that told, or the session's close
  SymbolId symbol = 0;
  HeldPrint print;
};

/// One line of health_D.jsonl: a symbol's learner at the end of a session.
struct HealthRecord {
  TimePoint ts{};  ///< the session's close
  TimePoint bar_start{};
  SymbolId symbol = 0;
  const LearnerHealth* health = nullptr;  ///< the session's own; valid as long as the action list
  BrokenLimit broken;  ///< no entries in the next session unless healthy
};

}  // namespace sentio
