#pragma once
/// What must hold before the first order, and what the day begins with.

#include <chrono>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "sentio/live/journal_replay.h"
#include "sentio/live/live_pacer.h"
#include "sentio/ports/broker_account.h"
#include "sentio/run/run_setup.h"
#include "start/start_checks.h"

namespace sentio {

struct LiveStartOptions {
  const RunSetup& setup;
  OrderStyle order_style;
  SessionHours hours;
  std::filesystem::path folder;  ///< of the day's files
  std::string mode;              ///< "paper", "real", "paper-dry", "real-dry", "rehearse"
  bool adopt = false;            ///< foreign positions become ours, foreign orders are cancelled
  bool fresh = false;            ///< rehearsals: files of an earlier run of that day do not count
  std::chrono::milliseconds book_pause{800}, cancel_pause{250};  ///< between two looks, in real time
  std::function<Result<>(const BrokerAccount&)> claim;  ///< before anything is done to the account; its error ends the start
};

struct LiveStart {
  BrokerAccount account;
  double clock_skew_seconds = 0;  ///< our clock less the broker's
  Reconciliation book;
  std::optional<ReplayedDay> resumed;  ///< the day has begun before: go on with it
  bool breaker_latched = false;        ///< it tripped earlier today, and the journal is gone
  std::vector<std::string> notes, warnings;
};

/// Asks the broker and looks at the day's journal; cancels orders of ours that nobody remembers (and, adopting,
/// foreign ones). Errors: the first check that fails: keys or network (exit 4), account, clock, assets (4),
/// calendar (3), a journal or latch that cannot be looked at (2) or read (3), reconciliation (5), a day that would begin
/// after the close with nothing held (8).
[[nodiscard]] Result<LiveStart> check_start(BrokerAccountInterface& broker, LivePacer& pacer, const LiveStartOptions& options);

/// Marks in the folder that the breaker has tripped on that date; for restarts without the journal.
[[nodiscard]] std::filesystem::path breaker_file(const std::filesystem::path& folder, Date date);
/// Whatever its content: the file is there. Errors: Errc::io where that cannot be known.
[[nodiscard]] Result<bool> breaker_latched(const std::filesystem::path& folder, Date date);
/// The file is not there any more.
[[nodiscard]] Result<> forget_breaker(const std::filesystem::path& folder, Date date);

}  // namespace sentio
