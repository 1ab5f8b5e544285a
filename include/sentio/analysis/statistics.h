#pragma once
/// What a series of daily returns can and cannot prove.
///
/// Units    returns are fractions (0.005 = +0.5 %), one per trading day, in order.
/// Errors   a quantity that does not exist (a deviation of one day) is an empty optional, never 0 or NaN.
/// Threads  pure functions; the same input gives the same bits on every machine (own generator, fixed seed).
/// Source   Politis & Romano, "The Stationary Bootstrap", JASA 89 (1994); generator: Steele, Lea & Flood,
///          "Fast Splittable Pseudorandom Number Generators", OOPSLA 2014 (SplitMix64).
/// Inference on Sharpe ratios (probabilistic, deflated) has its place beside gather_evidence().

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace sentio {

inline constexpr int kTradingDaysPerYear = 252;
inline constexpr int kIntervalDaysMin = 5;  ///< below this an interval would be decoration

[[nodiscard]] std::optional<double> mean(std::span<const double> values);
/// Sample standard deviation (n - 1); needs two values.
[[nodiscard]] std::optional<double> sample_sd(std::span<const double> values);
/// mean / (sd / √n); empty with fewer than two values or without any variation.
[[nodiscard]] std::optional<double> t_statistic(std::span<const double> values);
/// Days after which a true mean of this size would be told from zero: two-sided 5 %, 80 % power,
/// ((1.96 + 0.8416)·sd/mean)². Empty where the mean is 0.
[[nodiscard]] std::optional<double> days_needed(double mean, double sd);

/// SplitMix64: the standard's distributions differ between libraries, this does not.
class SplitMix64 {
 public:
  explicit SplitMix64(std::uint64_t seed) : state_(seed) {}
  [[nodiscard]] std::uint64_t next();
  [[nodiscard]] double uniform();  ///< [0, 1), 53 bits

 private:
  std::uint64_t state_;
};

struct Interval {
  double low = 0, high = 0;
};

struct BootstrapOptions {
  int draws = 10'000;
  double block_length_mean = 3.0;  ///< days; blocks are geometric, wrapping round the end
  double level = 0.95;
  std::uint64_t seed = 0x53454e54494f;
};

/// Percentile interval of the mean under the stationary bootstrap; quantiles interpolated linearly.
/// With few dozen days such intervals are somewhat too narrow: read a near miss as a miss.
/// Checks values not empty, draws > 0, block_length_mean >= 1.
[[nodiscard]] Interval bootstrap_interval(std::span<const double> values,
                                          const BootstrapOptions& options = {});

enum class EvidenceWord : std::uint8_t { proven, not_distinguishable, losing };
[[nodiscard]] std::string_view to_string(EvidenceWord word);

/// Everything that must stand beside a mean return.
struct Evidence {
  int days = 0;
  std::optional<double> mean, sd, t;
  std::optional<Interval> interval;  ///< with kIntervalDaysMin days or more
  std::optional<double> days_needed;
  bool varies = false;  ///< days differ from each other; without, an interval means nothing
  EvidenceWord word = EvidenceWord::not_distinguishable;
};

[[nodiscard]] Evidence gather_evidence(std::span<const double> daily_returns);

}  // namespace sentio
