#pragma once
/// Conditions and their opposites as sentences (private to the module).

#include "explain/explain_gates.h"

namespace sentio::mock_detail {

/// "0.5120, needs 0.5570": the gate's numbers in its own units.
[[nodiscard]] std::string gate_text(const TradingSession& session, SymbolId symbol, const Gate& gate);

/// What would have made the set go otherwise for the symbol; the nearest first.
[[nodiscard]] std::vector<std::string> flips_of(const TradingSession& session, SymbolId symbol,
                                                const Explanation& found);

}  // namespace sentio::mock_detail
