#pragma once
/// What a live market data feed tells its consumer.

#include <chrono>
#include <string>
#include <variant>
#include <vector>

#include "sentio/core/bar.h"
#include "sentio/core/error.h"
#include "sentio/net/reconnect.h"

namespace sentio {

/// A minute bar. `revised`: the vendor corrects one it sent before; `backfill`: read over REST after a gap.
struct FeedBar {
  SymbolId symbol = 0;
  Bar bar{};
  bool revised = false, backfill = false;
  std::chrono::steady_clock::time_point received{};  ///< the frame's arrival, on the machine's monotonic clock
};
struct FeedHalt {
  SymbolId symbol = 0;
  bool halted = false;
  std::string code, reason;  ///< the exchange's letters
};
/// Best bid and offer: logged as spread, never a decision.
struct FeedQuote {
  SymbolId symbol = 0;
  double bid = 0, ask = 0;
  TimePoint at{};
};
/// Subscribed, and what was missed has been delivered before this event.
struct FeedUp {};
/// From here on bars may be missing. Sent once per gap.
struct FeedDown {
  std::string why;
};
/// Why there is no market data yet, or not again: a try that failed, or a server that keeps us waiting. It is tried
/// again.
struct FeedTrouble {
  std::string text;
  ConnectionEnd kind = ConnectionEnd::lost;
};
/// It has never worked and does not look as if it would: credentials, plan, or too many tries. Told once; a consumer
/// that stays gets a try a minute all the same.
struct FeedLost {
  Error error;
};
/// A frame without anything else in it: a sign of life.
struct FeedAlive {};
/// The server gives bars alone: halts and corrections are not told on this connection.
struct FeedWithoutHalts {
  std::string why;
};
/// For the log: refused rows, warnings of the vendor.
struct FeedNote {
  std::string text;
};

using FeedEvent =
    std::variant<FeedBar, FeedHalt, FeedQuote, FeedUp, FeedDown, FeedTrouble, FeedLost, FeedAlive, FeedNote,
                 FeedWithoutHalts>;

}  // namespace sentio
