#pragma once
/// Which prices of a replayed or imitated market an order may be filled at: bad prints are none.

#include <optional>
#include <span>
#include <vector>

#include "sentio/core/order.h"
#include "sentio/core/print_guard.h"

namespace sentio {

/// The sound prices of minutes that an order at work had to pass over.
struct PassedPrices {
  TimePoint last{};          ///< start of the latest such minute
  double low = 0, high = 0;  ///< 0: none was sound
};

/// Recorded minutes as a fill model may see them. Of an open it knows what its minute and those before tell, never what
/// a later one does (PrintGuard): an order waits for the next open that is none of the suspects. Waiting must not pay:
/// what turns out to have been sound meanwhile (the close of a minute passed over, its open once it is confirmed) bounds
/// the price it then gets, to its disadvantage.
///
/// A suspect close is never the last trade: of such a minute nothing but the open is seen.
/// Threads  one at a time.
class FillPrices {
 public:
  explicit FillPrices(std::size_t symbols);
  /// `guard`: knows from earlier sessions what a typical range of the symbol is.
  void begin_session(SymbolId symbol, const PrintGuard& guard);
  /// The next session minute; bars by SymbolId, nullopt = nothing traded. Returned likewise: nullopt = nothing to fill
  /// at. Valid until the next call.
  std::span<const std::optional<Bar>> on_minute(std::span<const std::optional<Bar>> bars);
  /// What the latest on_minute() returned.
  [[nodiscard]] std::span<const std::optional<Bar>> bars() const { return bars_; }
  /// By SymbolId, before the minute that on_minute() was told.
  [[nodiscard]] std::span<const PassedPrices> passed() const { return passed_; }

 private:
  struct PerSymbol {
    PrintGuard guard;
    PassedPrices waiting;  ///< minutes passed over since the last sound open
    double open = 0;       ///< suspect one of the latest of them; 0: none, or its verdict is known
  };
  void see(std::size_t id, const Bar& bar);

  std::vector<PerSymbol> symbols_;
  std::vector<std::optional<Bar>> bars_;
  std::vector<PassedPrices> passed_;
};

/// A guard that has seen these bars, ascending; the last session of them is enough.
[[nodiscard]] PrintGuard guard_after(std::span<const Bar> bars);

/// The least favourable of a bar's open and what an order at work from `from` on has passed over.
[[nodiscard]] double worst_open(const Bar& bar, const PassedPrices& passed, Side side, TimePoint from);

}  // namespace sentio
