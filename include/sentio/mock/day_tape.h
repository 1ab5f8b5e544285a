#pragma once
/// One recorded session laid out minute by minute.

#include <optional>
#include <span>
#include <vector>

#include "sentio/analysis/results.h"
#include "sentio/config/universe.h"
#include "sentio/core/bar.h"
#include "sentio/core/calendar.h"
#include "sentio/data/csv_bars.h"

namespace sentio {

/// The raw bars of one session, by symbol and by minute; nullopt = nothing traded.
class DayTape {
 public:
  /// `symbols` by SymbolId; their bars are ascending and inside sessions (as read_bars gives them).
  DayTape(const SessionHours& hours, std::span<const SymbolBars> symbols);
  [[nodiscard]] const SessionHours& hours() const { return hours_; }
  /// All minutes of one symbol.
  [[nodiscard]] std::span<const std::optional<Bar>> symbol(SymbolId id) const { return by_symbol_[id]; }
  /// All symbols of one minute; replaces the contents of `out`.
  void minute(int i, std::vector<std::optional<Bar>>& out) const;
  [[nodiscard]] int real_bars() const { return real_bars_; }
  /// Last real close / first real open − 1 of the session; nullopt without a bar.
  [[nodiscard]] std::optional<double> open_to_close(SymbolId id) const;
  [[nodiscard]] int closing_prints() const { return closing_prints_; }

 private:
  SessionHours hours_;
  std::vector<std::vector<std::optional<Bar>>> by_symbol_;
  int real_bars_ = 0, closing_prints_ = 0;
};

/// What only the recording knows of a day that was traded on it.
void describe_recording(DayResult& day, const DayTape& tape, const Universe& universe);

}  // namespace sentio
