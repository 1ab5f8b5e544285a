// From a bar's open to executions, statuses and events.
#include <algorithm>
#include <cmath>

#include "sentio/core/check.h"
#include "sentio/exchange/matching.h"

namespace sentio::exchange {

namespace {
constexpr double kShareSteps = 1e9;
}  // namespace

double Matching::left(const Entry& entry) const {
  const ExchangeOrder& order = entry.order;
  if (order.request.qty) return *order.request.qty - order.filled_qty;
  return entry.reference > 0 ? (*order.request.notional - order.filled_value) / entry.reference : 0;
}

double Matching::quantity_at(const Entry& entry, double price) const {
  if (entry.order.request.qty) return left(entry);
  const double spread = half_spread_per_share((*universe_)[entry.order.symbol], Price{price}).v;
  const double paid = entry.order.request.side == Side::buy ? price + spread : price - spread;
  return std::floor(*entry.order.request.notional / paid * kShareSteps) / kShareSteps;
}

bool Matching::marketable(const Entry& entry, const Bar& bar) const {
  const OrderRequest& r = entry.order.request;
  if (!entry.triggered) return false;
  if (!r.limit_price) return true;
  const double spread = half_spread_per_share((*universe_)[entry.order.symbol], Price{bar.open}).v;
  return r.side == Side::buy ? bar.open + spread <= *r.limit_price : bar.open - spread >= *r.limit_price;
}

void Matching::start_model(Entry& entry, double qty) {
  sentio::Order order;
  order.side = entry.order.request.side;
  order.qty = Qty{qty};
  order.reference = Price{book_[entry.order.symbol].mark};
  order.decided_at = entry.order.created_at;
  FillConfig config = options_.fill;
  // All or nothing, and dollar amounts, are one execution whatever the bar's volume.
  if (entry.order.request.notional || entry.order.request.tif == TimeInForce::fok) config.participation = 0;
  entry.model = std::make_unique<FillModel>(config, single_[entry.order.symbol]);
  entry.model->begin_session();
  entry.model->submit(order, entry.from);
}

void Matching::match(Entry& entry, const Bar& bar, TimePoint now) {
  const OrderRequest& r = entry.order.request;
  const OrderStatus status = entry.order.status;
  if (terminal(status) || status == OrderStatus::accepted || entry.resting || r.tif == TimeInForce::cls) {
    return;
  }
  if (marketable(entry, bar)) {
    if (!entry.model) {
      double qty = quantity_at(entry, bar.open);
      if (partials_ > 0 && r.qty && qty >= 2) {
        --partials_;
        entry.later = qty - std::floor(qty / 2);
        qty = std::floor(qty / 2);
      }
      start_model(entry, qty);
    }
    const std::optional<Bar> one = bar;
    const std::span passed(&matched_passed_[entry.order.symbol], 1);
    for (const Fill& fill : entry.model->on_minute(bar.start, std::span(&one, 1), passed)) execute(entry, fill, now);
    if (!entry.model->working(OrderKey{})) {
      entry.model.reset();
      if (entry.later > 0) {
        entry.from = bar.start + kBarLength;
        start_model(entry, entry.later);
        entry.later = 0;
      }
    }
  }
  const bool once = r.tif == TimeInForce::ioc || r.tif == TimeInForce::fok || r.tif == TimeInForce::opg;
  if (!terminal(entry.order.status) && (once || entry.racing)) end_order(entry, OrderStatus::canceled, now);
}

void Matching::execute(Entry& entry, const Fill& fill, TimePoint now) {
  ExchangeOrder& order = entry.order;
  const OrderRequest& r = order.request;
  double price = fill.price.v;
  if (r.limit_price)
    price = r.side == Side::buy ? std::min(price, *r.limit_price) : std::max(price, *r.limit_price);
  book_.trade(order.symbol, r.side == Side::buy ? fill.qty.v : -fill.qty.v, price);
  order.filled_qty += fill.qty.v;
  order.filled_value += fill.qty.v * price;
  order.updated_at = now;
  Execution execution;
  execution.id = make_uuid("execution", executions_.size() + 1);
  execution.order_id = order.id;
  execution.symbol = order.symbol;
  execution.side = r.side;
  execution.qty = fill.qty.v;
  execution.price = price;
  execution.cum_qty = order.filled_qty;
  execution.leaves_qty = r.qty ? *r.qty - order.filled_qty : 0;
  execution.position_qty = book_[order.symbol].qty;
  execution.at = fill.at;
  const bool done = execution.leaves_qty < kShareDust;
  if (done) {
    execution.leaves_qty = 0;
    order.status = OrderStatus::filled;
    order.filled_at = fill.at;
    std::erase(live_, &entry);
  } else if (order.status != OrderStatus::pending_cancel) {
    order.status = OrderStatus::partially_filled;
  }
  executions_.push_back(execution);
  charge(execution);
  tell(entry, done ? "fill" : "partial_fill", fill.at, now, &executions_.back());
}

void Matching::end_order(Entry& entry, OrderStatus status, TimePoint now) {
  SENTIO_CHECK(terminal(status) && status != OrderStatus::filled);
  ExchangeOrder& order = entry.order;
  order.status = status;
  order.updated_at = now;
  switch (status) {
    case OrderStatus::canceled:
      order.canceled_at = now;
      break;
    case OrderStatus::expired:
      order.expired_at = now;
      break;
    case OrderStatus::rejected:
      order.failed_at = now;
      break;
    default:
      order.replaced_at = now;
      break;
  }
  entry.model.reset();
  std::erase(live_, &entry);
  tell(entry, to_string(status), now, now);
}

void Matching::tell(const Entry& entry, std::string_view event, TimePoint timestamp, TimePoint now,
                    const Execution* execution) {
  TradeUpdate& update = updates_.emplace_back();
  update.event = event;
  update.number = next_update_++;
  update.timestamp = timestamp;
  update.at = now;
  update.order = entry.order;
  if (execution != nullptr) update.execution = *execution;
}

std::vector<TradeUpdate> Matching::take_updates() {
  return std::exchange(updates_, {});
}

// ---- what clients see -----------------------------------------------------------------------

const ExchangeOrder* Matching::find(const std::string& id) const {
  const auto found = by_id_.find(id);
  return found == by_id_.end() ? nullptr : &found->second->order;
}

const ExchangeOrder* Matching::find_client(const std::string& client_order_id) const {
  const auto found = by_client_id_.find(client_order_id);
  return found == by_client_id_.end() ? nullptr : &found->second->order;
}

std::vector<const ExchangeOrder*> Matching::orders() const {
  std::vector<const ExchangeOrder*> all;
  all.reserve(entries_.size());
  for (const auto& entry : entries_) all.push_back(&entry->order);
  return all;
}

double Matching::held_for_orders(SymbolId symbol) const {
  const Side exit = book_[symbol].qty < 0 ? Side::buy : Side::sell;
  double held = 0;
  for (const Entry* entry : live_) {
    if (!terminal(entry->order.status) && entry->order.symbol == symbol &&
        entry->order.request.side == exit) {
      held += left(*entry);
    }
  }
  return std::min(held, std::abs(book_[symbol].qty));
}

std::vector<std::string> Matching::orders_that_hold(SymbolId symbol) const {
  const Side exit = book_[symbol].qty < 0 ? Side::buy : Side::sell;
  std::vector<std::string> ids;
  for (const Entry* entry : live_) {
    const ExchangeOrder& order = entry->order;
    if (!terminal(order.status) && order.symbol == symbol && order.request.side == exit)
      ids.push_back(order.id);
  }
  return ids;
}

double Matching::buying_power() const {
  if (buying_power_) return *buying_power_;
  double power = options_.multiplier * book_.equity() - book_.long_value() + book_.short_value();
  if (options_.multiplier <= 1) power = book_.cash();
  for (const Entry* entry : live_) {
    if (terminal(entry->order.status)) continue;
    const double held = book_[entry->order.symbol].qty;
    const bool closing = entry->order.request.side == Side::sell ? held > 0 : held < 0;
    if (!closing) power -= left(*entry) * entry->reference;
  }
  return std::max(0.0, power);
}

std::optional<SymbolId> Matching::symbol(const std::string& name_or_asset_id) const {
  if (const auto id = universe_->find(name_or_asset_id)) return id;
  for (std::size_t id = 0; id < universe_->size(); ++id) {
    if (asset_id(static_cast<SymbolId>(id)) == name_or_asset_id) return static_cast<SymbolId>(id);
  }
  return std::nullopt;
}

std::string Matching::asset_id(SymbolId symbol) const {
  return make_uuid((*universe_)[symbol].name, symbol + 1U);
}

}  // namespace sentio::exchange
