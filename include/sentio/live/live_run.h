#pragma once
/// A live day from its start-up checks to its report: `live`, and `rehearse` against a local exchange.

#include <atomic>
#include <filesystem>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "sentio/analysis/results.h"
#include "sentio/data/load_checks.h"
#include "sentio/execution/order_style.h"
#include "sentio/live/alerts.h"
#include "sentio/live/live_connections.h"
#include "sentio/live/live_warm_up.h"
#include "sentio/live/order_latency.h"
#include "sentio/run/run_setup.h"

namespace sentio {

/// SIGINT and SIGTERM, as far as a live day is concerned. Threads: any.
class StopSignal {
 public:
  void request() {
    ++requests_;
    const std::lock_guard lock(mutex_);
    if (wake_) wake_();
  }
  [[nodiscard]] int requests() const { return requests_; }
  /// Empty: nobody is to be woken any more.
  void on_request(std::function<void()> wake) {
    const std::lock_guard lock(mutex_);
    wake_ = std::move(wake);
  }

 private:
  std::atomic<int> requests_{0};
  std::mutex mutex_;
  std::function<void()> wake_;
};

enum class OnExit { flatten, hold };
enum class FeedChoice { automatic, alpaca, polygon };

struct LiveRunResult;

/// On the exchange's clock; a start that fails early knows none of it.
struct RunTimes {
  std::optional<Date> date;  ///< the session's
  std::optional<TimePoint> started, ended;
  bool traded = false;  ///< the day was begun
};

/// Where it trades.
struct LiveAccountOptions {
  LiveAccount which = LiveAccount::paper;
  LiveKeys keys;
  LiveEndpoints endpoints;
};

/// What it learns from and decides on.
struct LiveBarOptions {
  FeedChoice feed = FeedChoice::automatic;  ///< automatic: Polygon where its key is set
  std::string alpaca_feed = "iex";          ///< or sip
  bool alpaca_quotes = false;               ///< to measure executions by; Polygon always sends them
  std::filesystem::path data_dir;
  bool warmup_from_feed = false;  ///< bars of the feed that is traded on, over REST, and no files
  BarStamp stamp = BarStamp::start;  ///< of its files
  AcceptedData accepted;             ///< --accept-data
  std::filesystem::path warmup_state;  ///< a state file to start from instead of bars; empty: none
  int warmup_sessions = 20;
  bool allow_short_warmup = false;
  int jobs = 1;  ///< threads of the warm-up
};

/// How far it goes.
struct LivePolicy {
  bool rehearsal = false;  ///< begins afresh whatever an earlier run of the day left; no maintenance file
  bool dry_run = false, adopt = false;
  OnExit on_exit = OnExit::flatten;
  OrderStyle order_style;  ///< of entries; exits are market orders
  std::string override_preflight;
};

/// Who hears of it, and who may have a word. Each may be empty.
struct LiveObservers {
  /// Asked once the account is known; its error ends the start.
  std::function<Result<>(const BrokerAccount&, Date)> before_trading;
  /// Called with the day's result, before the journal says that the day's files are complete.
  std::function<Result<>(const LiveRunResult&)> write_report;
  Alerts alerts;
  StopSignal* stop = nullptr;
  std::function<void(const std::string&)> say, warning;  ///< one line each
  std::function<void(TimePoint now, double equity)> progress;
  RunTimes* times = nullptr;  ///< filled in as far as the run comes, errors included
};

struct LiveRunOptions {
  RunSetup setup;
  LiveAccountOptions account;
  LiveBarOptions bars;
  LivePolicy policy;
  LiveObservers observers;
  LiveMakers makers;
  std::filesystem::path folder;  ///< of all files; exists and is writable
};

struct LiveRunResult {
  RunResult run;
  SessionHours hours;
  bool already_ended = false;     ///< the day's journal is complete: nothing was done
  bool whole_session = false;     ///< false: a rehearsal's window, or stopped: shares may be held
  bool stopped = false;           ///< by a signal
  bool breaker = false;           ///< the day ended halted
  bool late_flat = false;         ///< not flat a minute after the exit
  bool book_read = false;         ///< the broker's book could be read at the end
  std::string note;               ///< "flat, 12 orders filled"
  bool flat = false;              ///< neither the session nor the broker holds anything of our instruments
  std::vector<std::string> held;  ///< "TQQQ 100": what the broker holds of them
  std::vector<std::string> differences;  ///< in shares, between the books at the end
  bool books_settled = true;             ///< whether they last
  std::vector<std::string> warnings;     ///< cash that is missing at the broker and that nothing explains
  OrderLatency latency;
};

/// In the working directory: no entries while it is there.
inline constexpr const char* kMaintenanceFile = ".maintenance_mode";

/// While it exists a running live process is asked to sell everything and enter nothing more today; the process
/// removes it.
[[nodiscard]] std::filesystem::path flatten_request_file(const std::filesystem::path& folder);

/// Blocks until the session's end. Errors: those of the start-up checks, before any order; later a file that
/// cannot be written.
[[nodiscard]] Result<LiveRunResult> run_live(LiveRunOptions options);

}  // namespace sentio
