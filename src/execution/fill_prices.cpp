#include "sentio/execution/fill_prices.h"

#include <algorithm>
#include <utility>

#include "sentio/core/check.h"

namespace sentio {

namespace {

constexpr std::size_t kBarsBefore = 390;             // more tell a typical range no better
constexpr std::chrono::hours kBetweenSessions{4};

void include(PassedPrices& passed, double price) {
  passed.low = passed.low == 0 ? price : std::min(passed.low, price);
  passed.high = std::max(passed.high, price);
}

bool confirms_open(const std::optional<HeldPrint>& print) {
  return print && print->open && print->verdict == PrintVerdict::real;
}

}  // namespace

FillPrices::FillPrices(std::size_t symbols) : symbols_(symbols), bars_(symbols), passed_(symbols) {}

void FillPrices::begin_session(SymbolId symbol, const PrintGuard& guard) {
  symbols_[symbol] = {.guard = guard};
  symbols_[symbol].guard.begin_session();
}

std::span<const std::optional<Bar>> FillPrices::on_minute(std::span<const std::optional<Bar>> bars) {
  SENTIO_CHECK(bars.size() == symbols_.size());
  for (std::size_t id = 0; id < bars.size(); ++id) {
    bars_[id].reset();
    passed_[id] = {};
    if (bars[id]) see(id, *bars[id]);
  }
  return bars_;
}

void FillPrices::see(std::size_t id, const Bar& bar) {
  PerSymbol& s = symbols_[id];
  const PrintGuard::Seen seen = s.guard.next(bar);
  if (s.open > 0 && (confirms_open(seen.settled.above) || confirms_open(seen.settled.below))) include(s.waiting, s.open);
  s.open = 0;
  if (!seen.open_sound) {
    s.waiting.last = bar.start;
    s.open = bar.open;
    if (seen.close_sound) include(s.waiting, bar.close);
    return;
  }
  passed_[id] = std::exchange(s.waiting, {});
  bars_[id] = seen.bar;
  if (!seen.close_sound) bars_[id]->high = bars_[id]->low = bars_[id]->close = bar.open;
}

PrintGuard guard_after(std::span<const Bar> bars) {
  PrintGuard guard;
  TimePoint last{};
  for (const Bar& bar : bars.last(std::min(bars.size(), kBarsBefore))) {
    if (bar.start - last > kBetweenSessions) guard.begin_session();
    (void)guard.next(bar);
    last = bar.start;
  }
  return guard;
}

double worst_open(const Bar& bar, const PassedPrices& passed, Side side, TimePoint from) {
  if (passed.low == 0 || from > passed.last) return bar.open;
  return side == Side::buy ? std::max(bar.open, passed.high) : std::min(bar.open, passed.low);
}

}  // namespace sentio
