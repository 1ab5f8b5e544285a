#pragma once
/// A complete strategy: everything the core needs to decide, from one or more JSON files.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "sentio/config/fee_table.h"
#include "sentio/config/health_config.h"
#include "sentio/config/learner_config.h"
#include "sentio/config/rotation_config.h"
#include "sentio/config/universe.h"

namespace sentio {

struct StrategyConfig {
  std::string name = "Rotation Strategy v2.0";  ///< heading of reports
  std::vector<std::string> active_symbols;      ///< empty: those of symbols.json
  LearnerConfig learner;
  AggregatorConfig aggregator;
  RotationConfig rotation;
  RiskConfig risk;
  FillConfig fill;
  DataConfig data;
  HealthConfig health;
  std::vector<std::string> warnings;            ///< accepted but worth saying (e.g. EOD at 358)
};

/// Text of one file with the name used in error messages.
struct ConfigSource {
  std::string name;
  std::string text;
};

/// Parses and merges strategy files (later wins, key by key), comments allowed, keys starting with
/// '_' ignored. ALL problems are reported at once, one per line: unknown keys with the nearest known
/// name, wrong types, out-of-range values, one key with two values in one file, ridge contradictions.
/// Pure: reading files is the caller's business.
[[nodiscard]] Result<StrategyConfig> parse_strategy(const std::vector<ConfigSource>& sources);
[[nodiscard]] Result<SymbolsConfig> parse_symbols(const ConfigSource& source);
[[nodiscard]] Result<FeeTable> parse_fees(const ConfigSource& source);

/// Range and consistency problems of an assembled configuration; empty when sound.
/// "rotation_manager_config.max_positions must be >= 1, was 0"
[[nodiscard]] std::vector<std::string> problems(const StrategyConfig& config);

/// The effective configuration as JSON in the file schema (what `config show` prints; loads back equal).
[[nodiscard]] nlohmann::ordered_json to_json(const StrategyConfig& config);
[[nodiscard]] nlohmann::ordered_json to_json(const SymbolsConfig& config);

/// Picks the run's instruments: `override_symbols` (--symbols), else the strategy's, else symbols.json's.
/// A symbol without metadata is an error that names the nearest known one.
[[nodiscard]] Result<Universe> make_universe(const StrategyConfig& strategy, const SymbolsConfig& symbols,
                                             const std::vector<std::string>& override_symbols);

/// Hash over everything that shapes learned state (learner, horizons, data rules, universe names):
/// a warm-up state belongs to exactly one of these.
[[nodiscard]] std::uint64_t learning_hash(const StrategyConfig& config, const Universe& universe);

/// The nearest of `known` to a misspelt `word` by edit distance; empty when none is near.
[[nodiscard]] std::string nearest_name(std::string_view word, const std::vector<std::string>& known);

}  // namespace sentio
