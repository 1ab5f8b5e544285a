#pragma once
/// Orders, executions and refusals as an Alpaca-like exchange knows them; plain values.
///
/// Source  docs of the Alpaca Trading API: order object, status list, error bodies.

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sentio/core/bar.h"
#include "sentio/core/order.h"
#include "sentio/core/time.h"

namespace sentio::exchange {

enum class OrderType : std::uint8_t { market, limit, stop, stop_limit, trailing_stop };
enum class TimeInForce : std::uint8_t { day, gtc, opg, cls, ioc, fok };
/// The statuses this exchange gives; the real one has a few more.
enum class OrderStatus : std::uint8_t {
  accepted,
  pending_new,
  created,
  partially_filled,
  filled,
  pending_cancel,
  canceled,
  expired,
  replaced,
  rejected
};
[[nodiscard]] std::string_view to_string(OrderType type);
[[nodiscard]] std::string_view to_string(TimeInForce tif);
[[nodiscard]] std::string_view to_string(OrderStatus status);  ///< `created` is "new" on the wire
[[nodiscard]] std::optional<OrderType> parse_order_type(std::string_view text);
[[nodiscard]] std::optional<TimeInForce> parse_time_in_force(std::string_view text);
[[nodiscard]] constexpr bool terminal(OrderStatus s) {
  return s == OrderStatus::filled || s == OrderStatus::canceled || s == OrderStatus::expired ||
         s == OrderStatus::replaced || s == OrderStatus::rejected;
}

/// What a client asks for. Quantities in shares, prices in USD.
struct OrderRequest {
  std::string symbol;
  std::optional<double> qty, notional;
  Side side = Side::buy;
  OrderType type = OrderType::market;
  TimeInForce tif = TimeInForce::day;
  std::optional<double> limit_price, stop_price, trail_price, trail_percent;
  bool extended_hours = false;
  std::string client_order_id;  ///< empty: the exchange makes one
  std::string order_class;      ///< "" and "simple" only
  std::string position_intent;  ///< empty: inferred
};

struct ReplaceRequest {
  std::optional<double> qty, limit_price, stop_price, trail;
  std::optional<TimeInForce> tif;
  std::string client_order_id;
};

/// The symbol of orders and executions in instruments that this exchange does not trade.
inline constexpr SymbolId kElsewhere = std::numeric_limits<SymbolId>::max();

/// An order as it stands now. All times on the simulated clock.
struct ExchangeOrder {
  std::string id;  ///< uuid
  OrderRequest request;
  SymbolId symbol = 0;
  OrderStatus status = OrderStatus::pending_new;
  double filled_qty = 0;
  double filled_value = 0;  ///< USD; the average price is filled_value / filled_qty
  std::optional<double> high_water_mark;
  TimePoint created_at{}, updated_at{};
  std::optional<TimePoint> filled_at, expired_at, canceled_at, failed_at, replaced_at;
  std::string replaced_by, replaces;
};

/// One execution: a row of /v2/account/activities/FILL and the extra fields of a fill event.
struct Execution {
  std::string id;  ///< uuid
  std::string order_id;
  SymbolId symbol = 0;
  Side side = Side::buy;
  double qty = 0, price = 0;
  double cum_qty = 0, leaves_qty = 0, position_qty = 0;
  TimePoint at{};  ///< start of the bar whose open it met
};

/// Money that came or went without a trade: a row of /v2/account/activities.
struct CashMove {
  std::string id;              ///< uuid
  std::string type, sub_type;  ///< "DIV", "CDIV"; sub_type may be empty
  std::string symbol;          ///< empty: none
  double usd = 0;
  Date date{};  ///< the day it counts for
  TimePoint at{};
};

/// One trade_updates event: the order after the change.
struct TradeUpdate {
  std::string event;
  std::uint64_t number = 0;  ///< 1, 2, 3 …
  TimePoint timestamp{};     ///< when it happened (executions: the bar's start)
  TimePoint at{};            ///< when it is told
  ExchangeOrder order;
  std::optional<Execution> execution;
};

/// An HTTP refusal of the trading API. `extra` is added to the body as strings, `related_orders` as a list
/// where there are any.
struct Refusal {
  int http_status = 422;
  int code = 42210000;
  std::string message;
  std::vector<std::pair<std::string, std::string>> extra;
  std::vector<std::string> related_orders = {};
};

/// What an order does to a position of `held` shares.
[[nodiscard]] constexpr std::string_view inferred_intent(Side side, double held) {
  if (side == Side::buy) return held < 0 ? "buy_to_close" : "buy_to_open";
  return held > 0 ? "sell_to_close" : "sell_to_open";
}
/// A version-4 shaped uuid that depends on nothing but kind and number.
[[nodiscard]] std::string make_uuid(std::string_view kind, std::uint64_t number);
/// Decimal text with at most `places` digits after the point, trailing zeros dropped.
[[nodiscard]] std::string decimal(double value, int places);

}  // namespace sentio::exchange
