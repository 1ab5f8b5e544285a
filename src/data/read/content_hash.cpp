#include "sentio/data/content_hash.h"

#include <array>
#include <bit>
#include <cstring>

namespace sentio {

namespace {

constexpr std::uint64_t kHashPrime = 0x9E3779B97F4A7C15ULL;  // 2^64 / the golden ratio, odd
constexpr std::size_t kLanes = 4;

// Each step can be undone, so one changed word always shows; the rotation lets high bits reach low ones.
std::uint64_t mixed(std::uint64_t lane, std::uint64_t word) {
  return std::rotl(lane ^ word, 29) * kHashPrime;
}

}  // namespace

std::uint64_t content_hash(std::string_view bytes) {
  std::uint64_t hash = mixed(kHashPrime, bytes.size());
  std::array<std::uint64_t, kLanes> lanes{1, 2, 3, 4};
  constexpr std::size_t kBlock = sizeof lanes;
  while (bytes.size() >= kBlock) {
    std::array<std::uint64_t, kLanes> words;
    std::memcpy(words.data(), bytes.data(), kBlock);
    for (std::size_t i = 0; i < kLanes; ++i) lanes[i] = mixed(lanes[i], words[i]);
    bytes.remove_prefix(kBlock);
  }
  std::array<std::uint64_t, kLanes> rest{};
  if (!bytes.empty()) std::memcpy(rest.data(), bytes.data(), bytes.size());
  for (std::size_t i = 0; i < kLanes; ++i) hash = mixed(hash, mixed(lanes[i], rest[i]));
  return hash ^ (hash >> 32U);
}

}  // namespace sentio
