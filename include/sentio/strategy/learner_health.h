#pragma once
/// Is this learner in a state to be trusted with entries?

#include "sentio/config/health_config.h"
#include "sentio/core/bytes.h"
#include "sentio/core/health.h"

namespace sentio {

/// Sums over one session's resolved rows of one horizon, with the predictions made at row time.
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
};

/// The first limit the learner is beyond, in the order of HealthLimit, then of the horizons.
[[nodiscard]] BrokenLimit broken_limit(const LearnerHealth& health, const HealthConfig& limits);

}  // namespace sentio
