#include "sentio/strategy/calibration.h"

#include <algorithm>
#include <cmath>

namespace sentio {

CalibrationSums& CalibrationSums::operator+=(const CalibrationSums& other) {
  for (std::size_t h = 0; h < kMaxHorizons; ++h) {
    prediction_label[h] += other.prediction_label[h];
    prediction_square[h] += other.prediction_square[h];
  }
  return *this;
}

void Calibration::end_session(const CalibrationSums& sums) {
  const double decay = std::exp2(-1.0 / kHalfLifeSessions);
  ++sessions_;
  for (std::size_t h = 0; h < kMaxHorizons; ++h) {
    double& py = decayed_.prediction_label[h];
    double& pp = decayed_.prediction_square[h];
    py = decay * py + sums.prediction_label[h];
    pp = decay * pp + sums.prediction_square[h];
    const bool known = sessions_ >= kMinimumSessions && pp > 0;
    slope_[h] = known ? std::clamp(py / pp, 0.0, 1.0) : 0.0;
  }
}

void Calibration::save(ByteWriter& out) const {
  out.put_span<double>(decayed_.prediction_label);
  out.put_span<double>(decayed_.prediction_square);
  out.put_span<double>(slope_);
  out.put(sessions_);
}

Result<> Calibration::load(ByteReader& in) {
  in.get_span<double>(decayed_.prediction_label);
  in.get_span<double>(decayed_.prediction_square);
  in.get_span<double>(slope_);
  in.get(sessions_);
  return in.result("calibration");
}

}  // namespace sentio
