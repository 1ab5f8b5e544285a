#pragma once
/// Saved states with a byte or a number changed.

#include <gtest/gtest.h>

#include <cstring>
#include <limits>
#include <vector>

#include "sentio/core/bytes.h"

namespace sentio::testing {

using Bytes = std::vector<std::uint8_t>;

template <class T>
Bytes saved(const T& state) {
  ByteWriter out;
  state.save(out);
  return out.take();
}

template <class T>
Bytes with(Bytes bytes, std::size_t at, T value) {
  std::memcpy(bytes.data() + at, &value, sizeof value);
  return bytes;
}

inline constexpr double kNotANumber = std::numeric_limits<double>::quiet_NaN();
inline constexpr double kInfinity = std::numeric_limits<double>::infinity();

/// What a word of a state is turned into: no number, no count, too large, too small, of the wrong sign.
inline constexpr double kBadNumbers[] = {kNotANumber, -kNotANumber, kInfinity, -kInfinity, -1.0, 0.0, 1e-300, 1e300, -1e300};
inline constexpr std::int64_t kBadCounts[] = {-1, 0, 1, 7, std::numeric_limits<std::int64_t>::max(),
                                              std::numeric_limits<std::int64_t>::min()};

/// Every byte changed in three ways, every eight bytes made a bad number or count. `visit` gets the bytes.
template <class Visit>
void for_each_damage(const Bytes& whole, const Visit& visit) {
  for (std::size_t at = 0; at < whole.size(); ++at) {
    SCOPED_TRACE(at);
    for (const int bits : {1, 0x80, 0xff}) visit(with(whole, at, static_cast<std::uint8_t>(whole[at] ^ bits)));
    if (at + sizeof(double) > whole.size()) continue;
    for (const double number : kBadNumbers) visit(with(whole, at, number));
    for (const std::int64_t count : kBadCounts) visit(with(whole, at, count));
  }
}

/// Damage is refused and `fresh` stays what it was, or it is loaded and comes out again byte for byte. `use` meets
/// what was loaded. Returns how often it was refused.
template <class T, class Use>
int expect_refused_or_kept(const T& fresh, const Bytes& whole, const Use& use) {
  const Bytes before = saved(fresh);
  int refused = 0;
  for_each_damage(whole, [&](const Bytes& damaged) {
    T state = fresh;
    ByteReader in(damaged);
    if (!state.load(in)) {
      ++refused;
      EXPECT_EQ(saved(state), before);
      return;
    }
    EXPECT_TRUE(in.at_end());
    EXPECT_EQ(saved(state), damaged);
    use(state);
  });
  return refused;
}

}  // namespace sentio::testing
