#include "sentio/data/file_verification.h"

#include <algorithm>

#include "checks/finding_text.h"

namespace sentio {

namespace {

using namespace data;

void append(Findings& to, Findings more) {
  for (Finding& finding : more) to.push_back(std::move(finding));
}

/// As read_bars would return them, for verify_bars.
SymbolBars session_bars_of(const SymbolHistory& history, bool synthetic) {
  SymbolBars bars{.symbol = history.symbol, .synthetic = synthetic};
  for (const BarDay& day : history.days) {
    const auto inside = history.session_bars(day);
    bars.bars.insert(bars.bars.end(), inside.begin(), inside.end());
    bars.outside_session += std::ssize(history.rows(day)) - std::ssize(inside);
    const auto rows = history.rows(day);
    if (day.session && std::ranges::binary_search(rows, day.session->close, {}, &Bar::start)) {
      bars.closing_prints[day.date] = 1;
    }
  }
  return bars;
}

void measure(FileVerification& file, const SymbolHistory& history, bool synthetic) {
  const SymbolBars inside = session_bars_of(history, synthetic);
  file.measured = verify_bars(inside, kMoveThresholds);
  file.bars = std::ssize(inside.bars);
  for (const SessionCoverage& session : file.measured.sessions) file.minutes += session.minutes;
  if (inside.bars.empty()) return;
  file.first = inside.bars.front().start;
  file.last = inside.bars.back().start;
}

bool any_refused(const Findings& findings) {
  return std::ranges::any_of(findings, [](const Finding& f) { return f.severity == Severity::refused; });
}

/// Most rows were left out: what the rest looks like says nothing about the symbol.
bool mostly_unsound(const SymbolHistory& history, const Findings& row_findings, std::int64_t rows) {
  std::int64_t unread = 0;
  for (const Finding& finding : row_findings)
    unread += finding.kind == FindingKind::bad_row ? finding.count : 0;
  return std::ssize(history.bars) * 2 < rows + unread;
}

SymbolChecks unreadable(const std::string& symbol, const std::string& file, const Error& error) {
  SymbolChecks checks{.file = {.symbol = symbol, .file = file}};
  checks.findings.push_back({.kind = FindingKind::unreadable,
                             .severity = Severity::refused,
                             .symbol = symbol,
                             .text = error.message()});
  return checks;
}

SymbolChecks verify_file(const std::filesystem::path& folder, const std::string& symbol,
                         const WantedRange& wanted) {
  const auto file = find_bar_file(folder, symbol);
  if (!file) return unreadable(symbol, "", file.error());
  auto rows = read_rows(*file, {.first = wanted.first, .last = wanted.last, .stamp = wanted.stamp});
  if (!rows) return unreadable(symbol, file->string(), rows.error());
  rows->symbol = symbol;
  for (Finding& finding : rows->unread) finding.symbol = symbol;
  return verify_rows(*std::move(rows), wanted);
}

}  // namespace

Findings FolderVerification::of(std::string_view symbol) const {
  Findings found;
  std::ranges::copy_if(findings, std::back_inserter(found),
                       [&](const Finding& f) { return f.symbol == symbol; });
  return found;
}

SymbolChecks verify_rows(BarRows rows, const WantedRange& wanted) {
  SymbolChecks checks{
      .file = {.symbol = rows.symbol, .file = rows.file, .readable = true, .rows = std::ssize(rows.bars)}};
  checks.findings = check_rows(rows);
  if (rows.synthetic) {
    checks.findings.push_back({.kind = FindingKind::synthetic,
                               .symbol = rows.symbol,
                               .text = "made-up bars: the file says SYNTHETIC"});
  }
  checks.file.measured.synthetic = rows.synthetic;
  checks.history = make_history(rows.symbol, std::move(rows.bars));
  const SymbolHistory& history = checks.history;
  if (mostly_unsound(history, checks.findings, checks.file.rows)) return checks;
  measure(checks.file, history, rows.synthetic);
  const Findings clock = check_clock(history);
  append(checks.findings, clock);
  if (any_refused(clock)) return checks;  // every other finding would be an echo of this one
  checks.comparable = checks.file.bars > 0;
  if (checks.file.bars == 0) {
    checks.findings.push_back(
        {.kind = FindingKind::no_bars,
         .severity = Severity::refused,
         .symbol = rows.symbol,
         .text = "no bar inside a session" +
                 std::string(wanted.first || wanted.last ? " of the dates asked for" : "")});
  }
  append(checks.findings, check_coverage(history, checks.file.measured, wanted));
  append(checks.findings, check_outside(history));
  append(checks.findings, check_activity(history));
  append(checks.findings, check_prints(history));
  append(checks.findings, check_moves(history, checks.file.measured));
  return checks;
}

FolderVerification verify_folder(const std::filesystem::path& folder, std::span<const std::string> symbols,
                                 std::span<const SymbolInfo> known, const WantedRange& wanted) {
  FolderVerification result;
  std::vector<SymbolChecks> all;
  for (const std::string& symbol : symbols) all.push_back(verify_file(folder, symbol, wanted));
  std::vector<SessionSpan> spans;
  std::vector<const SymbolHistory*> comparable;
  for (SymbolChecks& checks : all) {
    result.files.push_back(checks.file);
    append(result.findings, std::move(checks.findings));
    if (!checks.comparable) continue;
    spans.push_back(
        {checks.file.symbol, new_york_date(*checks.file.first), new_york_date(*checks.file.last)});
    comparable.push_back(&checks.history);
  }
  append(result.findings, check_freshness(spans, wanted));
  append(result.findings, check_relations(comparable, known));
  return result;
}

}  // namespace sentio
