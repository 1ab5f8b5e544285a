#include "sentio/broker/alpaca_wire.h"

#include <algorithm>
#include <cmath>

#include "sentio/core/text/json_fields.h"
#include "sentio/core/text/text.h"

namespace sentio {
namespace {

using fields::Json;
using fields::malformed;

std::optional<Side> side_of(const std::string& text) {
  if (text == "buy" || text == "buy_minus") return Side::buy;
  if (text == "sell" || text == "sell_short" || text == "sell_plus") return Side::sell;
  return std::nullopt;
}

Result<AlpacaPosition> position(const Json& j) {
  AlpacaPosition p;
  p.symbol = fields::text(j, "symbol");
  if (p.symbol.empty()) return malformed("position", "symbol");
  const auto qty = fields::decimal(j, "qty");
  if (!qty) return malformed("position", "qty");
  p.qty = *qty;
  // The sign of a short position's quantity is not documented; `side` is.
  const std::string side = fields::text(j, "side");
  p.shares = side == "short" ? -std::abs(qty->value) : qty->value;
  p.qty_available = fields::decimal(j, "qty_available").value_or(p.qty);
  const auto entry = fields::decimal(j, "avg_entry_price");
  if (!entry) return malformed("position", "avg_entry_price");
  p.avg_entry_price = *entry;
  p.asset_class = fields::text(j, "asset_class");
  p.current_price = fields::decimal(j, "current_price");
  p.market_value = fields::decimal(j, "market_value");
  return p;
}

Result<AlpacaOrder> order(const Json& j) {
  AlpacaOrder o;
  o.id = fields::text(j, "id");
  if (o.id.empty()) return malformed("order", "id");
  o.status_text = fields::text(j, "status");
  if (o.status_text.empty()) return malformed("order", "status");
  o.status = parse_order_status(o.status_text);
  const auto filled = fields::decimal(j, "filled_qty");
  if (!filled || filled->value < 0) return malformed("order", "filled_qty");
  o.filled_qty = *filled;
  o.client_order_id = fields::text(j, "client_order_id");
  o.symbol = fields::text(j, "symbol");
  o.asset_class = fields::text(j, "asset_class");
  o.type = fields::text(j, "type");
  o.time_in_force = fields::text(j, "time_in_force");
  o.side = side_of(fields::text(j, "side"));
  o.qty = fields::decimal(j, "qty");
  o.notional = fields::decimal(j, "notional");
  o.limit_price = fields::decimal(j, "limit_price");
  o.filled_avg_price = fields::decimal(j, "filled_avg_price");
  o.created_at = fields::time(j, "created_at");
  o.updated_at = fields::time(j, "updated_at");
  o.submitted_at = fields::time(j, "submitted_at");
  o.filled_at = fields::time(j, "filled_at");
  o.replaces = fields::text(j, "replaces");
  o.replaced_by = fields::text(j, "replaced_by");
  return o;
}

Result<Activity> activity(const Json& j) {
  const std::string id = fields::text(j, "id");
  if (id.empty()) return malformed("activity", "id");
  const std::string type = fields::text(j, "activity_type");
  if (type != "FILL") {
    return OtherActivity{id, type, fields::text(j, "activity_sub_type"), fields::text(j, "date"),
                         fields::decimal(j, "net_amount")};
  }
  FillActivity f;
  f.id = id;
  f.order_id = fields::text(j, "order_id");
  f.symbol = fields::text(j, "symbol");
  f.type = fields::text(j, "type");
  f.side = side_of(fields::text(j, "side"));
  const auto qty = fields::decimal(j, "qty");
  const auto price = fields::decimal(j, "price");
  const auto at = fields::time(j, "transaction_time");
  if (!qty || !(qty->value > 0)) return malformed("activity", "qty");
  if (!price || !(price->value > 0)) return malformed("activity", "price");
  if (!at) return malformed("activity", "transaction_time");
  f.qty = *qty;
  f.price = *price;
  f.transaction_time = *at;
  f.cum_qty = fields::decimal(j, "cum_qty");
  f.leaves_qty = fields::decimal(j, "leaves_qty");
  return f;
}

/// "09:30" or "0930".
std::optional<std::chrono::minutes> wall_minutes(const std::string& text) {
  std::string digits = text;
  if (digits.size() == 5 && digits[2] == ':') digits.erase(2, 1);
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  if (digits.size() != 4 || !std::all_of(digits.begin(), digits.end(), is_digit)) return std::nullopt;
  const int hours = (digits[0] - '0') * 10 + (digits[1] - '0');
  const int minutes = (digits[2] - '0') * 10 + (digits[3] - '0');
  if (hours > 23 || minutes > 59) return std::nullopt;
  return std::chrono::minutes{hours * 60 + minutes};
}

Result<CalendarDay> calendar_day(const Json& j) {
  const auto date = parse_date(fields::text(j, "date"));
  if (!date) return malformed("calendar", "date");
  const auto open = wall_minutes(fields::text(j, "open"));
  if (!open) return malformed("calendar", "open");
  const auto close = wall_minutes(fields::text(j, "close"));
  if (!close || *close <= *open) return malformed("calendar", "close");
  return CalendarDay{*date, *open, *close};
}

/// Every element, or the first failure.
template <class T, class Parse>
Result<std::vector<T>> list(std::string_view text, const char* what, Parse parse) {
  const Json j = fields::parse(text);
  if (!j.is_array()) return malformed(what, "a JSON array");
  std::vector<T> rows;
  rows.reserve(j.size());
  for (const Json& element : j) {
    auto row = parse(element);
    if (!row) return tl::unexpected(std::move(row).error());
    rows.push_back(std::move(*row));
  }
  return rows;
}

Result<StreamMessage> trade_update(const Json& data) {
  TradeUpdate u;
  u.event_text = fields::text(data, "event");
  if (u.event_text.empty()) return malformed("trade_updates", "event");
  u.event = parse_trade_event(u.event_text);
  const Json* nested = fields::member(data, "order");
  if (nested == nullptr) return malformed("trade_updates", "order");
  auto parsed = order(*nested);
  if (!parsed) return tl::unexpected(std::move(parsed).error());
  u.order = std::move(*parsed);
  u.execution_id = fields::text(data, "execution_id");
  u.previous_execution_id = fields::text(data, "previous_execution_id");
  u.timestamp = fields::time(data, "timestamp");
  u.price = fields::decimal(data, "price");
  u.qty = fields::decimal(data, "qty");
  u.position_qty = fields::decimal(data, "position_qty");
  return StreamMessage{std::move(u)};
}

/// It goes into logs and alerts.
std::string tamed(std::string_view text) {
  return tame(text, 300);
}

}  // namespace

Result<AlpacaAccount> parse_account(std::string_view text) {
  const Json j = fields::parse(text);
  AlpacaAccount a;
  a.id = fields::text(j, "id");
  if (a.id.empty()) return malformed("account", "id");
  a.status = fields::text(j, "status");
  if (a.status.empty()) return malformed("account", "status");
  const auto cash = fields::decimal(j, "cash");
  if (!cash) return malformed("account", "cash");
  const auto equity = fields::decimal(j, "equity");
  if (!equity) return malformed("account", "equity");
  a.cash = *cash;
  a.equity = *equity;
  a.buying_power = fields::decimal(j, "buying_power").value_or(Decimal{});
  a.last_equity = fields::decimal(j, "last_equity").value_or(Decimal{});
  a.accrued_fees = fields::decimal(j, "accrued_fees").value_or(Decimal{});
  a.pending_reg_taf_fees = fields::decimal(j, "pending_reg_taf_fees").value_or(Decimal{});
  a.account_number = fields::text(j, "account_number");
  a.currency = fields::text(j, "currency");
  a.multiplier = fields::text(j, "multiplier");
  a.trading_blocked = fields::boolean(j, "trading_blocked");
  a.account_blocked = fields::boolean(j, "account_blocked");
  a.trade_suspended_by_user = fields::boolean(j, "trade_suspended_by_user");
  if (fields::member(j, "pattern_day_trader") != nullptr)
    a.pattern_day_trader = fields::boolean(j, "pattern_day_trader");
  if (const auto n = fields::decimal(j, "daytrade_count"); n && std::abs(n->value) < 1e6) {
    a.daytrade_count = static_cast<int>(n->value);
  }
  return a;
}

Result<std::vector<AlpacaPosition>> parse_positions(std::string_view text) {
  return list<AlpacaPosition>(text, "positions", position);
}

Result<AlpacaOrder> parse_order(std::string_view text) {
  return order(fields::parse(text));
}

Result<std::vector<AlpacaOrder>> parse_orders(std::string_view text) {
  return list<AlpacaOrder>(text, "orders", order);
}

Result<std::vector<Activity>> parse_activities(std::string_view text) {
  return list<Activity>(text, "activities", activity);
}

Result<MarketClock> parse_market_clock(std::string_view text) {
  const Json j = fields::parse(text);
  const auto now = fields::time(j, "timestamp");
  const auto open = fields::time(j, "next_open");
  const auto close = fields::time(j, "next_close");
  const Json* is_open = fields::member(j, "is_open");
  if (!now) return malformed("clock", "timestamp");
  if (!open) return malformed("clock", "next_open");
  if (!close) return malformed("clock", "next_close");
  if (is_open == nullptr || !is_open->is_boolean()) return malformed("clock", "is_open");
  return MarketClock{*now, *open, *close, is_open->get<bool>()};
}

Result<std::vector<CalendarDay>> parse_calendar(std::string_view text) {
  return list<CalendarDay>(text, "calendar", calendar_day);
}

Result<AlpacaAsset> parse_asset(std::string_view text) {
  const Json j = fields::parse(text);
  AlpacaAsset a;
  a.symbol = fields::text(j, "symbol");
  if (a.symbol.empty()) return malformed("asset", "symbol");
  a.status = fields::text(j, "status");
  if (a.status.empty()) return malformed("asset", "status");
  a.id = fields::text(j, "id");
  a.exchange = fields::text(j, "exchange");
  a.asset_class = fields::text(j, "class");
  a.tradable = fields::boolean(j, "tradable");
  a.fractionable = fields::boolean(j, "fractionable");
  a.shortable = fields::boolean(j, "shortable");
  a.marginable = fields::boolean(j, "marginable");
  a.attributes = fields::texts(j, "attributes");
  return a;
}

Result<StreamMessage> parse_stream_message(std::string_view frame) {
  const Json j = fields::parse(frame);
  if (!j.is_object()) return malformed("stream", "a JSON object");
  const Json* data = fields::member(j, "data");
  if (fields::text(j, "action") == "error") {
    return StreamMessage{StreamError{data != nullptr ? tamed(fields::text(*data, "error_message")) : ""}};
  }
  const std::string stream = fields::text(j, "stream");
  if (stream.empty()) return malformed("stream", "stream");
  if (data == nullptr) return malformed("stream", "data");
  if (stream == "trade_updates") return trade_update(*data);
  if (stream == "authorization") {
    return StreamMessage{
        StreamAuthorization{fields::text(*data, "status") == "authorized", fields::text(*data, "action")}};
  }
  if (stream == "listening") {
    StreamListening listening;
    listening.streams = fields::texts(*data, "streams");
    return StreamMessage{std::move(listening)};
  }
  return StreamMessage{StreamOther{tamed(stream)}};
}

ApiError parse_api_error(int http_status, std::string_view body) {
  ApiError e;
  e.http_status = http_status;
  const Json j = fields::parse(body);
  if (!j.is_object()) {
    const bool html = body.find('<') != std::string_view::npos;
    e.message = html ? "(an HTML page)" : tamed(body);
    return e;
  }
  if (const auto code = fields::decimal(j, "code"); code && std::abs(code->value) < 1e9) {
    e.code = static_cast<int>(code->value);
  }
  e.message = tamed(fields::text(j, "message"));
  e.existing_order_id = tamed(fields::text(j, "existing_order_id"));
  e.available = fields::decimal(j, "available");
  e.existing_qty = fields::decimal(j, "existing_qty");
  e.buying_power = fields::decimal(j, "buying_power");
  return e;
}

}  // namespace sentio
