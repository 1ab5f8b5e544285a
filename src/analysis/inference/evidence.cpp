#include "sentio/analysis/evidence.h"

#include <algorithm>
#include <cmath>

#include "sentio/analysis/hac.h"
#include "sentio/analysis/statistics.h"
#include "sentio/core/check.h"

namespace sentio {

namespace {

/// What can be said before anything is drawn.
IntervalState state_of(std::span<const double> days) {
  if (days.empty()) return IntervalState::no_day;
  const auto deviation = days.size() > 1 ? sample_sd(days) : mean(days);
  if (!std::isfinite(*deviation)) return IntervalState::not_a_number;
  if (days.size() == 1) return IntervalState::one_day;
  if (days.size() < static_cast<std::size_t>(kIntervalDaysMin)) return IntervalState::below_five_days;
  return varies(days) ? IntervalState::given : IntervalState::all_alike;
}

void fill_mean(Evidence& e, std::span<const double> days) {
  e.mean = mean(days);
  e.sd = sample_sd(days);
  e.t = t_statistic(days);
  e.hac_lags = newey_west_lags(days.size());
  e.se_hac = hac_standard_error(days, e.hac_lags);
  if (!e.se_hac) return;
  // The long-run deviation, unless days seem to undo each other: from few days too good to believe.
  const double long_run = *e.se_hac * std::sqrt(static_cast<double>(days.size()));
  e.days_needed = days_needed(*e.mean, std::max(*e.sd, long_run));
}

void fill_interval(Evidence& e, std::span<const double> days, const BootstrapOptions& options) {
  const auto inference = infer_mean(days, options);
  SENTIO_CHECK(inference.has_value());
  e.block_length = inference->block_length;
  e.p_two_sided = inference->p_two_sided;
  e.p_one_sided = inference->p_one_sided;
  e.interval = inference->interval;
  if (!e.interval) {
    e.interval_state = IntervalState::too_few_differ;
    return;
  }
  if (e.interval->low > 0) e.word = EvidenceWord::proven;
  if (e.interval->high < 0) e.word = EvidenceWord::losing;
}

void fill_sharpe(Evidence& e, std::span<const double> days, const EvidenceOptions& options) {
  e.sharpe = sharpe_sample(days);
  if (!e.sharpe) return;
  e.psr = probabilistic_sharpe(*e.sharpe);
  e.dsr = deflated_sharpe(*e.sharpe, options.trials, options.trials_variance);
  e.track_record_min = minimum_track_record(*e.sharpe);
}

}  // namespace

std::string_view to_string(EvidenceWord word) {
  switch (word) {
    case EvidenceWord::proven:
      return "PROVEN";
    case EvidenceWord::losing:
      return "LOSING";
    case EvidenceWord::not_distinguishable:
      break;
  }
  return "NOT DISTINGUISHABLE FROM ZERO";
}

std::string_view to_string(IntervalState state) {
  switch (state) {
    case IntervalState::given:
      return "given";
    case IntervalState::no_day:
      return "no_day";
    case IntervalState::one_day:
      return "one_day";
    case IntervalState::below_five_days:
      return "below_five_days";
    case IntervalState::not_a_number:
      return "not_a_number";
    case IntervalState::all_alike:
      return "all_alike";
    case IntervalState::too_few_differ:
      break;
  }
  return "too_few_differ";
}

std::optional<double> days_needed(double mean, double deviation) {
  const double root = (normal_quantile(0.975) + normal_quantile(0.8)) * deviation / mean;
  const double days = root * root;
  return std::isfinite(days) ? std::optional(days) : std::nullopt;
}

Evidence gather_evidence(std::span<const double> daily_returns, const EvidenceOptions& options) {
  SENTIO_CHECK(options.trials >= 1);
  Evidence e;
  e.days = static_cast<int>(daily_returns.size());
  e.trials = options.trials;
  e.interval_state = state_of(daily_returns);
  if (e.interval_state == IntervalState::not_a_number) return e;
  fill_mean(e, daily_returns);
  if (e.interval_state != IntervalState::given) return e;
  fill_interval(e, daily_returns, options.bootstrap);
  fill_sharpe(e, daily_returns, options);
  return e;
}

}  // namespace sentio
