#pragma once
/// A recorded day through the live path: real sockets, a local exchange, faults on request.

#include "sentio/exchange/exchange_server.h"
#include "sentio/live/live_run.h"

namespace sentio {

struct RehearseOptions {
  RunSetup setup;
  SessionHours hours;
  ExchangeOptions exchange;      ///< universe, session, window, faults, speed, cash; recordings are filled in
  std::vector<SymbolBars> bars;  ///< by SymbolId: warm-up sessions and the day
  std::filesystem::path data_dir;  ///< the folder they came from
  BarStamp stamp = BarStamp::start;  ///< of its files
  AcceptedData accepted;
  int warmup_sessions = 20;
  int jobs = 1;
  bool dry_run = false;
  bool quotes = false;  ///< LiveRunOptions::alpaca_quotes
  std::filesystem::path folder;  ///< of all files; exists and is writable
  std::function<void(const std::string&)> say, warning;
  std::function<void(TimePoint now, double equity)> progress;
};

struct RehearseResult {
  LiveRunResult live;
  ExchangeStatistics exchange;
};

/// Starts an exchange on loopback and lives the day there (run_live), afresh whatever an earlier rehearsal of it
/// left in the folder. Errors: those of the exchange and of run_live().
[[nodiscard]] Result<RehearseResult> rehearse(RehearseOptions options);

}  // namespace sentio
