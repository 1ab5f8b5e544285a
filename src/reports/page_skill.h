#pragma once
/// The skill card on a page: did predictions come true, apart from money.

#include <string>

#include "sentio/analysis/summary.h"
#include "sentio/page/page.h"

namespace sentio::reports_detail {

/// A row per symbol and horizon, its information coefficient drawn.
[[nodiscard]] PageBars skill_bars(const Summary& summary);

/// How to read it, how much chance alone gives, and the symbols that made money without skill or have skill without money.
[[nodiscard]] std::string skill_note(const Summary& summary);

}  // namespace sentio::reports_detail
