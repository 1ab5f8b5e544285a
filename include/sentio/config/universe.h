#pragma once
/// The instruments of a run and what is known about them.

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sentio/core/bar.h"
#include "sentio/core/money.h"

namespace sentio {

struct SymbolInfo {
  std::string name{};
  double leverage = 1.0;         ///< signed: -3 for SQQQ
  std::string direction{};       ///< "bull", "bear", "volatility" or "short_volatility"
  std::string underlying{};
  double boost = 1.0;            ///< leverage boost of the strength
  Bps half_spread{};             ///< estimate, see half_spread_per_share()
  int equity_side = 0;           ///< +1 gains when the equity market rises, -1 when it falls, 0 unknown
  friend bool operator==(const SymbolInfo&, const SymbolInfo&) = default;
};

/// Half the bid-ask spread per share at that price: the symbol's bps, never under half a cent.
[[nodiscard]] Price half_spread_per_share(const SymbolInfo& symbol, Price price);

/// The symbols of one run, sorted by name (so ids order like names).
class Universe {
 public:
  Universe() = default;
  /// Duplicates are dropped. `as_listed` keeps the caller's order for headings.
  explicit Universe(std::vector<SymbolInfo> symbols);
  [[nodiscard]] std::size_t size() const { return symbols_.size(); }
  [[nodiscard]] const SymbolInfo& operator[](SymbolId id) const { return symbols_[id]; }
  [[nodiscard]] const std::vector<SymbolInfo>& symbols() const { return symbols_; }
  /// By SymbolId.
  [[nodiscard]] std::vector<std::string> names() const;
  [[nodiscard]] std::optional<SymbolId> find(std::string_view name) const;
  [[nodiscard]] const std::vector<std::string>& as_listed() const { return as_listed_; }
  [[nodiscard]] auto begin() const { return symbols_.begin(); }
  [[nodiscard]] auto end() const { return symbols_.end(); }

 private:
  std::vector<SymbolInfo> symbols_;
  std::vector<std::string> as_listed_;
};

/// Contents of config/symbols.json.
struct SymbolsConfig {
  std::vector<std::string> active_symbols;
  std::map<std::string, SymbolInfo> metadata;
};

}  // namespace sentio
