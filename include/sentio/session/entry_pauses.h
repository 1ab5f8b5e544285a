#pragma once
/// Instruments, or the whole account, whose purchases the broker refuses again and again.

#include <cstdint>
#include <vector>

#include "sentio/core/order.h"

namespace sentio {

/// A refusal is seldom gone a minute later (buying power, day-trading rules, an instrument that may not be bought), and
/// each attempt takes a ranked place. So a refused purchase rests what the refusal concerns: for 2 minutes at first,
/// twice as long each time, at most 30. A purchase that executes ends it.
/// Pure; minutes are indices of the session's sets. Threads: one at a time.
class EntryPauses {
 public:
  explicit EntryPauses(std::size_t symbols) : symbols_(symbols) {}

  void on_session_open();
  /// Decided on the set `minute`.
  void refused(SymbolId symbol, RefusalScope scope, int minute);
  void bought(SymbolId symbol);
  /// No purchase of it in the set `minute`.
  [[nodiscard]] bool paused(SymbolId symbol, int minute) const;

 private:
  struct Pause {
    int length = 0;  ///< sets, of the latest
    int until = 0;   ///< the first set that may buy again
    void longer(int minute);
  };
  std::vector<Pause> symbols_;
  Pause account_;
};

}  // namespace sentio
