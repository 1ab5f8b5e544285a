#include "sentio/mock/mock_driver.h"

#include <chrono>

#include "learn_session.h"
#include "sentio/core/check.h"
#include "sentio/log/log.h"
#include "sentio/mock/day_tape.h"
#include "sentio/mock/replay_broker.h"
#include "sentio/run/log_heading.h"
#include "sentio/run/run_manifest.h"

namespace sentio {

namespace {

/// One run: owns the session, the broker and the recorder, and keeps them in step.
class MockRun {
 public:
  MockRun(const MockOptions& options, const std::vector<SymbolBars>& bars, const MockSinks& sinks,
          std::unique_ptr<SignalSource> signals)
      : options_(options),
        bars_(bars),
        sinks_(sinks),
        broker_(options_.config.fill, options_.universe),
        recorder_(options_.config, options_.universe),
        session_({.config = options_.config,
                  .universe = options_.universe,
                  .fees = options_.fees,
                  .capital = options_.capital,
                  .placebo = options_.placebo},
                 std::move(signals)) {}

  Result<RunResult> run(const MockPlan& plan);

 private:
  [[nodiscard]] Result<> check_coverage(const std::vector<SessionHours>& sessions) const;
  Result<> resume(const StateFile& state);
  Result<> warm_up(const std::vector<SessionHours>& sessions);
  Result<> trade(const SessionHours& hours);
  void step(TimePoint now, const Event& event);
  void drain_broker(TimePoint now);
  void log_header(const DayTape& tape);
  void warn_of_absent(const DayTape& tape);
  void log_footer(const DayTape& tape, const DayResult& day);
  void report_progress(Date date, bool warming_up);
  /// Placebos are a hundred runs of one command.
  [[nodiscard]] LogLevel log_level() const { return options_.placebo ? LogLevel::debug : LogLevel::info; }
  void warn(const std::string& text) {
    if (sinks_.warning) sinks_.warning(text);
  }

  const MockOptions& options_;
  const std::vector<SymbolBars>& bars_;
  const MockSinks& sinks_;
  ReplayBroker broker_;
  RunRecorder recorder_;
  TradingSession session_;
  RunResult result_;
  MockProgress progress_;
  BarsArrived minute_;  // reused: no allocation per bar
};

// Performs the actions of one event and whatever they cause, until the broker is silent.
void MockRun::step(TimePoint now, const Event& event) {
  const auto actions = session_.step(now, event);
  if (sinks_.decided && std::holds_alternative<BarsArrived>(event)) sinks_.decided(session_, now, actions);
  for (const Action& action : actions) {
    if (const auto* submit = std::get_if<SubmitOrder>(&action)) {
      broker_.submit(submit->order, now);
    } else if (const auto* cancel = std::get_if<CancelOrder>(&action)) {
      broker_.cancel(cancel->order);
    } else {
      recorder_.on_action(action);
    }
  }
  drain_broker(now);
}

void MockRun::drain_broker(TimePoint now) {
  for (const Event& event : broker_.poll()) step(now, event);
}

// Before anything is learned or written: every day to be traded must have bars.
Result<> MockRun::check_coverage(const std::vector<SessionHours>& sessions) const {
  constexpr int kNamed = 5;
  std::string days;
  int empty = 0;
  for (const SessionHours& hours : sessions) {
    if (DayTape(hours, bars_).real_bars() > 0) continue;
    if (++empty <= kNamed) days += (days.empty() ? "" : ", ") + format_date(hours.date);
  }
  if (empty == 0) return {};
  if (empty > kNamed) days += " and " + std::to_string(empty - kNamed) + " more";
  return fail(Errc::not_found, days,
              std::string("no instrument has a bar on ") +
                  (empty == 1 ? "this trading day" : "these " + std::to_string(empty) + " trading days") +
                  "; complete the data or choose other dates");
}

void MockRun::warn_of_absent(const DayTape& tape) {
  for (std::size_t i = 0; i < options_.universe.size(); ++i) {
    const auto id = static_cast<SymbolId>(i);
    if (tape.open_to_close(id)) continue;
    const std::string text = options_.universe[id].name + " has no bar on " + format_date(tape.hours().date) +
                             ": it cannot be traded that day";
    recorder_.log(text);
    warn(text);
  }
}

Result<> MockRun::resume(const StateFile& state) {
  ByteReader in(state.payload);
  result_.warmup_sessions = state.header.sessions;
  result_.warmup_sessions_wanted = state.header.sessions_wanted;
  result_.synthetic = result_.synthetic || state.header.synthetic;
  return session_.load_learning(in);
}

Result<> MockRun::warm_up(const std::vector<SessionHours>& sessions) {
  int learned = 0;
  for (const SessionHours& hours : sessions) {
    const DayTape tape(hours, bars_);
    report_progress(hours.date, true);
    ++progress_.sessions_done;
    if (tape.real_bars() == 0) continue;
    learn_session(session_, tape, options_.jobs);
    ++learned;
  }
  result_.warmup_sessions = learned;
  if (options_.warmup_sessions > 0 && learned == 0) {
    return fail(Errc::not_found, "warm-up",
                "none of the " + std::to_string(options_.warmup_sessions) + " sessions before " +
                    format_date(options_.first) +
                    " has bars; add data or run with --warmup-days 0 (the learners then start cold)");
  }
  if (learned < options_.warmup_sessions) {
    warn("warm-up: only " + std::to_string(learned) + " of " + std::to_string(options_.warmup_sessions) +
         " sessions before " + format_date(options_.first) + " have bars");
  }
  return {};
}

void MockRun::log_header(const DayTape& tape) {
  const std::string opening = format_new_york(tape.hours().open) + " session opens: " + options_.config.name;
  for (const std::string& line : log_heading({.opening = opening,
                                              .instruments = options_.universe.as_listed(),
                                              .warmup_sessions = result_.warmup_sessions,
                                              .warmup_sessions_wanted = result_.warmup_sessions_wanted,
                                              .synthetic = result_.synthetic}))
    recorder_.log(line);
  if (result_.same_close_fills) recorder_.log("fills at the decision's own close: NOT ACHIEVABLE");
  if (tape.hours().half_day()) recorder_.log("half day: closes 13:00");
}

void MockRun::log_footer(const DayTape& tape, const DayResult& day) {
  recorder_.log(format_new_york(tape.hours().close) + " session closed: " + (day.flat_at_close ? "flat" : "NOT FLAT") +
                ", " + std::to_string(day.orders_filled) + " orders filled");
  recorder_.log("sets: " + std::to_string(day.sets) + ", skipped: " + std::to_string(day.sets_skipped) +
                ", forward-filled bars: " + std::to_string(day.forward_filled) +
                ", closing prints left out: " + std::to_string(day.closing_prints));
}

void MockRun::report_progress(Date date, bool warming_up) {
  progress_.date = date;
  progress_.warming_up = warming_up;
  progress_.equity = session_.ledger().equity().v;
  if (sinks_.progress) sinks_.progress(progress_);
}

Result<> MockRun::trade(const SessionHours& hours) {
  const DayTape tape(hours, bars_);
  report_progress(hours.date, false);
  recorder_.begin_day(hours, session_.ledger().equity().v, session_.calibration());
  log_header(tape);
  warn_of_absent(tape);
  broker_.begin_session();
  for (std::size_t i = 0; i < options_.universe.size(); ++i) {
    const auto id = static_cast<SymbolId>(i);
    broker_.guard_prices(id, session_.print_guard(id));
  }
  step(hours.open, SessionOpened{.hours = hours, .trading = true});
  if (!sinks_.decided) run_learners_ahead(session_, tape, options_.jobs);
  for (int i = 0; i < hours.minutes; ++i) {
    minute_.minute = i;
    tape.minute(i, minute_.bars);
    if (sinks_.pace) sinks_.pace(hours.minute_end(i));
    broker_.on_minute(hours.minute_start(i), minute_.bars);
    drain_broker(hours.minute_start(i));
    step(hours.minute_end(i), minute_);
  }
  broker_.end_session(hours.close);
  drain_broker(hours.close);
  const bool flat = session_.flat();
  step(hours.close, SessionClosed{});
  DayResult day = recorder_.end_day(session_.ledger().equity().v, flat);
  describe_recording(day, tape, options_.universe);
  log_footer(tape, day);
  log_line(LogLevel::debug, "day_ends", {{"date", format_date(day.date)}, {"orders_filled", day.orders_filled}});
  ++progress_.sessions_done;
  if (sinks_.day_done) {
    if (auto written = sinks_.day_done(day, recorder_.files()); !written) return written;
  }
  result_.days.push_back(std::move(day));
  return {};
}

Result<RunResult> MockRun::run(const MockPlan& plan) {
  result_.strategy_name = options_.config.name;
  result_.config_name = options_.config_name;
  result_.trials = options_.trials;
  result_.manifest =
      run_manifest(options_.config, options_.universe, options_.fees, bar_file_hashes(bars_));
  note_data(result_.manifest, options_.data);
  result_.instruments = options_.universe.as_listed();
  result_.capital = options_.capital.v;
  result_.same_close_fills = options_.config.fill.timing == FillTiming::same_close;
  for (const SymbolBars& s : bars_) result_.synthetic = result_.synthetic || s.synthetic;
  result_.warmup_sessions_wanted = options_.warmup_sessions;
  progress_.sessions_total = static_cast<int>(plan.warm_up.size() + plan.traded.size());

  if (auto covered = check_coverage(plan.traded); !covered) return tl::unexpected(covered.error());
  using Wall = std::chrono::steady_clock;
  const auto began = Wall::now();
  const auto started = options_.warmup_state ? resume(*options_.warmup_state) : warm_up(plan.warm_up);
  if (!started) return tl::unexpected(started.error());
  const auto warm = Wall::now();
  log_line(log_level(), "warm_up_ends", {{"sessions", result_.warmup_sessions}, {"ms", warm - began}});
  if (sinks_.after_warm_up) sinks_.after_warm_up(session_);
  if (sinks_.started) sinks_.started(result_);
  for (const SessionHours& hours : plan.traded) {
    if (auto done = trade(hours); !done) return tl::unexpected(done.error());
  }
  report_progress(options_.last, false);
  log_line(log_level(), "replay_ends", {{"days", result_.days.size()}, {"ms", Wall::now() - warm}});
  return std::move(result_);
}

}  // namespace

Result<MockPlan> plan_mock(const MockOptions& options) {
  MockPlan plan;
  plan.traded = NyseCalendar::sessions(options.first, options.last);
  if (plan.traded.empty()) {
    const std::string days =
        options.range ? format_date(options.first) + " to " + format_date(options.last) : format_date(options.first);
    const std::string why = options.range ? "the range holds no trading day"
                                          : "no session: " + std::string(NyseCalendar::closure_reason(options.first));
    return fail(Errc::no_session, days, why);
  }
  if (!options.warmup_state) plan.warm_up = NyseCalendar::sessions_before(plan.traded.front().date, options.warmup_sessions);
  return plan;
}

Result<RunResult> run_mock(const MockOptions& options, const std::vector<SymbolBars>& bars, const MockSinks& sinks,
                           std::unique_ptr<SignalSource> signals) {
  SENTIO_CHECK(bars.size() == options.universe.size());
  SENTIO_CHECK(!options.placebo || !options.warmup_state);
  const auto plan = plan_mock(options);
  if (!plan) return tl::unexpected(plan.error());
  return MockRun(options, bars, sinks, std::move(signals)).run(*plan);
}

}  // namespace sentio
