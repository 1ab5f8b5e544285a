#include "sentio/session/trading_session.h"

#include <algorithm>
#include <cmath>

#include "sentio/core/check.h"

namespace sentio {

namespace {

constexpr std::size_t kExecutionsADay = 4096;  // more are booked as well

}  // namespace

TradingSession::TradingSession(Options options, std::unique_ptr<SignalSource> signals)
    : options_(std::move(options)),
      data_(options_.config.data, options_.universe.size()),
      signals_(std::move(signals)),
      aggregator_(options_.config.aggregator, options_.config.rotation, options_.config.learner.buy_threshold,
                  static_cast<int>(options_.config.learner.horizons.size()), options_.universe),
      rotation_(options_.config.rotation, options_.universe.size()),
      risk_(options_.config.risk),
      orders_(options_.config.rotation, options_.order_style),
      ledger_(options_.capital, options_.universe.size()),
      working_(options_.universe.size()),
      pauses_(options_.universe.size()),
      halted_(options_.universe.size()),
      health_(options_.universe.size()),
      broken_(options_.universe.size()),
      last_close_(options_.universe.size()),
      costs_bps_(options_.universe.size()),
      views_(options_.universe.size()) {
  if (!signals_) {
    auto learners = std::make_unique<MultiSymbolOesManager>(options_.config.learner, options_.universe, options_.placebo);
    learners_ = learners.get();
    signals_ = std::move(learners);
  }
  actions_.reserve(10 * options_.universe.size() + 8);
  position_lines_.reserve(options_.universe.size());
  executions_.reserve(kExecutionsADay);
}

std::span<const Action> TradingSession::step(TimePoint now, const Event& event) {
  actions_.clear();
  SENTIO_CHECK(now >= set_end_ || minute_ < 0);
  now_ = now;
  std::visit([this](const auto& e) { on(e); }, event);
  return actions_;
}

void TradingSession::run_ahead(SymbolId symbol, std::span<const std::optional<Bar>> minutes) {
  if (learners_ == nullptr) return;
  SymbolSynchronizer synchronizer = data_.symbol(symbol);
  std::vector<SyncBar> bars;
  bars.reserve(minutes.size());
  int minute = 0;
  for (const auto& bar : minutes) bars.push_back(synchronizer.next(hours_.minute_start(minute++), bar));
  learners_->run_ahead(symbol, bars);
}

void TradingSession::on(const SessionOpened& e) {
  SENTIO_CHECK(flat() && !in_session_);
  in_session_ = true;
  hours_ = e.hours;
  trading_ = e.trading;
  minute_ = -1;
  set_end_ = hours_.open;
  rates_ = options_.fees.on(hours_.date);
  eod_minute_ = scaled_minute(options_.config.rotation.eod_exit_time_minutes, hours_.minutes);
  if (trading_ && !judged_) judge_learners();  // the last session was warm-up
  judged_ = false;
  data_.begin_session(hours_);
  signals_->begin_session(hours_, eod_minute_);
  rotation_.on_session_open();
  orders_.on_session_open(hours_.date);
  risk_.on_session_open(ledger_.equity());
  halted_.assign(halted_.size(), false);
  pauses_.on_session_open();
  executions_.clear();
  broker_sales_ = 0;
  flatten_requested_ = false;
  exit_held_ = Reason::none;
  if (trading_) ++days_;
}

void TradingSession::on(const BarsArrived& e) {
  const SynchronizedBarSet& set = data_.step(e.minute, e.bars);
  minute_ = e.minute;
  set_end_ = set.timestamp;
  const auto own = signals_->step(set);
  for (std::size_t i = 0; i < set.bars.size(); ++i) {
    if (set.bars[i].real()) last_close_[i] = set.bars[i].bar.close;
  }
  if (!trading_) return;
  report_prints(set_end_);
  mark_book(set);
  compute_costs();
  outputs_ = aggregator_.aggregate(own, calibration_, costs_bps_, !set.skipped);
  report_signals();
  apply_rules(set, e.observe_only);
  report_positions(set.skipped);
  ledger_.check();
}

void TradingSession::report_prints(TimePoint at) {
  for (const PrintNews& news : data_.prints()) actions_.emplace_back(PrintRecord{at, news.symbol, news.print});
}

void TradingSession::mark_book(const SynchronizedBarSet& set) {
  for (std::size_t i = 0; i < set.bars.size(); ++i) {
    if (set.bars[i].real()) ledger_.mark(static_cast<SymbolId>(i), Price{set.bars[i].bar.close});
  }
  if (risk_.on_equity(ledger_.equity())) {
    actions_.emplace_back(BreakerTripped{risk_.drawdown()});
    DecisionRecord halt = decision(0, DecisionKind::halt, Reason::circuit_breaker);
    halt.for_all = true;
    actions_.emplace_back(halt);
  }
}

Price TradingSession::half_spread(SymbolId symbol) const {
  return half_spread_per_share(options_.universe[symbol], Price{last_close_[symbol]});
}

void TradingSession::compute_costs() {
  for (std::size_t i = 0; i < costs_bps_.size(); ++i) {
    const auto symbol = static_cast<SymbolId>(i);
    costs_bps_[i] =
        last_close_[i] > 0 ? round_trip_cost(rates_, half_spread(symbol), Price{last_close_[i]}).v : 0.0;
  }
}

void TradingSession::report_signals() {
  const int horizons = static_cast<int>(options_.config.learner.horizons.size());
  for (const SignalOutput& s : outputs_) {
    actions_.emplace_back(
        SignalRecord{.ts = set_end_, .bar_start = hours_.minute_start(minute_), .horizons = horizons, .signal = s});
  }
}

void TradingSession::build_views(const SynchronizedBarSet& set) {
  position_lines_.clear();
  for (std::size_t i = 0; i < views_.size(); ++i) {
    const auto symbol = static_cast<SymbolId>(i);
    const Position& position = ledger_.position(symbol);
    const WorkingOrder* working = working_.find(symbol);
    const SignalOutput& signal = outputs_[i];
    SymbolView& view = views_[i];
    view = {};
    view.qty = position.qty.v;
    view.avg_entry = position.avg_entry.v;
    view.last_close = last_close_[i];
    const bool buying = working != nullptr && working->order.side == Side::buy;
    view.buy_working = buying && working->exit_after == Reason::none;
    view.sell_working = working != nullptr && !view.buy_working;
    view.equity_side = options_.universe[symbol].equity_side;
    view.real_bar = set.bars[i].real();
    view.stale = set.bars[i].stale;
    view.halted = halted_[i];
    view.refusal_pause = pauses_.paused(symbol, minute_);
    view.has_signal = signal.own.valid;
    view.healthy = broken_[i].healthy();
    view.rank = signal.rank;
    view.strength = signal.strength;
    view.net_edge_bps = signal.net_edge_bps;
    view.move_bps = signal.move_bps;
    view.cost_bps = signal.cost_bps;
  }
}

void TradingSession::apply_rules(const SynchronizedBarSet& set, bool observe_only) {
  for (std::size_t i = 0; i < working_.symbols(); ++i) {
    WorkingOrder* w = working_.find(static_cast<SymbolId>(i));
    if (w == nullptr) continue;
    ++w->sets;
    if (set.bars[i].real() && !halted_[i]) ++w->traded_sets;
    if (w->cancel_sent) ++w->sets_since_cancel;
  }
  build_views(set);
  const bool eod = set.minute + 1 >= eod_minute_;
  const SetView view{.minutes_after_open = set.minute + 1,
                     .session_minutes = hours_.minutes,
                     .eod = eod,
                     .breaker_open = risk_.breaker_open(),
                     .skipped = set.skipped,
                     .observe_only = observe_only,
                     .maintenance = maintenance_,
                     .entries_suspended = entries_suspended_ || flatten_requested_ || exit_waits_for_open()};
  set_view_ = view;
  for (const RuleOutcome& outcome : rotation_.decide(view, views_)) {
    switch (outcome.kind) {
      case RuleOutcome::Kind::exit: leave(outcome.symbol, outcome.reason); break;
      case RuleOutcome::Kind::enter: enter(outcome.symbol); break;
      case RuleOutcome::Kind::blocked: block(outcome.symbol, outcome.reason); break;
    }
  }
  if (exit_waits_for_open() && !observe_only) leave_all(std::exchange(exit_held_, Reason::none));
  expire_entries();
  if (!observe_only) renew_exits();
  repeat_cancels();
}

DecisionRecord TradingSession::decision(SymbolId symbol, DecisionKind kind, Reason reason) const {
  DecisionRecord d{.ts = set_end_,
                   .bar_start = set_end_ - kBarLength,
                   .symbol = symbol,
                   .kind = kind,
                   .reason = reason,
                   .price = last_close_[symbol]};
  if (symbol < outputs_.size()) {
    const SignalOutput& signal = outputs_[symbol];
    d.rank = signal.rank;
    d.strength = signal.strength;
    d.net_edge_bps = signal.net_edge_bps;
    d.move_bps = signal.move_bps;
    d.cost_bps = signal.cost_bps;
  }
  const Position& position = ledger_.position(symbol);
  if (position.qty.v > 0) {
    d.sets_held = rotation_.sets_held(symbol);
    d.return_since_entry = last_close_[symbol] / position.avg_entry.v - 1.0;
  }
  return d;
}

void TradingSession::block(SymbolId symbol, Reason reason) {
  actions_.emplace_back(decision(symbol, DecisionKind::blocked, reason));
}

// A buy still working is cancelled first; what it has bought is sold when its last event is in.
void TradingSession::leave(SymbolId symbol, Reason reason, DecisionKind kind) {
  WorkingOrder* working = working_.find(symbol);
  if (working != nullptr && working->order.side == Side::sell) return;
  // Refused by the broker some hundred times within one minute: the next minute has names again.
  if (!orders_.can_make(order_minute(), symbol, Side::sell)) return;
  DecisionRecord record = decision(symbol, kind, reason);
  record.qty = ledger_.position(symbol).qty.v;
  if (working == nullptr) {
    SENTIO_CHECK(record.qty > 0);
    actions_.emplace_back(record);
    submit_exit(symbol, reason);
    return;
  }
  if (working->exit_after != Reason::none) return;
  working->exit_after = reason;
  if (record.qty == 0) record.kind = DecisionKind::cancel;
  actions_.emplace_back(record);
  if (!working->cancel_sent) {
    working->cancel_sent = true;
    actions_.emplace_back(CancelOrder{working->order.key});
  }
}

// Between the open and the first set, orders bear the first set's number and the minute they are made in: a day that
// is begun anew at noon must not repeat the names of the morning.
int TradingSession::order_minute() const {
  return std::max(minute_, 0);
}

TimePoint TradingSession::order_time() const {
  return minute_ < 0 ? std::max(set_end_, TimePoint{std::chrono::floor<std::chrono::minutes>(now_)}) : set_end_;
}

void TradingSession::submit_exit(SymbolId symbol, Reason reason) {
  const Order order = orders_.make(order_minute(), order_time(), symbol, Side::sell, ledger_.position(symbol).qty,
                                   Price{last_close_[symbol]}, reason);
  auto verdict = risk_.review(order, Price{last_close_[symbol]}, ledger_.equity());
  SENTIO_CHECK(std::holds_alternative<Approved<Order>>(verdict));  // exits are never refused
  working_.add(order);
  actions_.emplace_back(SubmitOrder{std::get<Approved<Order>>(verdict)});
}

Usd TradingSession::free_cash() const {
  Usd reserved{};
  for (std::size_t i = 0; i < working_.symbols(); ++i) {
    const auto symbol = static_cast<SymbolId>(i);
    const WorkingOrder* w = working_.find(symbol);
    if (w == nullptr || w->order.side != Side::buy) continue;
    reserved += w->left() * std::max(w->order.price(), w->order.reference + half_spread(symbol));
  }
  return ledger_.cash() - reserved;
}

void TradingSession::enter(SymbolId symbol) {
  const Price close{last_close_[symbol]};
  const Qty qty = orders_.entry_size(ledger_.equity(), free_cash(), close, half_spread(symbol));
  if (qty.v < 1) return block(symbol, Reason::insufficient_cash);
  const Order order = orders_.make(minute_, set_end_, symbol, Side::buy, qty, close, Reason::entered);
  auto verdict = risk_.review(order, close, ledger_.equity());
  const auto* refused = std::get_if<Refused>(&verdict);
  DecisionRecord record = refused != nullptr ? decision(symbol, DecisionKind::blocked, refused->reason)
                                             : decision(symbol, DecisionKind::enter, Reason::entered);
  if (order.limit) record.limit_price = order.limit->v;
  if (refused == nullptr) record.qty = qty.v;
  actions_.emplace_back(record);
  if (refused != nullptr) return;
  working_.add(order);
  actions_.emplace_back(SubmitOrder{std::get<Approved<Order>>(verdict)});
}

// Booked like a purchase at its average price: the driver seeds the capital with cash plus that cost.
void TradingSession::on(const PositionAdopted& e) {
  SENTIO_CHECK(trading_ && minute_ < 0 && e.qty.v > 0 && ledger_.position(e.symbol).qty.v == 0);
  const Fill fill{.order = {.session = hours_.date, .minute = -1, .symbol = e.symbol},
                  .qty = e.qty,
                  .price = e.avg_entry,
                  .at = hours_.open};
  (void)ledger_.apply(fill, Side::buy, e.symbol, Fees{});
  rotation_.on_entry_fill(e.symbol);
  if (last_close_[e.symbol] == 0) last_close_[e.symbol] = e.avg_entry.v;
  ledger_.check();
}

void TradingSession::leave_all(Reason reason) {
  for (std::size_t i = 0; i < working_.symbols(); ++i) {
    const auto symbol = static_cast<SymbolId>(i);
    const WorkingOrder* w = working_.find(symbol);
    const bool buying = w != nullptr && w->order.side == Side::buy;
    if (buying || (w == nullptr && ledger_.position(symbol).qty.v > 0)) leave(symbol, reason);
  }
}

// Before the open nothing can be sold: the wish is kept for the first event that can be answered with orders.
void TradingSession::get_out(Reason reason) {
  if (!trading_) return;
  const bool early = now_ < hours_.open;
  exit_held_ = early ? reason : Reason::none;
  if (!early) leave_all(reason);
}

// Acts on whatever no exit is at work for: nothing where the set of the EOD minute has been stepped and the
// broker took its orders.
void TradingSession::on(const EodTimer&) { get_out(Reason::eod); }

void TradingSession::on(const FlattenRequested&) {
  flatten_requested_ = true;
  get_out(Reason::operator_flatten);
}

void TradingSession::report_positions(bool skipped) {
  PositionsRecord record{.ts = set_end_,
                         .bar_start = set_end_ - kBarLength,
                         .cash = ledger_.cash().v,
                         .equity = ledger_.equity().v,
                         .skipped_set = skipped,
                         .positions = {}};
  record.mrd = (record.equity / options_.capital.v - 1.0) / std::max(days_, 1);
  position_lines_.clear();
  for (std::size_t i = 0; i < views_.size(); ++i) {
    const auto symbol = static_cast<SymbolId>(i);
    const Position& p = ledger_.position(symbol);
    if (p.qty.v <= 0) continue;
    position_lines_.push_back({.symbol = symbol,
                               .qty = p.qty.v,
                                .avg_entry = p.avg_entry.v,
                                .mark = p.mark.v,
                                .unrealized = p.qty.v * (p.mark.v - p.avg_entry.v),
                                .sets_held = rotation_.sets_held(symbol)});
  }
  record.positions = position_lines_;
  actions_.emplace_back(record);
}

}  // namespace sentio
