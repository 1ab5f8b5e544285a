#include "sentio/runtime/rehearse.h"

#include "sentio/replay/day_tape.h"

namespace sentio {

namespace {

LiveRunOptions live_options(const RehearseOptions& o, LiveEndpoints endpoints) {
  LiveRunOptions live{.setup = o.setup, .rehearsal = true};
  live.keys = {.key_id = o.exchange.key_id, .secret_key = o.exchange.secret, .polygon_key = {}};
  live.endpoints = std::move(endpoints);
  live.data_dir = o.data_dir;
  live.warmup_sessions = o.warmup_sessions;
  live.allow_short_warmup = true;
  live.jobs = o.jobs;
  live.folder = o.folder;
  live.dry_run = o.dry_run;
  live.alpaca_quotes = o.quotes;
  live.alerts = o.alerts;
  live.say = o.say;
  live.warning = o.warning;
  live.progress = o.progress;
  return live;
}

/// What only the recording knows of the day.
void describe_day(DayResult& day, const RehearseOptions& options, const DayTape& tape) {
  day.closing_prints = tape.closing_prints();
  const int bars_possible = options.hours.minutes * static_cast<int>(options.setup.universe.size());
  day.forward_filled = bars_possible - tape.real_bars();
  day.buy_and_hold.clear();
  for (std::size_t i = 0; i < options.setup.universe.size(); ++i) {
    const auto id = static_cast<SymbolId>(i);
    if (const auto move = tape.open_to_close(id)) day.buy_and_hold[options.setup.universe[id].name] = *move;
  }
}

}  // namespace

Result<RehearseResult> rehearse(RehearseOptions options) {
  const DayTape tape(options.hours, options.bars);
  bool synthetic = false;
  for (const SymbolBars& s : options.bars) synthetic = synthetic || s.synthetic;
  options.exchange.recordings = std::move(options.bars);
  // A window starts with back-fill up to its first minute: none may pass unheard before it.
  if (options.exchange.from_minute > 0) options.exchange.lead = std::chrono::seconds{0};
  ExchangeServer exchange(options.exchange);
  const auto port = exchange.start();
  if (!port) return tl::unexpected(port.error());
  auto endpoints = live_endpoints(LiveAccount::paper, "iex", "http://127.0.0.1:" + std::to_string(*port));
  if (!endpoints) return tl::unexpected(endpoints.error());
  auto live = run_live(live_options(options, *std::move(endpoints)));
  if (!live) return tl::unexpected(live.error());
  RehearseResult result{*std::move(live), exchange.control().statistics()};
  result.live.run.synthetic = synthetic;
  if (!result.live.run.days.empty()) describe_day(result.live.run.days.back(), options, tape);
  return result;
}

}  // namespace sentio
