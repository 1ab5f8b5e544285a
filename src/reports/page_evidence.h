#pragma once
/// What a page says in figures (private to the module).

#include <nlohmann/json.hpp>

#include "sentio/reports/run_page.h"

namespace sentio::reports_detail {

[[nodiscard]] PageHeadline headline_of(const Summary& summary, const Targets& targets);
/// SYNTHETIC and its like, loudest first.
[[nodiscard]] std::vector<std::string> warnings_of(const RunResult& run, const Summary& summary);
/// Large figures: return, drawdown, win rate, costs …
[[nodiscard]] PageFacts performance_facts(const RunResult& run, const Summary& summary);
/// Every line of a summary's "evidence" object: keys known here get words, others are shown by their key and
/// unit, nested objects with their parent's name. What the headline says is left out.
[[nodiscard]] std::vector<PageFact> evidence_lines(const nlohmann::ordered_json& evidence);
/// evidence_lines(), then money and market.
[[nodiscard]] PageFacts evidence_facts(const RunResult& run, const Summary& summary);
[[nodiscard]] PageFacts criteria_facts(const Summary& summary, const Targets& targets);

}  // namespace sentio::reports_detail
