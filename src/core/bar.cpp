#include "sentio/core/bar.h"

#include "sentio/core/bytes.h"

namespace sentio {

bool plausible(const Bar& bar) {
  return bar.low >= kBarPriceMin && bar.low <= bar.open && bar.low <= bar.close && bar.open <= bar.high &&
         bar.close <= bar.high && bar.high <= kBarPriceMax && bar.volume >= 0 && bar.volume <= kBarVolumeMax;
}

std::uint64_t bar_id(std::string_view symbol, TimePoint start) {
  const std::uint64_t name = fnv1a(symbol) & ((1U << 21U) - 1U);
  const auto minutes = static_cast<std::uint32_t>(epoch_seconds(start) / 60);
  return (name << 32U) | minutes;
}

}  // namespace sentio
