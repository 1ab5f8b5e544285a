#include "sentio/exchange/position_book.h"

#include <algorithm>
#include <cmath>

namespace sentio::exchange {

namespace {

void trade_position(BookPosition& p, double signed_qty, double price) {
  const double after = p.qty + signed_qty;
  if (p.qty == 0 || (p.qty > 0) == (signed_qty > 0)) {
    p.avg_entry = (p.qty * p.avg_entry + signed_qty * price) / after;
  } else if ((after > 0) != (p.qty > 0)) {
    p.avg_entry = price;
  }
  p.qty = std::abs(after) < kShareDust ? 0 : after;
  if (p.qty == 0) p.avg_entry = 0;
  if (p.mark == 0) p.mark = price;
}

}  // namespace

void PositionBook::pay(double usd) {
  cash_ -= whole_cents_ ? std::round(usd * 100) / 100 : usd;
}

void PositionBook::trade(SymbolId symbol, double signed_qty, double price) {
  pay(signed_qty * price);
  trade_position(positions_[symbol], signed_qty, price);
}

void PositionBook::trade_elsewhere(const std::string& name, double signed_qty, double price) {
  pay(signed_qty * price);
  BookPosition& p = elsewhere_[name];
  trade_position(p, signed_qty, price);
  p.mark = price;
  if (p.qty == 0) elsewhere_.erase(name);
}

void PositionBook::set_previous_close(SymbolId symbol, double price) {
  positions_[symbol].previous_close = price;
  positions_[symbol].mark = price;
}

void PositionBook::add_foreign(SymbolId symbol, double qty) {
  BookPosition& p = positions_[symbol];
  p.avg_entry = p.mark;
  p.qty += qty;
  foreign_value_ += qty * p.mark;
}

double PositionBook::long_value() const {
  double sum = 0;
  for (const BookPosition& p : positions_) sum += std::max(0.0, p.market_value());
  for (const auto& [name, p] : elsewhere_) sum += std::max(0.0, p.market_value());
  return sum;
}

double PositionBook::short_value() const {
  double sum = 0;
  for (const BookPosition& p : positions_) sum += std::min(0.0, p.market_value());
  for (const auto& [name, p] : elsewhere_) sum += std::min(0.0, p.market_value());
  return sum;
}

}  // namespace sentio::exchange
