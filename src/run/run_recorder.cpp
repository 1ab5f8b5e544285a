#include "sentio/run/run_recorder.h"

#include <algorithm>
#include <cstdio>

#include "sentio/core/text/json_line.h"

namespace sentio {

RunRecorder::RunRecorder(const StrategyConfig& config, const Universe& universe)
    : config_(config),
      universe_(universe),
      format_(universe.names(), config.learner.horizons),
      executions_(universe) {}

void RunRecorder::begin_day(const SessionHours& hours, double equity, const Calibration& calibration) {
  files_ = {};
  day_ = {};
  day_.date = hours.date;
  day_.equity_start = equity;
  for (std::size_t h = 0; h < config_.learner.horizons.size(); ++h) {
    day_.calibration.push_back({config_.learner.horizons[h], calibration.slope(static_cast<int>(h))});
  }
  executions_.begin_day(hours);
  open_trips_.clear();
  held_.clear();
  filled_orders_.clear();
  confidence_set_ = {};
  confidence_sum_ = exposure_sum_ = 0;
  confidence_count_ = 0;
  confidence_started_ = false;
  peak_ = equity;
  first_open_.assign(universe_.size(), 0);
  last_close_.assign(universe_.size(), 0);
}

void RunRecorder::on_action(const Action& action) {
  std::visit([this](const auto& r) { on(r); }, action);
}

void RunRecorder::on_event(const Event& event) {
  const auto* adopted = std::get_if<PositionAdopted>(&event);
  if (adopted == nullptr) return;
  const double cost = adopted->qty.v * adopted->avg_entry.v;
  held_[adopted->symbol] = adopted->qty.v;
  open_trips_[adopted->symbol] = {.symbol = universe_[adopted->symbol].name,
                                  .qty = adopted->qty.v,
                                  .cost = cost,
                                  .exit_reason = {},
                                  .orders_filled = 1};
}

void RunRecorder::on_bars(const BarsArrived& set) {
  executions_.on_bars(set);
  for (std::size_t i = 0; i < set.bars.size(); ++i) {
    if (!set.bars[i]) {
      ++day_.forward_filled;
      continue;
    }
    if (first_open_[i] == 0) first_open_[i] = set.bars[i]->open;
    last_close_[i] = set.bars[i]->close;
  }
}

void RunRecorder::log(std::string_view text) {
  files_.session_log += text;
  files_.session_log.push_back('\n');
}

void RunRecorder::on(const SignalRecord& r) {
  format_.append(files_.signals, r);
  const SignalOutput& s = r.signal;
  if (!s.own.valid) return;
  SignalStats& stats = day_.signals;
  ++stats.signals;
  stats.pass_probability += s.passes_probability;
  stats.pass_confidence += s.passes_confidence;
  stats.pass_strength += s.passes_strength;
  stats.pass_entry_strength += s.strength >= config_.rotation.min_strength_to_enter;
  const double k = config_.rotation.cost_gate;
  stats.pass_cost_gate += k <= 0 || (s.move_bps > 0 && s.move_bps >= k * s.cost_bps);
  if (s.strength > 0) {
    stats.strength_sum += s.strength;
    ++stats.strength_count;
    stats.strength_max = std::max(stats.strength_max, s.strength);
  }
  if (r.ts != confidence_set_) close_first_confidence();
  confidence_set_ = r.ts;
  confidence_sum_ += s.own.confidence;
  ++confidence_count_;
}

// The signals of one set are complete when those of the next begin, or the day ends.
void RunRecorder::close_first_confidence() {
  if (confidence_count_ == 0) return;
  const double mean = confidence_sum_ / confidence_count_;
  if (!confidence_started_) day_.signals.confidence_start = mean;
  day_.signals.confidence_end = mean;
  confidence_started_ = true;
  confidence_sum_ = 0;
  confidence_count_ = 0;
}

void RunRecorder::on(const DecisionRecord& r) {
  format_.append(files_.decisions, r);
  day_.orders_refused += r.kind == DecisionKind::cancel && r.reason == Reason::broker_rejected;
}

void RunRecorder::on(const BreakerTripped& r) {
  day_.breaker_tripped = true;
  char text[80];
  std::snprintf(text, sizeof text, "circuit breaker: %.2f%% below the day's peak, no entries until tomorrow",
                100 * r.drawdown);
  log(text);
}

void RunRecorder::on(const PrintRecord& r) {
  constexpr int kNamed = 50;  // a day
  const int before = day_.bad_prints + day_.late_prices;
  ++(r.print.verdict == PrintVerdict::real ? day_.late_prices : day_.bad_prints);
  if (before < kNamed) format_.append_log(files_.session_log, r);
  if (before == kNamed) log("more suspect prices are counted, not named");
}

void RunRecorder::on(const HealthRecord& r) {
  if (files_.health.empty()) RecordFormatter::append_learners_heading(files_.session_log);
  format_.append(files_.health, r);
  for (std::size_t h = 0; h < config_.learner.horizons.size(); ++h)
    day_.skill.push_back({universe_[r.symbol].name, config_.learner.horizons[h], r.health->horizon[h].sums});
  format_.append_log(files_.session_log, r);
}

void RunRecorder::on(const TradeRecord& r) {
  format_.append(files_.trades, r);
  executions_.on_trade(r);
  const SymbolId symbol = r.order.symbol;
  const double notional = r.qty * r.price;
  if (std::find(filled_orders_.begin(), filled_orders_.end(), r.order) == filled_orders_.end()) {
    filled_orders_.push_back(r.order);
    ++day_.orders_filled;
  }
  day_.spread_cost += r.spread_cost;
  day_.fee_sec += r.fee_sec;
  day_.fee_taf += r.fee_taf;
  day_.fee_other += r.fee_other;
  day_.last_resort_fills += r.last_resort;

  if (r.reason == Reason::closed_by_broker) {
    std::string line = format_new_york(r.ts) + " sold by the broker: " + universe_[symbol].name + " ";
    append_number(line, r.qty);
    line += " at ";
    append_number(line, r.price);
    log(line);
  }

  RoundTrip& trip = open_trips_[symbol];
  if (held_[symbol] == 0) trip = {.symbol = universe_[symbol].name, .opened = r.ts, .exit_reason = {}};
  trip.spread_cost += r.spread_cost;
  trip.fee_sec += r.fee_sec;
  trip.fee_taf += r.fee_taf;
  trip.fee_other += r.fee_other;
  if (r.order.side == Side::buy) {
    held_[symbol] += r.qty;
    day_.notional_bought += notional;
    trip.qty += r.qty;
    trip.cost += notional;
    trip.pnl -= r.fees;
    return;
  }
  held_[symbol] -= r.qty;
  day_.notional_sold += notional;
  trip.pnl += r.pnl;
  if (held_[symbol] > 0) return;
  trip.closed = r.ts;
  trip.exit_reason = std::string(to_string(r.reason));
  trip.sets_held = static_cast<int>((r.ts - trip.opened) / kBarLength);
  day_.round_trips.push_back(trip);
  open_trips_.erase(symbol);
  executions_.on_flat(symbol);
}

void RunRecorder::on(const PositionsRecord& r) {
  format_.append(files_.positions, r);
  format_.append_log(files_.session_log, r);
  ++day_.sets;
  day_.sets_skipped += r.skipped_set;
  day_.equity_by_minute.push_back(r.equity);
  peak_ = std::max(peak_, r.equity);
  day_.drawdown_max = std::max(day_.drawdown_max, 1.0 - r.equity / peak_);
  day_.sets_invested += !r.positions.empty();
  exposure_sum_ += (r.equity - r.cash) / r.equity;
}

DayResult RunRecorder::end_day(double equity, bool flat) {
  close_first_confidence();
  day_.equity_end = equity;
  day_.flat_at_close = flat;
  peak_ = std::max(peak_, equity);
  day_.drawdown_max = std::max(day_.drawdown_max, 1.0 - equity / peak_);
  if (day_.sets > 0) day_.exposure = exposure_sum_ / day_.sets;
  for (std::size_t i = 0; i < first_open_.size(); ++i) {
    if (first_open_[i] == 0) continue;
    day_.buy_and_hold[universe_[static_cast<SymbolId>(i)].name] = last_close_[i] / first_open_[i] - 1;
  }
  executions_.finish(day_);
  for (const ExecutionPrices& e : day_.executions) format_.append(files_.executions, e);
  return std::move(day_);
}

}  // namespace sentio
