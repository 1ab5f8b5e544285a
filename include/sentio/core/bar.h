#pragma once
/// Minute bars: raw, and aligned over the universe.

#include <cstdint>
#include <string_view>
#include <vector>

#include "sentio/core/time.h"

namespace sentio {

/// Position of a symbol in the universe. Universes are sorted by name, so comparing ids compares names.
using SymbolId = std::uint16_t;

/// One minute of trading. Stamped with its START; for every decision it exists only from bar_end().
/// Prices in USD per share, unadjusted; volume in shares.
struct Bar {
  TimePoint start{};
  double open = 0, high = 0, low = 0, close = 0;
  double volume = 0;
  friend bool operator==(const Bar&, const Bar&) = default;
};

[[nodiscard]] constexpr TimePoint bar_end(const Bar& bar) { return bar.start + kBarLength; }

// One set of limits for files and feeds: whatever reads a bar refuses one beyond them.
inline constexpr double kBarPriceMin = 1e-4;   ///< USD; below a dollar prices move in hundredths of a cent
inline constexpr double kBarPriceMax = 1e6;    ///< USD; above every listed fund and share
inline constexpr double kBarVolumeMax = 1e10;  ///< shares in a minute; above a whole day of any of them

/// What a market may have said: prices and volume within the limits, low ≤ open, close ≤ high, volume ≥ 0.
/// Within these bounds every feature is a finite number.
[[nodiscard]] bool plausible(const Bar& bar);

/// A bar without volume is somebody's filling: its minute had no trade, so there is nothing to fill an order at.
[[nodiscard]] constexpr bool traded(const Bar& bar) { return bar.volume > 0; }

/// A number that names one bar: a pure function of symbol and start time. Below 2^53, so that
/// JSON readers with double arithmetic (jq, JavaScript) keep it exact: 21 bits of FNV-1a of the
/// symbol, 32 bits of minutes since 1970.
[[nodiscard]] std::uint64_t bar_id(std::string_view symbol, TimePoint start);

/// A symbol's bar of one session minute after synchronisation.
struct SyncBar {
  Bar bar{};             ///< real, or flat at the last close with volume 0
  int age = 0;           ///< minutes since the last real bar; 0 = real
  bool has_price = false;  ///< false until the symbol's first real bar ever; then `bar` means nothing
  bool stale = true;     ///< more than the allowed forward fills in a row (or no price yet)
  [[nodiscard]] bool real() const { return has_price && age == 0; }
  friend bool operator==(const SyncBar&, const SyncBar&) = default;
};

/// All symbols of the universe in one session minute, also when nothing traded.
struct SynchronizedBarSet {
  TimePoint timestamp{};  ///< the END of the minute
  int minute = 0;         ///< index in the session of the minute's start
  std::vector<SyncBar> bars;              ///< by SymbolId
  std::vector<SymbolId> missing_symbols;  ///< without a real bar this minute, ascending
  bool is_complete = false;
  bool skipped = false;   ///< more missing symbols than allowed: no ranking, entries or signal exits
};

}  // namespace sentio
