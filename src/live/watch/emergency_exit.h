#pragma once
/// Out of the account without journal or files: for a day that cannot be recorded any more.

#include <string>

#include "sentio/live/live_run.h"
#include "sentio/ports/live_broker.h"

namespace sentio {

/// BrokerFlatten of what is ours: by the session's ledger, and by the broker's word on the orders that were at work.
/// Foreign shares stay. Waits some seconds for the last sale. With OnExit::hold only purchases are cancelled.
/// Returns  one line that says what was done and what is still held; it never fails, it says so.
/// Threads  any; blocks for up to 20 s of real time or so.
[[nodiscard]] std::string leave_account(LiveBrokerInterface& broker, const TradingSession& session, OnExit on_exit);

}  // namespace sentio
