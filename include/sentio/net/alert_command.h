#pragma once
/// Alerts through a program of the user's (--alert-cmd).

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "sentio/core/error.h"
#include "sentio/net/alert_worker.h"

namespace sentio {

/// Splits on blanks; '…' and "…" keep blanks together, a backslash outside '…' takes the next character as it
/// is. No variables, no globs: no shell is involved. Errc::usage: empty, or a quote that is not closed.
[[nodiscard]] Result<std::vector<std::string>> split_command(std::string_view line);

/// Runs `arguments` (program first, found through PATH) once per alert, in a process group of its own.
///
/// stdin    the text, complete from the start (a file in memory: a program that does not read it is no
/// problem) env      ours without the trading keys (ALPACA_*, APCA_*, POLYGON_*, MASSIVE_*), and
/// SENTIO_ALERT_LEVEL,
///          SENTIO_ALERT_TITLE, SENTIO_ALERT_TEXT (the latter two cut to 32 KiB, without NUL bytes)
/// output   discarded
/// Errors   not started, an exit status other than 0, a signal, or `timeout` (the group is killed)
[[nodiscard]] Result<std::unique_ptr<AlertChannel>> make_alert_command(std::vector<std::string> arguments,
                                                                       std::chrono::milliseconds timeout);

}  // namespace sentio
