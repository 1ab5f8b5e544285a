#include "sentio/live/broker_flatten.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "sentio/core/text/json_line.h"

namespace sentio {
namespace {

/// How long cancels are waited for before the positions are closed all the same.
constexpr std::chrono::milliseconds kCancelMax{2'500}, kCancelPause{500};

std::string shares_of(double qty) {
  std::string text;
  append_number(text, qty);
  return text;
}

/// Shares that no open order holds.
double free_of(const std::string& symbol, const std::vector<BrokerPosition>& positions) {
  const auto at = std::ranges::find(positions, symbol, &BrokerPosition::symbol);
  return at == positions.end() ? 0 : std::min(at->shares, at->qty_available.value);
}

}  // namespace

std::vector<OwnShares> own_shares(const TradingSession& session) {
  std::vector<OwnShares> shares;
  const Universe& universe = session.universe();
  for (std::size_t i = 0; i < universe.size(); ++i) {
    const auto symbol = static_cast<SymbolId>(i);
    const double qty = session.ledger().position(symbol).qty.v;
    if (qty > 0) shares.push_back({universe[symbol].name, qty});
  }
  return shares;
}

BrokerFlatten::BrokerFlatten(BrokerAccountInterface& broker, const Universe& universe, FlattenPolicy policy, Hooks hooks)
    : broker_(broker), universe_(universe), policy_(policy), hooks_(std::move(hooks)) {}

bool BrokerFlatten::attempt() {
  if (!cancel()) return false;
  return !policy_.keep_positions && close_positions();
}

bool BrokerFlatten::cancel() {
  for (auto waited = kCancelPause;; waited += kCancelPause) {
    const auto open = cancel_once();
    if (!open) hooks_.trouble("open orders are unknown: " + open.error().message());
    if (!open || *open == 0 || policy_.only_tell || waited > kCancelMax) return true;
    if (!hooks_.wait(kCancelPause)) return false;
  }
}

/// How many were open.
Result<int> BrokerFlatten::cancel_once() {
  const auto orders = broker_.open_orders(policy_.urgent);
  if (!orders) return tl::unexpected(orders.error());
  int open = 0;
  for (const bool sales : {false, true}) {
    for (const BrokerOrder& order : *orders) {
      if ((order.side == Side::sell) != sales || !cancels(order)) continue;
      ++open;
      if (order.cancel_pending) continue;  // asked for already: only its end is waited for
      hooks_.deed("cancelling " + order.symbol + " order " + order.client_order_id);
      if (policy_.only_tell) continue;
      if (auto done = broker_.cancel_by_broker_id(order.id); !done) hooks_.trouble(done.error().message());
    }
  }
  return open;
}

bool BrokerFlatten::cancels(const BrokerOrder& order) const {
  if (!universe_.find(order.symbol)) return false;
  if (policy_.keep_positions && order.side == Side::sell) return false;
  if (policy_.whose == FlattenPolicy::Whose::ours) return parse_client_order_id(order.client_order_id).has_value();
  return !closing_.contains(order.symbol);  // what closes a position must go on doing so
}

bool BrokerFlatten::close_positions() {
  const auto positions = broker_.positions(policy_.urgent);
  if (!positions) hooks_.trouble("positions are unknown: " + positions.error().message());
  std::vector<Lot> lots_left;
  if (positions) lots_left = lots(*positions);
  // Ours are known without the broker, which sells no more than there is.
  if (!positions) {
    for (const OwnShares& own : ours_) lots_left.push_back({own.symbol, shares_of(own.qty), own.qty});
  }
  bool taken = false;
  for (Lot& lot : lots_left) {
    if (closing_.contains(lot.symbol)) continue;
    // Before anybody's order is touched for it.
    if (hooks_.market_open && !hooks_.market_open()) {
      hooks_.trouble("the session is over: " + lot.symbol + " " + lot.shares_text + " is not closed any more");
      continue;
    }
    if (!make_free(lot, positions ? &*positions : nullptr)) continue;
    const std::string what = lot.symbol + " " + lot.shares_text;
    const auto done = policy_.only_tell ? Result<std::string>{} : broker_.close_position(lot.symbol, lot.shares);
    if (!done) {
      hooks_.trouble(done.error().message());
      continue;
    }
    hooks_.deed("closing " + what);
    closing_.insert(lot.symbol);
    if (!done->empty()) closing_orders_.emplace(*done, lot.symbol);
    taken = true;
  }
  return taken;
}

/// What is being sold already is not sold twice, and somebody else's sale may hold shares of ours: it is cancelled, and
/// what is free by then is sold. Without positions only the first is known. False: nothing is.
bool BrokerFlatten::make_free(Lot& lot, const std::vector<BrokerPosition>* positions) {
  if (!lot.shares) return true;  // whatever there is
  *lot.shares -= being_closed(lot.symbol);
  if (*lot.shares < 1) return refuse(lot, "its closing order is still at work");
  double free = positions != nullptr ? free_of(lot.symbol, *positions) : *lot.shares;
  if (free < *lot.shares && !policy_.only_tell && cancel_holders(lot.symbol)) {
    if (const auto again = broker_.positions(policy_.urgent)) free = free_of(lot.symbol, *again);
  }
  if (free < 1) return refuse(lot, "no share is free, another order holds them");
  if (free < *lot.shares) {
    lot.shares = std::floor(free);
    hooks_.trouble(lot.symbol + ": only " + shares_of(*lot.shares) + " of " + lot.shares_text +
                   " shares are free; the rest follows");
  }
  lot.shares_text = shares_of(*lot.shares);
  return true;
}

bool BrokerFlatten::refuse(const Lot& lot, const std::string& why) const {
  hooks_.trouble(lot.symbol + " " + lot.shares_text + ": " + why);
  return false;
}

/// Shares that orders of the broker's own, made for us, are still to sell. Where nobody can say: all of ours if somebody
/// else's could be sold in their place, else none; the broker sells no more than there is.
double BrokerFlatten::being_closed(const std::string& symbol) {
  const auto of_symbol = [&](const auto& order) { return order.second == symbol; };
  if (std::ranges::none_of(closing_orders_, of_symbol)) return 0;
  const auto orders = broker_.open_orders(policy_.urgent);
  if (!orders) return foreign_[symbol] > 0 ? std::numeric_limits<double>::infinity() : 0;
  double shares = 0;
  for (const BrokerOrder& order : *orders) {
    if (order.symbol != symbol || !closing_orders_.contains(order.id) || !order.qty) continue;
    shares += order.qty->value - order.filled_qty.value;
  }
  return shares;
}

/// True: there were some, and they are gone or have been waited for.
bool BrokerFlatten::cancel_holders(const std::string& symbol) {
  for (auto waited = kCancelPause;; waited += kCancelPause) {
    const auto orders = broker_.open_orders(policy_.urgent);
    if (!orders) return waited > kCancelPause;
    int open = 0;
    for (const BrokerOrder& order : *orders) {
      if (order.symbol != symbol || order.side != Side::sell) continue;
      if (parse_client_order_id(order.client_order_id) || closing_orders_.contains(order.id)) continue;
      ++open;
      if (order.cancel_pending) continue;
      hooks_.deed("cancelling " + symbol + " order " + order.client_order_id + ", not ours, which holds shares of ours");
      if (auto done = broker_.cancel_by_broker_id(order.id); !done) hooks_.trouble(done.error().message());
    }
    if (open == 0 || waited > kCancelMax || !hooks_.wait(kCancelPause)) return waited > kCancelPause;
  }
}

std::optional<std::vector<std::string>> BrokerFlatten::left() {
  const auto positions = broker_.positions(policy_.urgent);
  if (!positions) return std::nullopt;
  std::vector<std::string> left;
  for (const Lot& lot : lots(*positions)) left.push_back(lot.symbol + " " + lot.shares_text);
  return left;
}

std::vector<BrokerFlatten::Lot> BrokerFlatten::lots(const std::vector<BrokerPosition>& positions) {
  std::vector<Lot> found;
  if (policy_.whose == FlattenPolicy::Whose::ours) {
    for (const OwnShares& own : ours_) {
      const double qty = left_of(own, positions);
      if (qty > 0) found.push_back({own.symbol, shares_of(qty), qty});
    }
    return found;
  }
  for (const BrokerPosition& p : positions) {
    if (universe_.find(p.symbol) && p.shares != 0) found.push_back({p.symbol, p.qty.text, std::nullopt});
  }
  return found;
}

/// The ledger does not learn at once what the broker closes: its position tells.
double BrokerFlatten::left_of(const OwnShares& ours, const std::vector<BrokerPosition>& positions) {
  const auto at = std::find_if(positions.begin(), positions.end(),
                               [&](const BrokerPosition& p) { return p.symbol == ours.symbol; });
  const double held = at == positions.end() ? 0 : at->shares;
  const double foreign = foreign_.emplace(ours.symbol, std::max(0.0, held - ours.qty)).first->second;
  return std::min(ours.qty, held - foreign);
}

}  // namespace sentio
