#pragma once
/// Which condition decided, and what would have made it otherwise (private to the module).

#include <span>
#include <string_view>

#include "sentio/mock/explanation.h"

namespace sentio::mock_detail {

/// Fills gates, action, reason, words and flips.
void explain_gates(const TradingSession& session, SymbolId symbol, std::span<const Action> actions,
                   Explanation& out);

/// A reason or a filter's name as a sentence without its full stop.
[[nodiscard]] std::string reason_in_words(std::string_view reason);

}  // namespace sentio::mock_detail
