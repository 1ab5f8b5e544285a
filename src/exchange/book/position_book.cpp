#include "sentio/exchange/position_book.h"

#include <algorithm>
#include <cmath>

namespace sentio::exchange {

void PositionBook::trade(SymbolId symbol, double signed_qty, double price) {
  BookPosition& p = positions_[symbol];
  cash_ -= signed_qty * price;
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
  return sum;
}

double PositionBook::short_value() const {
  double sum = 0;
  for (const BookPosition& p : positions_) sum += std::min(0.0, p.market_value());
  return sum;
}

}  // namespace sentio::exchange
