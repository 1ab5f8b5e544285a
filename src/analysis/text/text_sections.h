#pragma once
/// The report's sections in their order on the page, each ending with a newline (private to the module).

#include <string>

#include "sentio/analysis/text_report.h"

namespace sentio::analysis_detail {

[[nodiscard]] std::string heading_section(const RunResult& run, const Summary& s);  ///< without the title
[[nodiscard]] std::string title_section(const RunResult& run, const Summary& s);
[[nodiscard]] std::string performance_section(const Summary& s, const Targets& t);
[[nodiscard]] std::string evidence_section(const Summary& s);
[[nodiscard]] std::string risk_section(const Summary& s);
[[nodiscard]] std::string top_instrument_section(const Summary& s);
[[nodiscard]] std::string confidence_section(const Summary& s);
[[nodiscard]] std::string strength_section(const Summary& s);
[[nodiscard]] std::string signals_section(const Summary& s);
[[nodiscard]] std::string calibration_section(const Summary& s);
[[nodiscard]] std::string skill_section(const Summary& s);
[[nodiscard]] std::string tables_section(const Summary& s);
/// What a cost of the spread is called: "spread" where it is assumed, "trading" where it was measured.
[[nodiscard]] std::string spread_word(const Summary& s);
/// Empty in mock.
[[nodiscard]] std::string execution_section(const Summary& s);
/// The second only where there are several days.
[[nodiscard]] std::string cost_curve_section(const Summary& s);
[[nodiscard]] std::string days_section(const Summary& s);
[[nodiscard]] std::string days_table(const Summary& s);
[[nodiscard]] std::string checks_section(const RunResult& run, const Summary& s);
[[nodiscard]] std::string verdict_section(const Summary& s, const Targets& t);

/// " [SYNTHETIC] [NOT ACHIEVABLE …]", whichever apply.
[[nodiscard]] std::string tags(const Summary& s);

}  // namespace sentio::analysis_detail
