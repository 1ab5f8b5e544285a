#include "sentio/strategy/confidence.h"

#include <algorithm>
#include <cmath>

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
  in.get_span<double>(prediction_);
  in.get_span<double>(label_);
  in.get(count_);
  in.get(next_);
  if (count_ < 0 || count_ > kWindow || next_ < 0 || next_ >= kWindow) in.fail();
  if (auto r = in.result("confidence"); !r) return r;
  if (count_ > 0) refresh();
  return {};
}

}  // namespace sentio
