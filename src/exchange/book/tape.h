#pragma once
/// Recorded bars of all symbols: history for REST, the session's day minute by minute.

#include <optional>
#include <span>
#include <vector>

#include "sentio/config/universe.h"
#include "sentio/core/bar.h"
#include "sentio/core/calendar.h"
#include "sentio/data/csv_bars.h"

namespace sentio::exchange {

class Tape {
 public:
  /// Recordings are matched to the universe by name; days after the session are dropped.
  Tape(const std::vector<SymbolBars>& recordings, const Universe& universe, const SessionHours& hours);
  /// Bars with first <= start <= last that are complete at `now`.
  [[nodiscard]] std::span<const Bar> range(SymbolId symbol, TimePoint first, TimePoint last,
                                           TimePoint now) const;
  /// The newest bar complete at `now`.
  [[nodiscard]] const Bar* latest(SymbolId symbol, TimePoint now) const;
  /// All symbols in minute `i` of the session.
  [[nodiscard]] std::vector<std::optional<Bar>> minute(int i) const;
  /// The day's bar from the session's bars complete at `now`, stamped with New York's midnight.
  [[nodiscard]] std::optional<Bar> day_so_far(SymbolId symbol, TimePoint now) const;
  /// Last close before `t`.
  [[nodiscard]] std::optional<double> close_before(SymbolId symbol, TimePoint t) const;
  /// Takes out what would have traded in [from, to).
  void halt(SymbolId symbol, TimePoint from, TimePoint to);
  /// A late trade changes the bar that starts at `start`: 100 shares more, another close. Returns the new
  /// bar.
  std::optional<Bar> revise(SymbolId symbol, TimePoint start);
  [[nodiscard]] const SessionHours& hours() const { return hours_; }

 private:
  SessionHours hours_;
  std::vector<std::vector<Bar>> bars_;  ///< by SymbolId, ascending
};

/// One bar over several, stamped with `start`; volume adds up.
[[nodiscard]] Bar merge_bars(std::span<const Bar> bars, TimePoint start);

}  // namespace sentio::exchange
