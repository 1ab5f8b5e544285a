#pragma once
/// How much of a predicted move past days have delivered: the slope of realised on predicted.

#include "sentio/core/bytes.h"
#include "sentio/core/signal.h"

namespace sentio {

/// Sums over one session's resolved rows, with the predictions made at row time.
struct CalibrationSums {
  PerHorizon prediction_label{};   ///< Σ p·y
  PerHorizon prediction_square{};  ///< Σ p²
  void add(int h, double prediction, double label) {
    prediction_label[static_cast<std::size_t>(h)] += prediction * label;
    prediction_square[static_cast<std::size_t>(h)] += prediction * prediction;
  }
  CalibrationSums& operator+=(const CalibrationSums& other);
  void save(ByteWriter& out) const;
  /// Whether it is whole the reader says; if not it is not to be used.
  void load(ByteReader& in);
};

/// b_h = clip(Σ_d 2^{−(D−d)/10} S_py / Σ_d 2^{−(D−d)/10} S_pp, 0, 1), pooled over symbols; 0 with fewer than
/// 5 sessions. Fixed during a session. Predictions, labels, confidence and probability never use it.
class Calibration {
 public:
  static constexpr double kHalfLifeSessions = 10;
  static constexpr int kMinimumSessions = 5;
  void end_session(const CalibrationSums& sums);
  [[nodiscard]] double slope(int h) const { return slope_[static_cast<std::size_t>(h)]; }
  [[nodiscard]] int sessions() const { return sessions_; }
  void save(ByteWriter& out) const;
  Result<> load(ByteReader& in);

 private:
  CalibrationSums decayed_;
  PerHorizon slope_{};
  int sessions_ = 0;
};

}  // namespace sentio
