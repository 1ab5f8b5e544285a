#pragma once
/// From the symbols' own signals to one ranking.

#include <span>
#include <vector>

#include "sentio/config/rotation_config.h"
#include "sentio/config/universe.h"
#include "sentio/strategy/calibration.h"

namespace sentio {

/// strength = probability × confidence × leverage boost × staleness (exp(−age/2)); 0 where the probability is
/// below ½. Filters (`buy_threshold`, `min_confidence`, `min_strength`) decide who is ranked; ranked by
/// strength, or by net edge, ties by symbol name.
class SignalAggregator {
 public:
  SignalAggregator(const AggregatorConfig& config, const RotationConfig& rotation, double buy_threshold,
                   int horizons, const Universe& universe);
  /// `costs_bps[i]`: round-trip cost of symbol i at its last close. `rank` false (a skipped set) leaves all
  /// ranks 0. By SymbolId; valid until the next call.
  [[nodiscard]] std::span<const SignalOutput> aggregate(std::span<const SymbolSignal> signals,
                                                        const Calibration& calibration,
                                                        std::span<const double> costs_bps, bool rank);

 private:
  void measure(SignalOutput& out, const Calibration& calibration) const;

  AggregatorConfig config_;
  RankBy rank_by_;
  double cost_gate_, buy_threshold_;
  int horizons_;
  std::vector<double> boosts_;
  std::vector<SignalOutput> outputs_;
  std::vector<SymbolId> order_;
};

}  // namespace sentio
