/// What is said of a load's findings, and which of them the user may accept.

#include <algorithm>
#include <array>

#include "sentio/data/load_checks.h"

namespace sentio {

namespace {

constexpr std::array kAcceptable = {FindingKind::wrong_clock,     FindingKind::two_clocks, FindingKind::end_stamped,
                                    FindingKind::bar_length,      FindingKind::split,      FindingKind::missing_session,
                                    FindingKind::early_end,       FindingKind::late_open,  FindingKind::short_day};

std::string acceptable_names() {
  std::string names;
  for (const FindingKind kind : kAcceptable) names.append(names.empty() ? "" : ", ").append(to_string(kind));
  return names;
}

}  // namespace

bool AcceptedData::has(FindingKind kind) const {
  return std::ranges::find(kinds, kind) != kinds.end();
}

Result<AcceptedData> parse_accepted_data(std::span<const std::string> names) {
  AcceptedData accepted;
  for (const std::string& name : names) {
    const auto* const kind = std::ranges::find(kAcceptable, name, [](FindingKind k) { return to_string(k); });
    if (kind == kAcceptable.end()) {
      return fail(Errc::usage, "--accept-data",
                  "'" + name + "' is nothing that a load refuses and a user may accept; that is " + acceptable_names());
    }
    if (!accepted.has(*kind)) accepted.kinds.push_back(*kind);
  }
  return accepted;
}

bool stops(const Finding& finding, const AcceptedData& accepted) {
  return finding.severity == Severity::refused && !accepted.has(finding.kind);
}

std::string load_line(const Finding& finding) {
  return (finding.symbol.empty() ? "all files" : finding.symbol) + ": " + std::string(to_string(finding.kind)) + ": " +
         finding.text;
}

std::string load_line(const Finding& finding, const AcceptedData& accepted) {
  const std::string kind(to_string(finding.kind));
  if (finding.severity != Severity::refused) return load_line(finding);
  return load_line(finding) + (accepted.has(finding.kind) ? " [accepted by --accept-data]" : "; --accept-data " + kind + " runs all the same");
}

Result<> refuse_load(const Findings& findings, const AcceptedData& accepted) {
  std::string lines;
  for (const Finding& finding : findings) {
    if (stops(finding, accepted)) lines += (lines.empty() ? "" : "\n") + load_line(finding, accepted);
  }
  return lines.empty() ? Result<>{} : fail(Errc::mismatch, "", lines);
}

}  // namespace sentio
