#include "day/live_words.h"

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
  std::vector<std::string> lines{mode + ": " + options.setup.config.name + ","};
  for (const std::string& name : options.setup.universe.as_listed()) lines.front() += " " + name;
  lines.push_back("warm-up sessions: " + std::to_string(warmup_sessions) + " of " +
                  std::to_string(options.bars.warmup_sessions));
  if (synthetic) lines.emplace_back("SYNTHETIC data: nothing here says anything about a market");
  if (!options.policy.override_preflight.empty()) {
    lines.push_back("PRE-FLIGHT OVERRIDDEN: " + options.policy.override_preflight);
  }
  return lines;
}

}  // namespace sentio
