#pragma once
/// One symbol's signal engine: features → standardised row → EWRLS for every horizon → probability.

#include <array>
#include <optional>
#include <span>
#include <string>

#include "sentio/features/unified_feature_engine.h"
#include "sentio/learning/multi_horizon_predictor.h"
#include "sentio/strategy/calibration.h"
#include "sentio/strategy/confidence.h"
#include "sentio/strategy/label_book.h"
#include "sentio/strategy/learner_health.h"
#include "sentio/strategy/placebo_labels.h"

namespace sentio {

/// A pure function of this symbol's own synchronised bars: nothing here knows other symbols, costs or positions.
///
/// Order in a step: labels that became known → features → predict → the row enters the learner.
/// Threads  one at a time; no hidden state. No allocation per bar after construction.
class OnlineEnsemble {
 public:
  /// `placebo`: learns, trusts and calibrates by labels that carry no information (placebo_labels.h), drawn with
  /// that seed. Such an ensemble cannot be saved or loaded: its labels of earlier sessions are no part of a state.
  OnlineEnsemble(const LearnerConfig& config, std::string_view symbol,
                 std::optional<std::uint64_t> placebo = std::nullopt);
  /// `eod_minute` = E, counted from the open (388; 208 on half days).
  void begin_session(const SessionHours& hours, int eod_minute);
  /// Every minute of the session in order.
  const SymbolSignal& step(int minute, const SyncBar& bar);
  /// Resolves every pending label of the session.
  void end_session();

  [[nodiscard]] const SymbolSignal& signal() const { return signal_; }
  /// Over the rows resolved in the current (or just ended) session.
  [[nodiscard]] const CalibrationSums& session_sums() const { return sums_; }
  [[nodiscard]] const MultiHorizonPredictor& predictor() const { return predictor_; }
  [[nodiscard]] const ConfidenceTracker& confidence(int h) const { return confidence_[static_cast<std::size_t>(h)]; }
  [[nodiscard]] const LabelBook& labels() const { return labels_; }
  /// The learner now, with the figures of the current (or just ended) session. About 0.1 ms: not for every bar.
  [[nodiscard]] LearnerHealth health() const;
  /// Standardised features of the latest real bar.
  [[nodiscard]] std::span<const double, kFeatureCount> features() const { return z_; }
  /// Features of the latest minute before standardisation; forward-filled minutes included.
  [[nodiscard]] const FeatureRow& raw_features() const { return features_.raw(); }
  /// Σ ω_h (½ + ½ tanh(pred_h)): the probability before Bollinger amplification.
  [[nodiscard]] double plain_probability(const PerHorizon& prediction) const;
  [[nodiscard]] std::int64_t bars_standardized() const { return standardizer_.bars_seen(); }
  [[nodiscard]] int horizons() const { return static_cast<int>(config_.horizons.size()); }

  void save(ByteWriter& out) const;
  Result<> load(ByteReader& in);

 private:
  void learn(std::span<const ResolvedLabel> labels);
  void predict(bool z_valid);
  void mark_open();
  [[nodiscard]] double probability_of(const PerHorizon& prediction) const;

  LearnerConfig config_;
  UnifiedFeatureEngine features_;
  FeatureStandardizer standardizer_;
  MultiHorizonPredictor predictor_;
  LabelBook labels_;
  std::optional<PlaceboLabels> placebo_;
  std::array<ConfidenceTracker, kMaxHorizons> confidence_;
  CalibrationSums sums_;
  std::array<HorizonStatistics, kMaxHorizons> statistics_;  // of the session, like sums_
  PerHorizon weight_norm_at_open_{};
  std::int64_t failures_at_open_ = 0;
  alignas(64) std::array<double, kFeatureCount> z_{};
  SymbolSignal signal_;
  bool enough_rows_ = false;
};

}  // namespace sentio
