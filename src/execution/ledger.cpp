#include "sentio/execution/ledger.h"

#include <algorithm>
#include <cmath>

#include "sentio/core/check.h"

namespace sentio {

namespace {

constexpr double kCentTolerance = 0.005;

}  // namespace

Ledger::Ledger(Usd cash, std::size_t symbols) : start_cash_(cash), cash_(cash), positions_(symbols) {
  SENTIO_CHECK(std::isfinite(cash.v));
}

Booked Ledger::apply(const Fill& fill, Side side, SymbolId symbol, const Fees& fees) {
  SENTIO_CHECK(symbol < positions_.size());
  SENTIO_CHECK(fill.qty > Qty{0});
  SENTIO_CHECK(fill.price > Price{0});
  fees_ += fees.total();
  ++executions_;
  return side == Side::buy ? buy(positions_[symbol], fill, fees) : sell(positions_[symbol], fill, fees);
}

Booked Ledger::buy(Position& position, const Fill& fill, const Fees& fees) {
  Booked booked;
  booked.opened = position.qty.v == 0;
  const Usd cost = fill.qty * fill.price;
  const Qty held = position.qty + fill.qty;
  // The price itself and not cost / qty: a position bought at one price has exactly that average.
  position.avg_entry =
      booked.opened ? fill.price : Price{((position.qty * position.avg_entry) + cost).v / held.v};
  if (booked.opened) position.mark = fill.price;
  position.qty = held;
  cash_ -= cost + fees.total();
  buy_fees_ += fees.total();
  return booked;
}

Booked Ledger::sell(Position& position, const Fill& fill, const Fees& fees) {
  SENTIO_CHECK(fill.qty <= position.qty);
  Booked booked;
  const Usd proceeds = fill.qty * fill.price;
  const Usd cost = fill.qty * position.avg_entry;
  booked.pnl = proceeds - cost - fees.total();
  booked.pnl_fraction = ratio(booked.pnl, cost);
  cash_ += proceeds - fees.total();
  realized_ += booked.pnl;
  position.qty -= fill.qty;
  booked.closed = position.qty.v == 0;
  if (booked.closed) position.avg_entry = Price{0};
  return booked;
}

void Ledger::mark(SymbolId symbol, Price last_close) {
  SENTIO_CHECK(last_close > Price{0});
  positions_[symbol].mark = last_close;
}

std::size_t Ledger::open_positions() const {
  return static_cast<std::size_t>(
      std::count_if(positions_.begin(), positions_.end(), [](const Position& p) { return p.qty.v > 0; }));
}

Usd Ledger::equity() const {
  Usd equity = cash_;
  for (const Position& position : positions_) {
    if (position.qty.v > 0) equity += position.qty * position.mark;
  }
  return equity;
}

void Ledger::check() const {
  // Two independent paths to the same money: the cash that moved, and the profits that were booked.
  Usd from_profits = start_cash_ + realized_ - buy_fees_;
  Usd at_cost{};
  for (const Position& position : positions_) {
    SENTIO_CHECK(position.qty >= Qty{0});
    if (position.qty.v == 0) continue;
    at_cost += position.qty * position.avg_entry;
    from_profits += Usd{position.qty.v * (position.mark.v - position.avg_entry.v)};
  }
  SENTIO_CHECK(std::abs(equity().v - from_profits.v) < kCentTolerance);
  // With everything flat this is: change of cash = realised - buy-side fees.
  SENTIO_CHECK(std::abs((cash_ + at_cost - start_cash_).v - (realized_ - buy_fees_).v) < kCentTolerance);
}

}  // namespace sentio
