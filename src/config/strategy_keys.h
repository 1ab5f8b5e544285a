#pragma once
/// The table of every key of a strategy file.

#include <vector>

#include "binder.h"
#include "sentio/config/strategy_config.h"

namespace sentio::config_detail {

[[nodiscard]] const std::vector<Key<StrategyConfig>>& strategy_keys();
[[nodiscard]] const KeyIndex& strategy_index();

inline constexpr const char* kRidgeKey = "oes_config.regularization";
inline constexpr const char* kInitialVarianceKey = "oes_config.initial_variance";
inline constexpr const char* kHorizonsKey = "oes_config.horizons";
inline constexpr const char* kWeightsKey = "oes_config.horizon_weights";
inline constexpr const char* kMaxPositionsKey = "rotation_manager_config.max_positions";
inline constexpr const char* kEnterKey = "rotation_manager_config.min_strength_to_enter";
inline constexpr const char* kExitKey = "rotation_manager_config.min_strength_to_exit";
inline constexpr const char* kEodKey = "rotation_manager_config.eod_exit_time_minutes";
inline constexpr const char* kCutoffKey = "rotation_manager_config.entry_cutoff_minutes";
inline constexpr const char* kCapitalKey = "rotation_manager_config.capital_per_position";
inline constexpr const char* kOrderFractionKey = "risk_config.max_order_fraction";

/// A sentence about keys that do not fit together. It starts with a key path.
struct Finding {
  std::vector<std::string> keys;  ///< paths of all keys that take part
  std::string text;
};
/// What makes the configuration unusable although each value is in its range.
[[nodiscard]] std::vector<Finding> contradictions(const StrategyConfig& config);
/// What is accepted but worth saying.
[[nodiscard]] std::vector<Finding> concerns(const StrategyConfig& config);

}  // namespace sentio::config_detail
