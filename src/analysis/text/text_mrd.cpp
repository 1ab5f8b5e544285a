// analyze-mrd's page: the figure, its evidence, its days.
#include "text/text_sections.h"

namespace sentio {

std::string mrd_report(const RunResult& run, const Summary& s, const Targets& t) {
  using namespace analysis_detail;
  return "MRD Analysis\n" + heading_section(run, s) + "\n" + performance_section(s, t) + "\n" +
         evidence_section(s) + "\n" + cost_curve_section(s) +
         (s.execution ? "\n" + execution_section(s) : "") +
         (s.skill.empty() ? "" : "\n" + skill_section(s)) + "\nDay by Day:\n" + days_table(s) + "\n" +
         verdict_section(s, t);
}

}  // namespace sentio
