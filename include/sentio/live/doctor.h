#pragma once
/// Would today's live start go through? Every check of a start, and what would spoil the day after it, on one page.

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "sentio/core/calendar.h"
#include "sentio/data/load_checks.h"
#include "sentio/live/live_endpoints.h"
#include "sentio/live/live_keys.h"
#include "sentio/run/run_setup.h"

namespace sentio {

enum class DoctorVerdict { ok, warning, failed, skipped };
[[nodiscard]] std::string_view to_string(DoctorVerdict verdict);  ///< "ok", "WARN", "FAIL", "-"

struct DoctorLine {
  std::string name;
  DoctorVerdict verdict = DoctorVerdict::ok;
  std::string text;                   ///< what was found and, if it is not ok, the next step; several lines for several
  ExitCode exit_code = ExitCode::ok;  ///< the one that `live` would end with; of failures only
};

struct DoctorPage {
  TimePoint now{};                    ///< on the clock of the day that is looked at
  Date date{};
  std::optional<SessionHours> hours;  ///< none: no session that day
  std::vector<DoctorLine> lines;
  /// 8 without a session, whatever else there is: nothing is due. Else that of the first failure; warnings are 0.
  [[nodiscard]] ExitCode exit_code() const;
};

struct DoctorRequest {
  SetupRequest setup;
  std::filesystem::path home;  ///< of load_setup()
  LiveAccount account = LiveAccount::paper;
  std::filesystem::path env_file;
  std::function<const char*(const char*)> environment;  ///< std::getenv
  LiveEndpoints endpoints;
  std::string alpaca_feed = "iex";
  bool offline = false;      ///< nobody is asked
  std::optional<Date> date;  ///< of that session instead of today's
  std::filesystem::path folder;  ///< LOG-DIR/live_trading
  std::filesystem::path data_dir, warmup_state;  ///< the state may be empty
  BarStamp stamp = BarStamp::start;  ///< of the files in data_dir
  AcceptedData accepted;             ///< --accept-data
  int warmup_sessions = 20;
  bool allow_short_warmup = false;
  int jobs = 1;
  int dashboard_port = 0;                    ///< 0: not asked
  std::filesystem::path maintenance_folder;  ///< where `live` looks for .maintenance_mode
};

/// Changes nothing but that the log folder is made; asks the broker, changes nothing there. Keys are in no text.
/// Errors: an exchange-sim that was named and cannot be asked for its day.
[[nodiscard]] Result<DoctorPage> examine(const DoctorRequest& request);

}  // namespace sentio
