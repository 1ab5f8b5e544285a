#pragma once
/// One live (or rehearsed) session: broker and feed in, orders and files out, every event journalled first.

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "day/close_out.h"
#include "day/entry_gate.h"
#include "day/order_teller.h"
#include "day/spread_log.h"
#include "feed/feed_inbox.h"
#include "feed/feed_volume.h"
#include "feed/halt_book.h"
#include "feed/quote_book.h"
#include "feed/silent_symbols.h"
#include "journal/live_files.h"
#include "journal/live_journal.h"
#include "sentio/feeds/live_feed.h"
#include "sentio/feeds/minute_assembler.h"
#include "sentio/live/alerts.h"
#include "sentio/live/broker_flatten.h"
#include "sentio/live/journal_replay.h"
#include "sentio/live/order_latency.h"
#include "sentio/ports/broker_interface.h"
#include "sentio/store/state_file.h"

namespace sentio {

struct LiveDayOptions {
  RunHeader header;
  SessionHours hours;
  std::filesystem::path folder;  ///< of all files; exists and is writable
  double pace = 1;               ///< the clock's seconds per real one; 0: lock step. For measurements only
  bool dry_run = false;          ///< orders are not sent; each is answered at once as if it had been refused
  std::function<bool()> stream_up;  ///< the broker's event stream; empty: always
  /// The last rung: the broker is to sell these shares of ours, and broker_sold() to hear of it. Empty: nobody can.
  std::function<void(std::vector<OwnShares>)> close_at_broker;
  std::vector<double> warm_up_volumes;  ///< first_volumes() of the warm-up; empty: not known
  Alerts alerts;  ///< somebody should look
};

/// Owns the session, its journal and its files. No clock and no threads of its own: a driver calls pump()
/// when something happened or next_deadline() has come.
///
/// Order    At equal times broker events, then bar sets, then timers. Every event is in the journal before it
///          is stepped; the disk has it when its orders are out.
/// Refused  An event that does not fit (TradingSession::fits) is told (alert, log, a note "refused" in the journal) and
///          neither journalled nor stepped. After an execution that is left out entries wait until the broker's book
///          agrees; a minute whose bars do not fit is stepped without bars. After the session's end nothing is
///          stepped any more.
/// Errors   the journal or a file cannot be written. The day must not go on then.
/// Members  more than twenty: a day is where its parts (session, recorder, journal, gate, close-out, assembler, files)
///          meet, and each is one; what is left says how far the day is.
/// Threads  one at a time; broker and feed outlive it.
class LiveDay {
 public:
  /// Starts a fresh journal with the header and steps SessionOpened and `first` at `now`. `state`: the
  /// learners; null: cold.
  [[nodiscard]] static Result<std::unique_ptr<LiveDay>> start(LiveDayOptions options, const StateFile* state,
                                                              const std::vector<Event>& first,
                                                              BrokerInterface& broker, LiveFeed& feed,
                                                              TimePoint now);
  /// Goes on where the journal of the same day ends; a torn last line is cut off.
  [[nodiscard]] static Result<std::unique_ptr<LiveDay>> resume(LiveDayOptions options, ReplayedDay day,
                                                               BrokerInterface& broker, LiveFeed& feed,
                                                               TimePoint now);

  /// What the feed said before the day existed.
  void hear(std::vector<FeedEvent> events) { inbox_.hear(std::move(events)); }
  /// Takes in what the feed has; nothing is stepped. Returns how many bars and statuses came over its socket
  /// so far.
  std::uint64_t collect();
  /// Steps everything that is due at `now`, which never runs backwards.
  [[nodiscard]] Result<> pump(TimePoint now);
  /// When pump() has something to do even if nothing arrives.
  [[nodiscard]] TimePoint next_deadline() const;

  /// No entries for the rest of the day.
  [[nodiscard]] Result<> stop_entries(const std::string& why);
  /// No entries for the rest of the day, and everything out now; before the open, at it.
  [[nodiscard]] Result<> flatten(const std::string& why);
  [[nodiscard]] Result<> set_maintenance(bool on);
  /// The broker's book disagrees with the ledger (or does no longer): no entries meanwhile.
  [[nodiscard]] Result<> set_mismatch(bool on, const std::string& text);
  /// The broker refuses our keys (or takes them again): no entries meanwhile.
  [[nodiscard]] Result<> set_keys_refused(bool on, const std::string& text);
  /// The broker's book cannot be read (or can again): no entries meanwhile.
  [[nodiscard]] Result<> set_books_unread(bool on, const std::string& text);
  /// The broker sold shares of ours by orders of its own: each sale is booked as the exit it was, once no order of ours
  /// stands in between.
  [[nodiscard]] Result<> broker_sold(std::vector<BrokerSale> sales);

  /// The feed is subscribed and back-filled.
  [[nodiscard]] bool feed_up() const { return inbox_.up(); }
  /// SessionClosed has been stepped.
  [[nodiscard]] bool over() const { return over_; }
  /// What stops entries, and why.
  [[nodiscard]] const EntryGate& entry_gate() const { return gate_; }
  /// The broker sells our shares by orders of its own.
  [[nodiscard]] bool handed_over() const { return close_out_.handed_over(); }
  /// Not flat a minute after it had to be.
  [[nodiscard]] bool late_flat() const { return close_out_.was_late(); }
  [[nodiscard]] const std::string& override_preflight() const { return options_.header.override_preflight; }
  [[nodiscard]] int last_minute() const { return last_minute_; }
  /// End of the last set with a real bar.
  [[nodiscard]] std::optional<TimePoint> last_bar() const { return last_bar_; }
  [[nodiscard]] const TradingSession& session() const { return *session_; }
  /// Knows the orders that went to the broker; whoever hears when they left tells it.
  [[nodiscard]] OrderStopwatch& stopwatch() { return stopwatch_; }
  /// One line in the session log and, at once, in its file; a resumed day shows it again.
  [[nodiscard]] Result<> log(const std::string& text);
  /// What people are told stands in the journal, too: for those who look later or from elsewhere (dashboard).
  void note_alert(AlertKind kind, const std::string& text);
  /// Ends the recording; once, after the last pump().
  [[nodiscard]] DayResult end();
  /// The day's files are complete: where the session is over a restart finds nothing to do.
  [[nodiscard]] Result<> mark_ended();

 private:
  LiveDay(LiveDayOptions options, BrokerInterface& broker, LiveFeed& feed, std::unique_ptr<LiveJournal> journal,
          int first_minute, TimePoint now);
  [[nodiscard]] Result<> open(const StateFile* state, const std::vector<Event>& journalled);
  [[nodiscard]] Result<> reopen(ReplayedDay day);
  [[nodiscard]] Result<> step(const Event& event);
  [[nodiscard]] Result<> step_one(const Event& event);
  [[nodiscard]] Result<> refuse(const Event& event, const Error& why);
  [[nodiscard]] Result<> step_without_bars(const BarsArrived& set, const Error& why);
  [[nodiscard]] Result<> note_quote_before(const Event& event);
  void apply(const Event& event);
  void order(const Action& action);
  void tell_odd(const Action& action);
  void latch_breaker(const BreakerTripped& tripped);
  void send(const Approved<Order>& order);
  [[nodiscard]] Result<> tell_refusal(const Event& event);
  [[nodiscard]] Result<> on_feed(const FeedEvent& event);
  [[nodiscard]] Result<> on_halt(const FeedHalt& halt);
  [[nodiscard]] Result<> on_feed_up();
  [[nodiscard]] Result<> end_doubtful_halt(const FeedBar& bar);
  [[nodiscard]] Result<> tell_silent(const BarsArrived& set);
  [[nodiscard]] Result<> on_assembled(const AssemblerEvent& event);
  [[nodiscard]] Result<> on_set(const BarsArrived& set);
  [[nodiscard]] Result<> update_suspension();
  [[nodiscard]] TimePoint earliest_exit() const { return std::max(now_, options_.hours.open); }
  [[nodiscard]] Result<> run_timers();
  [[nodiscard]] Result<> climb_ladder();
  [[nodiscard]] Result<> hand_over();
  [[nodiscard]] Result<> book_sales();
  [[nodiscard]] Result<> close_when_complete();
  [[nodiscard]] Result<> note(std::string_view kind, const std::string& text);
  [[nodiscard]] Result<> write_out();
  void alert(AlertKind kind, const std::string& text) const { options_.alerts.warn(kind, text); }

  LiveDayOptions options_;
  BrokerInterface& broker_;
  LiveFeed& feed_;
  std::vector<std::string> names_;
  std::unique_ptr<TradingSession> session_;
  std::unique_ptr<RunRecorder> recorder_;
  std::unique_ptr<LiveJournal> journal_;
  EntryGate gate_;
  LiveFiles files_;
  MinuteAssembler assembler_;
  CloseOut close_out_;
  HaltBook halts_;
  SilentSymbols silent_;
  SpreadLog spreads_;
  QuoteBook quotes_;
  OrderTeller teller_;
  FeedVolume volume_;
  TimePoint now_;
  struct EndOfDay {
    int set = 0;           ///< index of the set that ends at the EOD time
    TimePoint timer{};     ///< when it has not come by then, everything goes all the same
    bool posted = false;   ///< that time has come
  } eod_;
  int last_minute_ = -1;  ///< latest set stepped
  std::optional<TimePoint> last_bar_;
  SetArrivals arrivals_;
  OrderStopwatch stopwatch_;
  std::optional<WallPoint> set_complete_;  ///< of the set that is being stepped
  FeedInbox inbox_;
  std::vector<Event> answers_;  ///< to orders that were not sent
  bool feed_refusal_told_ = false;  ///< of this outage
  bool halts_unseen_told_ = false;
  bool over_ = false, stepped_ = false;
};

}  // namespace sentio
