#pragma once
/// The report people read (analysis_report.txt).
///
/// Layout   design: numbers the user reads; evidence lines are added to it, none of its lines is changed.
/// Errors   none; what does not exist is "n/a".
/// Threads  pure; the same run gives the same bytes. Ends with a newline.

#include <string>

#include "sentio/analysis/performance_analyzer.h"
#include "sentio/analysis/placebo.h"

namespace sentio {

/// Mean confidence at the end that earns "Good learning": no skill (0.50) plus two standard errors of what
/// 100 coin flips show. Directional accuracy over 100 labels has a standard error of 0.05 and half the
/// weight, so one symbol scatters by 0.025; symbols move together, so their mean hardly scatters less.
inline constexpr double kConfidenceLearned = kConfidenceNoSkill + 2 * 0.5 * 0.05;
/// Strengths of 0.3-0.6 are what boosted coin flips give; "Strong signals" lie above.
inline constexpr double kStrengthStrong = 0.60;

/// `placebo`: its section stands before the verdict; null = no such section.
[[nodiscard]] std::string analysis_report(const RunResult& run, const Summary& summary,
                                          const Targets& targets, const PlaceboTest* placebo = nullptr);

/// analyze-mrd's page: heading, criteria, evidence, costs and fills, a line per day, verdict.
[[nodiscard]] std::string mrd_report(const RunResult& run, const Summary& summary, const Targets& targets);

/// "LOSING: the 95% interval …": the evidence word with a sentence a person who loses money understands.
[[nodiscard]] std::string evidence_sentence(const Summary& summary);
/// "Costs eat 2.96% a day; gross edge +0.01% a day."; empty where nothing can be said.
[[nodiscard]] std::string cost_sentence(const Summary& summary);

}  // namespace sentio
