#include <cmath>

#include "sentio/core/state_limits.h"
#include "sentio/features/unified_feature_engine.h"

namespace sentio {

namespace {

constexpr double kClip = 4;
constexpr double kFlatDeviation = 1e-12;

/// One pass without branches, so that it compiles to vectors on every target.
/// `share` is the newest value's share of the total weight.
void standardise_and_learn(const double* __restrict raw, double* __restrict mean, double* __restrict variance,
                           double* __restrict z, double share) {
  for (int i = 0; i < kFeatureCount; ++i) {
    const double deviation = raw[i] - mean[i];
    const double scale = std::sqrt(variance[i]);
    const double magnitude = std::abs(mean[i]);
    const double flat_below = kFlatDeviation * (magnitude > 1 ? magnitude : 1.0);
    const bool varies = scale >= flat_below;
    const double score = deviation / (varies ? scale : 1.0);
    const double above = score > -kClip ? score : -kClip;
    const double clipped = above < kClip ? above : kClip;
    z[i] = varies ? clipped : 0.0;
    // West's update: the variance is a sum of squares of deviations and cannot turn negative. Mean square
    // minus squared mean loses all digits for columns whose mean is large beside their deviation.
    const double step = share * deviation;
    mean[i] += step;
    variance[i] = (1 - share) * (variance[i] + step * deviation);
  }
}

}  // namespace

bool FeatureStandardizer::transform(const FeatureRow& raw, std::span<double, kFeatureCount> z) {
  static const double decay = std::exp2(-1 / kHalfLifeBars);
  const bool ready = seen_ >= kMinimumBars;
  weight_ = decay * weight_ + 1;
  standardise_and_learn(raw.data(), mean_.data(), variance_.data(), z.data(), 1 / weight_);
  ++seen_;
  if (!ready) {
    for (double& value : z) value = 0;
  }
  return ready;
}

void FeatureStandardizer::save(ByteWriter& out) const {
  out.put(feature_schema_hash());
  out.put(seen_);
  out.put(weight_);
  out.put_span(std::span<const double>(mean_));
  out.put_span(std::span<const double>(variance_));
}

Result<> FeatureStandardizer::load(ByteReader& in) {
  FeatureStandardizer loaded;
  std::uint64_t schema = 0;
  in.get(schema);
  if (in.ok() && schema != feature_schema_hash()) {
    return fail(Errc::mismatch, "standardizer", "state was saved with another feature table; warm up again");
  }
  in.get_within(loaded.seen_, std::int64_t{0}, kStateCountMax);
  in.get_within(loaded.weight_, 0.0, kStateMagnitudeMax);
  in.get_span_within(loaded.mean_, -kStateMagnitudeMax, kStateMagnitudeMax);
  in.get_span_within(loaded.variance_, 0, kStateSquareMax);
  if (!in.ok()) return in.result("standardizer");
  *this = loaded;
  return {};
}

}  // namespace sentio
