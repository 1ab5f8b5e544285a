#include "sentio/features/unified_feature_engine.h"

#include <cmath>
#include <cstring>
#include <utility>
#include <vector>

#include "sentio/core/state_limits.h"
#include "state.h"

namespace sentio {

namespace {

constexpr std::size_t kStateWords = sizeof(UnifiedFeatureEngine::State) / sizeof(double);
static_assert(kStateWords * sizeof(double) == sizeof(UnifiedFeatureEngine::State));

bool valid(const UnifiedFeatureEngine::State& state) {
  return state.path.valid() && state.returns.valid() && state.prices.valid() && state.volumes.valid() &&
         state.session.valid();
}

/// Counters read as doubles are tiny numbers, so one test over all words finds every NaN, infinity and monster.
bool within_reason(std::span<const double> words) {
  for (const double word : words) {
    if (!(std::abs(word) <= kStateMagnitudeMax)) return false;
  }
  return true;
}

/// A column that is no number says nothing. Bars never make one; sums that do not belong together can (a square
/// below zero, a part above its whole), and whether words of a state belong together nobody can tell.
void silence_non_numbers(FeatureRow& row) {
  for (double& value : row) value = std::abs(value) <= kStateMagnitudeMax ? value : 0.0;
}

}  // namespace

UnifiedFeatureEngine::UnifiedFeatureEngine() : state_(std::make_unique<State>()) {}
UnifiedFeatureEngine::UnifiedFeatureEngine(UnifiedFeatureEngine&&) noexcept = default;
UnifiedFeatureEngine& UnifiedFeatureEngine::operator=(UnifiedFeatureEngine&&) noexcept = default;
UnifiedFeatureEngine::~UnifiedFeatureEngine() = default;

void UnifiedFeatureEngine::begin_session(const SessionHours& hours) {
  state_->path.begin_session();
  state_->session.begin_session(hours);
}

void UnifiedFeatureEngine::update(int minute, const SyncBar& bar) {
  const bool first = !state_->path.started();
  const features::PathMinute path_minute = state_->path.advance(bar);
  if (first) {
    state_->prices.prime(path_minute.previous_close);
    state_->volumes.prime(path_minute.previous_close);
  }
  state_->returns.push(path_minute);
  state_->prices.push(path_minute);
  state_->volumes.push(path_minute);
  state_->session.push(minute, path_minute);
  features::write_momentum(*state_, path_minute, raw_);
  features::write_volatility(*state_, path_minute, raw_);
  features::write_volume(*state_, path_minute, raw_);
  features::write_position_and_time(*state_, path_minute, raw_);
  silence_non_numbers(raw_);
}

void UnifiedFeatureEngine::save(ByteWriter& out) const {
  std::vector<double> words(kStateWords);
  std::memcpy(words.data(), state_.get(), sizeof(State));
  out.put(feature_schema_hash());
  out.put_span(std::span<const double>(words));
  out.put_span(std::span<const double>(raw_));
}

Result<> UnifiedFeatureEngine::load(ByteReader& in) {
  std::uint64_t schema = 0;
  std::vector<double> words(kStateWords);
  FeatureRow row{};
  in.get(schema);
  if (in.ok() && schema != feature_schema_hash()) {
    return fail(Errc::mismatch, "features", "state was saved with another feature table; warm up again");
  }
  in.get_span(std::span<double>(words));
  in.get_span(std::span<double>(row));
  auto loaded = std::make_unique<State>();
  if (in.ok()) {
    std::memcpy(static_cast<void*>(loaded.get()), words.data(), sizeof(State));
    if (!within_reason(words) || !within_reason(row) || !valid(*loaded)) in.fail();
  }
  if (!in.ok()) return in.result("features");
  state_ = std::move(loaded);
  raw_ = row;
  return {};
}

}  // namespace sentio
