#pragma once
/// What report and analyze-mrd print for programs: the summary's object and what belongs to reading it back.

#include <nlohmann/json_fwd.hpp>

#include "sentio/reports/run_comparison.h"
#include "sentio/reports/run_days.h"

namespace sentio {

/// Adds sessions_without_run ([{date, why}]) and notes ([text]) to a summary_json().
void add_reading(nlohmann::ordered_json& summary, const std::vector<MissingDay>& missing,
                 const std::vector<std::string>& notes);

/// [{date, signals: {equal, first_difference}, fills: {…}, money: {…}, execution: {…}}]; units in the key names.
[[nodiscard]] nlohmann::ordered_json comparison_json(const std::vector<DayComparison>& days);

}  // namespace sentio
