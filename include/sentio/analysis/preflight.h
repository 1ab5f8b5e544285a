#pragma once
/// The handbook's checklist before real money, run by the program: what the paper days showed, what the
/// account holds, what is configured. Each line holds or it does not.
///
/// Units    USD; fractions (0.005 is half a percent).
/// Errors   none: what does not exist or is not a number is not met.
/// Threads  pure functions.

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "sentio/analysis/targets.h"
#include "sentio/core/time.h"

namespace sentio {

inline constexpr int kPaperSessionsMin = 10;
inline constexpr int kPaperWindowSessions = 30;  ///< older paper days say nothing about today
inline constexpr int kPaperAgeMaxSessions = 5;   ///< of the newest; the session before has age 1
inline constexpr double kFirstHourConfidenceMin = 0.50;
inline constexpr double kStrengthMeanMin = 0.30, kStrengthMeanMax = 0.70;
inline constexpr double kRealEquityMin = 10'000;  ///< USD

/// One paper session that was run to its close (read_paper_days() finds them).
struct PaperDay {
  Date date{};
  double equity_start = 0, equity_end = 0;  ///< USD, the session's own ledger
  double drawdown_max = 0;                  ///< largest fall from the day's running equity peak, fraction
  int trades = 0;                           ///< orders with at least one fill
  int round_trips = 0, wins = 0;            ///< closed ones; wins after costs
  /// The best set of the first 60 minutes: mean over the symbols with a signal; empty = no signal by then.
  std::optional<double> confidence_first_hour;
  double strength_sum = 0;  ///< of strengths > 0
  std::int64_t strength_count = 0;
  std::set<std::string> symbols_with_bars;  ///< with at least one real bar
};

/// Defaults refuse: a fact nobody filled in is not met.
struct PreflightFacts {
  Date date{};                           ///< the session that is to be traded with real money
  std::string paper_folder;              ///< where the paper days were looked for, for the reader
  std::vector<PaperDay> days;            ///< in any order
  std::vector<std::string> instruments;  ///< those to be traded
  double equity = 0;                     ///< of the real account, USD
  bool keys_real = false;                ///< both keys of the real account are there
  double stop_loss_pct = 0;              ///< fraction of the average entry price
  bool alerts_configured = false;
};

struct PreflightLine {
  std::string name;
  bool ok = false;
  std::string text;  ///< what was found and what is asked for
};

struct Preflight {
  std::vector<PreflightLine> lines;
  [[nodiscard]] bool ok() const;  ///< every line holds, and there are lines
};

/// MRD, win rate, trades a day (and Sharpe, where asked for) as the reports define them and `targets` wants
/// them; the drawdown is the worst day's. Paper days outside the last kPaperWindowSessions sessions before
/// `facts.date`, or not on a session, do not count.
[[nodiscard]] Preflight preflight(const PreflightFacts& facts, const Targets& targets);

/// One line each with ✅ or ❌; last "PRE-FLIGHT: READY" or "PRE-FLIGHT: REFUSED (2 of 12 failed)". Ends with
/// a newline.
[[nodiscard]] std::string preflight_text(const Preflight& preflight);

}  // namespace sentio
