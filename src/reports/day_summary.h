#pragma once
/// summary_D.json back into the result it was made from (private to the module).

#include <string_view>

#include "sentio/reports/run_folder.h"

namespace sentio::reports_detail {

/// Fills heading, result (without round trips and minutes) and targets of `day`. Errors: malformed; a summary
/// of another day or of several is one, too.
[[nodiscard]] Result<> read_day_summary(std::string_view text, const std::string& where, DayRecords& day);

}  // namespace sentio::reports_detail
