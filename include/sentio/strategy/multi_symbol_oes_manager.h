#pragma once
/// One OnlineEnsemble per symbol, stepped together or run ahead one by one.

#include <vector>

#include "sentio/config/universe.h"
#include "sentio/strategy/online_ensemble.h"
#include "sentio/strategy/signal_source.h"

namespace sentio {

class MultiSymbolOesManager final : public SignalSource {
 public:
  /// `placebo`: see OnlineEnsemble.
  MultiSymbolOesManager(const LearnerConfig& config, const Universe& universe,
                        std::optional<std::uint64_t> placebo = std::nullopt);

  void begin_session(const SessionHours& hours, int eod_minute) override;
  std::span<const SymbolSignal> step(const SynchronizedBarSet& set) override;
  CalibrationSums end_session() override;

  /// Works off a whole session of one symbol before the sets are stepped; step() then hands out what was
  /// computed, after checking that it gets the same bars. After begin_session(), before the first step.
  /// Threads: may run for different symbols at the same time. Results do not depend on it.
  void run_ahead(SymbolId symbol, std::span<const SyncBar> session_minutes);

  [[nodiscard]] const OnlineEnsemble& ensemble(SymbolId symbol) const { return symbols_[symbol].ensemble; }
  void save(ByteWriter& out) const override;
  Result<> load(ByteReader& in) override;

 private:
  struct PerSymbol {
    OnlineEnsemble ensemble;
    std::vector<SymbolSignal> ahead;   // by minute; empty = not run ahead
    std::vector<SyncBar> ahead_bars;
    bool ended = false;
  };
  int session_minutes_ = 0;
  std::vector<PerSymbol> symbols_;
  std::vector<SymbolSignal> signals_;
};

}  // namespace sentio
