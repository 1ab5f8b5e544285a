#include "sentio/analysis/text_report.h"

#include "text/text_format.h"
#include "text/text_sections.h"

namespace sentio {

namespace analysis_detail {

namespace {

std::string shown(const Criterion& c) {
  if (c.name == "trades a day") return fixed(c.value, 1);
  if (c.name == "Sharpe") return fixed(c.value, 2);
  return c.name == "MRD" ? signed_percent(c.value, 2) : percent(c.value, 1);
}

/// Why not: the criteria missed, then what rules a run out whatever its numbers.
std::string reasons(const Summary& s, const Targets& t) {
  std::string out;
  const auto say = [&out](const std::string& reason) { out += (out.empty() ? "" : "; ") + reason; };
  for (const Criterion& c : evaluate_criteria(s, t))
    if (!c.met) say(c.name + " " + shown(c));
  if (!s.numbers_sound) say("equity is not a number");
  if (s.same_close_fills) say("fills no order can get");
  if (s.synthetic) say("made-up bars");
  if (s.checks.days_not_flat > 0) say("not flat at the close");
  return out;
}

}  // namespace

std::string tags(const Summary& s) {
  std::string out;
  if (s.synthetic) out += " [SYNTHETIC]";
  if (s.same_close_fills) out += " [NOT ACHIEVABLE (fills at the decision's own close)]";
  return out;
}

std::string verdict_section(const Summary& s, const Targets& t) {
  const bool ready = ready_for_paper(s, t);
  std::string out = "VERDICT: ";
  out += mark(ready, "READY FOR LIVE PAPER TRADING", "DO NOT GO LIVE - Tune parameters") + tags(s) + "\n";
  out += "EVIDENCE: " + evidence_sentence(s) + tags(s) + "\n";
  if (!ready) out += "Why: " + reasons(s, t) + " (targets: " + t.name + ").\n";
  if (ready && s.evidence.word != EvidenceWord::proven)
    out += "The criteria are met; that is not proof. Paper trading costs nothing, believing this would.\n";
  if (s.suspect_leak)
    out +=
        "SUSPECT A LEAK FIRST: a backtest this good is more often a mistake (fills at the same close, "
        "missing costs,\nfuture data, settings chosen on these days) or one lucky day than an edge.\n";
  return out;
}

}  // namespace analysis_detail

std::string analysis_report(const RunResult& run, const Summary& s, const Targets& t,
                            const PlaceboTest* placebo) {
  using namespace analysis_detail;
  std::string out = title_section(run, s);
  for (const std::string& section :
       {performance_section(s, t), evidence_section(s), top_instrument_section(s), confidence_section(s),
        strength_section(s), risk_section(s), cost_curve_section(s), execution_section(s), signals_section(s),
        calibration_section(s), skill_section(s), tables_section(s), s.days > 1 ? days_section(s) : std::string(),
        checks_section(run, s), placebo ? placebo_section(*placebo) : std::string(), verdict_section(s, t)})
    if (!section.empty()) out += "\n" + section;
  return out;
}

}  // namespace sentio
