#pragma once
/// Deterministic made-up bars for tests: a random walk per symbol, the same on every machine.

#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include "sentio/core/calendar.h"
#include "sentio/data/csv_bars.h"

namespace sentio::testing {

/// SplitMix64: tests must not depend on a library's distributions.
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}
  std::uint64_t bits() {
    state_ += 0x9e3779b97f4a7c15ULL;
    std::uint64_t z = state_;
    z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27U)) * 0x94d049bb133111ebULL;
    return z ^ (z >> 31U);
  }
  double uniform() { return static_cast<double>(bits() >> 11U) * 0x1.0p-53; }
  /// Irwin-Hall: near enough to a normal for prices, and free of libm differences.
  double normal() {
    double sum = -6;
    for (int i = 0; i < 12; ++i) sum += uniform();
    return sum;
  }

 private:
  std::uint64_t state_;
};

struct WalkOptions {
  double volatility = 6e-4;  ///< log return per minute
  double missing = 0;        ///< probability of a minute without a bar
  double volume = 50'000;
  double start = 50;
};

/// One symbol's bars over `sessions`, prices on the cent grid.
inline SymbolBars walk_bars(const std::string& symbol, const std::vector<SessionHours>& sessions, std::uint64_t seed,
                            const WalkOptions& options = {}) {
  SymbolBars out{.symbol = symbol, .file = symbol + ".csv"};
  Random random(seed);
  double log_price = std::log(options.start);
  const auto cents = [](double p) { return std::round(p * 100) / 100; };
  for (const SessionHours& hours : sessions) {
    log_price += 5 * options.volatility * random.normal();
    for (int i = 0; i < hours.minutes; ++i) {
      Bar bar{.start = hours.minute_start(i)};
      bar.open = cents(std::exp(log_price));
      log_price += options.volatility * random.normal();
      bar.close = cents(std::exp(log_price));
      bar.high = std::max(bar.open, bar.close) + cents(0.02 * random.uniform());
      bar.low = std::min(bar.open, bar.close) - cents(0.02 * random.uniform());
      bar.volume = std::floor(options.volume * (0.2 + random.uniform()));
      const bool traded = random.uniform() >= options.missing;
      if (traded) out.bars.push_back(bar);
    }
  }
  return out;
}

}  // namespace sentio::testing
