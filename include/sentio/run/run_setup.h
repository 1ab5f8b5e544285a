#pragma once
/// From file names on a command line to a strategy, a universe, fees and bars.

#include <filesystem>
#include <string>
#include <vector>

#include "sentio/config/strategy_config.h"
#include "sentio/data/csv_bars.h"

namespace sentio {

/// What the user said; empty = the default.
struct SetupRequest {
  std::vector<std::string> config_files;  ///< default config/rotation_strategy.json
  std::string symbols_file;               ///< default config/symbols.json
  std::string fees_file;                  ///< default config/fees.json
  std::vector<std::string> symbols;       ///< --symbols: wins over both files
};

struct RunSetup {
  StrategyConfig config;
  Universe universe;
  FeeTable fees;
  std::string config_name;  ///< the configuration files, as the user named them
  long long trials = 1;     ///< configurations tried before this one was chosen (trial_count.h)
};

/// `home`: folder that holds config/ when the working directory does not (the installation).
[[nodiscard]] Result<RunSetup> load_setup(const SetupRequest& request, const std::filesystem::path& home);

/// The known symbols alone; `request` names their file.
[[nodiscard]] Result<SymbolsConfig> load_symbols(const SetupRequest& request, const std::filesystem::path& home);

/// Bars of every symbol of the universe, by SymbolId; `jobs` threads. Errors: missing and bad files, and
/// symbols without any bar in the dates of `options`, are all named at once, one line each.
[[nodiscard]] Result<std::vector<SymbolBars>> load_bars(const std::filesystem::path& folder,
                                                        const Universe& universe,
                                                        const CsvReadOptions& options, int jobs);

}  // namespace sentio
