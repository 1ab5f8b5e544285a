#include "sentio/rehearse/rehearse.h"

#include "sentio/mock/day_tape.h"

namespace sentio {

namespace {

LiveRunOptions live_options(const RehearseOptions& o, LiveEndpoints endpoints) {
  LiveRunOptions live{.setup = o.setup};
  live.policy.rehearsal = true;
  live.account.keys = {.key_id = o.exchange.key_id, .secret_key = o.exchange.secret, .polygon_key = {}};
  live.account.endpoints = std::move(endpoints);
  live.bars.data_dir = o.data_dir;
  live.bars.stamp = o.stamp;
  live.bars.accepted = o.accepted;
  live.bars.warmup_sessions = o.warmup_sessions;
  live.bars.allow_short_warmup = true;
  live.bars.jobs = o.jobs;
  live.folder = o.folder;
  live.policy.dry_run = o.dry_run;
  live.bars.alpaca_quotes = o.quotes;
  live.observers.say = o.say;
  live.observers.warning = o.warning;
  live.observers.progress = o.progress;
  return live;
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
  if (!result.live.run.days.empty()) describe_recording(result.live.run.days.back(), tape, options.setup.universe);
  return result;
}

}  // namespace sentio
