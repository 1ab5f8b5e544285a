#pragma once
/// Rolling means, deviations and extremes of path prices, and the recursive indicators on them.

#include <array>
#include <cstdint>

#include "windows/block_window.h"
#include "windows/minute_path.h"

namespace sentio::features {

/// Before a symbol's first bar the path is taken as flat at that bar's open.
/// Members  more than twenty: a window or a recursion each, fed by the same push, saved and loaded as one state.
struct PriceWindows {
  static constexpr std::array<double, 6> kEmaSpans{10, 50, 100, 200, 12, 26};
  static constexpr std::array<double, 3> kRsiLengths{7, 14, 30};
  enum Ema { ema10, ema50, ema100, ema200, ema12, ema26 };

  BlockSums<10, 1> close10;
  BlockDeviation<20> close20;
  BlockDeviation<60> close60;
  BlockSums<120, 1> close120;
  BlockSums<390, 1> close390;
  BlockExtremes<14> extremes14;
  BlockExtremes<60> extremes60;
  BlockExtremes<120> extremes120;
  BlockExtremes<390> extremes390;

  std::array<double, 6> ema{};
  double macd_signal = 0;
  std::array<double, 3> rise{}, fall{};  // Wilder means of rises and falls of the close
  double true_range = 0, average_true_range = 0;
  double stochastic = 50, stochastic_1 = 50, stochastic_2 = 50;  // now, one and two minutes ago
  double variance94 = 0, variance99 = 0;
  double streak = 0;

  void prime(double price);
  void push(const PathMinute& minute);
  [[nodiscard]] double macd() const { return ema[ema12] - ema[ema26]; }
  [[nodiscard]] bool valid() const;
};

}  // namespace sentio::features
