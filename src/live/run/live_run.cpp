#include "sentio/live/live_run.h"

#include <algorithm>
#include <thread>

#include "run/live_run_steps.h"
#include "run/live_words.h"
#include "sentio/live/instance_lock.h"
#include "sentio/mock/warm_up.h"
#include "sentio/run/run_manifest.h"

namespace sentio {
namespace {

using Wall = std::chrono::steady_clock;

}  // namespace

Result<> LiveRun::connect_broker() {
  auto clock = options_.makers.clock ? options_.makers.clock() : open_clock(options_.account.endpoints);
  if (!clock) return tl::unexpected(clock.error());
  clock_ = *std::move(clock);
  if (options_.observers.times != nullptr) {
    options_.observers.times->date = clock_.hours.date;
    options_.observers.times->started = clock_.pacer->now();
  }
  connector_ = std::make_unique<LiveConnector>(options_.account.endpoints, options_.account.keys, options_.bars.alpaca_feed,
                                               options_.setup.universe, *clock_.pacer, options_.makers);
  auto broker = connector_->broker();
  if (!broker) return tl::unexpected(broker.error());
  broker_ = *std::move(broker);
  return {};
}

Result<> LiveRun::check() {
  auto start = check_start(*broker_, *clock_.pacer,
                           {.setup = options_.setup,
                            .order_style = options_.policy.order_style,
                            .hours = clock_.hours,
                            .folder = options_.folder,
                            .mode = mode(),
                            .adopt = options_.policy.adopt,
                            .fresh = options_.policy.rehearsal,
                            .claim = [this](const BrokerAccount& account) { return claim(account); }});
  if (!start) {
    if (start.error().code == Errc::reconciliation) alert(AlertKind::reconciliation, start.error().message());
    return tl::unexpected(start.error());
  }
  start_ = *std::move(start);
  for (const std::string& note : start_.notes) say(note);
  for (const std::string& warning : start_.warnings) warn(warning);
  if (ended_before() || !options_.observers.before_trading) return {};
  return options_.observers.before_trading(start_.account, clock_.hours.date);
}

/// Two processes with two log folders would cancel each other's orders and take over each other's shares.
Result<> LiveRun::claim(const BrokerAccount& account) {
  if (options_.policy.rehearsal) return {};
  auto lock = InstanceLock::take_account(account_lock_folder(), options_.account.endpoints.trading_url, account.id);
  if (!lock) return tl::unexpected(lock.error());
  account_lock_.emplace(*std::move(lock));
  return {};
}

/// Live day D starts exactly as `mock --date D` does.
Result<StateFile> LiveRun::learned_state() {
  const RunSetup& setup = options_.setup;
  if (!options_.bars.warmup_state.empty()) {
    return load_warm_up_state(options_.bars.warmup_state, setup.config, setup.universe, clock_.hours.date);
  }
  const bool feed_only = options_.bars.warmup_from_feed;
  auto history = connector_->history(feed_only && polygon_wanted() ? FeedVendor::polygon : FeedVendor::alpaca);
  if (!history) return tl::unexpected(history.error());
  auto bars = load_warm_up_bars({.folder = feed_only ? std::filesystem::path() : options_.bars.data_dir,
                                 .universe = setup.universe,
                                 .day = clock_.hours.date,
                                 .sessions_wanted = options_.bars.warmup_sessions,
                                 .stamp = options_.bars.stamp,
                                 .accepted = options_.bars.accepted,
                                 .allow_short = options_.bars.allow_short_warmup,
                                 .jobs = options_.bars.jobs,
                                 .history = history->get()});
  if (!bars) return tl::unexpected(bars.error());
  for (const Finding& finding : bars->review.findings) warn(load_line(finding, bars->review.accepted));
  for (const std::string& note : bars->notes) warn(note);
  bar_files_ = bar_file_hashes(bars->bars);
  warm_up_volumes_ = first_volumes(bars->bars, bars->sessions);
  data_findings_ = bars->review.findings;
  return learn_warm_up({.config = setup.config,
                        .universe = setup.universe,
                        .fees = setup.fees,
                        .sessions = bars->sessions,
                        .jobs = options_.bars.jobs},
                       bars->bars, {});
}

Result<> LiveRun::learn() {
  if (start_.resumed || options_.bars.warmup_sessions == 0) return {};
  say("warming up on the " + std::to_string(options_.bars.warmup_sessions) + " sessions before " +
      format_date(clock_.hours.date));
  auto state = learned_state();
  if (!state) return tl::unexpected(state.error());
  state_ = *std::move(state);
  warmup_sessions_ = state_->header.sessions;
  synthetic_ = state_->header.synthetic;
  // Beside the journal: a restart and a replay begin with it.
  return write_state(options_.folder / state_name(), state_->header, state_->payload);
}

/// Shares want somebody who sells them at 15:58: for them a crowd is not waited out.
ConnectPatience LiveRun::patience_for(const char* what, bool until_open) const {
  return {what, clock_.lock_step == nullptr && !holding(), until_open};
}

/// Ends early, and well, on a signal: the day that is made ready then obeys it.
Result<> LiveRun::await(ConnectPatience& patience, const std::function<bool()>& done) {
  const auto begun = Wall::now();
  const TimePoint since = clock_.pacer->now();
  while (!done() && (options_.observers.stop == nullptr || options_.observers.stop->requests() == 0)) {
    for (FeedEvent& event : feed_->poll()) {
      feed_patience_->hear(event);
      heard_early_.push_back(std::move(event));
    }
    for (BrokerNotice& notice : broker_->notices()) {
      stream_patience_->hear(notice);
      notices_early_.push_back(std::move(notice));
    }
    if (patience.lost()) return tl::unexpected(*patience.lost());
    if (const auto news = patience.crowd_news()) warn(*news);
    const TimePoint now = clock_.pacer->now();
    if (patience.over(Wall::now() - begun, now - since, now < clock_.hours.open)) {
      return tl::unexpected(patience.error(clock_.lock_step != nullptr ? Wall::now() - begun : now - since));
    }
    std::this_thread::sleep_for(std::chrono::milliseconds{2});
  }
  return {};
}

Result<> LiveRun::start_feed(FeedVendor vendor, bool may_fall_back) {
  const SessionHours& hours = clock_.hours;
  const TimePoint wanted_from = start_.resumed ? hours.minute_end(start_.resumed->last_minute) : hours.open;
  heard_early_.clear();
  feed_.reset();
  auto feed = connector_->feed(vendor, wanted_from, options_.bars.alpaca_quotes);
  if (!feed) return tl::unexpected(feed.error());
  feed_ = *std::move(feed);
  feed_->start();
  feed_patience_ = patience_for("market data", !may_fall_back);
  return await(*feed_patience_, [this] {
    return std::ranges::any_of(heard_early_, [](const FeedEvent& e) { return std::holds_alternative<FeedUp>(e); });
  });
}

bool LiveRun::polygon_wanted() const {
  return options_.bars.feed == FeedChoice::polygon ||
         (options_.bars.feed == FeedChoice::automatic && !options_.account.keys.polygon_key.empty());
}

Result<> LiveRun::connect_feed() {
  stream_patience_ = patience_for("trade_updates");
  broker_->start();
  const bool polygon = polygon_wanted();
  const bool may_fall_back = polygon && options_.bars.feed == FeedChoice::automatic;
  auto up = start_feed(polygon ? FeedVendor::polygon : FeedVendor::alpaca, may_fall_back);
  if (!up) up.error().detail += data_cure(up.error(), polygon, options_.bars.alpaca_feed);
  // Before the open only: two vendors' bars in one day would be two histories.
  if (!up && may_fall_back && clock_.pacer->now() < clock_.hours.open) {
    warn("Polygon refuses or cannot be reached (" + up.error().message() + "); trading on Alpaca's bars today");
    up = start_feed(FeedVendor::alpaca);
    if (!up) up.error().detail += data_cure(up.error(), false, options_.bars.alpaca_feed);
  }
  if (up) up = await(*stream_patience_, [this] { return broker_->stream_up(); });
  if (up || !holding()) return up;
  // Shares need somebody who sells them at 15:58, which works over REST alone.
  warn(up.error().message() + "; going on without it, because shares are held: no entries, everything out at the end");
  alert(AlertKind::feed_mute, up.error().message() + "; shares are held");
  return {};
}

bool LiveRun::holding() const {
  return !start_.book.held.empty() || (start_.resumed && !start_.resumed->session->flat());
}

RunHeader LiveRun::fresh_header() const {
  double capital = start_.account.cash.value;
  for (const auto& held : start_.book.held) capital += held.qty.v * held.avg_entry.v;
  return {.date = clock_.hours.date,
          .mode = mode(),
          .options = {options_.setup.config, options_.setup.universe, options_.setup.fees, Usd{capital},
                      options_.policy.order_style},
          .state_file = state_ ? state_name() : std::string{},
          .config_name = options_.setup.config_name,
          .override_preflight = options_.policy.override_preflight};
}

std::vector<Event> LiveRun::first_events() const {
  std::vector<Event> events;
  for (const auto& held : start_.book.held) {
    events.emplace_back(PositionAdopted{held.symbol, held.qty, held.avg_entry});
  }
  if (start_.breaker_latched) events.emplace_back(BreakerLatched{});
  return events;
}

LiveDayOptions LiveRun::day_options(RunHeader header) {
  std::function<void(std::vector<OwnShares>)> close_at_broker;
  if (!options_.policy.dry_run) close_at_broker = [this](std::vector<OwnShares> shares) { loop_->close_at_broker(std::move(shares)); };
  return {.header = std::move(header),
          .hours = clock_.hours,
          .folder = options_.folder,
          .pace = clock_.lock_step != nullptr ? 0 : clock_.pace,
          .dry_run = options_.policy.dry_run,
          .stream_up = [this] { return broker_->stream_up(); },
          .close_at_broker = std::move(close_at_broker),
          .warm_up_volumes = warm_up_volumes_,
          .alerts = alerts_};
}

/// Every order of the day is told to the broker, so that late messages about it are not a stranger's.
void LiveRun::resume_orders() {
  for (const RecordedOrder& o : start_.resumed->orders) {
    broker_->resume(o.order, o.submitted_at, o.booked_shares, o.booked_usd, o.ended);
  }
  const WorkingOrders& working = start_.resumed->session->working_orders();
  for (std::size_t i = 0; i < working.symbols(); ++i) {
    const WorkingOrder* order = working.find(static_cast<SymbolId>(i));
    if (order != nullptr && order->cancel_sent) broker_->cancel(order->order.key);
  }
}

Result<> LiveRun::begin_day() {
  const TimePoint now = clock_.pacer->now();
  const bool fresh = !start_.resumed;
  Result<std::unique_ptr<LiveDay>> day;
  if (!fresh) {
    resume_orders();
    warmup_sessions_ = start_.resumed->warmup_sessions;
    synthetic_ = start_.resumed->synthetic;
    RunHeader header = start_.resumed->header;
    say("resuming " + format_date(clock_.hours.date) + " after minute " +
        std::to_string(start_.resumed->last_minute));
    day = LiveDay::resume(day_options(std::move(header)), *std::move(start_.resumed), *broker_, *feed_, now);
  } else {
    day = LiveDay::start(day_options(fresh_header()), state_ ? &*state_ : nullptr, first_events(), *broker_, *feed_,
                         now);
  }
  if (!day) return tl::unexpected(day.error());
  day_ = *std::move(day);
  if (fresh) {
    if (auto done = log_heading(); !done) return done;
  }
  day_->hear(std::move(heard_early_));
  set_probes();
  loop_ = std::make_unique<LiveLoop>(options_, clock_, *day_, *broker_, alerts_, first_status(now),
                                     learners_of(day_->session()));
  loop_->hear(std::move(notices_early_));
  return day_->pump(now);
}

LiveStatus LiveRun::first_status(TimePoint now) const {
  LiveStatus status{.account = options_.policy.rehearsal ? "rehearse" : std::string(to_string(options_.account.which))};
  status.date = clock_.hours.date;
  status.started_at = now;
  status.session_minutes = clock_.hours.minutes;
  status.capital = day_->session().capital().v;
  status.clock_skew_seconds = start_.clock_skew_seconds;
  return status;
}

Result<> LiveRun::log_heading() {
  for (const std::string& line : heading_of(options_, mode(), warmup_sessions_, synthetic_)) {
    if (auto done = day_->log(line); !done) return done;
  }
  return {};
}

void LiveRun::set_probes() {
  if (clock_.lock_step == nullptr) return;
  clock_.lock_step->set_probes({.updates_received = [this] { return broker_->updates_received(); },
                                .items_received = [this] { return day_->collect(); },
                                .feed_up = [this] { return (void)day_->collect(), day_->feed_up(); },
                                .stream_up = [this] { return broker_->stream_up(); }});
}

Result<> LiveRun::trade() {
  if (options_.observers.stop != nullptr) options_.observers.stop->on_request([this] { clock_.pacer->wake(); });
  if (options_.observers.times != nullptr) options_.observers.times->traded = true;
  alert(AlertKind::start, "trading " + format_date(clock_.hours.date));
  auto done = loop_->run();
  if (options_.observers.stop != nullptr) options_.observers.stop->on_request({});
  clock_.pacer->release();
  return done;
}

Result<> LiveRun::pass(const Stage& stage) {
  const auto began = Wall::now();
  log_line(LogLevel::debug, "stage_begins", {{"name", stage.name}});
  auto done = (this->*stage.work)();
  if (done) {
    log_line(LogLevel::info, "stage_ends", {{"name", stage.name}, {"ms", Wall::now() - began}});
  } else {
    log_line(LogLevel::error, "stage_fails", {{"name", stage.name}, {"ms", Wall::now() - began}, {"error", done.error().message()}});
  }
  return done;
}

Result<LiveRunResult> LiveRun::run() {
  for (const Stage& stage : {Stage{"connect_broker", &LiveRun::connect_broker}, Stage{"check", &LiveRun::check}}) {
    if (auto done = pass(stage); !done) return tl::unexpected(done.error());
  }
  if (ended_before()) return LiveRunResult{.hours = clock_.hours, .already_ended = true};
  for (const Stage& stage : {Stage{"warm_up", &LiveRun::learn}, Stage{"connect_feed", &LiveRun::connect_feed},
                             Stage{"begin_day", &LiveRun::begin_day}, Stage{"trade", &LiveRun::trade}}) {
    if (auto done = pass(stage); !done) return tl::unexpected(halted(done.error()));
  }
  return finish();
}

Result<LiveRunResult> run_live(LiveRunOptions options) {
  LiveRun run(std::move(options));
  auto result = run.run();
  run.note_end();
  return result;
}

}  // namespace sentio
