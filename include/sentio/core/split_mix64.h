#pragma once
/// A seeded stream of numbers, the same on every machine.
///
/// Source   Steele, Lea & Flood, "Fast Splittable Pseudorandom Number Generators", OOPSLA 2014.

#include <cstdint>

namespace sentio {

/// SplitMix64: the standard's distributions differ between libraries, this does not.
class SplitMix64 {
 public:
  explicit SplitMix64(std::uint64_t seed) : state_(seed) {}
  [[nodiscard]] std::uint64_t next() {
    state_ += 0x9e3779b97f4a7c15ULL;
    std::uint64_t z = state_;
    z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27U)) * 0x94d049bb133111ebULL;
    return z ^ (z >> 31U);
  }
  /// [0, 1), 53 bits
  [[nodiscard]] double uniform() { return static_cast<double>(next() >> 11U) * 0x1.0p-53; }

 private:
  std::uint64_t state_;
};

}  // namespace sentio
