#pragma once
/// What must hold before live trading begins. Pure: the broker's answers in, a verdict out, no network.
///
/// Errors   Errc::rejected (exit 4): clock, account, instruments. Errc::mismatch (exit 3): calendar.
///          Errc::reconciliation (exit 5): positions and orders. Each check names everything it refuses, one
///          line each, with the next step. Account numbers are never named.
/// Threads  no state; from any.

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "sentio/config/universe.h"
#include "sentio/core/calendar.h"
#include "sentio/ports/broker_account.h"
#include "sentio/session/trading_session.h"

namespace sentio {

/// At the start and all day: beyond it bars would be assigned to the wrong decision.
inline constexpr std::chrono::seconds kClockSkewMax{2};

/// The broker's clock less ours: positive when ours is behind. The answer was made at some instant between
/// question and arrival; 0 when the broker's time lies between them.
[[nodiscard]] std::chrono::nanoseconds clock_skew(const MarketClock& broker, TimePoint asked_at,
                                                  TimePoint answered_at);
/// At most `allowed` either way.
[[nodiscard]] Result<> check_clock(const MarketClock& broker, TimePoint asked_at, TimePoint answered_at,
                                   std::chrono::nanoseconds allowed = kClockSkewMax);

/// Date, open and close are the broker's (nullopt: it knows no session that day).
[[nodiscard]] Result<> check_calendar(const SessionHours& ours, const std::optional<CalendarDay>& broker);

/// Active, not blocked, in USD, with cash and equity above 0.
[[nodiscard]] Result<> check_account(const BrokerAccount& account);

/// What will cost entries, a line each: an account that lends nothing, buying power below its cash.
[[nodiscard]] std::vector<std::string> account_warnings(const BrokerAccount& account);

/// The broker knows every instrument, active, tradable and no longer an offering (attribute "ipo": limit orders only).
[[nodiscard]] Result<> check_assets(const Universe& universe, const std::vector<BrokerAsset>& assets);
/// Instruments whose purchase the broker refuses until the account allows it (attribute "ptp_no_exception"): what the
/// account is set to cannot be asked.
[[nodiscard]] std::vector<std::string> asset_warnings(const Universe& universe, const std::vector<BrokerAsset>& assets);

/// What the broker holds for us as the day starts.
struct Reconciliation {
  struct Held {
    SymbolId symbol = 0;
    Qty qty{};             ///< > 0, whole
    Price avg_entry{};     ///< the broker's
    bool foreign = false;  ///< taken over with --adopt; otherwise our orders explain it
  };
  std::vector<Held> held;                 ///< by SymbolId
  std::vector<BrokerOrder> own_open;      ///< of our client ids: to be resumed or cancelled
  std::vector<BrokerOrder> foreign_open;  ///< in our instruments, with --adopt only: to be cancelled
  std::vector<std::string> notes;         ///< what is left alone, for people
};

/// Sorts positions and orders into ours, foreign and none of our business.
///
/// Ours     an order whose client_order_id is one of ours for that symbol and side, and what replaced one of those (it
///          is returned under our name); a position whose shares
/// equal
///          the net filled shares (buys − sells) of our orders in that symbol.
/// Refused  foreign positions and foreign open orders in our instruments, unless `adopt`. Always: short and
///          fractional positions, and a position without an entry price.
/// `orders` is every order, whatever its status, of a span that begins when nothing was held: an order before
/// it, or a hand-made trade within it, makes a position foreign. An order that occurs twice counts once, at
/// its later state. Positions and orders must be of one moment: a fill between the two queries reads as
/// foreign.
[[nodiscard]] Result<Reconciliation> reconcile(const Universe& universe,
                                               const std::vector<BrokerPosition>& positions,
                                               const std::vector<BrokerOrder>& orders, bool adopt);

/// After a restart: what the broker holds is what the replayed session believes to hold, more or less the
/// unfilled rest of the symbol's working order.
[[nodiscard]] Result<> check_resumed(const Universe& universe, const Reconciliation& found,
                                     const TradingSession& session);

}  // namespace sentio
