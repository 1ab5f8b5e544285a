#pragma once
/// Rolling sums of volume and of what is weighted by it.

#include "windows/block_window.h"
#include "windows/minute_path.h"

namespace sentio::features {

/// Before a symbol's first bar the volume is taken as 0.
struct VolumeWindows {
  enum In5 { volume5, signed5 };
  enum In20 { volume20, square20, signed20, money_flow20, rising20, falling20 };
  enum In60 { volume60, square60, signed60, typical60, product60 };
  enum In390 { volume390, square390, typical390 };

  BlockSums<5, 2> in5;
  BlockSums<20, 6> in20;
  BlockSums<60, 5> in60;
  BlockSums<390, 3> in390;
  double previous_typical = 0;

  void prime(double price) { previous_typical = price; }
  void push(const PathMinute& minute);
  [[nodiscard]] bool valid() const { return in5.valid() && in20.valid() && in60.valid() && in390.valid(); }
};

}  // namespace sentio::features
