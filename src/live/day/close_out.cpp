#include "day/close_out.h"

#include <algorithm>

namespace sentio {

FlattenLadder::Due CloseOut::poll(TimePoint now, bool flat) {
  FlattenLadder::Due due = ladder_.poll(now, flat);
  handed_over_ = handed_over_ || due.close_out;
  due.exit_again = due.exit_again && !handed_over_;
  return due;
}

void CloseOut::sold(std::vector<BrokerSale> sales) {
  for (BrokerSale& sale : sales) sales_.push_back(std::move(sale));
}

std::optional<PositionClosedByBroker> CloseOut::take_sale(const TradingSession& session) {
  const auto bookable = std::find_if(sales_.begin(), sales_.end(), [&](const BrokerSale& sale) {
    const auto symbol = session.universe().find(sale.symbol);
    return symbol && session.working_orders().find(*symbol) == nullptr;
  });
  if (bookable == sales_.end()) return std::nullopt;
  const SymbolId symbol = *session.universe().find(bookable->symbol);
  const Qty held = session.ledger().position(symbol).qty, qty{bookable->qty};
  const PositionClosedByBroker event{symbol, held > Qty{0} ? std::min(qty, held) : qty, Price{bookable->price},
                                     bookable->at};
  sales_.erase(bookable);
  return event;
}

}  // namespace sentio
