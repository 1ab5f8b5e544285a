#pragma once
/// Out of the account without session, journal or files: for a day that cannot be recorded any more.

#include <string>

#include "sentio/broker/alpaca_broker.h"
#include "sentio/runtime/live_run.h"

namespace sentio {

/// Cancels every open order whose client id is one of ours in the universe and, unless positions are to be
/// kept, has the broker close what it holds of the universe; waits some seconds for the last sale.
/// Returns  one line that says what was done and what is still held; it never fails, it says so.
/// Threads  any; blocks for up to 20 s of real time or so.
[[nodiscard]] std::string leave_account(AlpacaBroker& broker, const Universe& universe, OnExit on_exit);

}  // namespace sentio
