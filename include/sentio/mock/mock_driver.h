#pragma once
/// The mock driver: recorded bars through the TradingSession, fills from the replay broker.

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sentio/analysis/results.h"
#include "sentio/config/strategy_config.h"
#include "sentio/data/load_checks.h"
#include "sentio/run/run_recorder.h"
#include "sentio/session/trading_session.h"
#include "sentio/store/state_file.h"

namespace sentio {

struct MockOptions {
  StrategyConfig config;
  Universe universe;
  FeeTable fees;
  Usd capital{100'000};
  Date first{}, last{};       ///< inclusive; closed days between them are skipped
  bool range = false;         ///< false: `first` = `last` must be a session (--date)
  int warmup_sessions = 20;   ///< sessions before `first`; 0 = none
  std::optional<StateFile> warmup_state;  ///< instead of a warm-up; checked by load_warm_up_state()
  int jobs = 1;               ///< threads for the per-symbol work; never changes a byte
  std::string config_name;
  DataReview data;            ///< what the load of the bars found; for the manifest
  long long trials = 1;       ///< RunSetup::trials; for the report alone
  /// Seed of labels that carry no information, warm-up included; then without `warmup_state`. See placebo_runs.h.
  std::optional<std::uint64_t> placebo{};
};

struct MockProgress {
  int sessions_done = 0, sessions_total = 0;  ///< warm-up included
  Date date{};
  bool warming_up = false;
  double equity = 0;
};

/// Where a run's outputs and side effects go; all optional.
struct MockSinks {
  std::function<Result<>(const DayResult&, const DayFiles&)> day_done;
  std::function<void(const MockProgress&)> progress;
  std::function<void(const std::string&)> warning;
  std::function<void(TimePoint set_end)> pace;   ///< called before each traded set (--speed)
  std::function<void(TradingSession&)> after_warm_up;
  /// Every traded set, decided but not yet acted on. With it no learner runs ahead: they are as they were then.
  std::function<void(const TradingSession&, TimePoint set_end, std::span<const Action>)> decided;
  std::function<void(const RunResult&)> started;  ///< after warm-up: what the run is, without a day yet
};

/// The sessions a run needs: warm-up and traded ones. Errors: no_session for a closed --date or an empty range.
struct MockPlan {
  std::vector<SessionHours> warm_up, traded;
};
[[nodiscard]] Result<MockPlan> plan_mock(const MockOptions& options);

/// Runs everything in memory. `bars` by SymbolId, covering the plan's dates. `signals` replaces the learners.
/// Errors: not_found where a traded session has no bar at all, or no warm-up session has (although asked).
[[nodiscard]] Result<RunResult> run_mock(const MockOptions& options, const std::vector<SymbolBars>& bars,
                                         const MockSinks& sinks, std::unique_ptr<SignalSource> signals = nullptr);

}  // namespace sentio
