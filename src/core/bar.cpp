#include "sentio/core/bar.h"

#include "sentio/core/bytes.h"

namespace sentio {

std::uint64_t bar_id(std::string_view symbol, TimePoint start) {
  const std::uint64_t name = fnv1a(symbol) & ((1U << 21U) - 1U);
  const auto minutes = static_cast<std::uint32_t>(epoch_seconds(start) / 60);
  return (name << 32U) | minutes;
}

}  // namespace sentio
