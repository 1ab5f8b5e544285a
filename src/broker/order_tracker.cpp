#include "sentio/broker/order_tracker.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "sentio/broker/status_machine.h"
#include "sentio/core/check.h"

namespace sentio {
namespace {

/// Names an execution the same way in every run: order and cumulative shares after it (in 1e-9 shares).
std::uint64_t execution_number(std::string_view client_order_id, double shares_after) {
  std::uint64_t hash = 14695981039346656037ULL;
  const auto mix = [&hash](unsigned char byte) { hash = (hash ^ byte) * 1099511628211ULL; };
  for (const char c : client_order_id) mix(static_cast<unsigned char>(c));
  auto units = static_cast<std::uint64_t>(std::llround(shares_after * 1e9));
  for (int i = 0; i < 8; ++i, units >>= 8) mix(static_cast<unsigned char>(units & 0xFF));
  return hash;
}

bool whole(double shares) {
  return shares == std::floor(shares);
}

TimePoint message_time(const AlpacaOrder& order, TimePoint now) {
  if (order.filled_at) return *order.filled_at;
  return order.updated_at.value_or(now);
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
  o.ended = ended || booked_shares >= order.qty.v - kShareTolerance;
  orders_.push_back(std::move(o));
}

TrackedOrder* OrderTracker::own(const AlpacaOrder& order) {
  const auto it = by_client_id_.find(order.client_order_id);
  if (it == by_client_id_.end()) {
    if (foreign_seen_.insert(order.id).second) {
      const bool fractional = order.notional || (order.qty && !whole(order.qty->value));
      notices_.push_back({BrokerNotice::Kind::foreign_order, order.client_order_id, order.symbol,
                          std::string(fractional ? "fractional " : "") + "order " + order.id +
                              " is not ours (" + order.status_text + ")"});
    }
    return nullptr;
  }
  TrackedOrder& o = orders_[it->second];
  // Somebody else's order under our id, or a mangled message: never booked.
  const bool other_symbol = !order.symbol.empty() && order.symbol != o.symbol;
  const bool other_side = order.side && *order.side != o.order.side;
  if (other_symbol || other_side) {
    note(BrokerNotice::Kind::odd_message, o, "symbol or side is not that of our order: ignored");
    return nullptr;
  }
  if (o.broker_id.empty()) {
    o.broker_id = order.id;
    by_broker_id_.emplace(order.id, it->second);
  } else if (o.broker_id != order.id) {
    note(BrokerNotice::Kind::odd_message, o, "a second broker id for one client_order_id: " + order.id);
    return nullptr;
  }
  return &o;
}

void OrderTracker::apply(const AlpacaOrder& order, TimePoint now) {
  TrackedOrder* o = own(order);
  if (o == nullptr) return;
  book_total(*o, order, message_time(order, now));
  move(*o, order);
}

void OrderTracker::apply(const TradeUpdate& update, TimePoint now) {
  TrackedOrder* o = own(update.order);
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
      book_execution(*o, update, at);
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
  book_total(*o, update.order, at);
  move(*o, update.order);
}

void OrderTracker::book_execution(TrackedOrder& o, const TradeUpdate& update, TimePoint at) {
  if (!update.execution_id.empty() && !o.executions.insert(update.execution_id).second) return;
  if (!update.qty || !update.price || !(update.qty->value > 0) || !(update.price->value > 0)) return;
  const double shares = update.qty->value, price = update.price->value;
  const double total = update.order.filled_qty.value;
  const double before = total - shares;
  if (before < o.booked_shares - kShareTolerance) return;  // known already, or partly: the total decides
  const double gap = before - o.booked_shares;
  if (gap > kShareTolerance) {
    if (!update.order.filled_avg_price) return;
    const double usd = total * update.order.filled_avg_price->value - shares * price - o.booked_usd;
    // A price that makes no sense: leave the whole difference to book_total.
    if (!(usd > 0)) return;
    book(o, {gap, usd / gap, at});
  }
  book(o, {shares, price, at});
}

void OrderTracker::book_total(TrackedOrder& o, const AlpacaOrder& order, TimePoint at) {
  const double more = order.filled_qty.value - o.booked_shares;
  if (more <= kShareTolerance) return;
  double price = order.filled_avg_price ? order.filled_avg_price->value : o.order.reference.v;
  if (order.filled_avg_price) {
    const double usd = order.filled_qty.value * price - o.booked_usd;
    if (usd > 0) price = usd / more;
  } else {
    note(BrokerNotice::Kind::odd_message, o, "shares without a price: booked at the reference price");
  }
  book(o, {more, price, at});
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
  if (std::abs(total - activity.qty.value - o.booked_shares) > kShareTolerance) return;
  book(o, {activity.qty.value, activity.price.value, activity.transaction_time});
}

void OrderTracker::book(TrackedOrder& o, const Execution& execution) {
  const double left = o.ended ? 0 : o.order.qty.v - o.booked_shares;
  // Rounding must not leave a crumb of a share open: the last execution takes exactly what is left.
  const double shares = execution.shares >= left - kShareTolerance ? left : execution.shares;
  if (execution.shares > left + kShareTolerance) {
    note(BrokerNotice::Kind::unbooked_shares, o,
         "the broker reports " + std::to_string(execution.shares - left) +
             " shares beyond what can be booked");
  }
  // Also what cannot be booked is remembered, or every later message would report it again.
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

void OrderTracker::move(TrackedOrder& o, const AlpacaOrder& order) {
  const Transition step = o.status ? transition(*o.status, order.status) : Transition::next;
  const bool older = o.updated_at && order.updated_at && *order.updated_at < *o.updated_at;
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
      emit(o, OrderRejected{o.order.key, "rejected by the venue"});
      return;
    case OrderStatus::filled:
      note(BrokerNotice::Kind::odd_message, o, "filled with fewer shares than ordered");
      break;
    case OrderStatus::replaced:
      note(BrokerNotice::Kind::odd_message, o, "replaced by somebody else");
      break;
    default:
      break;
  }
  emit(o, OrderCanceled{o.order.key, Reason::broker_canceled});
}

void OrderTracker::refuse(std::string_view client_order_id, std::string_view why) {
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
  emit(o, OrderRejected{o.order.key, std::string(why)});
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
  const TrackedOrder* o = find(order.client_order_id);
  return o != nullptr && order.filled_qty.value > o->booked_shares + kShareTolerance;
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
