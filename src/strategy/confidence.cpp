#include "sentio/strategy/confidence.h"

#include <algorithm>
#include <cmath>

#include "sentio/core/state_limits.h"

namespace sentio {

void ConfidenceTracker::add(double prediction, double label) {
  const auto at = static_cast<std::size_t>(next_);
  prediction_[at] = prediction;
  label_[at] = label;
  next_ = (next_ + 1) % kWindow;
  count_ = std::min(count_ + 1, kWindow);
  refresh();
}

// Summed afresh each time: a hundred terms cost little and running sums would drift. The order is
// that of the ring, so the same labels give the same bits.
void ConfidenceTracker::refresh() {
  double hits = 0, error = 0, energy = 0;
  for (std::size_t i = 0; i < static_cast<std::size_t>(count_); ++i) {
    const double p = prediction_[i], y = label_[i];
    hits += p * y > 0 ? 1.0 : (p * y == 0 ? 0.5 : 0.0);
    error += (y - p) * (y - p);
    energy += y * y;
  }
  const double n = count_;
  directional_ = hits / n;
  error_ratio_ = energy > 0 ? std::sqrt(error / energy) : 1.0;
  const double c = 0.5 * directional_ + 0.5 / (1.0 + error_ratio_);
  value_ = (n * c + (kWindow - n) * 0.5) / kWindow;
}

void ConfidenceTracker::save(ByteWriter& out) const {
  out.put_span<double>(prediction_);
  out.put_span<double>(label_);
  out.put(count_);
  out.put(next_);
}

Result<> ConfidenceTracker::load(ByteReader& in) {
  ConfidenceTracker loaded;
  in.get_span_within(loaded.prediction_, -kStateMagnitudeMax, kStateMagnitudeMax);
  in.get_span_within(loaded.label_, -kStateMagnitudeMax, kStateMagnitudeMax);
  in.get_within(loaded.count_, 0, kWindow);
  in.get_within(loaded.next_, 0, kWindow - 1);
  if (loaded.count_ < kWindow && loaded.next_ != loaded.count_) in.fail();
  if (auto r = in.result("confidence"); !r) return r;
  if (loaded.count_ > 0) loaded.refresh();
  *this = loaded;
  return {};
}

}  // namespace sentio
