#include "sentio/strategy/calibration.h"

#include <algorithm>
#include <cmath>

#include "sentio/core/state_limits.h"

namespace sentio {

namespace {

constexpr int kSessionsMax = 1'000'000;

}  // namespace

CalibrationSums& CalibrationSums::operator+=(const CalibrationSums& other) {
  for (std::size_t h = 0; h < kMaxHorizons; ++h) {
    prediction_label[h] += other.prediction_label[h];
    prediction_square[h] += other.prediction_square[h];
  }
  return *this;
}

void CalibrationSums::save(ByteWriter& out) const {
  out.put_span<double>(prediction_label);
  out.put_span<double>(prediction_square);
}

void CalibrationSums::load(ByteReader& in) {
  in.get_span_within(prediction_label, -kStateSquareMax, kStateSquareMax);
  in.get_span_within(prediction_square, 0, kStateSquareMax);
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
  decayed_.save(out);
  out.put_span<double>(slope_);
  out.put(sessions_);
}

Result<> Calibration::load(ByteReader& in) {
  Calibration loaded;
  loaded.decayed_.load(in);
  in.get_span_within(loaded.slope_, 0, 1);
  in.get_within(loaded.sessions_, 0, kSessionsMax);
  if (in.ok()) *this = loaded;
  return in.result("calibration");
}

}  // namespace sentio
