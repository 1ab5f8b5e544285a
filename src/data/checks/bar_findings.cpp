#include "sentio/data/bar_findings.h"

#include <charconv>
#include <cstdio>

#include "checks/finding_text.h"

namespace sentio {

namespace data {

std::string minute_text(TimePoint t) {
  const std::string text = format_new_york(t);
  return text.substr(0, 10) + " " + text.substr(11, 5);
}

std::string fixed(double value, int decimals) {
  char text[64];
  const int length = std::snprintf(text, sizeof text, "%.*f", decimals, value);
  return length > 0 && length < static_cast<int>(sizeof text) ? std::string(text) : number_text(value);
}

std::string number_text(double value) {
  char text[32];
  return {text, std::to_chars(text, text + sizeof text, value).ptr};
}

std::string counted(std::int64_t count, const std::string& noun) {
  return std::to_string(count) + " " + noun + (count == 1 ? "" : "s");
}

void Tally::add(TimePoint first, TimePoint last, const std::string& example) {
  constexpr std::size_t kExamples = 3;
  if (count_ == 0) first_ = first;
  last_ = last;
  ++count_;
  if (!example.empty() && examples_.size() <= kExamples)
    examples_.push_back(examples_.size() < kExamples ? example : "…");
}

std::string Tally::examples() const {
  std::string text;
  for (const std::string& example : examples_) text.append(text.empty() ? "" : "; ").append(example);
  return text;
}

Finding Tally::finding(FindingKind kind, Severity severity, const std::string& symbol,
                       std::string text) const {
  return {.kind = kind,
          .severity = severity,
          .symbol = symbol,
          .first = first_,
          .last = last_,
          .count = count_,
          .text = std::move(text)};
}

}  // namespace data

std::string_view to_string(Severity severity) {
  switch (severity) {
    case Severity::noted:
      return "noted";
    case Severity::warned:
      return "warned";
    case Severity::refused:
      return "refused";
  }
  return "unknown";
}

std::string_view to_string(FindingKind kind) {
  switch (kind) {
    case FindingKind::unreadable:
      return "unreadable";
    case FindingKind::bad_row:
      return "bad_row";
    case FindingKind::two_clocks:
      return "two_clocks";
    case FindingKind::out_of_order:
      return "out_of_order";
    case FindingKind::duplicate:
      return "duplicate";
    case FindingKind::bad_number:
      return "bad_number";
    case FindingKind::no_bars:
      return "no_bars";
    case FindingKind::wrong_clock:
      return "wrong_clock";
    case FindingKind::end_stamped:
      return "end_stamped";
    case FindingKind::bar_length:
      return "bar_length";
    case FindingKind::missing_session:
      return "missing_session";
    case FindingKind::stale:
      return "stale";
    case FindingKind::starts_late:
      return "starts_late";
    case FindingKind::missing_minutes:
      return "missing_minutes";
    case FindingKind::gap:
      return "gap";
    case FindingKind::late_open:
      return "late_open";
    case FindingKind::early_end:
      return "early_end";
    case FindingKind::short_day:
      return "short_day";
    case FindingKind::extended_hours:
      return "extended_hours";
    case FindingKind::closing_print:
      return "closing_print";
    case FindingKind::closed_day:
      return "closed_day";
    case FindingKind::bad_print:
      return "bad_print";
    case FindingKind::jump:
      return "jump";
    case FindingKind::split:
      return "split";
    case FindingKind::zero_volume:
      return "zero_volume";
    case FindingKind::filled:
      return "filled";
    case FindingKind::frozen:
      return "frozen";
    case FindingKind::synthetic:
      return "synthetic";
    case FindingKind::twin:
      return "twin";
    case FindingKind::relation:
      return "relation";
  }
  return "unknown";
}

FindingCounts count_findings(std::span<const Finding> findings) {
  FindingCounts counts;
  for (const Finding& finding : findings) {
    std::int64_t& target = finding.severity == Severity::refused  ? counts.refused
                           : finding.severity == Severity::warned ? counts.warned
                                                                  : counts.noted;
    ++target;
  }
  return counts;
}

}  // namespace sentio
