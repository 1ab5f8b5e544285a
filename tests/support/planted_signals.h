#pragma once
/// Signal sources that know what they are doing: random, or told in advance.

#include <functional>
#include <vector>

#include "sentio/strategy/signal_source.h"
#include "synthetic_bars.h"

namespace sentio::testing {

/// A valid signal for every symbol with a price; `fill` sets it from (symbol, minute).
class PlantedSignals final : public SignalSource {
 public:
  using Fill = std::function<void(SymbolId, int minute, SymbolSignal&)>;
  PlantedSignals(std::size_t symbols, Fill fill) : signals_(symbols), fill_(std::move(fill)) {}
  void begin_session(const SessionHours&, int) override {}
  std::span<const SymbolSignal> step(const SynchronizedBarSet& set) override {
    for (std::size_t i = 0; i < signals_.size(); ++i) {
      SymbolSignal& s = signals_[i];
      s = {.valid = !set.bars[i].stale, .real = set.bars[i].real(), .age = set.bars[i].age};
      fill_(static_cast<SymbolId>(i), set.minute, s);
    }
    return signals_;
  }
  CalibrationSums end_session() override { return {}; }
  void save(ByteWriter&) const override {}
  Result<> load(ByteReader&) override { return {}; }

 private:
  std::vector<SymbolSignal> signals_;
  Fill fill_;
};

/// Probabilities uniform on [0, 1): no information at all.
inline std::unique_ptr<PlantedSignals> random_signals(std::size_t symbols, std::uint64_t seed) {
  auto random = std::make_shared<Random>(seed);
  return std::make_unique<PlantedSignals>(symbols,
                                          [random](SymbolId, int, SymbolSignal& s) { s.probability = random->uniform(); });
}

}  // namespace sentio::testing
