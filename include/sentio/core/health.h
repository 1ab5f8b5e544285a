#pragma once
/// How one symbol's learner is doing, as plain values (strategy/learner_health.h computes and judges them).

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "sentio/core/signal.h"

namespace sentio {

/// What can keep a symbol from entries, in the order they are looked at.
enum class HealthLimit : std::uint8_t {
  none,
  non_finite,  ///< a figure is not a number: always a limit
  factorization_failures,
  condition,
  effective_window,
  weight_drift,
  error_ratio,
  prediction_variance
};
[[nodiscard]] std::string_view to_string(HealthLimit limit);

/// What predictions p and their labels y leave behind, each made at row time: sums over one session's rows, so
/// that any number of sessions can be judged together (analysis/skill.h).
struct ForecastSums {
  std::int64_t labels = 0;
  double hits = 0;  ///< 1 where p·y > 0, ½ where it is 0
  double p = 0, y = 0, pp = 0, yy = 0, py = 0;
  /// Spearman's correlation within the session, ties at their mean rank; empty where either does not vary.
  std::optional<double> rank_correlation;
  friend bool operator==(const ForecastSums&, const ForecastSums&) = default;
};

/// One horizon, over the labels that became known in the session. M, P, w:
/// learning/multi_horizon_predictor.h.
struct HorizonHealth {
  std::int64_t labels = 0;
  double error_ratio = 1;  ///< √(Σ(y−p)²/Σy²); 1 = as good as predicting 0, also without labels
  double directional_accuracy =
      .5;  ///< mean(1 if p·y > 0, ½ if 0, else 0); 0.50 = no skill, also without labels
  double prediction_variance = 0;  ///< var(p)/var(y)
  double slope = 0;        ///< Σp·y/Σp²: realised on predicted, not clipped; 0 without predictions
  double weight_norm = 0;  ///< ‖w‖₂
  double weight_drift = 0;  ///< ‖w − w₀‖₂/‖w₀‖₂, w₀ = the weights the session began with; 0 where w₀ = 0
  ForecastSums sums;
};

/// At one moment, normally a session's end.
struct LearnerHealth {
  int horizons = 0;
  int features = 0;
  std::int64_t rows_learned = 0;  ///< rows whose labels are known for every horizon, ever
  double effective_window = 0;    ///< (1 − λ^s)/(1 − λ) rows, to be compared with `features`
  double condition = 1;           ///< of M, estimated from below
  double pivot_min = 0;           ///< least pivot of M's last factorisation; 0 before the first
  double eigenvalue_min = 0;      ///< 1/tr(P): M's least eigenvalue is not below it
  double trace_p = 0;
  std::int64_t factorization_failures = 0;  ///< since the session began
  std::int64_t early_rederivations = 0;     ///< ever
  std::array<HorizonHealth, kMaxHorizons> horizon{};
};

/// Which limit a learner is beyond.
struct BrokenLimit {
  HealthLimit limit = HealthLimit::none;
  int horizon = -1;  ///< index, for figures that each horizon has; else -1
  [[nodiscard]] bool healthy() const { return limit == HealthLimit::none; }
  friend bool operator==(const BrokenLimit&, const BrokenLimit&) = default;
};

}  // namespace sentio
