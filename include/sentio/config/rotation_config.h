#pragma once
/// Options of signal filters, rotation, risk and fills.

#include <cstdint>
#include <string>

namespace sentio {

struct AggregatorConfig {        ///< "signal_aggregator_config"
  double min_confidence = 0.01;
  double min_strength = 0.005;
  friend bool operator==(const AggregatorConfig&, const AggregatorConfig&) = default;
};

enum class RankBy : std::uint8_t { strength, net_edge };

struct RotationConfig {          ///< "rotation_manager_config", or "parameters"
  int max_positions = 3;
  double min_strength_to_enter = 0.008;
  double min_strength_to_exit = 0.004;
  int minimum_hold_bars = 5;     ///< also min_hold_bars
  int rotation_cooldown_bars = 10;
  double profit_target_pct = 0.03;   ///< fraction of the average entry price
  double stop_loss_pct = 0.015;      ///< fraction of the average entry price
  int eod_exit_time_minutes = 388;   ///< minutes after 09:30 on a full day; half days keep the distance to the close
  int entry_cutoff_minutes = 375;    ///< same reckoning
  double rotation_threshold = 1.0;   ///< how many times stronger a replacement must be
  double capital_per_position = 0.33;  ///< share of current equity
  double cost_gate = 0;              ///< k; 0 = off
  RankBy rank_by = RankBy::strength;
  bool forbid_opposites = false;
  friend bool operator==(const RotationConfig&, const RotationConfig&) = default;
};

struct RiskConfig {              ///< "risk_config"
  double max_session_drawdown = 0.05;  ///< circuit breaker, fraction of the session's equity peak
  double max_order_fraction = 0.40;    ///< of equity, entries
  double max_price_deviation = 0.10;   ///< of the last close
  int max_orders_per_minute = 30;
  friend bool operator==(const RiskConfig&, const RiskConfig&) = default;
};

enum class FillTiming : std::uint8_t { next_open, same_close };  ///< same_close shows the bias; NOT ACHIEVABLE

struct FillConfig {              ///< "fill_config"
  double participation = 0.10;   ///< largest share of a real bar's volume an entry takes; 0 = no limit
  int entry_working_sets = 5;    ///< sets an entry may work before the rest is cancelled
  FillTiming timing = FillTiming::next_open;
  friend bool operator==(const FillConfig&, const FillConfig&) = default;
};

struct DataConfig {              ///< "data_config"
  int max_forward_fills = 5;     ///< more than that in a row: stale
  int max_missing_symbols = 5;   ///< more than that in one minute: a skipped set
  friend bool operator==(const DataConfig&, const DataConfig&) = default;
};

}  // namespace sentio
