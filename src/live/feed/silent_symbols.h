#pragma once
/// Which instruments have no bars while the others have. Pure.

#include <cstddef>
#include <vector>

#include "sentio/core/event.h"

namespace sentio {

/// Judged minute by minute, on the sets as they are stepped. A minute counts against a symbol only when more than half
/// of the others have a bar in it and no halt of it is known; a feed that is down or silent as a whole is told
/// elsewhere.
///
/// Patience  five such minutes in a row, the session's own limit for a stale symbol, or three times the longest such
///           gap that the symbol has had today, whichever is more: thin symbols are told once, then left alone.
class SilentSymbols {
 public:
  struct News {
    SymbolId symbol = 0;
    bool silent = true;     ///< false: it speaks again
    int minutes = 0;        ///< without a bar
    std::size_t others = 0; ///< with a bar in this minute, of those beside it
  };

  explicit SilentSymbols(std::size_t symbols) : states_(symbols) {}
  /// By symbol; nothing where nothing changed.
  [[nodiscard]] std::vector<News> on_set(const BarsArrived& set);
  void halted(SymbolId symbol, bool halted) { states_[symbol].halted = halted; }
  [[nodiscard]] std::size_t symbols() const { return states_.size(); }

 private:
  struct State {
    int gap = 0;      ///< minutes so far
    int longest = 0;  ///< of the gaps that ended
    bool halted = false, told = false;
  };
  [[nodiscard]] static int patience(const State& state);

  std::vector<State> states_;
};

}  // namespace sentio
