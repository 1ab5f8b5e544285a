#pragma once
/// The gapless path: a symbol's minutes with the overnight moves cut out.
///
/// Path price = price × factor, where factor starts at 1 and is multiplied at each session's first real
/// bar by (last real close of an earlier session) / (that bar's open). In other words
///   path price = price × exp(-accumulated gap),  gap = ln(first real open / last real close before),
/// so the path goes on at the previous close and the first bar's return is close/open. Splits between
/// sessions disappear with the gaps; where a gap is near a whole ratio (split_like), volumes are divided by it from
/// then on, so that shares before and after are the same shares. G is the logarithm of the path close, 0 before the first bar.
/// Forward-filled minutes are flat at the last close with volume 0.

#include <cstdint>

#include "sentio/core/bar.h"

namespace sentio::features {

/// One minute on the path.
struct PathMinute {
  double open, high, low, close;  // path prices
  double previous_close;          // path close one minute earlier; the first open at the very start
  double log_return;              // r: ln(close / previous close)
  double log_body;                // ln(close / open)
  double log_range;               // ln(high / low)
  double log_upper;               // ln(high / close)
  double sign;                    // of r: -1, 0 or 1
  double volume;                  // shares, in those of the first session
  bool real;
  bool opens_session;  // the session's first real bar
};

class MinutePath {
 public:
  void begin_session() { awaiting_open_ = 1; }
  [[nodiscard]] PathMinute advance(const SyncBar& sync);
  [[nodiscard]] bool started() const { return started_ != 0; }
  /// ln(first real open / last real close of an earlier session) of this session; 0 before that bar.
  [[nodiscard]] double gap() const { return awaiting_open_ != 0 ? 0.0 : gap_; }
  [[nodiscard]] bool valid() const;

 private:
  double factor_ = 1, volume_factor_ = 1, last_close_ = 0, path_close_ = 0, gap_ = 0;
  std::int64_t started_ = 0, awaiting_open_ = 1;
};

}  // namespace sentio::features
