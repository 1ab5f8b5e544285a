#include "wire/json_wire.h"

#include <array>
#include <cmath>
#include <cstdio>

namespace sentio::exchange {

namespace {

constexpr int kShareDigits = 9, kPriceDigits = 4, kCentDigits = 2, kFractionDigits = 6;
constexpr std::chrono::days kGtcLife{90};

Json optional_time(const std::optional<TimePoint>& t) {
  return t ? Json(format_utc(*t)) : Json(nullptr);
}

Json optional_decimal(const std::optional<double>& value, int places) {
  return value ? Json(decimal(*value, places)) : Json(nullptr);
}

Json text_or_null(const std::string& text) {
  return text.empty() ? Json(nullptr) : Json(text);
}

std::string cents(double value) {
  return decimal(value, kCentDigits);
}

TimePoint expires_at(const ExchangeOrder& order, const SessionHours& hours) {
  if (order.request.tif == TimeInForce::gtc) return order.created_at + kGtcLife;
  if (order.created_at < hours.close) return hours.close;
  const Date from = new_york_date(order.created_at + std::chrono::days{1});
  const auto next = NyseCalendar::sessions(from, Date{std::chrono::sys_days{from} + std::chrono::days{10}});
  return next.empty() ? hours.close : next.front().close;
}

}  // namespace

Json order_json(const ExchangeOrder& order, const Matching& matching) {
  const OrderRequest& r = order.request;
  Json j;
  j["id"] = order.id;
  j["client_order_id"] = r.client_order_id;
  j["created_at"] = format_utc(order.created_at);
  j["updated_at"] = format_utc(order.updated_at);
  j["submitted_at"] = format_utc(order.created_at);
  j["filled_at"] = optional_time(order.filled_at);
  j["expired_at"] = optional_time(order.expired_at);
  j["expires_at"] = format_utc(expires_at(order, matching.options().hours));
  j["canceled_at"] = optional_time(order.canceled_at);
  j["failed_at"] = optional_time(order.failed_at);
  j["replaced_at"] = optional_time(order.replaced_at);
  j["replaced_by"] = text_or_null(order.replaced_by);
  j["replaces"] = text_or_null(order.replaces);
  j["asset_id"] = matching.asset_id(order);
  j["symbol"] = r.symbol;
  j["asset_class"] = "us_equity";
  j["notional"] = optional_decimal(r.notional, kShareDigits);
  j["qty"] = optional_decimal(r.qty, kShareDigits);
  j["filled_qty"] = decimal(order.filled_qty, kShareDigits);
  j["filled_avg_price"] = order.filled_qty > 0
                              ? Json(decimal(order.filled_value / order.filled_qty, kFractionDigits))
                              : Json(nullptr);
  j["order_class"] = "";
  j["order_type"] = to_string(r.type);
  j["type"] = to_string(r.type);
  j["side"] = to_string(r.side);
  j["position_intent"] = r.position_intent;
  j["time_in_force"] = to_string(r.tif);
  j["limit_price"] = optional_decimal(r.limit_price, kPriceDigits);
  j["stop_price"] = optional_decimal(r.stop_price, kPriceDigits);
  j["status"] = to_string(order.status);
  j["extended_hours"] = r.extended_hours;
  j["legs"] = nullptr;
  j["trail_percent"] = optional_decimal(r.trail_percent, kPriceDigits);
  j["trail_price"] = optional_decimal(r.trail_price, kPriceDigits);
  j["hwm"] = optional_decimal(order.high_water_mark, kPriceDigits);
  j["subtag"] = nullptr;
  j["source"] = nullptr;
  return j;
}

Json account_json(const Matching& m) {
  const PositionBook& book = m.book();
  const double gross = book.long_value() - book.short_value();
  Json j;
  j["id"] = make_uuid("account", 1);
  j["account_number"] = "PA0000000001";
  j["status"] = "ACTIVE";
  j["crypto_status"] = "ACTIVE";
  j["currency"] = "USD";
  j["cash"] = cents(book.cash());
  j["equity"] = cents(book.equity());
  j["last_equity"] = cents(book.last_equity());
  j["portfolio_value"] = cents(book.equity());
  j["buying_power"] = cents(m.buying_power());
  j["effective_buying_power"] = cents(m.buying_power());
  j["regt_buying_power"] = cents(std::max(0.0, 2 * (book.equity() - gross / 2)));
  j["non_marginable_buying_power"] = cents(std::max(0.0, book.cash()));
  j["options_buying_power"] = cents(std::max(0.0, book.cash()));
  j["multiplier"] = decimal(m.options().multiplier, 0);
  j["initial_margin"] = cents(gross * .5);
  j["maintenance_margin"] = cents(gross * .3);
  j["last_maintenance_margin"] = "0";
  j["sma"] = cents(book.last_equity());
  j["long_market_value"] = cents(book.long_value());
  j["short_market_value"] = cents(book.short_value());
  j["position_market_value"] = cents(gross);
  for (const char* key : {"accrued_fees", "pending_reg_taf_fees", "pending_transfer_in",
                          "pending_transfer_out", "intraday_adjustments"}) {
    j[key] = "0";
  }
  j["accrued_fees"] = cents(m.charges().accrued_fees());
  j["pending_reg_taf_fees"] = cents(m.charges().pending_reg_taf());
  j["trading_blocked"] = m.blocked();
  j["account_blocked"] = m.blocked();
  j["transfers_blocked"] = false;
  j["trade_suspended_by_user"] = false;
  j["shorting_enabled"] = true;
  j["created_at"] = "2020-01-02T14:30:00Z";
  const auto before = NyseCalendar::sessions_before(m.options().hours.date, 1);
  j["balance_asof"] = format_date(before.empty() ? m.options().hours.date : before.front().date);
  j["options_approved_level"] = 0;
  j["options_trading_level"] = 0;
  return j;
}

namespace {

Json position_row(const std::string& name, const std::string& asset_id, const BookPosition& p, double held) {
  const double profit = p.market_value() - p.cost_basis();
  const double cost = std::abs(p.cost_basis());
  const double fraction = cost > 0 ? profit / cost : 0;
  Json j;
  j["asset_id"] = asset_id;
  j["symbol"] = name;
  j["exchange"] = "ARCA";
  j["asset_class"] = "us_equity";
  j["asset_marginable"] = true;
  j["qty"] = decimal(p.qty, kShareDigits);
  j["qty_available"] = decimal(std::abs(p.qty) - held, kShareDigits);
  j["side"] = p.qty < 0 ? "short" : "long";
  j["avg_entry_price"] = decimal(p.avg_entry, kFractionDigits);
  j["market_value"] = decimal(p.market_value(), kPriceDigits);
  j["cost_basis"] = decimal(p.cost_basis(), kPriceDigits);
  j["unrealized_pl"] = decimal(profit, kPriceDigits);
  j["unrealized_plpc"] = decimal(fraction, kFractionDigits);
  j["unrealized_intraday_pl"] = decimal(profit, kPriceDigits);
  j["unrealized_intraday_plpc"] = decimal(fraction, kFractionDigits);
  j["current_price"] = p.mark > 0 ? Json(decimal(p.mark, kPriceDigits)) : Json(nullptr);
  const bool known = p.previous_close > 0;
  j["lastday_price"] = known ? Json(decimal(p.previous_close, kPriceDigits)) : Json(nullptr);
  j["change_today"] = known ? Json(decimal(p.mark / p.previous_close - 1, kFractionDigits)) : Json(nullptr);
  return j;
}

}  // namespace

Json position_json(SymbolId symbol, const Matching& m) {
  return position_row(m.universe()[symbol].name, m.asset_id(symbol), m.book()[symbol],
                      m.held_for_orders(symbol));
}

Json position_json(const std::string& name, const BookPosition& position) {
  return position_row(name, make_uuid(name, 0), position, 0);
}

Json asset_json(SymbolId symbol, const Matching& m) {
  const SymbolInfo& info = m.universe()[symbol];
  Json j;
  j["id"] = m.asset_id(symbol);
  j["class"] = "us_equity";
  j["exchange"] = "ARCA";
  j["symbol"] = info.name;
  j["name"] = info.name + " (recorded)";
  const AssetTerms& terms = m.asset(symbol);
  j["status"] = terms.active ? "active" : "inactive";
  for (const char* key : {"tradable", "marginable", "shortable", "easy_to_borrow", "fractionable"})
    j[key] = true;
  j["tradable"] = terms.active && terms.tradable;
  j["borrow_status"] = "easy_to_borrow";
  j["maintenance_margin_requirement"] = 30;
  j["margin_requirement_long"] = "30";
  j["margin_requirement_short"] = "30";
  j["cusip"] = nullptr;
  j["attributes"] = terms.attributes;
  return j;
}

std::string activity_id(const Activity& activity) {
  using namespace std::chrono;
  const TimePoint at = activity.execution != nullptr ? activity.execution->at : activity.move->at;
  const Date date = new_york_date(at);
  const auto time = duration_cast<milliseconds>(new_york_time_of_day(at)).count();
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%04d%02u%02u%02d%02d%02d%03d", static_cast<int>(date.year()),
                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                static_cast<int>(time / 3'600'000), static_cast<int>(time / 60'000 % 60),
                static_cast<int>(time / 1'000 % 60), static_cast<int>(time % 1'000));
  return std::string(text.data()) +
         "::" + (activity.execution != nullptr ? activity.execution->id : activity.move->id);
}

namespace {

/// A row that is no trade.
Json movement_row(const Activity& activity) {
  const CashMove& move = *activity.move;
  Json j;
  j["activity_type"] = move.type;
  if (!move.sub_type.empty()) j["activity_sub_type"] = move.sub_type;
  j["id"] = activity_id(activity);
  j["date"] = format_date(move.date);
  j["created_at"] = format_utc(move.at);
  j["net_amount"] = cents(move.usd);
  if (!move.symbol.empty()) j["symbol"] = move.symbol;
  j["description"] = "";
  j["status"] = "executed";
  j["currency"] = "USD";
  return j;
}

}  // namespace

Json activity_json(const Activity& activity, const Matching& m) {
  if (activity.execution == nullptr) return movement_row(activity);
  const Execution& e = *activity.execution;
  const bool done = e.leaves_qty == 0;
  Json j;
  j["activity_type"] = "FILL";
  j["id"] = activity_id(activity);
  j["order_id"] = e.order_id;
  j["symbol"] = m.find(e.order_id)->request.symbol;
  j["side"] = to_string(e.side);
  j["qty"] = decimal(e.qty, kShareDigits);
  j["price"] = decimal(e.price, kPriceDigits);
  j["cum_qty"] = decimal(e.cum_qty, kShareDigits);
  j["leaves_qty"] = decimal(e.leaves_qty, kShareDigits);
  j["type"] = done ? "fill" : "partial_fill";
  j["order_status"] = done ? "filled" : "partially_filled";
  j["transaction_time"] = format_utc(e.at);
  return j;
}

Json refusal_json(const Refusal& refusal) {
  Json j;
  j["code"] = refusal.code;
  j["message"] = refusal.message;
  for (const auto& [key, value] : refusal.extra) j[key] = value;
  if (!refusal.related_orders.empty()) j["related_orders"] = refusal.related_orders;
  return j;
}

std::string trade_update_frame(const TradeUpdate& update, const Matching& matching) {
  static constexpr char kCrockford[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
  std::string ulid(26, '0');
  std::uint64_t number = update.number;
  for (auto digit = ulid.rbegin(); number > 0; ++digit, number /= 32) *digit = kCrockford[number % 32];
  Json data;
  data["at"] = format_utc(update.at);
  data["event_id"] = ulid;
  data["event"] = update.event;
  data["timestamp"] = format_utc(update.timestamp);
  if (update.execution) {
    data["execution_id"] = update.execution->id;
    data["price"] = decimal(update.execution->price, kPriceDigits);
    data["qty"] = decimal(update.execution->qty, kShareDigits);
    data["position_qty"] = decimal(update.execution->position_qty, kShareDigits);
  }
  data["order"] = order_json(update.order, matching);
  return Json{{"stream", "trade_updates"}, {"data", std::move(data)}}.dump();
}

}  // namespace sentio::exchange
