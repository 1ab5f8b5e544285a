/// Order, repetition and soundness of rows.

#include <algorithm>
#include <iterator>
#include <unordered_map>

#include "checks/finding_text.h"
#include "sentio/data/bar_checks.h"

namespace sentio {

namespace {

using namespace data;

std::string value_text(const char* name, double value) {
  return std::string(name).append(" ").append(number_text(value));
}

/// "FILE:LINE: " where the line is known.
std::string place(const BarRows& rows, std::size_t i) {
  return i < rows.lines.size() ? rows.file + ":" + std::to_string(rows.lines[i]) + ": " : std::string();
}

Findings unsound_rows(const BarRows& rows) {
  Tally unsound;
  std::string first;
  for (std::size_t i = 0; i < rows.bars.size(); ++i) {
    const std::string problem = bar_problem(rows.bars[i]);
    if (problem.empty()) continue;
    if (unsound.count() == 0) first = place(rows, i) + problem;
    unsound.add(rows.bars[i].start);
  }
  if (unsound.count() == 0) return {};
  return {unsound.finding(
      FindingKind::bad_number, Severity::refused, rows.symbol,
      counted(unsound.count(), "row") + " with numbers that no market makes; the first: " + first)};
}

/// Rows whose minute was there before, and the others that lie before their predecessor.
Findings disordered_rows(const BarRows& rows) {
  if (std::ranges::adjacent_find(rows.bars, std::ranges::greater_equal{}, &Bar::start) == rows.bars.end())
    return {};
  Tally repeated, changed, disordered;
  std::string first_repeated, first_disordered;
  std::unordered_map<std::int64_t, std::size_t> seen;  // looked up, never iterated
  seen.reserve(rows.bars.size());
  for (std::size_t i = 0; i < rows.bars.size(); ++i) {
    const Bar& bar = rows.bars[i];
    const auto [at, is_new] = seen.emplace(bar.start.time_since_epoch().count(), i);
    if (!is_new) {
      if (repeated.count() == 0) first_repeated = place(rows, i) + minute_text(bar.start);
      repeated.add(bar.start);
      if (!(bar == rows.bars[at->second])) changed.add(bar.start);
    } else if (i > 0 && bar.start < rows.bars[i - 1].start) {
      if (disordered.count() == 0) {
        first_disordered =
            place(rows, i) + minute_text(bar.start) + " follows " + minute_text(rows.bars[i - 1].start);
      }
      disordered.add(bar.start);
    }
  }
  Findings found;
  if (repeated.count() > 0) {
    found.push_back(repeated.finding(
        FindingKind::duplicate, Severity::refused, rows.symbol,
        counted(repeated.count(), "row") + " for a minute that was there already, " +
            std::to_string(changed.count()) +
            " of them with other numbers (overlapping downloads?); the first: " + first_repeated));
  }
  if (disordered.count() > 0) {
    const bool reversed = disordered.count() + repeated.count() + 1 == std::ssize(rows.bars);
    found.push_back(disordered.finding(FindingKind::out_of_order, Severity::refused, rows.symbol,
                                       counted(disordered.count(), "row") + " before the one above" +
                                           (reversed ? ": the newest comes first; sort by time"
                                                     : "; sort by time; the first: " + first_disordered)));
  }
  return found;
}

}  // namespace

std::string bar_problem(const Bar& bar) {
  if (plausible(bar)) return {};
  if (!(bar.low > 0)) return value_text("low", bar.low) + " is not a positive price";
  if (bar.high < bar.low) return value_text("high", bar.high) + " is below " + value_text("low", bar.low);
  for (const auto& [name, value] : {std::pair{"open", bar.open}, std::pair{"close", bar.close}}) {
    if (value >= bar.low && value <= bar.high) continue;
    return value_text(name, value) + " is outside " + value_text("low", bar.low) + " to " +
           value_text("high", bar.high);
  }
  if (!(bar.volume >= 0)) return value_text("volume", bar.volume) + " is negative";
  if (bar.low < kBarPriceMin)
    return value_text("low", bar.low) + " is below " + number_text(kBarPriceMin) + " USD";
  if (!(bar.high <= kBarPriceMax))
    return value_text("high", bar.high) + " is above " + number_text(kBarPriceMax) + " USD";
  return value_text("volume", bar.volume) + " is above " + number_text(kBarVolumeMax) +
         " shares in a minute";
}

Findings check_rows(const BarRows& rows) {
  Findings found = rows.unread;
  for (Findings more : {unsound_rows(rows), disordered_rows(rows)}) {
    found.insert(found.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
  }
  return found;
}

}  // namespace sentio
