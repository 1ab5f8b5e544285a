#pragma once
/// Empirical confidence: how well the last predictions met their labels. No skill is exactly ½.

#include <array>

#include "sentio/core/bytes.h"

namespace sentio {

/// One horizon. D = mean(1 if p·y > 0, ½ if 0, else 0), R = √(Σ(y−p)²/Σy²) (1 if Σy² = 0),
/// c = ½D + ½/(1+R), shrunk to ½ while fewer than 100 labels: (n·c + (100−n)·½)/100.
class ConfidenceTracker {
 public:
  static constexpr int kWindow = 100;
  void add(double prediction, double label);
  [[nodiscard]] double value() const { return value_; }
  [[nodiscard]] double directional_accuracy() const { return directional_; }  ///< D; ½ before any label
  [[nodiscard]] double error_ratio() const { return error_ratio_; }           ///< R; 1 before any label
  void save(ByteWriter& out) const;
  Result<> load(ByteReader& in);

 private:
  void refresh();
  std::array<double, kWindow> prediction_{}, label_{};
  int count_ = 0, next_ = 0;
  double value_ = 0.5, directional_ = 0.5, error_ratio_ = 1.0;
};

}  // namespace sentio
