#pragma once
/// How each live day ended: one line per trading day in <folder>/runs.jsonl.
///
/// {"record":"run_end","date":"2025-10-14","mode":"paper","outcome":"ended","exit_code":0,"reason":"flat, 12 orders
/// filled","started":"…-04:00","ended":"…-04:00","flat":true,"mrd":-0.0012,"simulated":false}
///
/// One line a day: a later end of the same day replaces the earlier one, in a file that is rewritten whole. A start
/// that came to nothing (refused, closed) never replaces a day that was traded: it tells less. A process that was
/// killed writes nothing, so a session without a line is one that did not run to an end.

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sentio/core/error.h"
#include "sentio/core/time.h"

namespace sentio {

enum class RunOutcome {
  ended,    ///< traded, and the day's files are complete
  halted,   ///< traded, and given up: a file could not be written
  refused,  ///< the start failed; nothing was traded
  closed,   ///< no session that day
};
[[nodiscard]] std::string_view to_string(RunOutcome outcome);

struct RunEnd {
  Date date{};       ///< New York's
  std::string mode;  ///< "paper", "real", "paper-dry", "real-dry"
  RunOutcome outcome = RunOutcome::refused;
  int exit_code = 0;
  std::string reason;                ///< one line for people
  std::optional<TimePoint> started;  ///< on the exchange's clock, whole seconds; none: it did not come that far
  TimePoint ended{};                 ///< the same
  std::optional<bool> flat;          ///< none: the broker's book was not looked at
  std::optional<double> mrd;         ///< the day's return as a fraction; none: nothing was traded
  bool simulated = false;            ///< an exchange-sim's day, no evidence of anything
  friend bool operator==(const RunEnd&, const RunEnd&) = default;
};

[[nodiscard]] std::filesystem::path run_ends_file(const std::filesystem::path& folder);
[[nodiscard]] std::string encode_run_end(const RunEnd& end);  ///< one line with newline
/// Errc::malformed with `where`.
[[nodiscard]] Result<RunEnd> parse_run_end(std::string_view line, std::string_view where);

/// By date, one per date. No file: none. Errc::malformed names file and line.
[[nodiscard]] Result<std::vector<RunEnd>> read_run_ends(const std::filesystem::path& folder);
/// Puts the day's line in, by the rule above; lines that cannot be read are left as they are. The caller holds the
/// folder's InstanceLock. Errc::io.
[[nodiscard]] Result<> record_run_end(const std::filesystem::path& folder, const RunEnd& end);

}  // namespace sentio
