#pragma once
/// Orders, fills and the reasons behind them.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "sentio/core/bar.h"
#include "sentio/core/money.h"
#include "sentio/core/time.h"

namespace sentio {

enum class Side : std::uint8_t { buy, sell };
[[nodiscard]] constexpr std::string_view to_string(Side s) { return s == Side::buy ? "buy" : "sell"; }

/// Why something was done, or why an entry was not. Written as snake_case in every file.
enum class Reason : std::uint8_t {
  none,
  // entries
  entered,
  // exits, in order of precedence
  eod, circuit_breaker, stop_loss, profit_target, stale_signal, weak_signal, negative_edge, rotated_out,
  operator_flatten,
  // cancels
  entry_expired,
  exit_resting,
  // what stopped an entry, in the order the rules are asked
  skipped_set, below_entry_strength, cost_gate, no_real_bar, cooling_down, no_free_slot, opposite_side,
  after_cutoff, maintenance, breaker_open, entries_suspended, halted, refusal_pause,
  learner_unhealthy,
  insufficient_cash, risk_order_size, risk_price_band, risk_order_rate,
  // what happened to an order outside
  broker_rejected, broker_canceled,
  // an exit of the broker's own
  closed_by_broker,
};
[[nodiscard]] std::string_view to_string(Reason r);

/// What a broker's refusal of an order concerns.
enum class RefusalScope : std::uint8_t {
  order,    // that order alone, or nobody knows
  symbol,   // any purchase of that instrument
  account,  // any purchase at all
};
[[nodiscard]] constexpr std::string_view to_string(RefusalScope s) {
  return s == RefusalScope::order ? "order" : s == RefusalScope::symbol ? "symbol" : "account";
}

/// Names one order: a pure function of what was decided, so that a retry can never double it.
struct OrderKey {
  Date session{};
  std::int16_t minute = 0;  ///< index of the set in whose step the order was decided
  SymbolId symbol = 0;
  Side side = Side::buy;
  std::uint8_t attempt = 0;
  friend bool operator==(const OrderKey&, const OrderKey&) = default;
};

/// "sen-20250926-0931-TQQQ-B-0": session, wall time of the set's end, symbol, side, attempt.
[[nodiscard]] std::string client_order_id(const OrderKey& key, std::string_view symbol, TimePoint decided_at);

/// An order of whole shares. `reference` is the close it was decided on.
struct Order {
  OrderKey key;
  Side side = Side::buy;
  SymbolId symbol = 0;
  Qty qty{};
  Price reference{};
  std::optional<Price> limit{};  ///< as it is sent; none: a market order
  Reason reason = Reason::none;
  TimePoint decided_at{};  ///< end of the set
  /// The price risk judges: the limit, or what a market order is expected to meet.
  [[nodiscard]] Price price() const { return limit.value_or(reference); }
};

/// Part or all of an order executed.
struct Fill {
  OrderKey order;
  Qty qty{};               ///< of this execution, > 0
  Price price{};           ///< of this execution
  TimePoint at{};
  std::uint64_t execution = 0;  ///< unique per session; the same number is applied once
  bool last_resort = false;     ///< no bar was left: last trade worsened by two half-spreads
  double spread_cost = 0;       ///< USD given up against the unspread price (replay only; 0 when unknown)
};

}  // namespace sentio
