#include "sentio/run/run_manifest.h"

#include <algorithm>

#include "sentio/analysis/override_reason.h"
#include "sentio/core/bytes.h"
#include "sentio/core/calendar.h"
#include "sentio/run/run_header.h"

namespace sentio {

namespace {

std::string hex(std::uint64_t hash) {
  char text[17];
  std::snprintf(text, sizeof text, "%016llx", static_cast<unsigned long long>(hash));
  return text;
}

std::string calendar_version() {
  const Date first = std::chrono::year(NyseCalendar::kFirstYear) / 1 / 1;
  const Date last = std::chrono::year(NyseCalendar::kLastYear) / 12 / 31;
  std::uint64_t hash = fnv1a("sessions");
  for (const SessionHours& hours : NyseCalendar::sessions(first, last))
    hash = fnv1a(format_date(hours.date) + " " + std::to_string(hours.minutes), hash);
  return "NYSE " + std::to_string(NyseCalendar::kFirstYear) + "-" + std::to_string(NyseCalendar::kLastYear) + " " +
         hex(hash);
}

}  // namespace

std::map<std::string, std::string> bar_file_hashes(const std::vector<SymbolBars>& bars) {
  std::map<std::string, std::string> hashes;
  for (const SymbolBars& symbol : bars)
    if (symbol.content_hash != 0) hashes[symbol.symbol] = hex(symbol.content_hash);
  return hashes;
}

Manifest run_manifest(const StrategyConfig& config, const Universe& universe, const FeeTable& fees,
                      std::map<std::string, std::string> bar_files) {
  // A journal's first line holds all that decides a day.
  RunHeader header;
  header.options = {config, universe, fees, Usd{1}, {}};
  return {.binary = std::string(binary_version()),
          .configuration = hex(fnv1a(encode_run_header(header))),
          .learning = hex(learning_hash(config, universe)),
          .calendar = calendar_version(),
          .data_files = std::move(bar_files)};
}

void note_data(Manifest& manifest, const DataReview& review) {
  for (const Finding& finding : review.findings) {
    DataFinding noted{.kind = std::string(to_string(finding.kind)),
                      .severity = std::string(to_string(finding.severity)),
                      .symbol = harmless_reason(finding.symbol),
                      .text = harmless_reason(finding.text),
                      .accepted = finding.severity == Severity::refused && review.accepted.has(finding.kind)};
    if (std::ranges::find(manifest.data_findings, noted) == manifest.data_findings.end())
      manifest.data_findings.push_back(std::move(noted));
  }
  for (const FindingKind kind : review.accepted.kinds) {
    std::string name(to_string(kind));
    if (std::ranges::find(manifest.accepted_data, name) == manifest.accepted_data.end())
      manifest.accepted_data.push_back(std::move(name));
  }
}

}  // namespace sentio
