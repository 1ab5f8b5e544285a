#pragma once
/// Whether the feed's volumes are those of the bars that the learners learned from.

#include <optional>
#include <string>
#include <vector>

#include "sentio/core/calendar.h"
#include "sentio/core/event.h"
#include "sentio/data/csv_bars.h"

namespace sentio {

/// Shares a minute of each instrument in the first half hours of the warm-up, minutes without a bar counted as 0; 0 where
/// there is nothing to compare with. By SymbolId.
[[nodiscard]] std::vector<double> first_volumes(const std::vector<SymbolBars>& bars,
                                                const std::vector<SessionHours>& sessions);

/// Compares the first half hour of the day with it, once. One exchange's tape (IEX) holds some 2 % of all trades: features
/// of volume are then far from what was learned, and nothing else would say so.
/// Pure; threads: one at a time.
class FeedVolume {
 public:
  /// Empty: nothing is known, nothing is said.
  explicit FeedVolume(std::vector<double> expected) : expected_(std::move(expected)), seen_(expected_.size()) {}

  /// The warning, with the set that completes the half hour.
  [[nodiscard]] std::optional<std::string> hear(const BarsArrived& set);

 private:
  [[nodiscard]] std::optional<double> median_ratio() const;

  std::vector<double> expected_, seen_;
  int minutes_ = 0;
  bool judged_ = false;
};

}  // namespace sentio
