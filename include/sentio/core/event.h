#pragma once
/// What can happen to a TradingSession, and what it asks the outside to do.

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "sentio/core/approved.h"
#include "sentio/core/calendar.h"
#include "sentio/core/records.h"

namespace sentio {

// ---- events -------------------------------------------------------------------------------
//
// Anybody may say anything: TradingSession::fits() tells what can be stepped, and says why the rest cannot.

/// A day begins. Warm-up days (`trading` false) feed data and learning only.
struct SessionOpened {
  SessionHours hours;
  bool trading = true;
};

/// One closed session minute: the raw bars that arrived for it, by SymbolId.
/// `observe_only` sets (live back-fill after an outage; a newer minute is over as well) feed data, learning and
/// marks; nothing is decided on them.
struct BarsArrived {
  int minute = 0;
  std::vector<std::optional<Bar>> bars;
  bool observe_only = false;
};

/// Fits only while its order is at work and has that many shares left, and each execution number once.
struct OrderFilled { Fill fill; };
/// Ends of orders; one that is not at work any more (its last fill was faster) changes nothing.
struct OrderCanceled { OrderKey order; Reason reason = Reason::broker_canceled; };  ///< also expired
struct OrderRejected { OrderKey order; std::string detail; RefusalScope scope = RefusalScope::order; };

/// Shares found at the broker when the day began (or was resumed without its journal) are ours now. Fits before
/// the first set, once a symbol.
struct PositionAdopted {
  SymbolId symbol = 0;
  Qty qty{};
  Price avg_entry{};
};

/// The broker sold shares of ours by an order of its own: it was asked to close the position, or liquidated it. An exit
/// at its price and with our fees that nothing of ours decided. Fits while no order of ours in the symbol is at work.
struct PositionClosedByBroker {
  SymbolId symbol = 0;
  Qty qty{};  ///< at most what is held
  Price price{};
  TimePoint at{};
};

/// The EOD timer: everything out that no exit is at work for. The driver posts it when the set that ends at the
/// EOD minute has not come, and again while exits are refused. Before the open: as FlattenRequested.
struct EodTimer {};
/// The session's last minute is over (after its set): labels resolve, calibration updates.
struct SessionClosed {};

struct EntriesSuspended { bool suspended = false; };   ///< feed down, stream down, ledger mismatch
struct MaintenanceMode { bool on = false; };
struct SymbolHalted { SymbolId symbol = 0; bool halted = false; };
struct BreakerLatched {};                              ///< the breaker tripped earlier today, before a restart
/// The operator wants out now: everything is sold, and nothing is bought for the rest of the day. Before the open
/// nothing can be sold: the exits are decided at the first set, EodTimer or FlattenRequested at or after it.
struct FlattenRequested {};

using Event = std::variant<SessionOpened, BarsArrived, OrderFilled, OrderCanceled, OrderRejected, PositionAdopted,
                           PositionClosedByBroker, EodTimer, SessionClosed, EntriesSuspended, MaintenanceMode, SymbolHalted,
                           BreakerLatched, FlattenRequested>;

// ---- actions ------------------------------------------------------------------------------

struct SubmitOrder { Approved<Order> order; };
struct CancelOrder { OrderKey order; };
/// The breaker tripped: latched for the day. The outside persists it and alerts.
struct BreakerTripped { double drawdown = 0; };

using Action = std::variant<SubmitOrder, CancelOrder, BreakerTripped, SignalRecord, DecisionRecord, TradeRecord,
                            PositionsRecord, HealthRecord, PrintRecord>;

}  // namespace sentio
