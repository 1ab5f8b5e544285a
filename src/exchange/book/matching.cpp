#include "sentio/exchange/matching.h"

#include <algorithm>
#include <cmath>

#include "sentio/core/check.h"

namespace sentio::exchange {

namespace {

TimePoint minute_of(TimePoint t) {
  return std::chrono::floor<std::chrono::minutes>(t);
}

Refusal not_found(const std::string& id) {
  return {404, 40410000, "order not found for " + id, {}};
}

bool open_for_change(OrderStatus s) {
  return s == OrderStatus::created || s == OrderStatus::partially_filled;
}

}  // namespace

Matching::Matching(const MatchingOptions& options, const Universe& universe)
    : options_(options),
      universe_(&universe),
      book_(options.cash, universe.size()),
      assets_(universe.size()) {
  single_.reserve(universe.size());
  for (const SymbolInfo& info : universe) single_.emplace_back(std::vector<SymbolInfo>{info});
}

// ---- what clients do ------------------------------------------------------------------------

tl::expected<ExchangeOrder, Refusal> Matching::submit(const OrderRequest& request, TimePoint now,
                                                      Handling handling) {
  const auto known = symbol(request.symbol);
  if (!known) {
    return tl::unexpected(Refusal{422, 42210000, "asset \"" + request.symbol + "\" not found", {}});
  }
  if (auto refused = check(request, *known, now)) return tl::unexpected(std::move(*refused));
  Entry& entry = add(request, *known, now);
  entry.resting = handling.rests;
  if (!in_session(now) || (handling.rests && handling.accepted)) {
    entry.order.status = OrderStatus::accepted;
    tell(entry, "accepted", now, now);
    return entry.order;
  }
  tell(entry, "pending_new", now, now);
  const ExchangeOrder reply = entry.order;
  if (rejects_ > 0) {
    --rejects_;
    end_order(entry, OrderStatus::rejected, now);
  } else {
    start_working(entry, now);
  }
  return reply;
}

Matching::Entry& Matching::add(const OrderRequest& request, SymbolId symbol, TimePoint now) {
  auto entry = std::make_unique<Entry>();
  ExchangeOrder& order = entry->order;
  const std::uint64_t number = next_id_++;
  order.id = make_uuid("order", number);
  order.request = request;
  order.request.symbol = (*universe_)[symbol].name;
  if (order.request.client_order_id.empty()) order.request.client_order_id = make_uuid("client", number);
  order.request.position_intent = inferred_intent(request.side, book_[symbol].qty);
  order.symbol = symbol;
  order.created_at = order.updated_at = now;
  entry->from = minute_of(now);
  entry->reference = request.limit_price.value_or(book_[symbol].mark);
  if (request.type == OrderType::trailing_stop) order.high_water_mark = book_[symbol].mark;
  entry->triggered = request.type == OrderType::market || request.type == OrderType::limit;
  by_id_[order.id] = entry.get();
  by_client_id_[order.request.client_order_id] = entry.get();
  live_.push_back(entry.get());
  entries_.push_back(std::move(entry));
  return *entries_.back();
}

void Matching::start_working(Entry& entry, TimePoint now) {
  entry.order.status = OrderStatus::created;
  tell(entry, "new", now, now);
  meet_matched_minute(entry, now);
}

/// The minute's opens were matched before this order came: what is received in [T, T+60 s) meets the open at
/// T.
void Matching::meet_matched_minute(Entry& entry, TimePoint now) {
  if (matched_start_ != minute_of(now) || entry.from > *matched_start_) return;
  if (const auto& bar = matched_bars_[entry.order.symbol]) match(entry, *bar, now);
}

tl::expected<void, Refusal> Matching::cancel(const std::string& id, TimePoint now) {
  const auto found = by_id_.find(id);
  if (found == by_id_.end()) return tl::unexpected(not_found(id));
  Entry& entry = *found->second;
  if (terminal(entry.order.status)) {
    return tl::unexpected(
        Refusal{422,
                42210000,
                "order is already in \"" + std::string(to_string(entry.order.status)) + "\" state",
                {}});
  }
  if (entry.racing || entry.stuck) return {};
  if (races_ > 0 && open_for_change(entry.order.status)) {
    --races_;
    entry.racing = true;
    entry.order.status = OrderStatus::pending_cancel;
    entry.order.updated_at = now;
    tell(entry, "pending_cancel", now, now);
    return {};
  }
  end_order(entry, OrderStatus::canceled, now);
  return {};
}

tl::expected<ExchangeOrder, Refusal> Matching::replace(const std::string& id, const ReplaceRequest& change,
                                                       TimePoint now) {
  const auto found = by_id_.find(id);
  if (found == by_id_.end()) return tl::unexpected(not_found(id));
  Entry& old = *found->second;
  const auto refuse = [](std::string message) {
    return tl::unexpected(Refusal{422, 42210000, std::move(message), {}});
  };
  if (!open_for_change(old.order.status)) return refuse("unable to replace order, order is not open");
  if (old.order.request.notional) return refuse("unable to replace notional orders");
  OrderRequest request = old.order.request;
  request.client_order_id = change.client_order_id;
  request.position_intent.clear();
  request.qty = change.qty ? change.qty : std::optional<double>(left(old));
  if (change.limit_price) request.limit_price = change.limit_price;
  if (change.stop_price) request.stop_price = change.stop_price;
  if (change.tif) request.tif = *change.tif;
  if (change.trail) (request.trail_price ? request.trail_price : request.trail_percent) = change.trail;
  const OrderStatus before = old.order.status;
  old.order.status = OrderStatus::replaced;  // it must not stand in its own replacement's way
  if (auto refused = check(request, old.order.symbol, now)) {
    old.order.status = before;
    return tl::unexpected(std::move(*refused));
  }
  ExchangeOrder reply;
  put_in_place(old, request, now, &reply);
  return reply;
}

/// `reply`, where wanted, becomes the new order as it was before it started to work.
void Matching::put_in_place(Entry& old, const OrderRequest& request, TimePoint now, ExchangeOrder* reply) {
  Entry& entry = add(request, old.order.symbol, now);
  entry.order.replaces = old.order.id;
  old.order.replaced_by = entry.order.id;
  if (reply != nullptr) *reply = entry.order;
  end_order(old, OrderStatus::replaced, now);
  start_working(entry, now);
}

// ---- time -----------------------------------------------------------------------------------

void Matching::open_session(TimePoint now) {
  for (Entry* entry : std::vector<Entry*>(live_)) {
    if (entry->order.status != OrderStatus::accepted || entry->resting) continue;
    entry->order.updated_at = now;
    start_working(*entry, now);
  }
}

void Matching::match_minute(TimePoint start, std::span<const std::optional<Bar>> bars, TimePoint now,
                            std::span<const PassedPrices> passed) {
  SENTIO_CHECK(bars.size() == universe_->size());
  SENTIO_CHECK(!matched_start_ || start > *matched_start_);
  matched_start_ = start;
  matched_bars_.assign(bars.begin(), bars.end());
  matched_passed_.assign(passed.begin(), passed.end());
  matched_passed_.resize(bars.size());
  for (Entry* entry : std::vector<Entry*>(live_)) {
    const auto& bar = bars[entry->order.symbol];
    if (bar && start >= entry->from) match(*entry, *bar, now);
  }
}

void Matching::finish_minute(std::span<const std::optional<Bar>> bars) {
  for (std::size_t id = 0; id < bars.size(); ++id) {
    if (bars[id]) book_.mark(static_cast<SymbolId>(id), bars[id]->close);
  }
  for (Entry* entry : live_) {
    const auto& bar = bars[entry->order.symbol];
    const OrderRequest& r = entry->order.request;
    if (!bar || entry->triggered || bar->start < entry->from) continue;
    const bool sell = r.side == Side::sell;
    double stop = r.stop_price.value_or(0);
    if (r.type == OrderType::trailing_stop) {
      const double mark = *entry->order.high_water_mark;
      const double gap = r.trail_price.value_or(mark * r.trail_percent.value_or(0) / 100);
      stop = sell ? mark - gap : mark + gap;
      entry->order.high_water_mark = sell ? std::max(mark, bar->high) : std::min(mark, bar->low);
    }
    if (sell ? bar->low <= stop : bar->high >= stop) {
      entry->triggered = true;
      entry->from = bar_end(*bar);
    }
  }
}

void Matching::close_session(TimePoint now) {
  const auto close = options_.hours.close;
  for (Entry* entry : std::vector<Entry*>(live_)) {
    const OrderRequest& r = entry->order.request;
    if (entry->resting || entry->stuck) {
      end_order(*entry, OrderStatus::expired, now);
      continue;
    }
    if (r.tif == TimeInForce::gtc || entry->order.status == OrderStatus::accepted) continue;
    const double mark = book_[entry->order.symbol].mark;
    if (r.tif == TimeInForce::cls && mark > 0) {
      start_model(*entry, quantity_at(*entry, mark));
      sentio::Order order;
      order.side = r.side;
      order.qty = Qty{quantity_at(*entry, mark)};
      order.decided_at = close;
      execute(*entry, entry->model->fill_at_close(order, Bar{close - kBarLength, mark, mark, mark, mark, 0}),
              now);
      continue;
    }
    if (r.type == OrderType::market && mark > 0) {
      // A fresh model knows no trade of the day: it falls back on the reference, which is the last mark.
      start_model(*entry, left(*entry));
      for (const Fill& fill : entry->model->end_session(close).fills) execute(*entry, fill, now);
    }
    if (!terminal(entry->order.status)) end_order(*entry, OrderStatus::expired, now);
  }
}

void Matching::set_previous_close(SymbolId symbol, double price) {
  book_.set_previous_close(symbol, price);
}

void Matching::add_foreign_position(SymbolId symbol, double qty) {
  book_.add_foreign(symbol, qty);
}

}  // namespace sentio::exchange
