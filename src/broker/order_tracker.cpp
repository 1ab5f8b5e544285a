#include "sentio/broker/order_tracker.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "sentio/broker/status_machine.h"
#include "sentio/core/bytes.h"
#include "sentio/core/check.h"

namespace sentio {
namespace {

/// Names an execution the same way in every run: order and cumulative shares after it (in 1e-9 shares).
std::uint64_t execution_number(std::string_view client_order_id, double shares_after) {
  std::array<char, 8> bytes{};  // the lowest first, on every machine
  auto units = static_cast<std::uint64_t>(std::llround(shares_after * 1e9));
  for (char& byte : bytes) {
    byte = static_cast<char>(units & 0xFF);
    units >>= 8;
  }
  return fnv1a({bytes.data(), bytes.size()}, fnv1a(client_order_id));
}

bool whole(double shares) {
  return shares == std::floor(shares);
}

TimePoint message_time(const AlpacaOrder& order, TimePoint now) {
  if (order.filled_at) return *order.filled_at;
  return order.updated_at.value_or(now);
}

/// "sell 50, order 61e69015 is not ours (new)"
std::string foreign_text(const AlpacaOrder& order) {
  const bool fractional = order.notional || (order.qty && !whole(order.qty->value));
  std::string text = order.side ? std::string(to_string(*order.side)) : std::string();
  if (order.side && order.qty) text += " " + order.qty->text;
  if (order.side) text += ", ";
  return text + (fractional ? "fractional " : "") + "order " + order.id + " is not ours (" + order.status_text + ")";
}

}  // namespace

void OrderTracker::submit(const Order& order, std::string_view client_order_id, std::string_view symbol,
                          TimePoint now) {
  resume(order, client_order_id, symbol, now, 0, 0, false);
}

void OrderTracker::resume(const Order& order, std::string_view client_order_id, std::string_view symbol,
                          TimePoint submitted_at, double booked_shares, double booked_usd, bool ended) {
  SENTIO_CHECK(order.qty.v > 0);
  const bool added = by_client_id_.emplace(std::string(client_order_id), orders_.size()).second;
  SENTIO_CHECK(added);
  TrackedOrder o;
  o.order = order;
  o.client_order_id = std::string(client_order_id);
  o.symbol = std::string(symbol);
  o.submitted_at = submitted_at;
  o.booked_shares = booked_shares;
  o.booked_usd = booked_usd;
  o.legs.push_back({.booked_shares = booked_shares, .booked_usd = booked_usd});
  o.ended = ended || booked_shares >= order.qty.v - kShareTolerance;
  orders_.push_back(std::move(o));
}

std::optional<std::size_t> OrderTracker::index_of(const AlpacaOrder& order) const {
  for (const auto& [names, name] : {std::pair(&by_client_id_, &order.client_order_id), {&by_broker_id_, &order.id},
                                    {&by_broker_id_, &order.replaces}}) {
    if (const auto it = names->find(*name); it != names->end()) return it->second;
  }
  return std::nullopt;
}

const TrackedOrder* OrderTracker::owner(const AlpacaOrder& order) const {
  const auto index = index_of(order);
  return index ? &orders_[*index] : nullptr;
}

void OrderTracker::meet(const AlpacaOrder& order) {
  if (const auto index = index_of(order)) (void)leg_of(*index, order);
}

bool OrderTracker::ambiguous(const AlpacaOrder& order) const {
  const TrackedOrder* o = owner(order);
  if (o == nullptr || o->broker_id.empty()) return false;
  const auto leg = std::ranges::find(o->legs, order.id, &BrokerLeg::broker_id);
  if (leg == o->legs.begin() || (leg != o->legs.end() && leg->seen)) return false;
  const double before = leg == o->legs.end() ? o->legs.back().booked_shares : (leg - 1)->booked_shares;
  return before > kShareTolerance && order.filled_qty.value >= before - kShareTolerance;
}

void OrderTracker::note_foreign(const AlpacaOrder& order) {
  if (!foreign_seen_.insert(order.id).second) return;
  notices_.push_back({BrokerNotice::Kind::foreign_order, order.client_order_id, order.symbol, foreign_text(order),
                      !is_terminal(order.status) || order.filled_qty.value > 0});
}

OrderTracker::Place OrderTracker::own(const AlpacaOrder& order, double shares_before) {
  const auto index = index_of(order);
  if (!index) {
    note_foreign(order);
    return {};
  }
  TrackedOrder& o = orders_[*index];
  // Somebody else's order under our id, or a mangled message: never booked.
  const bool other_symbol = !order.symbol.empty() && order.symbol != o.symbol;
  const bool other_side = order.side && *order.side != o.order.side;
  if (other_symbol || other_side) {
    note(BrokerNotice::Kind::odd_message, o, "symbol or side is not that of our order: ignored");
    return {};
  }
  const auto leg = leg_of(*index, order);
  if (!leg) {
    note(BrokerNotice::Kind::odd_message, o, "a second broker id for one client_order_id: " + order.id);
    return {};
  }
  see(o, o.legs[*leg], shares_before);
  return {&o, *leg};
}

/// None: the message bears our client id and a broker id that nothing leads to.
std::optional<std::size_t> OrderTracker::leg_of(std::size_t index, const AlpacaOrder& order) {
  TrackedOrder& o = orders_[index];
  const auto known = std::ranges::find(o.legs, order.id, &BrokerLeg::broker_id);
  if (known != o.legs.end()) return static_cast<std::size_t>(known - o.legs.begin());
  if (o.broker_id.empty()) {
    o.legs.front().broker_id = o.broker_id = order.id;
    by_broker_id_.emplace(order.id, index);
    return 0;
  }
  if (order.replaces != o.broker_id) return std::nullopt;
  add_leg(index, order.id);
  return o.legs.size() - 1;
}

/// From here on the order is its successor.
void OrderTracker::add_leg(std::size_t index, const std::string& broker_id) {
  TrackedOrder& o = orders_[index];
  by_broker_id_.emplace(broker_id, index);
  foreign_seen_.insert(broker_id);
  note(BrokerNotice::Kind::order_replaced, o,
       "our " + std::string(to_string(o.order.side)) + " order was replaced at the broker by " + broker_id +
           ", which is ours now");
  o.legs.push_back({.broker_id = broker_id});
  o.broker_id = broker_id;
  o.status.reset();
  o.updated_at.reset();
  o.successor_awaited = true;
}

/// The first that is heard of a successor, or its executions, tell whether it counts its predecessor's shares.
void OrderTracker::see(TrackedOrder& o, BrokerLeg& leg, double shares_before) {
  if (std::exchange(leg.seen, true) || &leg == &o.legs.front()) return;
  const BrokerLeg& predecessor = *(&leg - 1);
  if (predecessor.booked_shares <= kShareTolerance) return;
  if (shares_before < predecessor.booked_shares - kShareTolerance) return;
  leg.booked_shares += predecessor.booked_shares;
  leg.booked_usd += predecessor.booked_usd;
}

/// Somebody replaced our order: it goes on under another name. What was booked before a restart is known in one sum: what
/// is more than the first leg itself says belongs to the next.
void OrderTracker::follow(TrackedOrder& o, const AlpacaOrder& replaced) {
  o.status = OrderStatus::replaced;
  o.successor_awaited = true;
  BrokerLeg& leg = o.legs.back();
  const double more = leg.booked_shares - replaced.filled_qty.value;
  const auto index = static_cast<std::size_t>(&o - orders_.data());
  if (replaced.replaced_by.empty()) return;
  // Booked before a restart, of what came after.
  const bool later_ones = more > kShareTolerance && o.legs.size() == 1;
  const double usd = !later_ones ? 0 : leg.booked_usd - replaced.filled_qty.value *
                                           (replaced.filled_avg_price ? replaced.filled_avg_price->value : 0);
  if (later_ones) {
    leg.booked_shares -= more;
    leg.booked_usd -= usd;
  }
  add_leg(index, replaced.replaced_by);
  if (later_ones) {
    o.legs.back().booked_shares = more;
    o.legs.back().booked_usd = usd;
  }
}

void OrderTracker::lose_successor(std::string_view client_order_id) {
  const auto it = by_client_id_.find(client_order_id);
  SENTIO_CHECK(it != by_client_id_.end());
  TrackedOrder& o = orders_[it->second];
  if (!o.successor_awaited) return;
  o.successor_awaited = false;
  note(BrokerNotice::Kind::odd_message, o, "what replaced our order cannot be found: taken as canceled");
  end(o, OrderStatus::canceled);
}

void OrderTracker::apply(const AlpacaOrder& order, TimePoint now) {
  const Place place = own(order, order.filled_qty.value);
  if (place.order == nullptr) return;
  book_total(place, order, message_time(order, now));
  move(place, order);
}

void OrderTracker::apply(const TradeUpdate& update, TimePoint now) {
  const double now_executed = update.qty ? update.qty->value : 0;
  const Place place = own(update.order, update.order.filled_qty.value - now_executed);
  TrackedOrder* o = place.order;
  if (o == nullptr) return;
  const TimePoint at = update.timestamp.value_or(message_time(update.order, now));
  switch (update.event) {
    case TradeEvent::trade_bust:
    case TradeEvent::trade_correct:
    case TradeEvent::restated:
      note(BrokerNotice::Kind::execution_changed, *o, update.event_text + " " + update.previous_execution_id);
      return;  // its filled_qty is no longer the sum of what was reported
    case TradeEvent::fill:
    case TradeEvent::partial_fill:
      book_execution(place, update, at);
      break;
    case TradeEvent::order_cancel_rejected:
      note(BrokerNotice::Kind::odd_message, *o, "the venue refused the cancel");
      break;
    case TradeEvent::unknown:
      note(BrokerNotice::Kind::odd_message, *o, "unknown event: " + update.event_text);
      break;
    default:
      break;
  }
  book_total(place, update.order, at);
  move(place, update.order);
}

void OrderTracker::book_execution(Place place, const TradeUpdate& update, TimePoint at) {
  TrackedOrder& o = *place.order;
  const BrokerLeg& leg = o.legs[place.leg];
  if (!update.execution_id.empty() && !o.executions.insert(update.execution_id).second) return;
  if (!update.qty || !update.price || !(update.qty->value > 0) || !(update.price->value > 0)) return;
  const double shares = update.qty->value, price = update.price->value;
  const double total = update.order.filled_qty.value;
  const double before = total - shares;
  if (before < leg.booked_shares - kShareTolerance) return;  // known already, or partly: the total decides
  const double gap = before - leg.booked_shares;
  if (gap > kShareTolerance) {
    if (!update.order.filled_avg_price) return;
    const double usd = total * update.order.filled_avg_price->value - shares * price - leg.booked_usd;
    // A price that makes no sense: leave the whole difference to book_total.
    if (!(usd > 0)) return;
    book(place, {gap, usd / gap, at});
  }
  book(place, {shares, price, at});
}

void OrderTracker::book_total(Place place, const AlpacaOrder& order, TimePoint at) {
  TrackedOrder& o = *place.order;
  const BrokerLeg& leg = o.legs[place.leg];
  const double more = order.filled_qty.value - leg.booked_shares;
  if (more <= kShareTolerance) return;
  double price = order.filled_avg_price ? order.filled_avg_price->value : o.order.reference.v;
  if (order.filled_avg_price) {
    const double usd = order.filled_qty.value * price - leg.booked_usd;
    if (usd > 0) price = usd / more;
  } else {
    note(BrokerNotice::Kind::odd_message, o, "shares without a price: booked at the reference price");
  }
  book(place, {more, price, at});
}

void OrderTracker::apply(const FillActivity& activity) {
  const auto it = by_broker_id_.find(activity.order_id);
  if (it == by_broker_id_.end()) return;
  TrackedOrder& o = orders_[it->second];
  double total = 0;
  if (activity.cum_qty) {
    total = activity.cum_qty->value;
  } else if (activity.leaves_qty) {
    total = o.order.qty.v - activity.leaves_qty->value;
  } else {
    return;
  }
  const auto leg = std::ranges::find(o.legs, activity.order_id, &BrokerLeg::broker_id);
  if (leg != o.legs.end()) see(o, *leg, total - activity.qty.value);
  if (leg == o.legs.end() || std::abs(total - activity.qty.value - leg->booked_shares) > kShareTolerance) return;
  book({&o, static_cast<std::size_t>(leg - o.legs.begin())}, {activity.qty.value, activity.price.value, activity.transaction_time});
}

void OrderTracker::book(Place place, const Execution& execution) {
  TrackedOrder& o = *place.order;
  BrokerLeg& leg = o.legs[place.leg];
  const double left = o.ended ? 0 : o.order.qty.v - o.booked_shares;
  // Rounding must not leave a crumb of a share open: the last execution takes exactly what is left.
  const double shares = execution.shares >= left - kShareTolerance ? left : execution.shares;
  if (execution.shares > left + kShareTolerance) {
    note(BrokerNotice::Kind::unbooked_shares, o,
         "the broker reports " + std::to_string(execution.shares - left) +
             " shares beyond what can be booked");
  }
  // Also what cannot be booked is remembered, or every later message would report it again.
  leg.booked_shares += execution.shares;
  leg.booked_usd += execution.shares * execution.price;
  o.booked_shares += execution.shares;
  o.booked_usd += execution.shares * execution.price;
  if (shares <= kShareTolerance) return;
  const double after = o.booked_shares - execution.shares + shares;
  emit(o, OrderFilled{Fill{.order = o.order.key,
                           .qty = Qty{shares},
                           .price = Price{execution.price},
                           .at = execution.at,
                           .execution = execution_number(o.client_order_id, after)}});
  if (after >= o.order.qty.v - kShareTolerance) o.ended = true;
}

void OrderTracker::move(Place place, const AlpacaOrder& order) {
  TrackedOrder& o = *place.order;
  if (place.leg + 1 < o.legs.size()) return;  // history
  if (o.status != OrderStatus::replaced) o.successor_awaited = false;
  const Transition step = o.status ? transition(*o.status, order.status) : Transition::next;
  const bool older = o.updated_at && order.updated_at && *order.updated_at < *o.updated_at;
  const bool replaced = order.status == OrderStatus::replaced && !o.ended;
  if (replaced && (step != Transition::same || !order.replaced_by.empty())) return follow(o, order);
  if (step == Transition::same) return;
  if (step == Transition::illegal) {
    note(BrokerNotice::Kind::odd_message, o,
         "status " + std::string(to_string(*o.status)) + " cannot become " + order.status_text);
    if (is_terminal(*o.status)) return;
  }
  // Overtaken messages; an end is believed whenever it comes.
  if (!is_terminal(order.status) && (step == Transition::behind || older)) return;
  if (order.status == OrderStatus::unknown) {
    note(BrokerNotice::Kind::odd_message, o, "unknown status: " + order.status_text);
  }
  o.status = order.status;
  if (!older && order.updated_at) o.updated_at = order.updated_at;
  if (is_terminal(order.status)) end(o, order.status);
}

void OrderTracker::end(TrackedOrder& o, OrderStatus status) {
  if (o.ended) return;
  o.ended = true;
  switch (status) {
    case OrderStatus::rejected:
      emit(o, OrderRejected{o.order.key, "rejected by the venue", RefusalScope::symbol});
      return;
    case OrderStatus::filled:
      note(BrokerNotice::Kind::odd_message, o, "filled with fewer shares than ordered");
      break;
    default:
      break;
  }
  emit(o, OrderCanceled{o.order.key, Reason::broker_canceled});
}

void OrderTracker::refuse(std::string_view client_order_id, std::string_view why, RefusalScope scope) {
  const auto it = by_client_id_.find(client_order_id);
  SENTIO_CHECK(it != by_client_id_.end());
  TrackedOrder& o = orders_[it->second];
  if (o.ended) return;
  if (o.status) {
    note(BrokerNotice::Kind::odd_message, o, "refused, though the broker has it: " + std::string(why));
    return;
  }
  // No status: should the order turn up all the same, what the broker says of it counts from the start.
  o.ended = true;
  emit(o, OrderRejected{o.order.key, std::string(why), scope});
}

std::string OrderTracker::want_cancel(const OrderKey& key) {
  const TrackedOrder* found = find(key);
  if (found == nullptr || found->ended) return {};
  orders_[static_cast<std::size_t>(found - orders_.data())].cancel_wanted = true;
  return found->client_order_id;
}

void OrderTracker::withdraw(std::string_view client_order_id) {
  const auto it = by_client_id_.find(client_order_id);
  SENTIO_CHECK(it != by_client_id_.end());
  TrackedOrder& o = orders_[it->second];
  // No status, as with refuse(): the broker's word counts from the start should the order turn up.
  if (!o.status) end(o, OrderStatus::canceled);
}

bool OrderTracker::behind(const AlpacaOrder& order) const {
  const TrackedOrder* o = owner(order);
  if (o == nullptr) return false;
  const auto leg = std::ranges::find(o->legs, order.id, &BrokerLeg::broker_id);
  return order.filled_qty.value > (leg == o->legs.end() ? 0 : leg->booked_shares) + kShareTolerance;
}

const TrackedOrder* OrderTracker::find(std::string_view client_order_id) const {
  const auto it = by_client_id_.find(client_order_id);
  return it == by_client_id_.end() ? nullptr : &orders_[it->second];
}

const TrackedOrder* OrderTracker::find(const OrderKey& key) const {
  // Newest first: cancels name orders of the last minutes.
  const auto it = std::find_if(orders_.rbegin(), orders_.rend(),
                               [&key](const TrackedOrder& o) { return o.order.key == key; });
  return it == orders_.rend() ? nullptr : &*it;
}

std::vector<const TrackedOrder*> OrderTracker::open() const {
  std::vector<const TrackedOrder*> all;
  for (const TrackedOrder& o : orders_) {
    if (!o.ended) all.push_back(&o);
  }
  return all;
}

void OrderTracker::emit(const TrackedOrder& o, Event event) {
  events_.emplace_back(static_cast<std::size_t>(&o - orders_.data()), std::move(event));
}

std::vector<Event> OrderTracker::take_events() {
  std::stable_sort(events_.begin(), events_.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<Event> out;
  out.reserve(events_.size());
  for (auto& [order, event] : events_) out.push_back(std::move(event));
  events_.clear();
  return out;
}
std::vector<BrokerNotice> OrderTracker::take_notices() {
  return std::exchange(notices_, {});
}

void OrderTracker::note(BrokerNotice::Kind kind, const TrackedOrder& o, std::string text) {
  notices_.push_back({kind, o.client_order_id, o.symbol, std::move(text)});
}

}  // namespace sentio
