#pragma once
/// What Alpaca's trading API says, as plain structs.
///
/// Units    prices in USD per share, quantities in shares, times UTC.
/// Source   Alpaca Trading API 2.0.1 (OpenAPI), its WebSocket documentation, recorded replies.

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "sentio/core/text/decimal.h"
#include "sentio/core/order.h"
#include "sentio/core/time.h"
#include "sentio/ports/broker_account.h"

namespace sentio {

/// Every status an order was documented or seen with; `unknown` is one we have not met yet.
enum class OrderStatus : std::uint8_t {
  pending_new,
  accepted,
  held,
  pending_review,
  new_,
  partially_filled,
  done_for_day,
  pending_cancel,
  pending_replace,
  accepted_for_bidding,
  stopped,
  suspended,
  calculated,
  filled,
  canceled,
  expired,
  replaced,
  rejected,
  unknown,
};
inline constexpr std::size_t kOrderStatuses = 19;
[[nodiscard]] std::string_view to_string(OrderStatus status);
[[nodiscard]] OrderStatus parse_order_status(std::string_view text);
/// No further fills: filled, canceled, expired, replaced, rejected.
[[nodiscard]] bool is_terminal(OrderStatus status);

struct AlpacaOrder {
  std::string id;               ///< the broker's uuid
  std::string client_order_id;  ///< ours, or a uuid of the broker's where the client gave none
  std::string symbol, asset_class, type, time_in_force;
  OrderStatus status = OrderStatus::unknown;
  std::string status_text;
  std::optional<Side> side;
  std::optional<Decimal> qty;  ///< none for orders in dollars
  std::optional<Decimal> notional, limit_price, filled_avg_price;
  Decimal filled_qty;  ///< cumulative
  std::optional<TimePoint> created_at, updated_at, submitted_at, filled_at;
  std::string replaces, replaced_by;
};

struct AlpacaAccount {
  std::string id, account_number, status, currency;
  Decimal cash, equity, buying_power, last_equity;
  Decimal accrued_fees, pending_reg_taf_fees;
  std::string multiplier;
  bool trading_blocked = false, account_blocked = false, trade_suspended_by_user = false;
  /// Fields that existed until July 2026.
  std::optional<bool> pattern_day_trader;
  std::optional<int> daytrade_count;
};

struct AlpacaPosition {
  std::string symbol, asset_class;
  double shares = 0;  ///< negative when short, whatever sign the broker wrote
  Decimal qty, qty_available, avg_entry_price;
  std::optional<Decimal> current_price, market_value;
};

struct AlpacaAsset {
  std::string id, symbol, exchange, asset_class, status;
  bool tradable = false, fractionable = false, shortable = false, marginable = false;
  std::vector<std::string> attributes;  ///< "ptp_no_exception", "ipo", ...
};

/// In the port's words.
[[nodiscard]] BrokerAccount as_account(const AlpacaAccount& account);
[[nodiscard]] BrokerPosition as_position(const AlpacaPosition& position);
[[nodiscard]] BrokerOrder as_order(const AlpacaOrder& order);
[[nodiscard]] BrokerAsset as_asset(const AlpacaAsset& asset);

/// A row of /v2/account/activities/FILL.
struct FillActivity {
  std::string id, order_id, symbol, type;
  std::optional<Side> side;  ///< sell_short counts as a sell
  Decimal qty, price;
  std::optional<Decimal> cum_qty, leaves_qty;  ///< either may be absent
  TimePoint transaction_time{};
};

/// A row that is not a trade: fees, dividends, transfers.
struct OtherActivity {
  std::string id, activity_type, activity_sub_type, date;
  std::optional<Decimal> net_amount;
};
using Activity = std::variant<FillActivity, OtherActivity>;
[[nodiscard]] AccountActivity as_activity(const Activity& activity);

enum class TradeEvent : std::uint8_t {
  accepted,
  pending_new,
  new_,
  partial_fill,
  fill,
  canceled,
  expired,
  done_for_day,
  replaced,
  rejected,
  pending_cancel,
  pending_replace,
  order_cancel_rejected,
  order_replace_rejected,
  stopped,
  suspended,
  calculated,
  held,
  restated,
  trade_bust,
  trade_correct,
  accepted_for_bidding,
  unknown,
};
[[nodiscard]] TradeEvent parse_trade_event(std::string_view text);

/// One message of the trade_updates stream. `price` and `qty` are those of this execution, the order's
/// filled_qty and filled_avg_price are cumulative.
struct TradeUpdate {
  TradeEvent event = TradeEvent::unknown;
  std::string event_text, execution_id, previous_execution_id;
  std::optional<TimePoint> timestamp;
  std::optional<Decimal> price, qty, position_qty;
  AlpacaOrder order;
};

struct StreamAuthorization {
  bool authorized = false;
  std::string action;
};
struct StreamListening {
  std::vector<std::string> streams;
};
struct StreamError {
  std::string message;
};
struct StreamOther {
  std::string stream;
};  ///< nothing we asked for
using StreamMessage =
    std::variant<StreamAuthorization, StreamListening, StreamError, TradeUpdate, StreamOther>;

/// A refusal. Codes are reused for unrelated things and may be absent: see refusal().
struct ApiError {
  int http_status = 0;
  int code = 0;         ///< 0: the body had none
  std::string message;  ///< at most 300 characters of printable text
  std::string existing_order_id;
  std::optional<Decimal> available, existing_qty, buying_power;
};

enum class Refusal : std::uint8_t {
  unauthorized,    // 401, and 403 "forbidden." without a code: keys or host
  duplicate_id,    // "client_order_id must be unique": the order is there
  not_found,       // 404
  not_cancelable,  // 422 to a cancel: the order is already done
  buying_power,    // 403
  held_shares,     // 403: shares are held by another order
  wash_trade,      // 403 or 422: an opposite order rests
  rate_limited,    // 429: not accepted
  server_error,    // 5xx and 408: it may have acted
  other,           // this request will not do
};
[[nodiscard]] Refusal refusal(const ApiError& error);
/// Whom the refusal of an order concerns: 422 says that of its symbol, 403 of the account, held shares and a resting
/// opposite order apart.
[[nodiscard]] RefusalScope scope_of(const ApiError& error);
/// "403 40310000 insufficient buying power"
[[nodiscard]] std::string describe(const ApiError& error);

}  // namespace sentio
