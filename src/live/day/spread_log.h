#pragma once
/// Quoted spreads between two sets, for the journal's readers. Never a decision.

#include <string>
#include <vector>

#include "sentio/core/bytes.h"
#include "sentio/core/text/json_line.h"
#include "sentio/feeds/feed_event.h"

namespace sentio {

class SpreadLog {
 public:
  explicit SpreadLog(std::size_t symbols) : by_symbol_(symbols) {}
  void on(const FeedQuote& quote) {
    if (!(quote.bid > 0) || !(quote.ask >= quote.bid)) return;  // one-sided and crossed ones say nothing
    Sum& sum = by_symbol_[quote.symbol];
    sum.bps += 1e4 * (quote.ask - quote.bid) / (0.5 * (quote.ask + quote.bid));
    ++sum.quotes;
  }
  /// "TQQQ 1.21 (35), UVXY 4.3 (12)": mean spread in bps and number of quotes since the last call; empty without.
  [[nodiscard]] std::string take(const std::vector<std::string>& names) {
    std::string text;
    for (std::size_t i = 0; i < by_symbol_.size(); ++i) {
      Sum& sum = by_symbol_[i];
      if (sum.quotes == 0) continue;
      text += (text.empty() ? "" : ", ") + names[i] + " ";
      append_number(text, sum.bps / sum.quotes);
      text += " (" + std::to_string(sum.quotes) + ")";
      sum = {};
    }
    return text;
  }

 private:
  struct Sum {
    double bps = 0;
    int quotes = 0;
  };
  std::vector<Sum> by_symbol_;
};

}  // namespace sentio
