#pragma once
/// One live (or rehearsed) session: broker and feed in, orders and files out, every event journalled first.

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "sentio/feeds/live_feed.h"
#include "sentio/feeds/minute_assembler.h"
#include "sentio/ports/broker_interface.h"
#include "sentio/runtime/live_files.h"
#include "sentio/runtime/run_header.h"
#include "sentio/store/journal.h"
#include "sentio/store/state_file.h"

namespace sentio {

struct LiveDayOptions {
  RunHeader header;
  SessionHours hours;
  std::filesystem::path folder;  ///< of all files; exists and is writable
  bool dry_run = false;          ///< orders are not sent; each is answered at once as if it had been refused
  std::function<bool()> stream_up;                ///< the broker's event stream; empty: always
  std::function<void(const std::string&)> alert;  ///< somebody should look; empty: nobody
};

/// Owns the session, its journal and its files. No clock and no threads of its own: a driver calls pump()
/// when something happened or next_deadline() has come.
///
/// Order    At equal times broker events, then bar sets, then timers. Every event is in the journal before it
/// is
///          stepped; the disk has it when its orders are out.
/// Errors   pump(): the journal or a file cannot be written. The day must not go on then.
/// Threads  one at a time; broker and feed outlive it.
class LiveDay {
 public:
  /// Starts a fresh journal with the header and steps SessionOpened at `now`. `state`: the learners; null:
  /// cold.
  [[nodiscard]] static Result<std::unique_ptr<LiveDay>> start(LiveDayOptions options, const StateFile* state,
                                                              BrokerInterface& broker, LiveFeed& feed,
                                                              TimePoint now);

  /// Takes in what the feed has; nothing is stepped. Returns how many bars and statuses came over its socket
  /// so far.
  std::uint64_t collect();
  /// Steps everything that is due at `now`, which never runs backwards.
  [[nodiscard]] Result<> pump(TimePoint now);
  /// When pump() has something to do even if nothing arrives.
  [[nodiscard]] TimePoint next_deadline() const;

  /// The feed is subscribed and back-filled.
  [[nodiscard]] bool feed_up() const { return feed_up_; }
  /// SessionClosed has been stepped.
  [[nodiscard]] bool over() const { return over_; }
  [[nodiscard]] const TradingSession& session() const { return session_; }
  /// One line in the session log and, at once, in its file.
  [[nodiscard]] Result<> log(const std::string& line);
  /// Ends the recording; once, after the last pump().
  [[nodiscard]] DayResult end();

 private:
  LiveDay(LiveDayOptions options, BrokerInterface& broker, LiveFeed& feed, JournalWriter journal,
          TimePoint now);
  [[nodiscard]] Result<> open(const StateFile* state);
  [[nodiscard]] Result<> step(const Event& event);
  [[nodiscard]] Result<> step_one(const Event& event);
  void perform(const Action& action);
  void send(const Approved<Order>& order);
  [[nodiscard]] Result<> on_feed(const FeedEvent& event);
  [[nodiscard]] Result<> on_assembled(const AssemblerEvent& event);
  [[nodiscard]] Result<> update_suspension();
  [[nodiscard]] Result<> run_timers();
  [[nodiscard]] Result<> note(std::string_view kind, const std::string& text);
  void alert(const std::string& text) const {
    if (options_.alert) options_.alert(text);
  }

  LiveDayOptions options_;
  BrokerInterface& broker_;
  LiveFeed& feed_;
  std::vector<std::string> names_;
  TradingSession session_;
  RunRecorder recorder_;
  JournalWriter journal_;
  LiveFiles files_;
  MinuteAssembler assembler_;
  TimePoint now_, eod_timer_;
  int eod_set_;           ///< index of the set that ends at the EOD time
  int last_minute_ = -1;  ///< latest set stepped
  std::vector<FeedEvent> inbox_;
  std::vector<Event> answers_;  ///< of a dry run to its own orders
  std::string line_;            // reused
  std::uint64_t items_ = 0;
  bool feed_up_ = false, mute_ = false, suspended_ = false;
  bool eod_posted_ = false, over_ = false, stepped_ = false;
};

}  // namespace sentio
