#pragma once
/// What a person should know about a file of bars before trusting a run on it.

#include <optional>
#include <string>
#include <vector>

#include "sentio/core/split_ratio.h"
#include "sentio/data/csv_bars.h"

namespace sentio {

/// One session that has at least one bar.
struct SessionCoverage {
  Date date{};
  int minutes = 0;  ///< of the session: 390, or 210 on half days
  int bars = 0;
  int longest_gap = 0;         ///< minutes without a bar in a row, also at the edges
  int longest_gap_minute = 0;  ///< index of its first minute; meaningless without a gap
  [[nodiscard]] int missing() const { return minutes - bars; }
};

/// A move from one bar to the next that asks for an explanation.
struct PriceJump {
  TimePoint at{};    ///< start of the later bar
  double ratio = 1;  ///< later price / earlier price: close/close within a session, open/close over night
  bool overnight = false;
  std::optional<double> split;  ///< new shares per old one, where the ratio looks like a split: 2, 0.1, …
};

struct BarVerificationOptions {
  double jump = 0.10;  ///< |ratio - 1| from which a move within a session is reported
  double overnight_jump = 0.30;
  double split_tolerance = kOvernightSplitTolerance;  ///< relative distance of an overnight ratio to a split's
};

struct BarVerification {
  std::string symbol;
  bool synthetic = false;
  std::vector<SessionCoverage> sessions;  ///< with bars, in order
  std::vector<Date> absent_sessions;      ///< open days between the first and the last bar without any
  std::int64_t missing_minutes = 0;       ///< in `sessions`
  int longest_gap = 0;
  std::int64_t closing_prints = 0;
  std::int64_t outside_session = 0;  ///< closing prints among them
  std::int64_t zero_volume_bars = 0;
  std::vector<PriceJump> jumps;
  [[nodiscard]] std::int64_t suspected_splits() const;
};

/// Pure; `bars` as read_bars returns them (ascending, inside sessions: checked).
[[nodiscard]] BarVerification verify_bars(const SymbolBars& bars, const BarVerificationOptions& options = {});

}  // namespace sentio
