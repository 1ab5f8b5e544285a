#include "output/verify_data_report.h"

#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "output/printable.h"

namespace sentio::cli {

namespace {

using Json = nlohmann::ordered_json;

std::string padded(std::string text, std::size_t width) {
  if (text.size() < width) text.append(width - text.size(), ' ');
  return text;
}

std::string right(std::string text, std::size_t width) {
  return text.size() < width ? std::string(width - text.size(), ' ') + text : text;
}

std::string day_of(std::optional<TimePoint> t) {
  return t ? format_date(new_york_date(*t)) : "-";
}

std::string coverage_text(const FileVerification& file) {
  if (file.minutes == 0) return "-";
  char text[16];
  std::snprintf(text, sizeof text, "%.1f %%",
                100.0 * static_cast<double>(file.bars) / static_cast<double>(file.minutes));
  return text;
}

std::string table_line(std::string_view symbol, const std::string& first, const std::string& last,
                       const std::string& sessions, const std::string& rows, const std::string& coverage,
                       const std::string& refused, const std::string& warned, const std::string& noted) {
  return padded(printable(symbol), 8) + padded(first, 12) + padded(last, 12) + right(sessions, 8) +
         right(rows, 10) + right(coverage, 10) + right(refused, 9) + right(warned, 8) + right(noted, 7) +
         "\n";
}

std::string table(const FolderVerification& found) {
  std::string text =
      table_line("symbol", "first", "last", "sessions", "rows", "coverage", "refused", "warned", "noted");
  for (const FileVerification& file : found.files) {
    const FindingCounts counts = count_findings(found.of(file.symbol));
    text += table_line(file.symbol, day_of(file.first), day_of(file.last),
                       std::to_string(file.measured.sessions.size()), std::to_string(file.rows),
                       coverage_text(file), std::to_string(counts.refused), std::to_string(counts.warned),
                       std::to_string(counts.noted));
  }
  return text;
}

/// The worst first; else as they were found.
std::vector<const Finding*> by_severity(const Findings& findings) {
  std::vector<const Finding*> sorted;
  for (const Finding& finding : findings) sorted.push_back(&finding);
  std::ranges::stable_sort(sorted, std::ranges::greater{}, &Finding::severity);
  return sorted;
}

std::string closing_line(const VerifiedData& data) {
  const FindingCounts counts = data.found.counts();
  const std::string sums = std::to_string(counts.refused) + " refused, " + std::to_string(counts.warned) +
                           " warned, " + std::to_string(counts.noted) + " noted";
  return (data.code == ExitCode::ok ? "ok: " : "NOT OK: ") + sums + "\n";
}

Json time_or_null(std::optional<TimePoint> t) {
  return t ? Json(format_new_york(*t)) : Json(nullptr);
}

Json date_or_null(std::optional<Date> date) {
  return date ? Json(format_date(*date)) : Json(nullptr);
}

Json counts_json(const FindingCounts& counts) {
  return {{"refused", counts.refused}, {"warned", counts.warned}, {"noted", counts.noted}};
}

Json file_json(const FileVerification& file, const FolderVerification& found) {
  return {{"symbol", printable(file.symbol)},
          {"file", file.file.empty() ? Json(nullptr) : Json(printable(file.file))},
          {"readable", file.readable},
          {"synthetic", file.measured.synthetic},
          {"first", time_or_null(file.first)},
          {"last", time_or_null(file.last)},
          {"sessions", file.measured.sessions.size()},
          {"absent_sessions", file.measured.absent_sessions.size()},
          {"rows", file.rows},
          {"bars", file.bars},
          {"session_minutes", file.minutes},
          {"missing_minutes", file.measured.missing_minutes},
          {"outside_session", file.measured.outside_session},
          {"findings", counts_json(count_findings(found.of(file.symbol)))}};
}

Json finding_json(const Finding& finding) {
  return {{"kind", to_string(finding.kind)},
          {"severity", to_string(finding.severity)},
          {"symbol", finding.symbol.empty() ? Json(nullptr) : Json(printable(finding.symbol))},
          {"first", time_or_null(finding.first)},
          {"last", time_or_null(finding.last)},
          {"count", finding.count},
          {"text", printable(finding.text)}};
}

}  // namespace

std::string verification_text(const VerifiedData& data) {
  std::string text = table(data.found) + "\n";
  for (const Finding* finding : by_severity(data.found.findings)) {
    text += padded(std::string(to_string(finding->severity)), 9) +
            padded(finding->symbol.empty() ? "all" : printable(finding->symbol), 8) +
            padded(std::string(to_string(finding->kind)), 17) + printable(finding->text) + "\n";
  }
  return text + (data.found.findings.empty() ? "" : "\n") + closing_line(data);
}

std::string verification_json(const VerifiedData& data) {
  Json json = {{"data_dir", printable(data.folder)},
               {"start_date", date_or_null(data.wanted.first)},
               {"end_date", date_or_null(data.wanted.last)},
               {"now", format_new_york(data.wanted.now)},
               {"ok", data.code == ExitCode::ok},
               {"exit_code", static_cast<int>(data.code)},
               {"counts", counts_json(data.found.counts())},
               {"symbols", Json::array()},
               {"findings", Json::array()}};
  for (const FileVerification& file : data.found.files)
    json["symbols"].push_back(file_json(file, data.found));
  for (const Finding* finding : by_severity(data.found.findings))
    json["findings"].push_back(finding_json(*finding));
  return json.dump(2) + "\n";
}

}  // namespace sentio::cli
