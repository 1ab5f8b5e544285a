#include "sentio/mock/learner_report.h"

#include "sentio/execution/rotation_position_manager.h"
#include "sentio/market/multi_symbol_data_manager.h"
#include "sentio/mock/day_tape.h"
#include "sentio/run/parallel_for.h"
#include "sentio/store/record_format.h"
#include "sentio/strategy/online_ensemble.h"

namespace sentio {

namespace {

/// A learner needs its own bars only, so each symbol runs by itself.
LearnerHealth learn(const StrategyConfig& config, std::string_view symbol, SymbolId id,
                    const std::vector<DayTape>& days) {
  OnlineEnsemble ensemble(config.learner, symbol);
  SymbolSynchronizer synchronizer(config.data);
  for (const DayTape& day : days) {
    const SessionHours& hours = day.hours();
    ensemble.begin_session(hours, scaled_minute(config.rotation.eod_exit_time_minutes, hours.minutes));
    synchronizer.begin_session();
    int minute = 0;
    for (const auto& bar : day.symbol(id)) {
      ensemble.step(minute, synchronizer.next(hours.minute_start(minute), bar));
      ++minute;
    }
    ensemble.end_session();
  }
  return ensemble.health();
}

LearnerReport print(const MockOptions& options, TimePoint close, const std::vector<LearnerHealth>& health) {
  RecordFormatter format(options.universe.names(), options.config.learner.horizons);
  LearnerReport report;
  RecordFormatter::append_learners_heading(report.table);
  for (std::size_t i = 0; i < health.size(); ++i) {
    const HealthRecord record{.ts = close,
                              .bar_start = close - kBarLength,
                              .symbol = static_cast<SymbolId>(i),
                              .health = &health[i],
                              .broken = broken_limit(health[i], options.config.health)};
    format.append(report.lines.emplace_back(), record);
    format.append_log(report.table, record);
  }
  return report;
}

}  // namespace

Result<LearnerReport> report_learners(const MockOptions& options, const std::vector<SymbolBars>& bars) {
  const auto plan = plan_mock(options);
  if (!plan) return tl::unexpected(plan.error());
  std::vector<DayTape> days;
  for (const SessionHours& hours : plan->warm_up) {
    DayTape day(hours, bars);
    if (day.real_bars() > 0) days.push_back(std::move(day));
  }
  const std::string wanted =
      std::to_string(options.warmup_sessions) + " sessions before " + format_date(plan->traded.front().date);
  if (days.empty()) return fail(Errc::not_found, "warm-up", "none of the " + wanted + " has bars");

  std::vector<LearnerHealth> health(options.universe.size());
  parallel_for(options.jobs, static_cast<int>(health.size()), [&](int i) {
    const auto id = static_cast<SymbolId>(i);
    health[id] = learn(options.config, options.universe[id].name, id, days);
  });
  LearnerReport report = print(options, days.back().hours().close, health);
  if (static_cast<int>(days.size()) < options.warmup_sessions)
    report.warning = "only " + std::to_string(days.size()) + " of the " + wanted + " have bars";
  return report;
}

}  // namespace sentio
