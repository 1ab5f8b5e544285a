#pragma once
/// What a live run says of itself before it trades.

#include <string>
#include <vector>

#include "sentio/live/live_run.h"
#include "sentio/live/live_status.h"
#include "sentio/session/trading_session.h"

namespace sentio {

/// As the session before left them: once, because nothing of it changes within the day.
[[nodiscard]] std::vector<StatusLearner> learners_of(const TradingSession& session);

/// What a reader of the session log must know first; as in mock's.
[[nodiscard]] std::vector<std::string> heading_of(const LiveRunOptions& options, const std::string& mode,
                                                  int warmup_sessions, bool synthetic);

}  // namespace sentio
