#include "sentio/core/bar.h"

#include "sentio/core/bytes.h"

namespace sentio {

bool plausible(const Bar& bar) {
  constexpr double kTick = 1e-4;  // USD: below a dollar prices move in hundredths of a cent
  return bar.low >= kTick && bar.low <= bar.open && bar.low <= bar.close && bar.open <= bar.high &&
         bar.close <= bar.high && bar.high < 1e9 && bar.volume >= 0 && bar.volume < 1e15;
}

std::uint64_t bar_id(std::string_view symbol, TimePoint start) {
  const std::uint64_t name = fnv1a(symbol) & ((1U << 21U) - 1U);
  const auto minutes = static_cast<std::uint32_t>(epoch_seconds(start) / 60);
  return (name << 32U) | minutes;
}

}  // namespace sentio
