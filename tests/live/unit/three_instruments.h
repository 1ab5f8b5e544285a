#pragma once
/// Three instruments of three kinds, and what was refused about them.

#include "mock_world.h"

namespace sentio::testing {

/// Inverse, volatility, long; sorted as a universe sorts them.
inline Universe three() {
  return Universe({instrument("SQQQ", 1.5, 1, -1), instrument("SVXY", 1.3, 2, 1), instrument("TQQQ", 1.5, .5, 1)});
}

/// "" where nothing was refused.
template <class T>
std::string message_of(const Result<T>& result) {
  return result ? "" : result.error().message();
}

}  // namespace sentio::testing
