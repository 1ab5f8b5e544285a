#pragma once
/// How large a number of the learner may be.

namespace sentio {

/// Beyond it squares and products of a row leave the range of a double.
inline constexpr double kMagnitudeMax = 1e100;

}  // namespace sentio
