#include "sentio/runtime/rehearse.h"

#include <thread>

#include "sentio/broker/alpaca_broker.h"
#include "sentio/feeds/live_feed.h"
#include "sentio/replay/day_tape.h"
#include "sentio/runtime/live_day.h"
#include "sentio/runtime/live_pacer.h"
#include "sentio/runtime/warm_up.h"

namespace sentio {

namespace {

/// Simulated seconds per real one for back-offs and quotas while time itself moves in lock step.
constexpr double kLockStepPace = 2000;
/// In lock step the pacer asks for open orders itself.
constexpr std::chrono::hours kLockStepPollInterval{1};
constexpr std::chrono::seconds kConnectMax{20};

/// Exchange, connections and day, in the order in which they must end.
class Rehearsal {
 public:
  explicit Rehearsal(RehearseOptions options)
      : options_(std::move(options)),
        lock_step_(options_.exchange.speed == 0),
        exchange_(exchange_options()) {}

  Result<RehearseResult> run();

 private:
  ExchangeOptions exchange_options();
  [[nodiscard]] std::string state_name() const {
    return "warmup_state_" + format_date(options_.hours.date) + ".bin";
  }
  Result<> learn();
  Result<> serve();
  Result<> make_pacer();
  Result<> connect();
  Result<> start_day();
  Result<> await_connections();
  Result<> trade();
  Result<RehearseResult> finish();
  [[nodiscard]] bool window_over() const;
  [[nodiscard]] TimePoint window_end() const;
  [[nodiscard]] bool whole_session() const {
    return options_.exchange.to_minute.value_or(options_.hours.minutes - 1) == options_.hours.minutes - 1;
  }
  [[nodiscard]] std::string url(const char* scheme, const char* path) const {
    return std::string(scheme) + "://127.0.0.1:" + std::to_string(port_) + path;
  }

  RehearseOptions options_;
  bool lock_step_;
  ExchangeServer exchange_;
  int port_ = 0;
  std::optional<StateFile> state_;
  std::unique_ptr<LivePacer> pacer_;
  LockStepPacer* lock_step_pacer_ = nullptr;
  std::unique_ptr<AlpacaBroker> broker_;
  std::unique_ptr<LiveFeed> feed_;
  std::unique_ptr<LiveDay> day_;
};

ExchangeOptions Rehearsal::exchange_options() {
  ExchangeOptions e = options_.exchange;
  e.recordings = options_.bars;
  // A window starts with back-fill up to its first minute: none may pass unheard before it.
  if (e.from_minute > 0) e.lead = std::chrono::seconds{0};
  return e;
}

/// The day starts as mock's would; an earlier rehearsal's state does if it fits.
Result<> Rehearsal::learn() {
  if (options_.warmup_sessions == 0) return {};
  const auto file = options_.folder / state_name();
  const RunSetup& setup = options_.setup;
  auto kept = load_warm_up_state(file, setup.config, setup.universe, options_.hours.date);
  if (kept && kept->header.sessions == options_.warmup_sessions) {
    state_ = *std::move(kept);
    return {};
  }
  auto state =
      learn_warm_up({.config = setup.config,
                     .universe = setup.universe,
                     .fees = setup.fees,
                     .sessions = NyseCalendar::sessions_before(options_.hours.date, options_.warmup_sessions),
                     .jobs = options_.jobs},
                    options_.bars, {});
  if (!state) return tl::unexpected(state.error());
  state_ = *std::move(state);
  return write_state(file, state_->header, state_->payload);
}

Result<> Rehearsal::serve() {
  const auto port = exchange_.start();
  if (!port) return tl::unexpected(port.error());
  port_ = *port;
  return {};
}

Result<> Rehearsal::make_pacer() {
  if (!lock_step_) {
    pacer_ = std::make_unique<RealTimePacer>([control = exchange_.control()] { return control.now(); },
                                             options_.exchange.speed);
    return {};
  }
  auto pacer = std::make_unique<LockStepPacer>();
  lock_step_pacer_ = pacer.get();
  pacer_ = std::move(pacer);
  return lock_step_pacer_->connect(url("ws", "/control"), options_.hours);
}

Result<> Rehearsal::connect() {
  const auto now = [pacer = pacer_.get()] { return pacer->now(); };
  const auto wake = [pacer = pacer_.get()] { pacer->wake(); };
  const double pace = lock_step_ ? kLockStepPace : options_.exchange.speed;
  const ExchangeOptions& e = options_.exchange;
  AlpacaBrokerOptions b{.trading_url = url("http", ""), .stream_url = url("ws", "/stream")};
  b.key_id = e.key_id;
  b.secret_key = e.secret;
  b.pace = pace;
  b.now = now;
  if (lock_step_) b.poll_interval = kLockStepPollInterval;
  auto broker = AlpacaBroker::create(std::move(b), options_.setup.universe, wake);
  if (!broker) return tl::unexpected(broker.error());
  broker_ = *std::move(broker);

  auto history = make_alpaca_history(
      options_.setup.universe,
      {.base_url = url("http", ""), .key_id = e.key_id, .secret_key = e.secret, .pace = pace, .now = now});
  if (!history) return tl::unexpected(history.error());
  LiveFeedOptions f{.stream_urls = {url("ws", "/v2/iex")}, .key_id = e.key_id, .secret_key = e.secret};
  f.pace = pace;
  f.now = now;
  // A start within the session begins with its first minutes.
  if (e.from_minute > 0) f.backfill_from = options_.hours.open;
  feed_ = std::make_unique<AlpacaMultiSymbolFeed>(options_.setup.universe, std::move(f), *std::move(history),
                                                  wake);
  return {};
}

Result<> Rehearsal::start_day() {
  LiveDayOptions o{.header = {.date = options_.hours.date,
                              .mode = "rehearse",
                              .options = {options_.setup.config, options_.setup.universe, options_.setup.fees,
                                          Usd{options_.exchange.cash}},
                              .state_file = state_ ? state_name() : std::string{},
                              .config_name = options_.setup.config_name,
                              .override_preflight = {}},
                   .hours = options_.hours,
                   .folder = options_.folder,
                   .dry_run = options_.dry_run};
  o.stream_up = [this] { return broker_->stream_up(); };
  o.alert = options_.warning;
  auto day = LiveDay::start(std::move(o), state_ ? &*state_ : nullptr, *broker_, *feed_, pacer_->now());
  if (!day) return tl::unexpected(day.error());
  day_ = *std::move(day);
  if (!lock_step_) return {};
  lock_step_pacer_->set_probes({.broker_idle = [this] { return broker_->idle(); },
                                .updates_received = [this] { return broker_->updates_received(); },
                                .items_received = [this] { return day_->collect(); },
                                .feed_up = [this] { return (void)day_->collect(), day_->feed_up(); },
                                .orders_open = [this] { return broker_->open_order_count(); },
                                .poll_soon = [this] { broker_->poll_soon(); },
                                .polls_done = [this] { return broker_->polls_done(); }});
  return {};
}

Result<> Rehearsal::await_connections() {
  broker_->start();
  feed_->start();
  const auto end = std::chrono::steady_clock::now() + kConnectMax;
  while (!(broker_->stream_up() && day_->feed_up())) {
    if (std::chrono::steady_clock::now() > end) {
      return fail(Errc::timed_out, "rehearsal", "no connection to the exchange before the session");
    }
    (void)day_->collect();
    std::this_thread::sleep_for(std::chrono::milliseconds{2});
  }
  return day_->pump(pacer_->now());
}

TimePoint Rehearsal::window_end() const {
  return options_.hours.minute_end(options_.exchange.to_minute.value_or(options_.hours.minutes - 1));
}

bool Rehearsal::window_over() const {
  if (day_->over()) return true;
  if (whole_session()) return false;
  return pacer_->closed() || pacer_->now() > window_end() + std::chrono::seconds{10};
}

Result<> Rehearsal::trade() {
  while (!window_over()) {
    if (auto waited = pacer_->wait(day_->next_deadline()); !waited) return waited;
    if (auto done = day_->pump(pacer_->now()); !done) return done;
    for (const BrokerNotice& notice : broker_->notices()) {
      using Kind = BrokerNotice::Kind;
      if (notice.kind == Kind::stream_up || notice.kind == Kind::info) continue;
      const std::string text = "broker: " + notice.symbol + (notice.symbol.empty() ? "" : " ") + notice.text;
      if (auto logged = day_->log(format_new_york(pacer_->now()) + " " + text); !logged) return logged;
    }
    if (options_.progress) options_.progress(pacer_->now(), day_->session().ledger().equity().v);
  }
  return {};
}

Result<RehearseResult> Rehearsal::finish() {
  RehearseResult result{.whole_session = whole_session()};
  const auto positions = broker_->positions();
  if (!positions) return tl::unexpected(positions.error());
  for (const BrokerPosition& p : *positions) {
    if (p.shares == 0 || !options_.setup.universe.find(p.symbol)) continue;
    result.held.push_back(p.symbol + " " + p.qty.text);
  }
  result.flat = result.held.empty() && day_->session().flat();
  DayResult day = day_->end();
  const DayTape tape(options_.hours, options_.bars);
  day.closing_prints = tape.closing_prints();
  day.forward_filled =
      options_.hours.minutes * static_cast<int>(options_.setup.universe.size()) - tape.real_bars();
  for (std::size_t i = 0; i < options_.setup.universe.size(); ++i) {
    const auto id = static_cast<SymbolId>(i);
    if (const auto move = tape.open_to_close(id)) day.buy_and_hold[options_.setup.universe[id].name] = *move;
  }
  if (auto logged = day_->log(format_new_york(pacer_->now()) +
                              " rehearsal ends: " + (result.flat ? "flat" : "NOT FLAT") + ", " +
                              std::to_string(day.orders_filled) + " orders filled");
      !logged) {
    return tl::unexpected(logged.error());
  }
  RunResult& run = result.run;
  run.strategy_name = options_.setup.config.name;
  run.config_name = options_.setup.config_name;
  run.instruments = options_.setup.universe.as_listed();
  run.capital = options_.exchange.cash;
  run.warmup_sessions = state_ ? state_->header.sessions : 0;
  run.warmup_sessions_wanted = options_.warmup_sessions;
  for (const SymbolBars& s : options_.bars) run.synthetic = run.synthetic || s.synthetic;
  run.days.push_back(std::move(day));
  result.exchange = exchange_.control().statistics();
  return result;
}

Result<RehearseResult> Rehearsal::run() {
  for (const auto stage : {&Rehearsal::learn, &Rehearsal::serve, &Rehearsal::make_pacer, &Rehearsal::connect,
                           &Rehearsal::start_day, &Rehearsal::await_connections, &Rehearsal::trade}) {
    if (auto done = (this->*stage)(); !done) return tl::unexpected(done.error());
  }
  return finish();
}

}  // namespace

Result<RehearseResult> rehearse(RehearseOptions options) {
  return Rehearsal(std::move(options)).run();
}

}  // namespace sentio
