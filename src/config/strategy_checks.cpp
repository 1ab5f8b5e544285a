#include <cstdio>
#include <string>

#include "strategy_keys.h"

namespace sentio::config_detail {
namespace {

/// The first minute before which an EOD exit is more likely a slip than a wish.
constexpr int kEodUsualMinute = 380;

/// New York wall time that many minutes after the open, on a full day.
std::string clock_time(int minutes_after_open) {
  constexpr int kOpenMinute = 9 * 60 + 30;
  const int minute = kOpenMinute + minutes_after_open;
  char text[16];
  std::snprintf(text, sizeof text, "%02d:%02d", minute / 60, minute % 60);
  return text;
}

}  // namespace

std::vector<Finding> contradictions(const StrategyConfig& config) {
  std::vector<Finding> found;
  const auto horizons = config.learner.horizons.size();
  const auto weights = config.learner.horizon_weights.size();
  if (horizons != weights)
    found.push_back({{kHorizonsKey, kWeightsKey},
                     std::string(kWeightsKey) + " must have as many values as horizons (" +
                         std::to_string(horizons) + "), had " + std::to_string(weights)});
  const int cutoff = config.rotation.entry_cutoff_minutes;
  const int eod = config.rotation.eod_exit_time_minutes;
  if (cutoff >= eod)
    found.push_back({{kCutoffKey, kEodKey},
                     std::string(kCutoffKey) + " must be < eod_exit_time_minutes (" + std::to_string(eod) +
                         "), was " + std::to_string(cutoff)});
  return found;
}

std::vector<Finding> concerns(const StrategyConfig& config) {
  std::vector<Finding> found;
  const RotationConfig& rotation = config.rotation;
  const int eod = rotation.eod_exit_time_minutes;
  const int eod_default = RotationConfig{}.eod_exit_time_minutes;
  if (eod < kEodUsualMinute)
    found.push_back({{kEodKey},
                     std::string(kEodKey) + " " + std::to_string(eod) + " is " + clock_time(eod) +
                         " New York time; " + clock_time(eod_default) + " is " +
                         std::to_string(eod_default)});
  if (rotation.capital_per_position > config.risk.max_order_fraction)
    found.push_back({{kCapitalKey, kOrderFractionKey},
                     std::string(kCapitalKey) + " " + digits(rotation.capital_per_position) + " is above " +
                         kOrderFractionKey + " " + digits(config.risk.max_order_fraction) +
                         ": entries of full size will be refused"});
  // 3 x 0.3333... may exceed 1 by rounding alone.
  constexpr double kRounding = 1e-9;
  if (rotation.max_positions * rotation.capital_per_position > 1 + kRounding)
    found.push_back({{kCapitalKey, kMaxPositionsKey},
                     std::string(kCapitalKey) + " " + digits(rotation.capital_per_position) +
                         " times max_positions " + std::to_string(rotation.max_positions) +
                         " is more than the capital: the last entries get what cash is left"});
  if (rotation.min_strength_to_exit > rotation.min_strength_to_enter)
    found.push_back({{kExitKey, kEnterKey},
                     std::string(kExitKey) + " " + digits(rotation.min_strength_to_exit) +
                         " is above min_strength_to_enter " + digits(rotation.min_strength_to_enter) +
                         ": positions may be sold as soon as they have been held long enough"});
  return found;
}

}  // namespace sentio::config_detail
