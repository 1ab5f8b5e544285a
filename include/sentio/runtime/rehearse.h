#pragma once
/// A recorded day through the live path: real sockets, a local exchange, faults on request.

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "sentio/analysis/results.h"
#include "sentio/exchange/exchange_server.h"
#include "sentio/runtime/run_setup.h"

namespace sentio {

struct RehearseOptions {
  RunSetup setup;
  SessionHours hours;
  ExchangeOptions exchange;      ///< universe, session, window, faults, speed, cash; recordings are filled in
  std::vector<SymbolBars> bars;  ///< by SymbolId: warm-up sessions and the day
  int warmup_sessions = 20;
  int jobs = 1;
  bool dry_run = false;
  std::filesystem::path folder;  ///< of all files; exists and is writable
  std::function<void(const std::string&)> warning;
  std::function<void(TimePoint now, double equity)> progress;
};

struct RehearseResult {
  RunResult run;
  bool whole_session = false;     ///< false: a --to window; positions may be held at its end
  std::vector<std::string> held;  ///< "TQQQ 100": what the broker holds of our instruments at the end
  bool flat = false;              ///< neither the session nor the broker holds anything
  ExchangeStatistics exchange;
};

/// Starts an exchange on loopback, warms up as mock does (the learned state is kept in the folder as
/// warmup_state_D.bin and used again while it fits), runs the day and writes journal_D.jsonl and the day's
/// files. Errors: those of the warm-up, the exchange and the connections.
[[nodiscard]] Result<RehearseResult> rehearse(RehearseOptions options);

}  // namespace sentio
