#pragma once
/// Misbehaviour of the exchange as lines of text. The table of all faults is in docs/exchange-sim.md.

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sentio/core/error.h"
#include "sentio/core/order.h"
#include "sentio/core/time.h"
#include "sentio/exchange/charges.h"

namespace sentio::exchange {

enum class FaultKind : std::uint8_t {
  // data sockets
  mute_data,
  drop_data,
  delay_data,
  duplicate_data,
  reorder_data,
  revise_bar,
  halt,
  data_connection_limit,
  // trade_updates
  drop_stream,
  duplicate_stream,
  lose_stream,
  // REST
  http_status,
  slow_rest,
  accept_then_500,
  accept_then_cut,
  // orders and account
  reject,
  partial,
  cancel_race,
  clock_skew,
  calendar_disagree,
  account_blocked,
  foreign_position,
  replace_order,
  rest_market,
  stuck_cancel,
  foreign_order,
  // money
  fees,
  cent_booking,
  cash_move,
  foreign_trade,
  // answers
  forbidden,
  wrong_keys_forbidden,
  hang,
  garbage,
  portal,
  trailers,
  // sockets
  refuse_upgrade,
  linger,
  auth_failed,
  symbol_limit,
  no_channel,
  mute_symbol,
  thin,
  // assets and terms
  asset_state,
  asset_attributes,
  account_multiplier,
  account_buying_power,
  refuse_orders,
};

/// Which calls a fault of REST meets.
enum class FaultTarget : std::uint8_t { rest, orders, data };

struct Fault {
  FaultKind kind = FaultKind::drop_data;
  std::optional<std::chrono::nanoseconds> at;  ///< since midnight in New York; nullopt: from the start
  std::chrono::seconds lasts{0};               ///< "for 5m"; 0 = counted instead
  int count = 1;                               ///< "x3"
  std::chrono::seconds amount{0};              ///< of delay, slowness, skew
  int http_status = 0;
  FaultTarget target = FaultTarget::rest;
  std::string method, path;     ///< the calls it meets; empty: all; a path may end in '*'
  std::string symbol;           ///< empty where a fault may meet all: all
  double qty = 0;               ///< shares; of a foreign order 0 = all that are free
  std::optional<Side> side;     ///< of the orders it meets; nullopt: both
  std::optional<double> price;  ///< USD per share
  std::string other_symbol;     ///< may be unknown to this exchange
  double usd = 0;
  double share = 0, drop = 0;  ///< of a minute's volume; of the minutes
  std::optional<Date> date;
  ChargeRates rates;
  std::string text;             ///< the word that tells variants of a fault apart
  friend bool operator==(const Fault&, const Fault&) = default;
};

/// "drop data": the words that a line of this kind begins with.
[[nodiscard]] std::string fault_words(FaultKind kind);

/// One line, for example "at 10:31 mute data 90s". Without "at" it applies from the start, or at once when
/// injected. Errors (malformed) say what was expected.
[[nodiscard]] Result<Fault> parse_fault(std::string_view line);
/// All lines that parse_fault() knows, one each, as docs/exchange-sim.md has them.
[[nodiscard]] std::string fault_help();
/// A whole script: blank lines and lines starting with '#' are skipped; errors carry "name:line".
[[nodiscard]] Result<std::vector<Fault>> parse_fault_script(std::string_view text, std::string_view name);

}  // namespace sentio::exchange
