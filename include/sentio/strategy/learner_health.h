#pragma once
/// Is this learner in a state to be trusted with entries?

#include <array>
#include <optional>
#include <span>

#include "sentio/config/health_config.h"
#include "sentio/core/bytes.h"
#include "sentio/core/calendar.h"
#include "sentio/core/health.h"

namespace sentio {

/// Sums over one session's resolved rows of one horizon, with the predictions made at row time. The rows
/// themselves are kept for their ranks, but not saved: after load() there is no rank correlation until the next
/// session. No allocation while rows are added.
class HorizonStatistics {
 public:
  void add(double prediction, double label);
  /// Fills the figures that come from predictions and labels.
  void describe(HorizonHealth& out) const;
  void save(ByteWriter& out) const;
  /// Whether it is whole the reader says; if not it is not to be used.
  void load(ByteReader& in);

 private:
  std::int64_t labels_ = 0;
  double hits_ = 0;
  double p_ = 0, y_ = 0, pp_ = 0, yy_ = 0, py_ = 0, error_ = 0;
  std::array<double, kFullSessionMinutes> predictions_{}, label_values_{};  // rows 0 … rows_ − 1
  std::size_t rows_ = 0;
};

/// Spearman's rank correlation, ties at their mean rank; empty with other than 2 … kFullSessionMinutes pairs, where
/// either side does not vary, or with a value that is no number.
[[nodiscard]] std::optional<double> rank_correlation(std::span<const double> a, std::span<const double> b);

/// The first limit the learner is beyond, in the order of HealthLimit, then of the horizons.
[[nodiscard]] BrokenLimit broken_limit(const LearnerHealth& health, const HealthConfig& limits);

}  // namespace sentio
