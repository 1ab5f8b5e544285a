#include "feed/silent_symbols.h"

#include <algorithm>
#include <utility>

#include "sentio/core/check.h"

namespace sentio {
namespace {

constexpr int kGapMin = 5, kGapFactor = 3;

}  // namespace

int SilentSymbols::patience(const State& state) {
  return std::max(kGapMin, kGapFactor * state.longest);
}

std::vector<SilentSymbols::News> SilentSymbols::on_set(const BarsArrived& set) {
  SENTIO_CHECK(set.bars.size() == states_.size());
  const auto with_bar =
      static_cast<std::size_t>(std::count_if(set.bars.begin(), set.bars.end(), [](const auto& bar) { return bar.has_value(); }));
  std::vector<News> news;
  for (std::size_t i = 0; i < states_.size(); ++i) {
    State& state = states_[i];
    if (set.bars[i]) {
      if (std::exchange(state.told, false)) news.push_back({static_cast<SymbolId>(i), false, state.gap, with_bar - 1});
      state.longest = std::max(state.longest, std::exchange(state.gap, 0));
      continue;
    }
    if (state.halted || 2 * with_bar <= states_.size() - 1) continue;
    if (++state.gap < patience(state) || std::exchange(state.told, true)) continue;
    news.push_back({static_cast<SymbolId>(i), true, state.gap, with_bar});
  }
  return news;
}

}  // namespace sentio
