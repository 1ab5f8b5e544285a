/// What becomes of the session's orders, once they are out.

#include <cmath>

#include "sentio/core/check.h"
#include "sentio/session/trading_session.h"

namespace sentio {

namespace {

/// A market order executes at once where its symbol trades: after two minutes of bars it is stuck.
constexpr int kRestingSets = 2;
/// A cancel without its end is asked for again.
constexpr int kCancelAgainSets = 2;

}  // namespace

void TradingSession::expire_entries() {
  for (std::size_t i = 0; i < working_.symbols(); ++i) {
    const auto symbol = static_cast<SymbolId>(i);
    WorkingOrder* w = working_.find(symbol);
    if (w == nullptr || w->order.side == Side::sell || w->cancel_sent) continue;
    if (w->sets < options_.config.fill.entry_working_sets) continue;
    DecisionRecord record = decision(symbol, DecisionKind::cancel, Reason::entry_expired);
    record.qty = w->left().v;
    w->cancel_sent = true;
    actions_.emplace_back(record);
    actions_.emplace_back(CancelOrder{w->order.key});
  }
}

/// A market order that rests while its symbol trades is stuck: collared, held, forgotten. Its end orders it again.
void TradingSession::renew_exits() {
  for (std::size_t i = 0; i < working_.symbols(); ++i) {
    const auto symbol = static_cast<SymbolId>(i);
    WorkingOrder* w = working_.find(symbol);
    if (w == nullptr || w->order.side == Side::buy || w->cancel_sent || w->traded_sets < kRestingSets) continue;
    DecisionRecord record = decision(symbol, DecisionKind::cancel, Reason::exit_resting);
    record.qty = w->left().v;
    w->cancel_sent = true;
    actions_.emplace_back(record);
    actions_.emplace_back(CancelOrder{w->order.key});
  }
}

void TradingSession::repeat_cancels() {
  for (std::size_t i = 0; i < working_.symbols(); ++i) {
    WorkingOrder* w = working_.find(static_cast<SymbolId>(i));
    if (w == nullptr || !w->cancel_sent || w->sets_since_cancel < kCancelAgainSets) continue;
    w->sets_since_cancel = 0;
    actions_.emplace_back(CancelOrder{w->order.key});
  }
}

void TradingSession::on(const OrderFilled& e) {
  WorkingOrder* w = working_.find(e.fill.order);
  SENTIO_CHECK(w != nullptr);
  SENTIO_CHECK(e.fill.qty <= w->left());
  const SymbolId symbol = w->order.symbol;
  const Order& order = w->order;
  executions_.push_back(e.fill.execution);
  w->filled += book(e.fill, order.side, order.reason, order.decided_at);
  if (w->left() < kSmallestQty) finish_order(symbol);
  ledger_.check();
}

/// One execution into ledger and records. Returns the shares that were booked.
Qty TradingSession::book(Fill fill, Side side, Reason reason, TimePoint decided_at) {
  const SymbolId symbol = fill.order.symbol;
  // Sums of fractions round: an exit's last execution takes exactly what is held.
  const Qty held = ledger_.position(symbol).qty;
  if (side == Side::sell && std::abs((held - fill.qty).v) < kSmallestQty.v) fill.qty = held;
  const Fees fees = fees_of(rates_, side, fill.qty, fill.price);
  const Booked booked = ledger_.apply(fill, side, symbol, fees);
  actions_.emplace_back(TradeRecord{.ts = fill.at,
                                    .bar_start = std::chrono::floor<std::chrono::minutes>(fill.at),
                                    .order = fill.order,
                                    .decided_at = decided_at,
                                    .qty = fill.qty.v,
                                    .price = fill.price.v,
                                    .fees = fees.total().v,
                                    .fee_sec = fees.sec.v,
                                    .fee_taf = fees.taf.v,
                                    .fee_other = (fees.cat + fees.commission).v,
                                    .spread_cost = fill.spread_cost,
                                    .reason = reason,
                                    .pnl = booked.pnl.v,
                                    .pnl_pct = booked.pnl_fraction,
                                    .last_resort = fill.last_resort});
  if (side == Side::buy) rotation_.on_entry_fill(symbol);
  if (side == Side::buy) pauses_.bought(symbol);
  if (booked.closed) rotation_.on_flat(symbol);
  return fill.qty;
}

// The order's last event is in: its symbol is free, unless an exit was waiting for it.
void TradingSession::finish_order(SymbolId symbol) {
  const Reason exit_after = working_.find(symbol)->exit_after;
  working_.remove(symbol);
  if (exit_after != Reason::none && ledger_.position(symbol).qty.v > 0) submit_exit(symbol, exit_after);
}

void TradingSession::on(const OrderCanceled& e) {
  WorkingOrder* w = working_.find(e.order);
  if (w == nullptr) return;  // its last fill was faster
  const bool asked = w->cancel_sent;
  const SymbolId symbol = w->order.symbol;
  const bool was_sell = w->order.side == Side::sell;
  const Reason reason = w->order.reason;
  if (!asked) actions_.emplace_back(decision(symbol, DecisionKind::cancel, e.reason));
  finish_order(symbol);
  // An exit that the outside dropped is ordered again: flat comes first. A second time it waits for the rules of
  // the next set, or a venue that cancels everything would be asked at the speed of the network.
  if (was_sell && (asked || e.order.attempt == 0) && ledger_.position(symbol).qty.v > 0) submit_exit(symbol, reason);
}

void TradingSession::on(const OrderRejected& e) {
  WorkingOrder* w = working_.find(e.order);
  if (w == nullptr) return;
  const SymbolId symbol = w->order.symbol;
  actions_.emplace_back(decision(symbol, DecisionKind::cancel, Reason::broker_rejected));
  if (w->order.side == Side::buy) pauses_.refused(symbol, e.scope, minute_);
  // A refused exit is decided again by the rules of the next set, not in a loop with the broker.
  finish_order(symbol);
}

// The key only tells one sale of the day from another, and from every order of ours: those are decided on a set. The time
// in its name is that of the sale.
void TradingSession::on(const PositionClosedByBroker& e) {
  SENTIO_CHECK(working_.find(e.symbol) == nullptr);
  const OrderKey sale{.session = hours_.date,
                      .minute = -1,
                      .symbol = e.symbol,
                      .side = Side::sell,
                      .attempt = broker_sales_++};
  (void)book({.order = sale, .qty = e.qty, .price = e.price, .at = e.at}, Side::sell, Reason::closed_by_broker, e.at);
  ledger_.check();
}

}  // namespace sentio
