#include "sentio/data/load_checks.h"

#include <algorithm>

#include "checks/finding_text.h"
#include "checks/load_coverage.h"
#include "checks/moves.h"
#include "checks/relations.h"
#include "sentio/core/split_ratio.h"
#include "sentio/data/bar_checks.h"

namespace sentio {

namespace {

using namespace data;

void append_all(Findings& to, Findings more) {
  for (Finding& finding : more) to.push_back(std::move(finding));
}

bool has_refusal(const Findings& findings) {
  return std::ranges::any_of(findings, [](const Finding& f) { return f.severity == Severity::refused; });
}

/// Rows that were left out: no trade, no price.
Findings untraded_rows(const SymbolBars& bars) {
  const RowTrace& trace = bars.trace;
  if (trace.untraded == 0) return {};
  const auto moving = trace.untraded_moving;
  return {{.kind = moving == trace.untraded ? FindingKind::zero_volume : FindingKind::filled,
           .severity = Severity::warned,
           .symbol = bars.symbol,
           .first = trace.untraded_first,
           .last = trace.untraded_last,
           .count = trace.untraded,
           .text = counted(trace.untraded, "row") + " without volume, at most " +
                   std::to_string(trace.untraded_in_a_row) +
                   " in a row: minutes without a trade, left out and carried forward" +
                   (moving > 0 ? "; the prices of " + std::to_string(moving) + " move (quotes?)" : "")}};
}

/// Moves within a session as far as a split, that stay.
Findings leaps_inside(const SymbolBars& bars) {
  Tally splits, jumps;
  for (const std::size_t at : bars.trace.leaps) {
    const Bar &before = bars.bars[at - 1], &bar = bars.bars[at];
    const auto hours = NyseCalendar::session(new_york_date(bar.start));
    const auto session = session_bars(bars.bars, *hours);
    const double ratio = bar.close / before.close;
    const Surroundings around = surroundings(session, &bar - session.data());
    if (!stays(around, ratio)) continue;
    const std::string text = minute_text(bar.start) + " x" + fixed(ratio, 3);
    if (const auto split = split_like(ratio, kSessionSplitTolerance)) {
      splits.add(bar.start, text + ", near " + ratio_text(*split) + ", " + volume_text(around.volume_ratio, *split));
    } else {
      jumps.add(bar.start, text);
    }
  }
  Findings found;
  if (splits.count() > 0) {
    found.push_back(splits.finding(FindingKind::split, Severity::refused, bars.symbol,
                                   counted(splits.count(), "move") +
                                       " like a split inside a session, where no fund splits (two sources in one file, or"
                                       " half of it adjusted?): " +
                                       splits.examples()));
  }
  if (jumps.count() > 0) {
    found.push_back(jumps.finding(
        FindingKind::jump, Severity::warned, bars.symbol,
        counted(jumps.count(), "move") + " within a session that no split explains and that stays: " + jumps.examples()));
  }
  return found;
}

std::string volumes_text(double split) {
  return split > 1 ? "divided by " + number_text(split) : "multiplied by " + fixed(1 / split, 0);
}

/// What minute_path.h does at the same nights.
Findings splits_over_night(const SymbolBars& bars, const LoadPlan& plan) {
  Tally splits;
  const Bar* before = nullptr;
  for (const auto* sessions : {&plan.warm_up, &plan.traded}) {
    for (const SessionHours& hours : *sessions) {
      const auto session = session_bars(bars.bars, hours);
      if (session.empty()) continue;
      const Bar& open = session.front();
      const auto split = before == nullptr ? std::nullopt : split_like(open.open / before->close, kOvernightSplitTolerance);
      if (split) {
        splits.add(open.start, minute_text(open.start) + " over night x" + fixed(open.open / before->close, 3) + ", near " +
                                   ratio_text(*split) + ": volumes " + volumes_text(*split) + " from then on");
      }
      before = &session.back();
    }
  }
  if (splits.count() == 0) return {};
  return {splits.finding(FindingKind::split, Severity::warned, bars.symbol,
                         counted(splits.count(), "move") +
                             " like a split; the features go on at the close before: " + splits.examples())};
}

/// Sessions whose first and last bars are equal to the cent and the share: one file under two names.
Findings copies(std::span<const SymbolBars> bars, std::span<const SessionHours> sessions) {
  std::vector<std::vector<std::span<const Bar>>> days(bars.size());
  for (std::size_t s = 0; s < bars.size(); ++s) {
    for (const SessionHours& hours : sessions) days[s].push_back(session_bars(bars[s].bars, hours));
  }
  Findings found;
  for (std::size_t a = 0; a < bars.size(); ++a) {
    for (std::size_t b = a + 1; b < bars.size(); ++b) {
      Tally same;
      for (std::size_t i = 0; i < sessions.size(); ++i) {
        const auto &one = days[a][i], &other = days[b][i];
        if (one.empty() || other.empty() || !(one.front() == other.front()) || !(one.back() == other.back())) continue;
        same.add(one.front().start, format_date(sessions[i].date));
      }
      if (same.count() == 0) continue;
      found.push_back(same.finding(FindingKind::twin, Severity::warned, bars[a].symbol,
                                   "the rows of " + bars[b].symbol + " in " + counted(same.count(), "session") + ": " +
                                       same.examples() + "; one file was copied over the other?"));
    }
  }
  return found;
}

std::vector<SessionHours> all_sessions(const LoadPlan& plan) {
  std::vector<SessionHours> all = plan.warm_up;
  all.insert(all.end(), plan.traded.begin(), plan.traded.end());
  return all;
}

/// Symbols that `found` names, as they are compared.
bool is_twin(const Findings& found, const std::string& symbol) {
  return std::ranges::any_of(found, [&](const Finding& f) { return f.symbol == symbol; });
}

}  // namespace

Findings check_load_clock(const SymbolBars& bars) {
  Findings found;
  if (bars.trace.clocks_apart > 0) {
    found.push_back({.kind = FindingKind::two_clocks,
                     .severity = Severity::refused,
                     .symbol = bars.symbol,
                     .count = bars.trace.clocks_apart,
                     .text = "the two time columns of " + counted(bars.trace.clocks_apart, "row") +
                             " name different instants (which is right?); the first: " + bars.trace.first_clocks_apart});
  }
  append_all(found, check_clock(bars.symbol, bars.trace.days));
  for (Finding& finding : found) {
    if (finding.kind == FindingKind::end_stamped)
      finding.text += "; --stamp end reads such files, tools/import_bars.py --stamp end rewrites them";
  }
  return found;
}

Findings check_load(std::span<const SymbolBars> bars, std::span<const SymbolInfo> known, const LoadPlan& plan) {
  Findings found;
  bool clocks_right = true;
  for (const SymbolBars& symbol : bars) {
    Findings clock = check_load_clock(symbol);
    clocks_right = clocks_right && !has_refusal(clock);
    append_all(found, std::move(clock));
    append_all(found, untraded_rows(symbol));
    append_all(found, leaps_inside(symbol));
    append_all(found, splits_over_night(symbol, plan));
  }
  if (!clocks_right) return found;  // the rest would be an echo of it
  append_all(found, check_whole_days(bars, plan));
  const std::vector<SessionHours> sessions = all_sessions(plan);
  const Findings twins = copies(bars, sessions);
  append_all(found, twins);
  for (Finding& finding : check_signs(bars, known, sessions)) {
    if (!is_twin(twins, finding.symbol)) found.push_back(std::move(finding));
  }
  return found;
}

}  // namespace sentio
