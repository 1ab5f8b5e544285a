#pragma once
/// The account at a broker, beside the session's own orders: what it is asked, what it is told, what it says.
///
/// Nothing here belongs to one broker. Whoever adds one turns its answers into these (docs/adding-a-broker.md).
/// Units    prices in USD per share, quantities in shares, times UTC.

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sentio/core/text/decimal.h"
#include "sentio/core/error.h"
#include "sentio/core/order.h"
#include "sentio/core/time.h"

namespace sentio {

/// An order as the broker knows it, ours or not.
struct BrokerOrder {
  std::string id;               ///< the broker's name for it
  std::string client_order_id;  ///< ours, also of what replaced an order of ours; else somebody else's or the broker's
  std::string symbol;
  std::string status;           ///< the broker's own word, for people
  bool ended = false;           ///< no further fills
  bool cancel_pending = false;  ///< it has been asked to cancel it already
  std::optional<Side> side;
  std::optional<Decimal> qty;  ///< none for orders in dollars
  std::optional<Decimal> notional, limit_price, filled_avg_price;
  Decimal filled_qty;  ///< cumulative
  std::optional<TimePoint> submitted_at, filled_at;
  std::string replaces, replaced_by;  ///< broker ids; empty: none
};

struct BrokerAccount {
  std::string id;        ///< the broker's; never shown
  std::string status;    ///< its own word
  std::string currency;
  Decimal cash, equity, buying_power;
  double pending_fees = 0;              ///< charged already, not yet booked: USD, at least 0
  std::optional<double> leverage;       ///< what buying power is of equity at most: 1 where nothing is lent
  std::vector<std::string> hindrances;  ///< why it may not trade, with the next step, a line each
  [[nodiscard]] bool may_trade() const { return hindrances.empty(); }
};

struct BrokerPosition {
  std::string symbol;
  double shares = 0;  ///< negative when short
  Decimal qty;        ///< as the broker writes it
  Decimal qty_available;  ///< what no open order holds
  Decimal avg_entry_price;
};

struct BrokerAsset {
  std::string symbol;
  std::string status;  ///< the broker's own word
  bool active = false, tradable = false;
  std::vector<std::string> attributes;  ///< the broker's own words for what is special about it
};

struct MarketClock {
  TimePoint timestamp{}, next_open{}, next_close{};
  bool is_open = false;
};

/// One trading day of the broker's calendar, New York wall time.
struct CalendarDay {
  Date date{};
  std::chrono::minutes open{}, close{};
};

/// What moved shares or cash in the account.
struct AccountActivity {
  std::string id;
  std::string what;  ///< "execution", "dividend", "interest", "fee", "transfer", or the broker's own word
  double cash = 0;   ///< USD, negative when it left the account; of an execution without its fees
  // Executions only:
  std::string order_id, symbol;
  std::optional<Side> side;
  double shares = 0, price = 0;
  std::optional<TimePoint> at;
};

/// Something a person or the driver should hear about, outside the session's events.
struct BrokerNotice {
  enum class Kind : std::uint8_t {
    foreign_order,      // an order that is not ours, seen once per broker id
    odd_message,        // a contradiction that changed nothing
    unbooked_shares,    // the broker executed what the session can no longer book: reconcile positions
    execution_changed,  // an execution was taken back or corrected: reconcile positions
    order_replaced,     // somebody replaced an order of ours at the broker; it goes on in its successor
    stream_down,        // the order events' connection ended, or a try failed: it is tried again
    stream_crowded,     // the broker has no place for it yet: it is tried again
    stream_lost,        // it has never worked and does not look as if it would
    stream_up,
    unauthorized,  // keys or host: entries wait until the account can be read
    request_failed,
  };
  Kind kind = Kind::odd_message;
  std::string client_order_id, symbol;
  std::string text;
  bool at_work = false;  ///< foreign_order: it may move shares, or has
};

/// Questions and deeds. Each blocks for a few tries and may be called from any thread.
/// Errors   Errc::unauthorized (keys), ::network and ::timed_out (ask again later), ::not_found, ::rejected (the broker
///          said no), ::malformed (an answer that cannot be read).
class BrokerAccountInterface {
 public:
  virtual ~BrokerAccountInterface() = default;

  [[nodiscard]] virtual Result<BrokerAccount> account() = 0;
  /// `urgent`: one try, before everything that can wait, because something waits for it that must not be late.
  [[nodiscard]] virtual Result<std::vector<BrokerPosition>> positions(bool urgent) = 0;
  [[nodiscard]] virtual Result<std::vector<BrokerOrder>> open_orders(bool urgent) = 0;
  [[nodiscard]] Result<std::vector<BrokerPosition>> positions() { return positions(false); }
  [[nodiscard]] Result<std::vector<BrokerOrder>> open_orders() { return open_orders(false); }
  /// Whatever their status, by submission; open ones among them.
  [[nodiscard]] virtual Result<std::vector<BrokerOrder>> orders_since(TimePoint after) = 0;
  [[nodiscard]] virtual Result<BrokerOrder> order_by_client_id(const std::string& client_order_id) = 0;
  /// Executions and movements of cash, oldest first.
  [[nodiscard]] virtual Result<std::vector<AccountActivity>> activities_since(TimePoint after) = 0;
  [[nodiscard]] virtual Result<MarketClock> clock() = 0;
  /// nullopt: the broker's calendar knows no session on that date.
  [[nodiscard]] virtual Result<std::optional<CalendarDay>> calendar(Date date) = 0;
  [[nodiscard]] virtual Result<BrokerAsset> asset(const std::string& symbol) = 0;

  /// For orders that are not the session's (adopt, flatten). Ok: accepted, or it was already done.
  [[nodiscard]] virtual Result<> cancel_by_broker_id(const std::string& id) = 0;
  /// Sells (or buys back) a position at the market, all of it or `shares` of it; ok also when there is none. Returns
  /// the broker's id of the order it has made of that, where it told one.
  [[nodiscard]] virtual Result<std::string> close_position(const std::string& symbol, std::optional<double> shares) = 0;

  /// What happened since the last call, in order. Never blocks.
  [[nodiscard]] virtual std::vector<BrokerNotice> notices() = 0;
};

}  // namespace sentio
