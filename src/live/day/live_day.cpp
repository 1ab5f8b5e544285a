#include "day/live_day.h"

#include <algorithm>
#include <utility>

#include "sentio/core/bytes.h"

namespace sentio {

namespace {

constexpr std::chrono::seconds kEodTimerDelay{5};
constexpr const char* kMaintenance = "maintenance: no entries";
/// How long after the close the last executions are waited for.
constexpr std::chrono::seconds kCloseGrace{30};

int eod_set_of(const LiveDayOptions& options) {
  const int minutes = options.header.options.config.rotation.eod_exit_time_minutes;
  return scaled_minute(minutes, options.hours.minutes) - 1;
}

}  // namespace

LiveDay::LiveDay(LiveDayOptions options, BrokerInterface& broker, LiveFeed& feed, std::unique_ptr<LiveJournal> journal,
                 int first_minute, TimePoint now)
    : options_(std::move(options)),
      broker_(broker),
      feed_(feed),
      names_(options_.header.options.universe.names()),
      journal_(std::move(journal)),
      gate_(options_.hours.open),
      assembler_(options_.hours, names_.size(), first_minute, now, {.eod_minute = eod_set_of(options_)}),
      halts_(names_.size()),
      silent_(names_.size()),
      spreads_(names_.size()),
      quotes_(names_.size()),
      volume_(options_.warm_up_volumes),
      now_(now),
      eod_{.set = eod_set_of(options_), .timer = options_.hours.minute_end(eod_set_of(options_)) + kEodTimerDelay},
      last_minute_(first_minute - 1),
      arrivals_(options_.hours, options_.pace) {}

Result<std::unique_ptr<LiveDay>> LiveDay::start(LiveDayOptions options, const StateFile* state,
                                                const std::vector<Event>& first, BrokerInterface& broker,
                                                LiveFeed& feed, TimePoint now) {
  std::vector<Event> events{SessionOpened{.hours = options.hours, .trading = true}};
  events.insert(events.end(), first.begin(), first.end());
  auto journal = LiveJournal::begin(options.folder, options.header, events, now);
  if (!journal) return tl::unexpected(journal.error());
  std::unique_ptr<LiveDay> day(new LiveDay(std::move(options), broker, feed, *std::move(journal), 0, now));
  if (auto opened = day->open(state, events); !opened) return tl::unexpected(opened.error());
  return day;
}

Result<std::unique_ptr<LiveDay>> LiveDay::resume(LiveDayOptions options, ReplayedDay replayed,
                                                 BrokerInterface& broker, LiveFeed& feed, TimePoint now) {
  auto journal = LiveJournal::go_on(options.folder, replayed);
  if (!journal) return tl::unexpected(journal.error());
  std::unique_ptr<LiveDay> day(new LiveDay(std::move(options), broker, feed, *std::move(journal),
                                           replayed.last_minute + 1, std::max(now, replayed.last_event)));
  if (auto opened = day->reopen(std::move(replayed)); !opened) return tl::unexpected(opened.error());
  return day;
}

Result<> LiveDay::open(const StateFile* state, const std::vector<Event>& journalled) {
  const RunHeader& header = options_.header;
  session_ = std::make_unique<TradingSession>(header.options);
  recorder_ = std::make_unique<RunRecorder>(header.options.config, header.options.universe);
  if (state != nullptr) {
    ByteReader in(state->payload);
    if (auto loaded = session_->load_learning(in); !loaded) return loaded;
  }
  recorder_->begin_day(options_.hours, session_->ledger().equity().v, session_->calibration());
  auto files = LiveFiles::open(options_.folder, options_.hours.date, recorder_->files());
  if (!files) return tl::unexpected(files.error());
  files_ = *std::move(files);
  for (const Event& event : journalled) apply(event);
  return write_out();
}

Result<> LiveDay::reopen(ReplayedDay day) {
  session_ = std::move(day.session);
  recorder_ = std::move(day.recorder);
  gate_.resume(day.suspended);
  gate_.set(EntryStop::maintenance, day.maintenance, kMaintenance);
  gate_.set(EntryStop::stopped, day.flatten_requested, "no more entries today: everything was to be sold");
  if (day.flatten_requested) close_out_.start(earliest_exit());
  for (const auto& [symbol, since] : day.halted_since) {
    halts_.told(symbol, true, since);
    silent_.halted(symbol, true);
  }
  halts_.gap();
  over_ = day.closed;
  auto files = LiveFiles::open(options_.folder, options_.hours.date, recorder_->files());
  if (!files) return tl::unexpected(files.error());
  files_ = *std::move(files);
  return log("resumed after minute " + std::to_string(day.last_minute) + " of the session");
}

Result<> LiveDay::log(const std::string& text) {
  const std::string line = format_new_york(now_) + " " + text;
  if (auto noted = note(kLogNote, line); !noted) return noted;
  recorder_->log(line);
  return files_.append(recorder_->files());
}

Result<> LiveDay::note(std::string_view kind, const std::string& text) {
  return journal_->note(now_, kind, text);
}

void LiveDay::note_alert(AlertKind kind, const std::string& text) {
  const std::string said = std::string(name(level_of(kind))) + ": " + std::string(title_of(kind));
  // A journal that takes no more ends the day with its next event.
  (void)note(kAlertNote, said + ": " + text);
}

Result<> LiveDay::write_out() {
  if (auto done = files_.append(recorder_->files()); !done) return done;
  return journal_->to_disk();
}

// ---- stepping -----------------------------------------------------------------------------------

Result<> LiveDay::step(const Event& event) {
  if (over_) return {};
  if (auto done = step_one(event); !done) return done;
  while (!answers_.empty()) {
    for (const Event& answer : std::exchange(answers_, {})) {
      if (auto done = step_one(answer); !done) return done;
    }
  }
  return {};
}

Result<> LiveDay::step_one(const Event& event) {
  if (auto fits = session_->fits(now_, event); !fits) return refuse(event, fits.error());
  if (auto noted = note_quote_before(event); !noted) return noted;
  if (auto written = journal_->event(now_, event); !written) return written;
  apply(event);
  return {};
}

/// In the journal, so that a restart knows it as well.
Result<> LiveDay::note_quote_before(const Event& event) {
  const auto* filled = std::get_if<OrderFilled>(&event);
  if (filled == nullptr) return {};
  const SymbolId symbol = filled->fill.order.symbol;
  const auto quote = quotes_.before(symbol, filled->fill.at);
  if (!quote) return {};
  const double age = std::chrono::duration<double>(filled->fill.at - quote->at).count();
  const QuoteBefore before{quote->bid, quote->ask, age};
  recorder_->on_quote(symbol, before);
  return note(kQuoteNote, quote_note(names_[symbol], before));
}

/// Nothing that the outside says may end the program, or stand in the journal for a restart to stumble over.
Result<> LiveDay::refuse(const Event& event, const Error& why) {
  const std::string text = "left out, because it does not fit the day: " + why.detail;
  if (auto noted = note("refused", text); !noted) return noted;
  // Shares or cash are not what our book says: the comparison with the broker's lifts this.
  const bool booking = std::holds_alternative<OrderFilled>(event) || std::holds_alternative<PositionClosedByBroker>(event);
  if (booking && !gate_.closed_by(EntryStop::books_differ)) return set_mismatch(true, text);
  alert(AlertKind::trouble, text);
  return log(text);
}

/// Every minute must be stepped once, or no later one can be.
Result<> LiveDay::step_without_bars(const BarsArrived& set, const Error& why) {
  if (auto told = refuse(set, why); !told) return told;
  BarsArrived empty{.minute = set.minute, .bars = {}, .observe_only = set.observe_only};
  empty.bars.resize(names_.size());
  return on_set(empty);
}

void LiveDay::apply(const Event& event) {
  stepped_ = true;
  recorder_->on_event(event);
  const auto actions = session_->step(now_, event);
  // Orders first, in their order: what waits for a disk or is written about the set can wait for them.
  for (const Action& action : actions) order(action);
  for (const Action& action : actions) {
    if (const auto* tripped = std::get_if<BreakerTripped>(&action)) latch_breaker(*tripped);
    tell_odd(action);
    recorder_->on_action(action);
  }
}

// ---- a minute -----------------------------------------------------------------------------------

Result<> LiveDay::on_set(const BarsArrived& set) {
  last_minute_ = set.minute;
  const auto real = std::count_if(set.bars.begin(), set.bars.end(), [](const auto& bar) { return bar.has_value(); });
  if (real > 0) last_bar_ = options_.hours.minute_end(set.minute);
  recorder_->on_bars(set);
  if (const std::string spreads = spreads_.take(names_); !spreads.empty()) {
    if (auto done = note("spread_bps", spreads); !done) return done;
  }
  if (const auto other_tape = volume_.hear(set)) {
    alert(AlertKind::trouble, *other_tape);
    if (auto done = log(*other_tape); !done) return done;
  }
  if (set.minute == eod_.set) close_out_.start(now_);
  set_complete_ = arrivals_.complete(set.minute, real == std::ssize(set.bars), assembler_.closes_at(set.minute));
  auto done = step(set);
  set_complete_.reset();
  return done ? tell_silent(set) : done;
}

// ---- what stops entries ---------------------------------------------------------------------------

Result<> LiveDay::update_suspension() {
  gate_.set(EntryStop::market_data_down, assembler_.down(), "market data is down");
  gate_.set(EntryStop::order_events_down, options_.stream_up && !options_.stream_up(), "the broker's order events are down");
  if (gate_.blind_for_long(now_)) {
    alert(AlertKind::feed_mute, gate_.text() + ", for more than a minute now; no entries meanwhile");
  }
  const auto suspended = gate_.news(now_);
  return suspended ? step(EntriesSuspended{*suspended}) : Result<>{};
}

Result<> LiveDay::stop_entries(const std::string& why) {
  const std::string text = "no more entries today: " + why;
  if (auto done = log(text); !done) return done;
  gate_.close(EntryStop::stopped, text);
  return update_suspension();
}

Result<> LiveDay::flatten(const std::string& why) {
  if (auto done = stop_entries(why); !done) return done;
  close_out_.start(earliest_exit());
  if (session_->exit_waits_for_open()) return {};  // wanted already
  if (auto done = step(FlattenRequested{}); !done) return done;
  return write_out();
}

Result<> LiveDay::set_maintenance(bool on) {
  if (!gate_.set(EntryStop::maintenance, on, kMaintenance)) return {};
  if (auto done = log(on ? kMaintenance : "maintenance is over"); !done) return done;
  return step(MaintenanceMode{on});
}

Result<> LiveDay::set_mismatch(bool on, const std::string& text) {
  if (!gate_.set(EntryStop::books_differ, on, text.c_str())) return {};
  if (on) alert(AlertKind::reconciliation, text + "; no entries meanwhile");
  if (auto done = log(on ? text : "the broker's book agrees again"); !done) return done;
  return update_suspension();
}

Result<> LiveDay::set_keys_refused(bool on, const std::string& text) {
  if (!gate_.set(EntryStop::keys_refused, on, text.c_str())) return {};
  alert(AlertKind::trouble, text);
  if (auto done = log(text); !done) return done;
  return update_suspension();
}

Result<> LiveDay::set_books_unread(bool on, const std::string& text) {
  if (!gate_.set(EntryStop::books_unread, on, text.c_str())) return {};
  if (on) alert(AlertKind::trouble, text + "; no entries meanwhile");
  if (auto done = log(on ? text : "the broker's book can be read again"); !done) return done;
  return update_suspension();
}

// ---- time ---------------------------------------------------------------------------------------

Result<> LiveDay::run_timers() {
  // Asked for before the open: the first set may be long in coming.
  if (session_->exit_waits_for_open() && now_ >= options_.hours.open) {
    if (auto done = step(FlattenRequested{}); !done) return done;
  }
  if (!eod_.posted && now_ >= eod_.timer) {
    eod_.posted = true;
    close_out_.start(now_);
    if (last_minute_ < eod_.set) {
      if (auto done = step(EodTimer{}); !done) return done;
    }
  }
  if (auto done = climb_ladder(); !done) return done;
  return close_when_complete();
}

Result<> LiveDay::climb_ladder() {
  const FlattenLadder::Due due = close_out_.poll(now_, session_->flat());
  if (due.exit_again && now_ < options_.hours.close) {
    const Event again = eod_.posted ? Event(EodTimer{}) : Event(FlattenRequested{});
    if (auto done = step(again); !done) return done;
  }
  if (due.late) {
    alert(AlertKind::not_flat, "shares are still held a minute after the exit; trying on");
    if (auto done = log("NOT FLAT a minute after the exit; trying on"); !done) return done;
  }
  // After the close only to learn what was sold: nothing is sent any more.
  return due.close_out ? hand_over() : Result<>{};
}

/// Orders of unknown outcome are withdrawn as well: found again, they would sell what the broker has sold by then.
Result<> LiveDay::hand_over() {
  if (!options_.close_at_broker) return {};
  const WorkingOrders& working = std::as_const(*session_).working_orders();
  for (std::size_t i = 0; i < working.symbols(); ++i) {
    if (const WorkingOrder* order = working.find(static_cast<SymbolId>(i))) broker_.cancel(order->order.key);
  }
  std::vector<OwnShares> shares = own_shares(*session_);
  if (shares.empty()) return {};
  options_.close_at_broker(std::move(shares));
  return log("closing positions at the broker, past the session's own orders");
}

Result<> LiveDay::close_when_complete() {
  if (over_ || !assembler_.complete()) return {};
  if (!session_->flat() && now_ < options_.hours.close + kCloseGrace) return {};
  if (!session_->flat()) alert(AlertKind::not_flat, "NOT FLAT at the close");
  auto done = step(SessionClosed{});
  over_ = true;
  return done;
}

Result<> LiveDay::pump(TimePoint now) {
  // Resumed between the session's end and that of its files: nothing may be stepped any more.
  if (over_) return {};
  now_ = std::max(now_, now);
  arrivals_.looked(std::chrono::steady_clock::now(), now_);
  stepped_ = false;
  for (const Event& event : broker_.poll()) {
    if (auto done = tell_refusal(event); !done) return done;
    if (auto done = step(event); !done) return done;
  }
  if (auto done = book_sales(); !done) return done;
  (void)collect();
  for (const FeedEvent& event : inbox_.take()) {
    if (auto done = on_feed(event); !done) return done;
  }
  if (auto done = update_suspension(); !done) return done;
  for (const AssemblerEvent& event : assembler_.poll(now_)) {
    if (auto done = on_assembled(event); !done) return done;
  }
  if (auto done = run_timers(); !done) return done;
  return stepped_ ? write_out() : Result<>{};
}

TimePoint LiveDay::next_deadline() const {
  TimePoint at = options_.hours.close + kCloseGrace;
  if (const auto set = assembler_.next_deadline()) at = std::min(at, *set);
  if (!eod_.posted) at = std::min(at, eod_.timer);
  if (session_->exit_waits_for_open()) at = std::min(at, options_.hours.open);
  if (!session_->flat()) at = std::min(at, close_out_.next());
  return std::max(at, now_);
}

// The note says that the files are complete, so it must not outlive them.
Result<> LiveDay::mark_ended() {
  if (auto synced = files_.sync(); !synced) return synced;
  if (auto noted = note(kEndNote, {}); !noted) return noted;
  return journal_->sync();
}

DayResult LiveDay::end() {
  recorder_->closing_prints(static_cast<int>(assembler_.bars_outside_session()));
  return recorder_->end_day(session_->ledger().equity().v, session_->flat());
}

}  // namespace sentio
