#include "sentio/strategy/placebo_labels.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "sentio/core/check.h"
#include "sentio/core/split_mix64.h"

namespace sentio {

namespace {

constexpr double kNoLabel = std::numeric_limits<double>::quiet_NaN();
constexpr int kLabelSlots = PlaceboLabels::kSessionsHeld + 1;  // one is being filled

/// Seeds are small numbers: the generator spreads them before the session is mixed in.
SplitMix64 generator(std::uint64_t seed, std::int64_t session) {
  return SplitMix64(SplitMix64(seed).next() ^ static_cast<std::uint64_t>(session));
}

}  // namespace

PlaceboLabels::PlaceboLabels(const LearnerConfig& config, std::uint64_t seed)
    : horizons_(config.horizons.size()),
      seed_(seed),
      y_(static_cast<std::size_t>(kLabelSlots) * kFullSessionMinutes * horizons_, kNoLabel) {
  order_.reserve(kSessionsHeld);
}

double& PlaceboLabels::at(int slot, const ResolvedLabel& label) {
  const auto minute = static_cast<std::size_t>(slot) * kFullSessionMinutes + static_cast<std::size_t>(label.minute);
  return y_[minute * horizons_ + static_cast<std::size_t>(label.h)];
}

void PlaceboLabels::begin_session() {
  ++session_;
  slot_ = static_cast<int>(session_ % kLabelSlots);
  const std::size_t size = kFullSessionMinutes * horizons_;
  std::fill_n(y_.begin() + static_cast<std::ptrdiff_t>(static_cast<std::size_t>(slot_) * size), size, kNoLabel);
  SplitMix64 random = generator(seed_, session_);
  sign_ = random.next() % 2 == 0 ? 1.0 : -1.0;
  order_.clear();
  for (std::int64_t back = 1; back <= std::min<std::int64_t>(session_, kSessionsHeld); ++back) {
    order_.push_back(static_cast<int>((session_ - back) % kLabelSlots));
  }
  for (std::size_t n = order_.size(); n > 1; --n) std::swap(order_[n - 1], order_[random.next() % n]);
}

double PlaceboLabels::exchange(const ResolvedLabel& label) {
  SENTIO_CHECK(session_ >= 0 && label.learnable);
  at(slot_, label) = label.y;
  for (const int slot : order_) {
    const double y = at(slot, label);
    if (!std::isnan(y)) return sign_ * y;
  }
  return 0;
}

}  // namespace sentio
