#pragma once
/// The hours of a live day: waiting, pumping, and what must be looked at beside the bars.

#include <chrono>

#include "day/key_watch.h"
#include "day/live_day.h"
#include "sentio/live/live_run.h"
#include "sentio/live/live_status.h"
#include "watch/account_watch.h"

namespace sentio {

/// Ends when the session is over, a rehearsal's window is, or a signal has been obeyed.
/// Members  more than twenty: the loop is where the day meets its surroundings (broker, watch, pacer, files, people),
///          one each, and what was heard and said last of each.
/// Threads  one; options, broker, day and alerts outlive it.
class LiveLoop {
 public:
  LiveLoop(const LiveRunOptions& options, const LiveClock& clock, LiveDay& day, LiveBrokerInterface& broker,
           const Alerts& alerts, LiveStatus status, std::vector<StatusLearner> learners);
  [[nodiscard]] Result<> run();
  /// What the broker said before the hours began.
  void hear(std::vector<BrokerNotice> notices) { notices_early_ = std::move(notices); }
  [[nodiscard]] bool stopped() const { return stopping_; }
  /// Of all orders so far.
  [[nodiscard]] OrderLatency latency();
  /// The last rung: has the broker sell these, in this session only.
  void close_at_broker(std::vector<OwnShares> shares);
  /// The broker's book, now; blocks. What is told of it goes to log and people; `judged` false: it is only read.
  [[nodiscard]] Result<BrokerBookSnapshot> read_book() { return watch_.read_now(movements_since()); }
  [[nodiscard]] Result<BookVerdict> judge_now(const BrokerBookSnapshot& book);
  /// status.json, now.
  void write_status(const std::string& state, const std::string& exit_note = {});

 private:
  using Wall = std::chrono::steady_clock;
  [[nodiscard]] bool finished() const;
  [[nodiscard]] Result<> chores();
  [[nodiscard]] Result<> hear_broker();
  [[nodiscard]] Result<> hear(const BrokerNotice& notice);
  [[nodiscard]] Result<> judge_keys(KeyWatch::Verdict verdict, const std::string& told);
  [[nodiscard]] Result<> no_more_entries(const std::string& told, const std::string& why);
  [[nodiscard]] Result<> hear_signals();
  [[nodiscard]] Result<> look_at_files();
  [[nodiscard]] Result<> check_books();
  [[nodiscard]] TimePoint next_look() const;
  [[nodiscard]] Result<> miss_books(const Error& error);
  [[nodiscard]] Result<> judge_books(const BrokerBookSnapshot& book);
  [[nodiscard]] Result<> tell(const BookVerdict& verdict);
  [[nodiscard]] Result<> hear_foreign_order(const BrokerNotice& notice, const std::string& text);
  [[nodiscard]] Result<> hear_watch();
  [[nodiscard]] std::optional<TimePoint> movements_since() const;
  void measure();
  void alert(AlertKind kind, const std::string& text) const { alerts_.tell(kind, text); }
  [[nodiscard]] bool orders_open() const {
    return broker_.open_order_count() > 0 || !day_.session().working_orders().empty();
  }

  const LivePolicy& policy_;
  const LiveObservers& observers_;
  const std::filesystem::path& folder_;
  const Alerts& alerts_;
  const LiveClock& clock_;
  LivePacer& pacer_;
  LiveDay& day_;
  LiveBrokerInterface& broker_;
  LiveStatus status_;
  StatusDetails details_;
  AccountWatch watch_;
  bool stopping_ = false, flatten_heard_ = false;
  TimePoint stop_by_{};
  TimePoint next_check_;
  KeyWatch keys_;
  std::vector<BrokerNotice> notices_early_;
  TimePoint asked_at_{};  ///< the latest question for account and positions
  ExpectedBook asked_;    ///< ours at that time
  BookJudge judge_;
  int missed_ = 0;  ///< looks in a row at which the book could not be read
  bool unsettled_ = false, entries_over_ = false;
  Wall::time_point files_seen_{}, status_written_{};
  bool status_failed_ = false;  ///< the last time
};

}  // namespace sentio
