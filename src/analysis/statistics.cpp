#include "sentio/analysis/statistics.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "sentio/core/check.h"

namespace sentio {

namespace {

// Below this the days are equal but for rounding.
constexpr double kNoVariation = 1e-12;
constexpr double kNormal975 = 1.96, kNormal80 = 0.8416;

double quantile(const std::vector<double>& sorted, double q) {
  const double position = q * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(position);
  const std::size_t above = std::min(below + 1, sorted.size() - 1);
  return sorted[below] + (position - static_cast<double>(below)) * (sorted[above] - sorted[below]);
}

double resampled_mean(std::span<const double> values, double block_end_probability, SplitMix64& random) {
  const std::size_t n = values.size();
  const auto any_day = [&] { return static_cast<std::size_t>(random.uniform() * static_cast<double>(n)); };
  std::size_t at = any_day();
  double sum = values[at];
  for (std::size_t i = 1; i < n; ++i) {
    if (random.uniform() < block_end_probability)
      at = any_day();
    else
      at = at + 1 == n ? 0 : at + 1;
    sum += values[at];
  }
  return sum / static_cast<double>(n);
}

}  // namespace

std::optional<double> mean(std::span<const double> values) {
  if (values.empty()) return std::nullopt;
  double sum = 0;
  for (const double v : values) sum += v;
  return sum / static_cast<double>(values.size());
}

std::optional<double> sample_sd(std::span<const double> values) {
  if (values.size() < 2) return std::nullopt;
  const double centre = *mean(values);
  double squares = 0;
  for (const double v : values) squares += (v - centre) * (v - centre);
  return std::sqrt(squares / static_cast<double>(values.size() - 1));
}

std::optional<double> t_statistic(std::span<const double> values) {
  const auto sd = sample_sd(values);
  if (!sd || *sd <= kNoVariation) return std::nullopt;
  return *mean(values) / (*sd / std::sqrt(static_cast<double>(values.size())));
}

std::optional<double> days_needed(double mean, double sd) {
  const double root = (kNormal975 + kNormal80) * sd / mean;
  const double days = root * root;
  return std::isfinite(days) ? std::optional(days) : std::nullopt;
}

std::uint64_t SplitMix64::next() {
  state_ += 0x9e3779b97f4a7c15ULL;
  std::uint64_t z = state_;
  z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9ULL;
  z = (z ^ (z >> 27U)) * 0x94d049bb133111ebULL;
  return z ^ (z >> 31U);
}

double SplitMix64::uniform() {
  return static_cast<double>(next() >> 11U) * 0x1.0p-53;
}

Interval bootstrap_interval(std::span<const double> values, const BootstrapOptions& options) {
  SENTIO_CHECK(!values.empty());
  SENTIO_CHECK(options.draws > 0);
  SENTIO_CHECK(options.block_length_mean >= 1.0);
  SplitMix64 random(options.seed);
  std::vector<double> means(static_cast<std::size_t>(options.draws));
  for (double& m : means) m = resampled_mean(values, 1.0 / options.block_length_mean, random);
  std::sort(means.begin(), means.end());
  const double tail = (1.0 - options.level) / 2.0;
  return {quantile(means, tail), quantile(means, 1.0 - tail)};
}

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

Evidence gather_evidence(std::span<const double> daily_returns) {
  Evidence e;
  e.days = static_cast<int>(daily_returns.size());
  e.mean = mean(daily_returns);
  e.sd = sample_sd(daily_returns);
  e.t = t_statistic(daily_returns);
  e.varies = e.sd && *e.sd > kNoVariation;
  if (e.varies) e.days_needed = days_needed(*e.mean, *e.sd);
  if (e.days < kIntervalDaysMin) return e;
  e.interval = bootstrap_interval(daily_returns);
  // Days that are all alike give an interval of no width, which would "prove" anything.
  if (!e.varies) return e;
  if (e.interval->low > 0) e.word = EvidenceWord::proven;
  if (e.interval->high < 0) e.word = EvidenceWord::losing;
  return e;
}

}  // namespace sentio
