#include "sentio/net/backoff.h"

#include <algorithm>

#include "sentio/core/check.h"

namespace sentio {
namespace {

/// SplitMix64 (Steele, Lea, Flood: Fast splittable pseudorandom number generators, 2014).
std::uint64_t mixed(std::uint64_t x) {
  x += 0x9e3779b97f4a7c15ULL;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
  return x ^ (x >> 31);
}

}  // namespace

std::chrono::nanoseconds backoff_delay(int attempt, std::chrono::nanoseconds delay_min,
                                       std::chrono::nanoseconds delay_max, std::uint64_t seed) {
  SENTIO_CHECK(attempt >= 0);
  SENTIO_CHECK(delay_min.count() > 0);
  SENTIO_CHECK(delay_max >= delay_min);
  std::chrono::nanoseconds upper = delay_min;
  for (int i = 0; i <= attempt && upper < delay_max; ++i) upper += std::min(upper, delay_max - upper);
  const std::chrono::nanoseconds lower = std::max(delay_min, upper / 2);
  const auto span = static_cast<std::uint64_t>((upper - lower).count()) + 1;
  const std::uint64_t draw = mixed(mixed(seed) ^ static_cast<std::uint64_t>(attempt));
  return lower + std::chrono::nanoseconds{static_cast<std::int64_t>(draw % span)};
}

}  // namespace sentio
