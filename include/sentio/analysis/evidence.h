#pragma once
/// What a series of daily returns can and cannot prove: everything that must stand beside a mean return.
///
/// Units    returns are fractions (0.005 = +0.5 %), one per trading day, in order.
/// Errors   a quantity that does not exist is an empty optional; IntervalState names the reason. Never NaN.
/// Threads  pure functions; the same input gives the same bits.

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "sentio/analysis/bootstrap.h"
#include "sentio/analysis/sharpe_inference.h"

namespace sentio {

enum class EvidenceWord : std::uint8_t { proven, not_distinguishable, losing };
[[nodiscard]] std::string_view to_string(EvidenceWord word);

/// Whether there is an interval, else why not.
enum class IntervalState : std::uint8_t {
  given,
  no_day,
  one_day,
  below_five_days,
  not_a_number,    ///< some day is none: no figure is given
  all_alike,       ///< days that do not differ prove nothing
  too_few_differ,  ///< one or two differ from the rest: see MeanInference::interval
};
[[nodiscard]] std::string_view to_string(IntervalState state);

struct EvidenceOptions {
  long long trials = 1;                   ///< configurations of which this is the best; checks >= 1
  std::optional<double> trials_variance;  ///< of their Sharpe ratios per day, where known
  BootstrapOptions bootstrap;             ///< fewer draws for a search over many series
};

struct Evidence {
  int days = 0;
  std::optional<double> mean, sd, t;  ///< t as if days were independent
  std::optional<double> se_hac;       ///< of the mean, from two days on
  int hac_lags = 0;
  IntervalState interval_state = IntervalState::no_day;
  std::optional<Interval> interval;  ///< 95 %
  std::optional<double> block_length, p_two_sided, p_one_sided;
  std::optional<double> days_needed;
  EvidenceWord word = EvidenceWord::not_distinguishable;
  /// From kIntervalDaysMin days on, where days differ.
  std::optional<SharpeSample> sharpe;
  long long trials = 1;
  std::optional<double> psr, dsr, track_record_min;  ///< the last in days
};

[[nodiscard]] Evidence gather_evidence(std::span<const double> daily_returns,
                                       const EvidenceOptions& options = {});

/// Days after which a true mean of this size would be told from zero: two-sided 5 %, 80 % power,
/// ((1.960 + 0.842)·deviation/mean)². Empty where the mean is 0 or a number is none.
[[nodiscard]] std::optional<double> days_needed(double mean, double deviation);

}  // namespace sentio
