#pragma once
/// A live run, from its connections to its report (private): live_run.cpp begins and trades it, live_run_end.cpp ends it.

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "day/live_loop.h"
#include "run/connect_patience.h"
#include "sentio/live/instance_lock.h"
#include "sentio/live/live_run.h"
#include "sentio/log/log.h"
#include "start/live_start.h"

namespace sentio {

/// Members in the order in which they must end, backwards.
class LiveRun {
 public:
  explicit LiveRun(LiveRunOptions options) : options_(std::move(options)) {}
  Result<LiveRunResult> run();
  void note_end() const;

 private:
  struct Stage {
    const char* name;
    Result<> (LiveRun::*work)();
  };
  Result<> pass(const Stage& stage);
  Result<> connect_broker();
  Result<> check();
  Result<> claim(const BrokerAccount& account);
  Result<> learn();
  Result<> connect_feed();
  Result<> begin_day();
  Result<> trade();
  Error halted(Error error);
  Result<> read_books(LiveRunResult& result);
  [[nodiscard]] Result<> last_look(LiveRunResult& result);
  [[nodiscard]] std::string shares_left(const LiveRunResult& result) const;
  Result<LiveRunResult> finish();
  [[nodiscard]] RunResult run_of(DayResult day) const;
  Result<> await(ConnectPatience& patience, const std::function<bool()>& done);
  [[nodiscard]] ConnectPatience patience_for(const char* what, bool until_open = true) const;
  Result<> start_feed(FeedVendor vendor, bool may_fall_back = false);
  Result<StateFile> learned_state();
  LiveDayOptions day_options(RunHeader header);
  [[nodiscard]] RunHeader fresh_header() const;
  [[nodiscard]] std::vector<Event> first_events() const;
  void resume_orders();
  [[nodiscard]] LiveStatus first_status(TimePoint now) const;
  Result<> log_heading();
  void set_probes();
  [[nodiscard]] bool holding() const;
  [[nodiscard]] bool polygon_wanted() const;
  [[nodiscard]] bool ended_before() const { return start_.resumed && start_.resumed->closed && start_.resumed->ended; }
  [[nodiscard]] std::string state_name() const { return "warmup_state_" + format_date(clock_.hours.date) + ".bin"; }
  [[nodiscard]] std::string mode() const {
    if (options_.policy.rehearsal) return "rehearse";
    return std::string(to_string(options_.account.which)) + (options_.policy.dry_run ? "-dry" : "");
  }
  void say(const std::string& text) const {
    log_line(LogLevel::info, "note", {{"text", text}});
    if (options_.observers.say) options_.observers.say(text);
  }
  void warn(const std::string& text) const {
    if (options_.observers.warning) options_.observers.warning(text);
  }
  void alert(AlertKind kind, const std::string& text) const { alerts_.tell(kind, text); }

  LiveRunOptions options_;
  /// Noted in the day's journal, told at the desk, and shown where they are warnings.
  const Alerts alerts_{[this](AlertKind kind, const std::string& text) {
                         log_line(level_of(kind) == AlertLevel::info ? LogLevel::info : LogLevel::warn, "alert",
                                  {{"kind", title_of(kind)}, {"text", text}});
                         if (day_ != nullptr) day_->note_alert(kind, text);
                         options_.observers.alerts.tell(kind, text);
                       },
                       [this](const std::string& text) { warn(text); }};
  std::optional<InstanceLock> account_lock_;
  LiveClock clock_;
  std::unique_ptr<LiveConnector> connector_;
  std::unique_ptr<LiveBrokerInterface> broker_;
  LiveStart start_;
  std::optional<StateFile> state_;
  int warmup_sessions_ = 0;
  std::vector<double> warm_up_volumes_;
  bool synthetic_ = false;
  std::map<std::string, std::string> bar_files_;  ///< hashes of what was learned from; none after a resume
  Findings data_findings_;  ///< what was found in it
  std::unique_ptr<LiveFeed> feed_;
  std::vector<FeedEvent> heard_early_;
  std::vector<BrokerNotice> notices_early_;
  std::optional<ConnectPatience> feed_patience_, stream_patience_;
  std::unique_ptr<LiveDay> day_;
  std::unique_ptr<LiveLoop> loop_;
};

}  // namespace sentio
