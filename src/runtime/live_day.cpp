#include "sentio/runtime/live_day.h"

#include <algorithm>
#include <utility>

#include "sentio/core/bytes.h"
#include "sentio/core/json_line.h"
#include "sentio/runtime/journal_replay.h"

namespace sentio {

namespace {

constexpr std::chrono::seconds kEodTimerDelay{5};
/// How long after the close the last executions are waited for.
constexpr std::chrono::seconds kCloseGrace{30};

int eod_set_of(const LiveDayOptions& options) {
  const int minutes = options.header.options.config.rotation.eod_exit_time_minutes;
  return scaled_minute(minutes, options.hours.minutes) - 1;
}

std::string describe(const FeedBar& bar, const std::string& symbol) {
  std::string text = symbol + " " + format_new_york(bar.bar.start) + (bar.revised ? " revised" : "");
  for (const double v : {bar.bar.open, bar.bar.high, bar.bar.low, bar.bar.close, bar.bar.volume}) {
    text += " ";
    append_number(text, v);
  }
  return text;
}

}  // namespace

LiveDay::LiveDay(LiveDayOptions options, BrokerInterface& broker, LiveFeed& feed, JournalWriter journal,
                 TimePoint now)
    : options_(std::move(options)),
      broker_(broker),
      feed_(feed),
      names_(symbol_names(options_.header.options.universe)),
      session_(options_.header.options),
      recorder_(options_.header.options.config, options_.header.options.universe),
      journal_(std::move(journal)),
      assembler_(options_.hours, names_.size(), 0, now, {.eod_minute = eod_set_of(options_)}),
      now_(now),
      eod_timer_(options_.hours.minute_end(eod_set_of(options_)) + kEodTimerDelay),
      eod_set_(eod_set_of(options_)) {}

Result<std::unique_ptr<LiveDay>> LiveDay::start(LiveDayOptions options, const StateFile* state,
                                                BrokerInterface& broker, LiveFeed& feed, TimePoint now) {
  const auto file = options.folder / ("journal_" + format_date(options.hours.date) + ".jsonl");
  std::error_code ignored;
  std::filesystem::remove(file, ignored);
  auto journal = JournalWriter::open(file);
  if (!journal) return tl::unexpected(journal.error());
  std::unique_ptr<LiveDay> day(new LiveDay(std::move(options), broker, feed, *std::move(journal), now));
  if (auto opened = day->open(state); !opened) return tl::unexpected(opened.error());
  return day;
}

Result<> LiveDay::open(const StateFile* state) {
  if (state != nullptr) {
    ByteReader in(state->payload);
    if (auto loaded = session_.load_learning(in); !loaded) return loaded;
  }
  recorder_.begin_day(options_.hours, session_.ledger().equity().v, session_.calibration());
  auto files = LiveFiles::open(options_.folder, options_.hours.date, recorder_.files());
  if (!files) return tl::unexpected(files.error());
  files_ = *std::move(files);
  if (auto written = journal_.append(encode_run_header(options_.header)); !written) return written;
  if (auto done = step(SessionOpened{.hours = options_.hours, .trading = true}); !done) return done;
  return journal_.sync();
}

Result<> LiveDay::log(const std::string& line) {
  recorder_.log(line);
  return files_.append(recorder_.files());
}

Result<> LiveDay::note(std::string_view kind, const std::string& text) {
  line_.clear();
  append_note(line_, now_, kind, text);
  return journal_.append(line_);
}

// ---- stepping -----------------------------------------------------------------------------------

Result<> LiveDay::step(const Event& event) {
  if (auto done = step_one(event); !done) return done;
  while (!answers_.empty()) {
    for (const Event& answer : std::exchange(answers_, {})) {
      if (auto done = step_one(answer); !done) return done;
    }
  }
  return {};
}

Result<> LiveDay::step_one(const Event& event) {
  line_.clear();
  append_event(line_, now_, event, names_);
  if (auto written = journal_.append(line_); !written) return written;
  stepped_ = true;
  for (const Action& action : session_.step(now_, event)) perform(action);
  return {};
}

void LiveDay::perform(const Action& action) {
  if (const auto* submit = std::get_if<SubmitOrder>(&action)) return send(submit->order);
  if (const auto* cancel = std::get_if<CancelOrder>(&action)) return broker_.cancel(cancel->order);
  if (const auto* tripped = std::get_if<BreakerTripped>(&action)) {
    // A restart latches it again by stepping the journal.
    alert("circuit breaker tripped at " + std::to_string(100 * tripped->drawdown) + "% below the day's peak");
  }
  recorder_.on_action(action);
}

void LiveDay::send(const Approved<Order>& order) {
  if (!options_.dry_run) return broker_.submit(order, now_);
  const Order& o = order.get();
  // A cancelled exit would be ordered again at once.
  if (o.side == Side::sell) {
    answers_.emplace_back(OrderRejected{o.key, "dry run"});
  } else {
    answers_.emplace_back(OrderCanceled{o.key, Reason::broker_canceled});
  }
}

// ---- the feed -----------------------------------------------------------------------------------

std::uint64_t LiveDay::collect() {
  for (FeedEvent& event : feed_.poll()) {
    const auto* bar = std::get_if<FeedBar>(&event);
    if ((bar != nullptr && !bar->backfill) || std::holds_alternative<FeedHalt>(event)) ++items_;
    if (std::holds_alternative<FeedUp>(event)) feed_up_ = true;
    if (std::holds_alternative<FeedDown>(event) || std::holds_alternative<FeedLost>(event)) feed_up_ = false;
    inbox_.push_back(std::move(event));
  }
  return items_;
}

Result<> LiveDay::on_feed(const FeedEvent& event) {
  assembler_.on(now_, event);
  if (const auto* halt = std::get_if<FeedHalt>(&event)) {
    if (auto done = note("halt", names_[halt->symbol] + " " + halt->code + " " + halt->reason); !done)
      return done;
    return step(SymbolHalted{halt->symbol, halt->halted});
  }
  if (const auto* down = std::get_if<FeedDown>(&event)) return note("feed_down", down->why);
  if (std::holds_alternative<FeedUp>(event)) return note("feed_up", "");
  if (const auto* told = std::get_if<FeedNote>(&event)) return note("feed", told->text);
  if (const auto* lost = std::get_if<FeedLost>(&event)) {
    alert("market data is lost: " + lost->error.message());
    return note("feed_lost", lost->error.message());
  }
  return {};
}

Result<> LiveDay::on_assembled(const AssemblerEvent& event) {
  if (const auto* late = std::get_if<LateBar>(&event)) {
    return note("late_bar", describe(late->bar, names_[late->bar.symbol]));
  }
  if (const auto* mute = std::get_if<FeedMute>(&event)) {
    mute_ = mute->mute;
    if (mute_) feed_.reconnect();
    if (auto done = note("feed_mute", mute_ ? "connecting again" : "over"); !done) return done;
    return update_suspension();
  }
  const auto& set = std::get<BarsArrived>(event);
  last_minute_ = set.minute;
  return step(set);
}

Result<> LiveDay::update_suspension() {
  const bool blind = assembler_.down() || mute_ || (options_.stream_up && !options_.stream_up());
  // Before the open nothing can be entered anyway, and start-up is not an outage.
  if (blind == suspended_ || (blind && now_ < options_.hours.open)) return {};
  suspended_ = blind;
  return step(EntriesSuspended{blind});
}

// ---- time ---------------------------------------------------------------------------------------

Result<> LiveDay::run_timers() {
  if (!eod_posted_ && now_ >= eod_timer_) {
    eod_posted_ = true;
    if (last_minute_ < eod_set_) {
      if (auto done = step(EodTimer{}); !done) return done;
    }
  }
  if (over_ || !assembler_.complete()) return {};
  if (!session_.flat() && now_ < options_.hours.close + kCloseGrace) return {};
  over_ = true;
  if (!session_.flat()) alert("not flat at the close");
  return step(SessionClosed{});
}

Result<> LiveDay::pump(TimePoint now) {
  now_ = std::max(now_, now);
  stepped_ = false;
  for (const Event& event : broker_.poll()) {
    if (auto done = step(event); !done) return done;
  }
  (void)collect();
  for (const FeedEvent& event : std::exchange(inbox_, {})) {
    if (auto done = on_feed(event); !done) return done;
  }
  if (auto done = update_suspension(); !done) return done;
  for (const AssemblerEvent& event : assembler_.poll(now_)) {
    if (auto done = on_assembled(event); !done) return done;
  }
  if (auto done = run_timers(); !done) return done;
  if (!stepped_) return {};
  if (auto done = files_.append(recorder_.files()); !done) return done;
  return journal_.sync();
}

TimePoint LiveDay::next_deadline() const {
  TimePoint at = options_.hours.close + kCloseGrace;
  if (const auto set = assembler_.next_deadline()) at = std::min(at, *set);
  if (!eod_posted_) at = std::min(at, eod_timer_);
  return at;
}

DayResult LiveDay::end() {
  return recorder_.end_day(session_.ledger().equity().v, session_.flat());
}

}  // namespace sentio
