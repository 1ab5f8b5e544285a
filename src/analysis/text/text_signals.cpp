// What the learners claimed, beside what chance would have shown.
#include "text/text_format.h"
#include "text/text_sections.h"

namespace sentio::analysis_detail {

namespace {

std::string confidence_text(Maybe c) {
  return c ? fixed(c, 2) + " (" + percent(c, 0) + ")" : std::string("n/a");
}

std::string share_line(std::string_view label, Maybe share, std::string_view key) {
  return metric(label, percent(share, 1), key);
}

}  // namespace

std::string confidence_section(const Summary& s) {
  const FilterShares& f = s.signals;
  std::string out = "Confidence Evolution:\n";
  out += "  Start: " + confidence_text(f.confidence_start) + "\n";
  std::string end = "  End:   " + confidence_text(f.confidence_end);
  if (f.confidence_end)
    end = padded(end, 37) +
          mark(*f.confidence_end >= kConfidenceLearned, "Good learning", "No better than chance");
  out += end + "\n";
  out += "  Chance: " + confidence_text(kConfidenceNoSkill) + " is what a coin shows; learning counts from " +
         fixed(kConfidenceLearned, 2) + "\n";
  return out;
}

std::string strength_section(const Summary& s) {
  const FilterShares& f = s.signals;
  std::string out = "Signal Strength:\n";
  out += "  Average: " + fixed(f.strength_mean, 2) + "\n";
  std::string max = "  Max:     " + fixed(f.strength_max, 2);
  if (f.strength_max)
    max = padded(max, 38) +
          mark(*f.strength_max > kStrengthStrong, "Strong signals", "Not above the usual 0.3-0.6");
  return out + max + "\n";
}

std::string signals_section(const Summary& s) {
  const FilterShares& f = s.signals;
  std::string out = "Signals:\n";
  out += metric("Valid Signals", count(f.signals));
  if (f.signals == 0) return out;
  out += share_line("Pass Probability", f.probability, "buy_threshold");
  out += share_line("Pass Confidence", f.confidence, "min_confidence");
  out += share_line("Pass Strength", f.strength, "min_strength");
  out += share_line("Pass Entry", f.entry_strength, "min_strength_to_enter");
  out +=
      share_line("Pass Cost Gate", f.cost_gate, "cost_gate: calibrated move against the round trip's cost");
  return out;
}

std::string calibration_section(const Summary& s) {
  std::string out = "Calibration (slope of realised on predicted; 1 = as predicted, 0 = worth nothing):\n";
  if (s.calibration.empty()) return out + "  n/a\n";
  Table table({"Horizon", "Last", "Mean", "Days at 0"});
  for (const SlopeSummary& h : s.calibration)
    table.row({std::to_string(h.horizon) + " bars", fixed(h.last, 3), fixed(h.mean, 3),
               std::to_string(h.days_zero) + " of " + std::to_string(h.days)});
  return out + table.text();
}

}  // namespace sentio::analysis_detail
