#include "book/tape.h"

#include <algorithm>

#include "sentio/core/check.h"

namespace sentio::exchange {

namespace {
auto first_at_or_after(const std::vector<Bar>& bars, TimePoint t) {
  return std::partition_point(bars.begin(), bars.end(), [t](const Bar& b) { return b.start < t; });
}
}  // namespace

Tape::Tape(const std::vector<SymbolBars>& recordings, const Universe& universe, const SessionHours& hours)
    : hours_(hours), bars_(universe.size()) {
  for (const SymbolBars& recording : recordings) {
    const auto id = universe.find(recording.symbol);
    if (!id) continue;
    const auto end = first_at_or_after(recording.bars, hours.close);
    bars_[*id].assign(recording.bars.begin(), end);
  }
}

std::span<const Bar> Tape::range(SymbolId symbol, TimePoint first, TimePoint last, TimePoint now) const {
  const auto& bars = bars_[symbol];
  const auto begin = first_at_or_after(bars, first);
  const auto complete =
      std::partition_point(begin, bars.end(), [now](const Bar& b) { return bar_end(b) <= now; });
  const auto end = std::partition_point(begin, complete, [last](const Bar& b) { return b.start <= last; });
  return {begin, end};
}

const Bar* Tape::latest(SymbolId symbol, TimePoint now) const {
  const auto bars = range(symbol, TimePoint{}, now, now);
  return bars.empty() ? nullptr : &bars.back();
}

std::vector<std::optional<Bar>> Tape::minute(int i) const {
  const TimePoint start = hours_.minute_start(i);
  std::vector<std::optional<Bar>> out(bars_.size());
  for (std::size_t id = 0; id < bars_.size(); ++id) {
    const auto found = first_at_or_after(bars_[id], start);
    if (found != bars_[id].end() && found->start == start) out[id] = *found;
  }
  return out;
}

std::optional<Bar> Tape::day_so_far(SymbolId symbol, TimePoint now) const {
  const auto bars = range(symbol, hours_.open, hours_.close, now);
  if (bars.empty()) return std::nullopt;
  return merge_bars(bars, from_new_york(hours_.date, std::chrono::nanoseconds{0}));
}

std::optional<double> Tape::close_before(SymbolId symbol, TimePoint t) const {
  const auto found = first_at_or_after(bars_[symbol], t);
  if (found == bars_[symbol].begin()) return std::nullopt;
  return std::prev(found)->close;
}

void Tape::halt(SymbolId symbol, TimePoint from, TimePoint to) {
  auto& bars = bars_[symbol];
  bars.erase(first_at_or_after(bars, from), first_at_or_after(bars, to));
}

std::optional<Bar> Tape::revise(SymbolId symbol, TimePoint start) {
  auto& bars = bars_[symbol];
  const auto found = first_at_or_after(bars, start);
  if (found == bars.end() || found->start != start) return std::nullopt;
  Bar& bar = bars[static_cast<std::size_t>(found - bars.begin())];
  bar.volume += 100;
  bar.close = bar.close == bar.high ? bar.low : bar.high;
  return bar;
}

Bar merge_bars(std::span<const Bar> bars, TimePoint start) {
  SENTIO_CHECK(!bars.empty());
  Bar out = bars.front();
  out.start = start;
  for (const Bar& bar : bars.subspan(1)) {
    out.high = std::max(out.high, bar.high);
    out.low = std::min(out.low, bar.low);
    out.volume += bar.volume;
  }
  out.close = bars.back().close;
  return out;
}

}  // namespace sentio::exchange
