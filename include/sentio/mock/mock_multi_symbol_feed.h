#pragma once
/// Recorded bars as a feed: one session, minute by minute.

#include <optional>
#include <span>
#include <vector>

#include "sentio/config/universe.h"
#include "sentio/core/calendar.h"
#include "sentio/data/csv_bars.h"
#include "sentio/ports/bar_feed_interface.h"

namespace sentio {

/// Steps over loaded bars; no I/O. Bars are matched to the universe by name: symbols without a recording give
/// no bars, recordings of other symbols are ignored. Only bars that start on the session's minutes come out.
/// Looks at `recordings` without copying: they must outlive the feed. Each is ascending (read_bars() checks).
class MockMultiSymbolFeed final : public BarFeedInterface {
 public:
  MockMultiSymbolFeed(const Universe& universe, std::span<const SymbolBars> recordings,
                      const SessionHours& hours);
  [[nodiscard]] std::optional<BarsArrived> next() override;

 private:
  SessionHours hours_;
  int minute_ = 0;
  std::vector<std::span<const Bar>> rest_;  ///< by SymbolId: bars from the session's open on, not yet given
};

}  // namespace sentio
