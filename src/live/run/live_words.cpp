#include "run/live_words.h"

#include "sentio/run/log_heading.h"

namespace sentio {

std::vector<StatusLearner> learners_of(const TradingSession& session) {
  std::vector<StatusLearner> learners;
  for (std::size_t i = 0; i < session.learner_health().size(); ++i) {
    const LearnerHealth& health = session.learner_health()[i];
    const BrokenLimit& broken = session.broken_limits()[i];
    StatusLearner learner{.symbol = session.universe()[static_cast<SymbolId>(i)].name,
                          .limit = std::string(to_string(broken.limit)),
                          .healthy = broken.healthy(),
                          .condition = health.condition,
                          .effective_window = health.effective_window};
    const auto& minutes = session.config().learner.horizons;
    for (std::size_t h = 0; h < minutes.size(); ++h)
      learner.horizons.push_back({minutes[h], health.horizon[h].directional_accuracy, health.horizon[h].error_ratio});
    learners.push_back(std::move(learner));
  }
  return learners;
}

std::vector<std::string> heading_of(const LiveRunOptions& options, const std::string& mode, int warmup_sessions,
                                    bool synthetic) {
  const std::string opening = mode + ": " + options.setup.config.name;
  std::vector<std::string> lines = log_heading({.opening = opening,
                                                .instruments = options.setup.universe.as_listed(),
                                                .warmup_sessions = warmup_sessions,
                                                .warmup_sessions_wanted = options.bars.warmup_sessions,
                                                .synthetic = synthetic});
  if (!options.policy.override_preflight.empty()) {
    lines.push_back("PRE-FLIGHT OVERRIDDEN: " + options.policy.override_preflight);
  }
  return lines;
}

}  // namespace sentio
