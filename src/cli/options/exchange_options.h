#pragma once
/// Flags that exchange-sim and rehearse share: the day, its window, faults.

#include <optional>
#include <string>
#include <vector>

#include "options/common_options.h"
#include "sentio/core/calendar.h"
#include "sentio/exchange/exchange_server.h"

namespace sentio::cli {

struct ExchangeFlags {
  std::string date, from, to, faults_file;
  std::vector<std::string> faults;
  int history_days = 20;
  int port = 0;
  double speed = 0;
  double cash = 100'000;
};

void add_exchange_flags(CLI::App& command, ExchangeFlags& flags);

/// The session of --date, or the end of the command (closed days with the calendar's reason).
[[nodiscard]] SessionHours session_or_finish(const ExchangeFlags& flags);

/// Options without recordings: window, faults, speed, cash.
[[nodiscard]] ExchangeOptions exchange_options_or_finish(const ExchangeFlags& flags, const RunSetup& setup,
                                                         const SessionHours& hours);

}  // namespace sentio::cli
