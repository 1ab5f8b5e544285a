#pragma once
/// Limits of learner health ("health_config"): beyond one, a symbol gets no entries in the next session.

namespace sentio {

/// Figures: core/health.h. 0 = no limit, except where said otherwise.
struct HealthConfig {
  int max_factorization_failures = 0;  ///< in one session; 0 = none is tolerated
  double max_condition = 0;            ///< of M
  double min_effective_window = 0;     ///< rows
  double max_weight_drift = 0;         ///< per session, share of the weights' norm
  double max_rmse_ratio = 0;           ///< RMSE over the labels' root mean square; 1 = no better than zero
  double max_prediction_variance_ratio = 0;  ///< of the labels' variance
  friend bool operator==(const HealthConfig&, const HealthConfig&) = default;
};

}  // namespace sentio
