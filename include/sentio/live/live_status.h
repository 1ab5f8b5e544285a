#pragma once
/// What a live process says about itself in status.json, and what to think of it.

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sentio/core/calendar.h"
#include "sentio/core/error.h"
#include "sentio/core/time.h"

namespace sentio {

struct StatusPosition {
  std::string symbol;
  double qty = 0;        ///< shares
  double avg_entry = 0;  ///< USD per share, fees not included
  double mark = 0;       ///< last real close, USD per share
  friend bool operator==(const StatusPosition&, const StatusPosition&) = default;
};

/// Written every 5 s and at the end. Times are the session's: simulated ones at an exchange-sim.
/// Members  more than twenty: a member of status.json each.
struct LiveStatus {
  int pid = 0;
  std::string account;  ///< "paper", "real", "rehearse"
  Date date{};          ///< the session's
  std::string state;    ///< "starting", "waiting", "trading", "stopping", "ended", "halted"
  TimePoint written_at{}, started_at{};
  double pace = 1;  ///< seconds of these times per real one; an exchange-sim's may run faster
  std::optional<TimePoint> last_bar;  ///< end of the last set with a bar
  int minute = -1;                    ///< last set stepped; -1: none yet
  int session_minutes = 0;
  bool feed_up = false, stream_up = false;
  bool entries_suspended = false, maintenance = false, breaker = false;
  double cash = 0, equity = 0, capital = 0;  ///< USD; capital: the day's start
  double cash_explained = 0;  ///< USD that the account has moved past our book, as far as that is explained
  double cash_allowance = 0;  ///< USD that the account's cash may differ by without a reason
  std::vector<StatusPosition> positions;
  int orders_open = 0;
  double clock_skew_seconds = 0;               ///< this machine's clock less the broker's
  std::vector<std::string> unhealthy_symbols;  ///< learners beyond a limit: no entries today
  std::string exit_note;                       ///< why it ended; empty before
  friend bool operator==(const LiveStatus&, const LiveStatus&) = default;
};

/// A learner as it was judged before the day's first minute.
struct StatusLearner {
  struct Horizon {
    int minutes = 0;
    double directional_accuracy = 0, rmse_ratio = 0;  ///< of the session before
  };
  std::string symbol, limit;  ///< limit: to_string(HealthLimit)
  bool healthy = true;
  double condition = 0, effective_window = 0;
  std::vector<Horizon> horizons;
};

/// Of the orders so far (live/order_latency.h).
struct StatusLatency {
  int sent = 0, not_on_a_set = 0, never_left = 0;
  double p50_us = 0, p99_us = 0, worst_us = 0;  ///< null in the file without orders
};

/// For those who watch; parse_status() passes it over.
struct StatusDetails {
  std::vector<StatusLearner> learners;
  StatusLatency order_latency;
};

/// One JSON object with newline.
[[nodiscard]] std::string encode_status(const LiveStatus& status, const StatusDetails* details = nullptr);
/// Errc::malformed with `where`: no JSON object, or a member that is missing, of another type or impossible.
[[nodiscard]] Result<LiveStatus> parse_status(std::string_view text, std::string_view where);

/// folder/"status.json", whole or not at all. Errc::io.
[[nodiscard]] Result<> write_status(const std::filesystem::path& folder, const LiveStatus& status,
                                    const StatusDetails* details = nullptr);
/// Errc::not_found: there is none. Errc::malformed.
[[nodiscard]] Result<LiveStatus> read_status(const std::filesystem::path& folder);

/// The process that trades into `folder`, if one runs: InstanceLock::holder().
[[nodiscard]] std::optional<int> running_pid(const std::filesystem::path& folder);
/// Whether that process wrote the status: until its own first one, there is still that of the run before.
[[nodiscard]] bool written_by(const LiveStatus& status, int running_pid);

/// What is free where the folder is, or will be; 0 where nobody knows.
[[nodiscard]] std::uintmax_t disk_free_bytes(const std::filesystem::path& folder);

struct HealthFacts {
  std::optional<LiveStatus> status;    ///< none: no live process ever wrote here
  std::optional<int> lock_holder_pid;  ///< running_pid()
  TimePoint now{};                     ///< on the clock that the status was written by
  std::optional<SessionHours> today;   ///< of now's date in New York; none: closed
  std::uintmax_t disk_free_bytes = 0;  ///< where the logs go
};

struct HealthLine {
  std::string name;
  bool ok = true;
  std::string text;
};

/// Pure; always the same lines in the same order: process, last bar, feed, trade_updates, entries, clock,
/// disk, calendar, learners. A process is due from five minutes before the open to the close; what needs a
/// running process or an open market is fine where there is none.
[[nodiscard]] std::vector<HealthLine> assess_health(const HealthFacts& facts);

}  // namespace sentio
