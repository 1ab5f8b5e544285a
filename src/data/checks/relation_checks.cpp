/// Symbols against each other: one file under two names, and funds of one underlying that do not move
/// together.

#include <algorithm>
#include <cmath>

#include "checks/finding_text.h"
#include "checks/relations.h"
#include "sentio/data/bar_checks.h"

namespace sentio {

namespace {

using namespace data;

constexpr int kStepMinutes =
    5;  // of the returns compared: long enough for a fund that trades every other minute
constexpr int kReturnsMin = 60;       // fewer tell nothing about the file
constexpr int kReturnsOfDayMin = 30;  // … about a day

/// Log returns of one session, of five minutes 0 … 77; absent where the symbol did not trade near both ends.
struct DayReturns {
  Date date{};
  std::vector<std::optional<double>> returns;
};

/// The close at the end of each step, not older than a step.
DayReturns returns_of(const SessionHours& hours, std::span<const Bar> bars, int step = kStepMinutes) {
  DayReturns day{.date = hours.date};
  std::optional<double> before;
  std::size_t next = 0;
  for (int end = step; end <= hours.minutes; end += step) {
    std::optional<double> now;
    for (; next < bars.size() && bars[next].start < hours.minute_start(end); ++next)
      now = std::log(bars[next].close);
    day.returns.push_back(before && now ? std::optional(*now - *before) : std::nullopt);
    before = now;
  }
  return day;
}

std::vector<DayReturns> returns_of(const SymbolHistory& history) {
  std::vector<DayReturns> days;
  for (const BarDay& day : history.days) {
    if (day.session_begin != day.session_end)
      days.push_back(returns_of(*day.session, history.session_bars(day)));
  }
  return days;
}

using Pairs = std::vector<std::pair<double, double>>;

Pairs paired(const DayReturns& a, const DayReturns& b) {
  Pairs pairs;
  for (std::size_t i = 0; i < std::min(a.returns.size(), b.returns.size()); ++i) {
    if (a.returns[i] && b.returns[i]) pairs.emplace_back(*a.returns[i], *b.returns[i]);
  }
  return pairs;
}

double middle_size(const Pairs& pairs, bool second) {
  std::vector<double> sizes;
  sizes.reserve(pairs.size());
  for (const auto& [a, b] : pairs) sizes.push_back(std::abs(second ? b : a));
  const auto middle = sizes.begin() + std::ssize(sizes) / 2;
  std::ranges::nth_element(sizes, middle);
  return *middle;
}

/// How two symbols move together. A single bad print must not decide it: returns are cut at six usual ones.
struct Together {
  int returns = 0;
  double correlation = 0;
  double ratio = 0;  ///< of the sizes of their moves, a / b
};

Together together(const Pairs& pairs) {
  Together found{.returns = static_cast<int>(pairs.size())};
  if (pairs.empty()) return found;
  const double usual_a = middle_size(pairs, false), usual_b = middle_size(pairs, true);
  if (!(usual_a > 0 && usual_b > 0)) return found;
  double aa = 0, bb = 0, ab = 0;
  for (const auto& [raw_a, raw_b] : pairs) {
    const double a = std::clamp(raw_a, -6 * usual_a, 6 * usual_a),
                 b = std::clamp(raw_b, -6 * usual_b, 6 * usual_b);
    aa += a * a;
    bb += b * b;
    ab += a * b;
  }
  found.correlation = ab / std::sqrt(aa * bb);
  found.ratio = std::sqrt(aa / bb);
  return found;
}

struct Symbol {
  std::string name;
  std::span<const Bar> bars;
  const SymbolInfo* info = nullptr;  ///< null: unknown, or without underlying or leverage
  std::vector<DayReturns> days;
};

const SymbolInfo* info_of(const std::string& name, std::span<const SymbolInfo> known) {
  const auto info = std::ranges::find(known, name, &SymbolInfo::name);
  return info == known.end() || info->underlying.empty() || info->leverage == 0 ? nullptr : &*info;
}

/// From where on a correlation contradicts, and whether anything but the sign is judged.
struct RelationRule {
  double contradiction = -0.3;
  bool sign_only = false;
};

std::string leverage_text(const Symbol& symbol) {
  return number_text(symbol.info->leverage) + "x";
}

class PairJudge {
 public:
  PairJudge(const Symbol& a, const Symbol& b, const RelationRule& rule)
      : a_(a), b_(b), rule_(rule), expected_(a.info->leverage / b.info->leverage) {}

  Findings run() {
    Pairs all;
    auto other = b_.days.begin();
    for (const DayReturns& day : a_.days) {
      while (other != b_.days.end() && other->date < day.date) ++other;
      if (other == b_.days.end()) break;
      if (other->date != day.date) continue;
      const Pairs pairs = paired(day, *other);
      judge_day(day.date, together(pairs));
      all.insert(all.end(), pairs.begin(), pairs.end());
    }
    return judge_all(together(all));
  }

 private:
  [[nodiscard]] double agreement(const Together& t) const {
    return expected_ > 0 ? t.correlation : -t.correlation;
  }

  void judge_day(Date date, const Together& t) {
    if (t.returns < kReturnsOfDayMin || agreement(t) > rule_.contradiction) return;
    contradictions_.add(NyseCalendar::session(date)->open,
                        format_date(date) + " (correlation " + fixed(t.correlation, 2) + ")");
  }
  Findings judge_all(const Together& t) const {
    constexpr double kFollows = 0.5, kRatioSlack = 1.4;
    const std::string who = " against " + b_.name + " (" + leverage_text(a_) + " and " + leverage_text(b_) + " " +
                            a_.info->underlying + "): ";
    Findings found;
    const double off = t.ratio / std::abs(expected_);
    if (t.returns < kReturnsMin) return found;
    if (agreement(t) <= rule_.contradiction) {
      found.push_back(finding(Severity::refused, t,
                              "moves the wrong way" + who + "correlation " + fixed(t.correlation, 2) +
                                  "; the file of another symbol?"));
    } else if (rule_.sign_only) {
      // nothing else
    } else if (agreement(t) < kFollows) {
      found.push_back(finding(Severity::warned, t,
                              "does not move with its underlying" + who + "correlation " +
                                  fixed(t.correlation, 2) + "; made-up, shifted or another symbol's rows?"));
    } else if (off > kRatioSlack || off < 1 / kRatioSlack) {
      found.push_back(finding(Severity::warned, t,
                              "moves by another factor" + who + fixed(t.ratio, 2) + " times instead of " +
                                  fixed(std::abs(expected_), 2)));
    }
    if (found.empty() && contradictions_.count() > 0) {
      found.push_back(contradictions_.finding(FindingKind::relation, Severity::warned, a_.name,
                                              "moves the wrong way" + who + "in " +
                                                  counted(contradictions_.count(), "session") + ": " +
                                                  contradictions_.examples()));
    }
    return found;
  }
  [[nodiscard]] Finding finding(Severity severity, const Together& t, std::string text) const {
    return {.kind = FindingKind::relation,
            .severity = severity,
            .symbol = a_.name,
            .first = a_.bars.front().start,
            .last = a_.bars.back().start,
            .count = t.returns,
            .text = std::move(text)};
  }

  const Symbol &a_, &b_;
  RelationRule rule_;
  double expected_;
  Tally contradictions_;
};

bool related(const SymbolInfo* a, const SymbolInfo* b) {
  return a != nullptr && b != nullptr && a->underlying == b->underlying;
}

/// Minutes in which both have the same five numbers; cheap funds may share one now and then.
Findings twins(const SymbolHistory& a, const SymbolHistory& b) {
  constexpr std::int64_t kTwinsMin = 20;
  Tally same;
  auto at = b.bars.begin();
  for (const Bar& bar : a.bars) {
    while (at != b.bars.end() && at->start < bar.start) ++at;
    if (at == b.bars.end()) break;
    if (*at == bar && bar.volume > 0) same.add(bar.start);
  }
  if (same.count() < kTwinsMin) return {};
  return {same.finding(FindingKind::twin, Severity::refused, a.symbol,
                       counted(same.count(), "row") + " equal to those of " + b.symbol +
                           "; one file was copied over the other?")};
}

}  // namespace

Findings check_relations(std::span<const SymbolHistory* const> histories, std::span<const SymbolInfo> known) {
  std::vector<Symbol> symbols;
  for (const SymbolHistory* history : histories) {
    symbols.push_back({.name = history->symbol, .bars = history->bars, .info = info_of(history->symbol, known)});
    if (symbols.back().info != nullptr) symbols.back().days = returns_of(*history);
  }
  Findings found;
  for (std::size_t i = 0; i < symbols.size(); ++i) {
    for (std::size_t j = i + 1; j < symbols.size(); ++j) {
      Findings more = twins(*histories[i], *histories[j]);
      if (more.empty() && related(symbols[i].info, symbols[j].info))
        more = PairJudge(symbols[i], symbols[j], {}).run();
      for (Finding& finding : more) found.push_back(std::move(finding));
    }
  }
  return found;
}

namespace data {

Findings check_signs(std::span<const SymbolBars> bars, std::span<const SymbolInfo> known,
                     std::span<const SessionHours> sessions) {
  // Cheaper and stricter than verify-data: a warning at every load must mean something.
  constexpr int kStep = 10;
  constexpr RelationRule kRule{.contradiction = -0.6, .sign_only = true};
  std::vector<Symbol> symbols;
  Findings found;
  for (const SymbolBars& s : bars) {
    symbols.push_back({.name = s.symbol, .bars = s.bars, .info = info_of(s.symbol, known)});
    Symbol& symbol = symbols.back();
    if (symbol.info == nullptr || symbol.bars.empty()) continue;
    for (const SessionHours& hours : sessions)
      symbol.days.push_back(returns_of(hours, session_bars(symbol.bars, hours), kStep));
    // One of each underlying is compared with all others: signs that fit it fit each other.
    const auto other = std::ranges::find_if(symbols.begin(), symbols.end() - 1, [&](const Symbol& earlier) {
      return !earlier.days.empty() && related(earlier.info, symbol.info);
    });
    if (other == symbols.end() - 1) continue;
    for (Finding& finding : PairJudge(*other, symbol, kRule).run()) {
      finding.severity = Severity::warned;
      found.push_back(std::move(finding));
    }
  }
  return found;
}

std::span<const Bar> session_bars(std::span<const Bar> bars, const SessionHours& hours) {
  const auto begin = std::ranges::lower_bound(bars, hours.open, {}, &Bar::start);
  const auto end = std::ranges::lower_bound(begin, bars.end(), hours.close, {}, &Bar::start);
  return {begin, end};
}

}  // namespace data

}  // namespace sentio
