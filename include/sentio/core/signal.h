#pragma once
/// What the learners say about one symbol at the end of one minute.

#include <array>
#include <cstdint>

#include "sentio/core/bar.h"

namespace sentio {

inline constexpr int kMaxHorizons = 4;
using PerHorizon = std::array<double, kMaxHorizons>;  ///< unused entries stay 0

/// A symbol's own view: a pure function of that symbol's bars (nothing about other symbols,
/// calibration or costs in here).
struct SymbolSignal {
  bool valid = false;      ///< enough learned rows, z-scores valid, not stale
  bool real = false;       ///< a real bar this minute
  int age = 0;             ///< minutes since the last real bar
  double probability = 0.5;
  double confidence = 0.5;
  PerHorizon prediction{};  ///< x'w_h, in units of sigma_h
  PerHorizon sigma{};       ///< root mean square of h-returns (log), per horizon
  friend bool operator==(const SymbolSignal&, const SymbolSignal&) = default;
};

/// A signal after aggregation over the universe.
struct SignalOutput {
  SymbolId symbol = 0;
  SymbolSignal own;
  double staleness = 1.0;      ///< exp(-age/2)
  double strength = 0;         ///< probability × confidence × boost × staleness; 0 below probability ½
  double move_bps = 0;         ///< max over horizons of the calibrated move; may be negative
  double cost_bps = 0;         ///< round trip: spread, SEC, TAF
  double net_edge_bps = 0;     ///< move - k·cost (k = cost_gate)
  bool passes_probability = false;  ///< probability >= buy_threshold
  bool passes_confidence = false;   ///< confidence >= min_confidence
  bool passes_strength = false;     ///< strength >= min_strength
  int rank = 0;                ///< 1 = best among the filtered; 0 = not ranked
  [[nodiscard]] bool passes() const { return passes_probability && passes_confidence && passes_strength; }
};

}  // namespace sentio
