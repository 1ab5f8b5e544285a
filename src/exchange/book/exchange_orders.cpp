// Orders on their way to the book, past the faults that meet them.
#include <cmath>

#include "book/exchange.h"
#include "faults/fault_words.h"
#include "sentio/core/check.h"

namespace sentio::exchange {

namespace {

constexpr double kFarAway = 2;  // a foreign limit: a sale at twice the last price, a purchase at half of it

double to_cents(double price) {
  return std::round(price * 100) / 100;
}

}  // namespace

void Exchange::do_later(std::chrono::seconds span, std::function<void()> action) {
  clock_.at(now() + span, Turn::fault, [this, action = std::move(action)] {
    action();
    flush_updates();
  });
}

std::optional<Refusal> Exchange::refused_by_script(const OrderRequest& request, SymbolId symbol) {
  const std::string& name = universe()[symbol].name;
  const auto fault = faults_.take_for_order(FaultKind::refuse_orders, now(), name, request.side);
  if (!fault) return std::nullopt;
  const RefusalKind* kind = refusal_kind(fault->text);
  SENTIO_CHECK(kind != nullptr);
  Refusal refusal{kind->http_status, kind->code, std::string(kind->message), {}};
  if (const auto blank = refusal.message.find("{}"); blank != std::string::npos) {
    refusal.message.replace(blank, 2, name);
  }
  if (kind->word == "buying-power") {
    const double cost = request.notional.value_or(request.qty.value_or(0) * matching_.book()[symbol].mark);
    refusal.extra = {{"buying_power", "0"}, {"cost_basis", decimal(cost, 2)}};
  }
  return refusal;
}

tl::expected<ExchangeOrder, Refusal> Exchange::submit(const OrderRequest& request) {
  const auto symbol = matching_.symbol(request.symbol);
  const std::string name = symbol ? universe()[*symbol].name : request.symbol;
  if (symbol) {
    if (auto refused = refused_by_script(request, *symbol)) return tl::unexpected(*std::move(refused));
  }
  Handling handling;
  std::optional<Fault> rest;
  if (request.type == OrderType::market) {
    rest = faults_.take_for_order(FaultKind::rest_market, now(), name, request.side);
  }
  const auto replaced = faults_.take_for_order(FaultKind::replace_order, now(), name, request.side);
  handling.rests = rest || replaced;  // what is to be replaced must still be there
  handling.accepted = rest && rest->text == "accepted";
  auto taken = matching_.submit(request, now(), handling);
  if (!taken) return taken;
  const std::string id = taken->id;
  if (replaced) {
    do_later(replaced->amount, [this, id] { matching_.replace_by_broker(id, now()); });
  } else if (rest && rest->amount.count() > 0) {
    do_later(rest->amount, [this, id] { matching_.release(id, now()); });
  }
  return taken;
}

tl::expected<void, Refusal> Exchange::cancel(const std::string& id) {
  const ExchangeOrder* order = matching_.find(id);
  if (order == nullptr || terminal(order->status)) return matching_.cancel(id, now());
  const auto stuck =
      faults_.take_for_order(FaultKind::stuck_cancel, now(), order->request.symbol, order->request.side);
  if (!stuck) return matching_.cancel(id, now());
  matching_.hold_cancel(id, now());
  do_later(stuck->amount, [this, id] { matching_.finish_cancel(id, now()); });
  return {};
}

/// Orders that are open now first, the oldest before the others; then those that come.
void Exchange::replace_orders(const Fault& fault) {
  Fault left = fault;
  for (const ExchangeOrder* order : matching_.orders()) {
    if (left.count == 0) return;
    const OrderRequest& r = order->request;
    if (terminal(order->status) || !FaultState::meets(fault, r.symbol, r.side)) continue;
    --left.count;
    do_later(fault.amount, [this, id = order->id] { matching_.replace_by_broker(id, now()); });
  }
  if (left.count > 0) faults_.add(left, now());
}

Result<> Exchange::place_foreign_order(const Fault& fault) {
  const SymbolId symbol = *universe().find(fault.symbol);
  const BookPosition& position = matching_.book()[symbol];
  OrderRequest order;
  order.symbol = fault.symbol;
  order.side = *fault.side;
  order.qty = fault.qty > 0 ? fault.qty : position.qty - matching_.held_for_orders(symbol);
  if (*order.qty <= 0) return fail(Errc::not_found, "fault", "no free shares of " + fault.symbol);
  if (fault.text == "stop") {
    order.type = OrderType::stop;
    order.stop_price = fault.price;
  } else if (fault.text == "limit") {
    const double far = order.side == Side::sell ? position.mark * kFarAway : position.mark / kFarAway;
    order.type = OrderType::limit;
    order.limit_price = fault.price.value_or(to_cents(far));
  }
  const auto taken = matching_.submit(order, now());
  if (!taken) return fail(Errc::rejected, "fault", taken.error().message);
  if (fault.amount.count() > 0) {
    do_later(fault.amount, [this, id = taken->id] { (void)matching_.cancel(id, now()); });
  }
  return {};
}

void Exchange::move_cash(const Fault& fault) {
  CashMove move;
  const CashMoveKind* kind = cash_move_kind(fault.text);
  SENTIO_CHECK(kind != nullptr);
  move.type = kind->type;
  move.sub_type = kind->sub_type;
  move.symbol = fault.other_symbol;
  move.usd = fault.usd;
  move.at = now();
  move.date = fault.date.value_or(hours_.date);
  matching_.move_cash(std::move(move));
}

void Exchange::trade_elsewhere(const Fault& fault) {
  matching_.trade_elsewhere(fault.other_symbol, *fault.side, fault.qty, *fault.price, now());
}

}  // namespace sentio::exchange
