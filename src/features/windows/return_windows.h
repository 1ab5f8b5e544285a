#pragma once
/// Rolling sums of returns and bar ranges, shared by momentum and volatility.

#include <array>
#include <cstdint>

#include "windows/block_window.h"
#include "windows/minute_path.h"

namespace sentio::features {

struct ReturnWindows {
  enum In10 { square10, absolute10, sign10 };
  enum In20 { square20, absolute20, cube20, signed_square20, range20, range_square20, garman_klass20 };
  enum In60 {
    square60,
    absolute60,
    cube60,
    fourth60,
    signed_square60,
    bipower60,
    range_square60,
    rogers_satchell60,
    sign60,
    lagged_product60,
    pair_square60,
    five_square60
  };
  enum In390 { square390, absolute390, cube390, fourth390, bipower390, range_square390, five_square390 };

  static constexpr int kLagCapacity = 512;  // a power of two above the longest look-back, 390
  static constexpr std::array kLags{1, 2, 3, 4, 5, 8, 10, 15, 20, 30, 45, 60, 90, 120, 180, 240, 390};

  BlockSums<5, 1> in5;  // r²
  BlockSums<10, 3> in10;
  BlockSums<20, 7> in20;
  BlockSums<30, 1> in30;  // |r|
  BlockSums<60, 12> in60;
  BlockSums<120, 1> in120;  // r²
  BlockSums<390, 7> in390;
  BlockExtremes<60> square_extremes60;

  std::array<double, kLagCapacity> path{};  // G by minute
  double log_close = 0;                     // G now
  double previous_return = 0;
  std::int64_t count = 0;

  void push(const PathMinute& minute);
  /// G now minus G `lag` minutes ago, 1 <= lag <= 390. Before the first bar G was 0.
  [[nodiscard]] double momentum(int lag) const {
    return log_close - path[static_cast<std::size_t>(count - lag) & (kLagCapacity - 1)];
  }
  [[nodiscard]] bool valid() const;
};

}  // namespace sentio::features
