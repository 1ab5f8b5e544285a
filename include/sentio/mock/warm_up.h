#pragma once
/// Warm-up states: learn once, start many times.

#include <filesystem>
#include <functional>

#include "sentio/mock/mock_driver.h"
#include "sentio/store/state_file.h"

namespace sentio {

struct WarmUpOptions {
  StrategyConfig config;
  Universe universe;
  FeeTable fees;
  std::vector<SessionHours> sessions;  ///< to learn from, in order
  int jobs = 1;
};

/// Learns the sessions and returns the state's header and payload. Errors: not_found when a session has no bar.
[[nodiscard]] Result<StateFile> learn_warm_up(const WarmUpOptions& options, const std::vector<SymbolBars>& bars,
                                              const std::function<void(int done, int total)>& progress);

/// Whether `state` may start a run of `first` under this configuration. Errors (Errc::mismatch, exit 3) say what
/// differs: the configuration or instruments, the features, or the last session learned.
[[nodiscard]] Result<> check_warm_up_state(const StateFile& state, const StrategyConfig& config,
                                           const Universe& universe, Date first, std::string_view name);

/// Reads a file and checks it.
[[nodiscard]] Result<StateFile> load_warm_up_state(const std::filesystem::path& file, const StrategyConfig& config,
                                                   const Universe& universe, Date first);

}  // namespace sentio
