#pragma once
/// Jittered exponential back-off as a pure function.

#include <chrono>
#include <cstdint>

namespace sentio {

/// Delay before try `attempt` + 1 (0 = after the first failure): uniform in [upper/2, upper] with
/// upper = min(delay_max, delay_min · 2^(attempt+1)), so that the first lies in [delay_min, 2·delay_min] and
/// no two clients march in step. Never below delay_min. The same seed and attempt give the same delay.
[[nodiscard]] std::chrono::nanoseconds backoff_delay(int attempt, std::chrono::nanoseconds delay_min,
                                                     std::chrono::nanoseconds delay_max, std::uint64_t seed);

}  // namespace sentio
