#pragma once
/// Options of the per-symbol learner ("oes_config" in the strategy files).

#include <vector>

namespace sentio {

struct LearnerConfig {
  double lambda = 0.98;          ///< key ewrls_lambda; forgetting factor per learned row, (0, 1]
  double ridge = 0.1;            ///< key regularization (= 1/initial_variance); rho in docs/mathematics.md, > 0
  int rederive_interval = 100;   ///< key rederive_interval; K: rows between exact re-derivations of P, >= 1
  int warmup_samples = 100;      ///< no signal before that many learned rows
  std::vector<int> horizons{1, 5, 10};            ///< minutes ahead, ascending, 1-4 of them, each 1-120
  std::vector<double> horizon_weights{.3, .5, .2};  ///< as many as horizons; normalised to sum 1 on loading
  double buy_threshold = 0.50;   ///< smallest probability of an entry
  bool bb_amplification = false;
  double bb_amplification_factor = 0.10;
  double bb_proximity_threshold = 0.10;
  friend bool operator==(const LearnerConfig&, const LearnerConfig&) = default;
};

}  // namespace sentio
