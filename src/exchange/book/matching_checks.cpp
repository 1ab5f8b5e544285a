// What the exchange refuses at the door, with the real service's status, code and words.
#include <algorithm>
#include <cmath>

#include "sentio/exchange/matching.h"

namespace sentio::exchange {

namespace {

constexpr std::size_t kClientIdMax = 128;
constexpr double kShortMarkup = 1.03;  // opening shorts are valued 3 % above the market

Refusal bad_parameter(std::string message) {
  return {422, 40010001, std::move(message), {}};
}
Refusal bad_business(std::string message) {
  return {422, 42210000, std::move(message), {}};
}
Refusal forbidden(std::string message) {
  return {403, 40310000, std::move(message), {}};
}

bool positive(const std::optional<double>& value) {
  return !value || (std::isfinite(*value) && *value > 0);
}

bool whole(double value) {
  return value == std::floor(value);
}

/// Two decimals from one dollar up, four below.
bool on_increment(const std::optional<double>& price) {
  if (!price) return true;
  const double ticks = *price * (*price >= 1 ? 1e2 : 1e4);
  return std::abs(ticks - std::round(ticks)) < 1e-6;
}

std::optional<Refusal> check_quantity(const OrderRequest& r) {
  if (r.qty && r.notional) return bad_parameter("only one of qty or notional is accepted");
  if (!r.qty && !r.notional) return bad_parameter("qty or notional is required");
  if (r.qty && !positive(r.qty)) return bad_parameter("qty must be > 0");
  if (r.notional && !(*r.notional >= 1)) return bad_parameter("notional must be >= 1.00");
  const bool fractional = r.notional || !whole(*r.qty);
  if (fractional && r.tif != TimeInForce::day) return bad_business("fractional orders must be DAY orders");
  return std::nullopt;
}

std::optional<Refusal> check_prices(const OrderRequest& r) {
  const bool limit = r.type == OrderType::limit || r.type == OrderType::stop_limit;
  const bool stop = r.type == OrderType::stop || r.type == OrderType::stop_limit;
  if (limit && !r.limit_price) return bad_parameter("limit orders require a limit price");
  if (!limit && r.limit_price) return bad_parameter("only limit orders can have a limit price");
  if (stop && !r.stop_price) return bad_parameter("stop orders require a stop price");
  if (!stop && r.stop_price) return bad_parameter("only stop orders can have a stop price");
  const bool trailing = r.type == OrderType::trailing_stop;
  if (trailing && r.trail_price.has_value() == r.trail_percent.has_value()) {
    return bad_parameter("trailing stop orders must specify one of trail_price or trail_percent");
  }
  if (!positive(r.limit_price) || !positive(r.stop_price) || !positive(r.trail_price) ||
      !positive(r.trail_percent)) {
    return bad_parameter("prices must be > 0");
  }
  if (!on_increment(r.limit_price) || !on_increment(r.stop_price)) {
    const double price = !on_increment(r.limit_price) ? *r.limit_price : *r.stop_price;
    return bad_business("invalid price " + decimal(price, 9) +
                        ". sub-penny increment does not fulfill minimum pricing criteria");
  }
  return std::nullopt;
}

std::optional<Refusal> check_time_in_force(const OrderRequest& r, TimePoint now) {
  const bool immediate = r.tif != TimeInForce::day && r.tif != TimeInForce::gtc;
  if (immediate && r.type != OrderType::market && r.type != OrderType::limit) {
    return bad_business("invalid time_in_force for order type");
  }
  if (r.extended_hours && (r.type != OrderType::limit || immediate)) {
    return bad_business("extended hours order must be DAY or GTC limit orders");
  }
  const auto wall = new_york_time_of_day(now);
  if (r.tif == TimeInForce::opg && wall >= std::chrono::hours{9} + std::chrono::minutes{28} && wall < std::chrono::hours{19}) {
    return forbidden("opg orders must be submitted after 7:00pm and before 9:28am");
  }
  if (r.tif == TimeInForce::cls && wall >= std::chrono::hours{15} + std::chrono::minutes{50} && wall < std::chrono::hours{19}) {
    return forbidden("cls orders must be submitted after 7:00pm and before 3:50pm");
  }
  return std::nullopt;
}

}  // namespace

std::optional<Refusal> Matching::check(const OrderRequest& r, SymbolId symbol, TimePoint now) const {
  if (blocked_) return forbidden("account is not authorized to trade");
  const AssetTerms& terms = assets_[symbol];
  const std::string quoted = "asset \"" + (*universe_)[symbol].name + "\"";
  if (!terms.known) return bad_business(quoted + " not found");
  if (!terms.active) return bad_business(quoted + " is not active");
  if (!terms.tradable) return bad_business(quoted + " is not tradable");
  if (!r.order_class.empty() && r.order_class != "simple") {
    return bad_parameter("order_class " + r.order_class + " is not offered by this exchange");
  }
  if (r.client_order_id.size() > kClientIdMax) {
    return bad_parameter("client_order_id must be no more than 128 characters");
  }
  if (!r.client_order_id.empty() && by_client_id_.contains(r.client_order_id)) {
    return bad_parameter("client_order_id must be unique");
  }
  if (auto refused = check_quantity(r)) return refused;
  if (auto refused = check_prices(r)) return refused;
  if (auto refused = check_time_in_force(r, now)) return refused;
  const std::string inferred(inferred_intent(r.side, book_[symbol].qty));
  if (!r.position_intent.empty() && r.position_intent != inferred) {
    return bad_business("position intent mismatch, inferred: " + inferred +
                        ", specified: " + r.position_intent);
  }
  if (auto refused = check_wash_trade(r, symbol)) return refused;
  return check_funds(r, symbol);
}

std::optional<Refusal> Matching::check_wash_trade(const OrderRequest& r, SymbolId symbol) const {
  if (r.type == OrderType::trailing_stop) return std::nullopt;
  const auto unpriced = [](OrderType t) { return t == OrderType::market || t == OrderType::stop; };
  for (const Entry* entry : live_) {
    const OrderRequest& other = entry->order.request;
    if (terminal(entry->order.status) || entry->order.symbol != symbol || other.side == r.side ||
        other.type == OrderType::trailing_stop) {
      continue;
    }
    std::string reason;
    if (unpriced(r.type) || unpriced(other.type)) {
      reason = "opposite side market/stop order exists";
    } else {
      const double buy = *(r.side == Side::buy ? r : other).limit_price;
      const double sell = *(r.side == Side::buy ? other : r).limit_price;
      if (buy >= sell) reason = "opposite side limit order exists";
    }
    if (reason.empty()) continue;
    Refusal refused = forbidden("potential wash trade detected. use complex orders");
    refused.extra = {{"existing_order_id", entry->order.id}, {"reject_reason", reason}};
    return refused;
  }
  return std::nullopt;
}

std::optional<Refusal> Matching::check_funds(const OrderRequest& r, SymbolId symbol) const {
  const BookPosition& position = book_[symbol];
  const double reference = r.limit_price.value_or(position.mark);
  const double wanted = r.qty.value_or(reference > 0 ? r.notional.value_or(0) / reference : 0);
  const bool closing = r.side == Side::sell ? position.qty > 0 : position.qty < 0;
  if (closing) {
    const double held = held_for_orders(symbol), existing = std::abs(position.qty);
    const double available = std::max(0.0, existing - held);
    if (wanted <= available + kShareTolerance) return std::nullopt;
    Refusal refused = forbidden("insufficient qty available for order (requested: " + decimal(wanted, 9) +
                                ", available: " + decimal(available, 9) + ")");
    refused.extra = {{"available", decimal(available, 9)},
                     {"existing_qty", decimal(existing, 9)},
                     {"held_for_orders", decimal(held, 9)},
                     {"symbol", (*universe_)[symbol].name}};
    refused.related_orders = orders_that_hold(symbol);
    return refused;
  }
  const bool shorting = r.side == Side::sell;
  if (shorting && (r.notional || !whole(wanted)))
    return bad_business("fractional orders cannot be sold short");
  const double cost =
      r.notional.value_or(wanted * std::max(reference, shorting ? position.mark * kShortMarkup : 0));
  if (cost <= buying_power() + 1e-6) return std::nullopt;
  Refusal refused = forbidden("insufficient buying power");
  refused.extra = {{"buying_power", decimal(buying_power(), 2)}, {"cost_basis", decimal(cost, 2)}};
  return refused;
}

}  // namespace sentio::exchange
