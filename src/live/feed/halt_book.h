#pragma once
/// Halts as they were told, and what is left of them after a gap. Pure.

#include <cstddef>
#include <optional>
#include <vector>

#include "sentio/core/order.h"
#include "sentio/core/time.h"

namespace sentio {

/// No vendor says at a connection who is halted, only who becomes it. After a gap a halt stands until the symbol has a
/// bar of a minute that began after it was told: nobody trades in a halt, and its end may have been missed. A halt that
/// began in the gap is not known; such a symbol has no bars, which is told as silence.
class HaltBook {
 public:
  explicit HaltBook(std::size_t symbols) : halts_(symbols) {}
  void told(SymbolId symbol, bool halted, TimePoint now) {
    halts_[symbol] = halted ? std::optional(Halt{now}) : std::nullopt;
  }
  /// The connection is gone: ends of halts may be missed from here on.
  void gap() {
    for (auto& halt : halts_) {
      if (halt) halt->doubtful = true;
    }
  }
  /// Whose halt may be over, as far as anybody knows.
  [[nodiscard]] std::vector<SymbolId> doubtful() const {
    std::vector<SymbolId> symbols;
    for (std::size_t i = 0; i < halts_.size(); ++i) {
      if (halts_[i] && halts_[i]->doubtful) symbols.push_back(static_cast<SymbolId>(i));
    }
    return symbols;
  }
  /// A bar of the minute that began at `start`. True where it ends a doubtful halt.
  [[nodiscard]] bool trades_again(SymbolId symbol, TimePoint start) {
    auto& halt = halts_[symbol];
    if (!halt || !halt->doubtful || start <= halt->since) return false;
    halt.reset();
    return true;
  }

 private:
  struct Halt {
    TimePoint since{};
    bool doubtful = false;
  };
  std::vector<std::optional<Halt>> halts_;
};

}  // namespace sentio
