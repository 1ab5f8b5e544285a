#pragma once
/// The one note that is read: how many configurations were tried before a file's was chosen, for the deflated
/// Sharpe ratio. It shapes no decision and is no part of StrategyConfig.

#include <vector>

#include "sentio/config/strategy_config.h"

namespace sentio {

/// `{"_evidence": {"trials": 40}}` of the last file that says it, 1 where none does. Pure.
/// Errors: usage, where it is no whole number from 1 to a billion.
[[nodiscard]] Result<long long> parse_trial_count(const std::vector<ConfigSource>& sources);

}  // namespace sentio
