#include "sentio/mock/mock_multi_symbol_feed.h"

#include <algorithm>

namespace sentio {

MockMultiSymbolFeed::MockMultiSymbolFeed(const Universe& universe, std::span<const SymbolBars> recordings,
                                         const SessionHours& hours)
    : hours_(hours), rest_(universe.size()) {
  const auto starts_before = [](const Bar& bar, TimePoint t) { return bar.start < t; };
  for (const SymbolBars& recording : recordings) {
    const auto symbol = universe.find(recording.symbol);
    if (!symbol) continue;
    const auto& bars = recording.bars;
    const auto first = std::lower_bound(bars.begin(), bars.end(), hours.open, starts_before);
    rest_[*symbol] = std::span<const Bar>(first, bars.end());
  }
}

std::optional<BarsArrived> MockMultiSymbolFeed::next() {
  if (minute_ >= hours_.minutes) return std::nullopt;
  const TimePoint start = hours_.minute_start(minute_);
  BarsArrived arrived;
  arrived.minute = minute_++;
  arrived.bars.resize(rest_.size());
  for (std::size_t id = 0; id < rest_.size(); ++id) {
    auto& rest = rest_[id];
    while (!rest.empty() && rest.front().start < start) rest = rest.subspan(1);
    if (rest.empty() || rest.front().start != start) continue;
    arrived.bars[id] = rest.front();
    rest = rest.subspan(1);
  }
  return arrived;
}

}  // namespace sentio
