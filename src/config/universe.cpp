#include "sentio/config/universe.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "sentio/core/check.h"

namespace sentio {

Price half_spread_per_share(const SymbolInfo& symbol, Price price) {
  // US equities above one dollar quote in whole cents: a spread is never narrower than one.
  constexpr Price kHalfCent{0.005};
  return std::max(kHalfCent, Price{price.v * symbol.half_spread.v * 1e-4});
}

Universe::Universe(std::vector<SymbolInfo> symbols) {
  for (SymbolInfo& symbol : symbols) {
    if (std::ranges::find(as_listed_, symbol.name) != as_listed_.end()) continue;
    as_listed_.push_back(symbol.name);
    symbols_.push_back(std::move(symbol));
  }
  SENTIO_CHECK(symbols_.size() <= std::numeric_limits<SymbolId>::max());
  std::ranges::sort(symbols_, {}, &SymbolInfo::name);
}

std::vector<std::string> Universe::names() const {
  std::vector<std::string> names;
  for (const SymbolInfo& symbol : symbols_) names.push_back(symbol.name);
  return names;
}

std::optional<SymbolId> Universe::find(std::string_view name) const {
  const auto at = std::ranges::lower_bound(symbols_, name, {}, &SymbolInfo::name);
  if (at == symbols_.end() || at->name != name) return std::nullopt;
  return static_cast<SymbolId>(at - symbols_.begin());
}

}  // namespace sentio
