#pragma once
/// The quotes of the last minute, so that an execution can be set beside the one before it. Evidence, never a decision.

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <vector>

#include "sentio/feeds/feed_event.h"

namespace sentio {

/// Keeps the last two-sided quote of every second: a busy symbol has thousands. Threads: one at a time.
class QuoteBook {
 public:
  explicit QuoteBook(std::size_t symbols) : by_symbol_(symbols) {}
  void on(const FeedQuote& quote) {
    if (!(quote.bid > 0) || !(quote.ask >= quote.bid)) return;  // one-sided and crossed ones have no middle
    FeedQuote& last = slot(quote.symbol, second_of(quote.at));
    if (quote.at >= last.at) last = quote;
  }
  /// The last one of that time or before, at most a minute old. Where the second's last one is later, that of an
  /// earlier second.
  [[nodiscard]] std::optional<FeedQuote> before(SymbolId symbol, TimePoint at) const {
    for (std::int64_t second = second_of(at); second >= second_of(at) - kSecondsMax; --second) {
      const FeedQuote& quote = by_symbol_[symbol][index_of(second)];
      if (quote.bid > 0 && second_of(quote.at) == second && quote.at <= at) return quote;
    }
    return std::nullopt;
  }

 private:
  static constexpr std::int64_t kSecondsMax = 60, kSlots = 64;
  static std::int64_t second_of(TimePoint at) {
    return std::chrono::floor<std::chrono::seconds>(at).time_since_epoch().count();
  }
  static std::size_t index_of(std::int64_t second) { return static_cast<std::size_t>((second % kSlots + kSlots) % kSlots); }
  FeedQuote& slot(SymbolId symbol, std::int64_t second) { return by_symbol_[symbol][index_of(second)]; }

  std::vector<std::array<FeedQuote, kSlots>> by_symbol_;
};

}  // namespace sentio
