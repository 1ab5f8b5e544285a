#pragma once
/// Everything an engine remembers, and the functions that turn it into columns.

#include <type_traits>

#include "feature_index.h"
#include "windows/minute_path.h"
#include "windows/price_windows.h"
#include "windows/return_windows.h"
#include "windows/session_windows.h"
#include "windows/volume_windows.h"

namespace sentio {

/// Doubles and 64-bit integers only, so that its bytes are its state.
struct UnifiedFeatureEngine::State {
  features::MinutePath path;
  features::ReturnWindows returns;
  features::PriceWindows prices;
  features::VolumeWindows volumes;
  features::SessionWindows session;
};

namespace features {
using State = UnifiedFeatureEngine::State;
static_assert(std::is_trivially_copyable_v<State> && alignof(State) == alignof(double));

void write_momentum(const State& state, const PathMinute& minute, FeatureRow& row);
void write_volatility(const State& state, const PathMinute& minute, FeatureRow& row);
void write_volume(const State& state, const PathMinute& minute, FeatureRow& row);
void write_position_and_time(const State& state, const PathMinute& minute, FeatureRow& row);
}  // namespace features

}  // namespace sentio
