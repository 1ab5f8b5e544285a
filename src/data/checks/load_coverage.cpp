#include "checks/load_coverage.h"

#include <algorithm>

#include "checks/coverage_rules.h"
#include "checks/finding_text.h"
#include "checks/relations.h"

namespace sentio::data {

namespace {

/// One symbol's bars of one session.
struct DayCover {
  int bars = 0, first = -1, last = -1;
};

DayCover cover_of(std::span<const Bar> bars, const SessionHours& hours) {
  const auto inside = session_bars(bars, hours);
  if (inside.empty()) return {};
  return {static_cast<int>(inside.size()), *hours.minute_of(inside.front().start), *hours.minute_of(inside.back().start)};
}

std::string clock_of(const SessionHours& hours, int minute) {
  return minute_text(hours.minute_start(minute)).substr(11);
}

/// The covers of all symbols over one list of sessions.
class Covers {
 public:
  Covers(std::span<const SymbolBars> bars, std::span<const SessionHours> sessions) : sessions_(sessions) {
    for (const SymbolBars& symbol : bars) {
      std::vector<DayCover>& row = rows_.emplace_back();
      for (const SessionHours& hours : sessions) row.push_back(cover_of(symbol.bars, hours));
    }
  }
  [[nodiscard]] std::span<const SessionHours> sessions() const { return sessions_; }
  [[nodiscard]] const DayCover& at(std::size_t symbol, std::size_t session) const { return rows_[symbol][session]; }
  /// Sessions that nobody has are not one symbol's fault.
  [[nodiscard]] bool anybody(std::size_t session) const {
    return std::ranges::any_of(rows_, [=](const auto& row) { return row[session].bars > 0; });
  }
  [[nodiscard]] bool all_late(std::size_t session) const {
    return std::ranges::all_of(rows_, [=](const auto& row) { return row[session].bars == 0 || row[session].first >= kEdgeMinutes; });
  }

 private:
  std::span<const SessionHours> sessions_;
  std::vector<std::vector<DayCover>> rows_;
};

/// What one symbol usually lacks, from the sessions in which it has a bar.
struct Usual {
  std::int64_t bars = 0, minutes = 0;
  void add(const Covers& covers, std::size_t symbol) {
    for (std::size_t i = 0; i < covers.sessions().size(); ++i) {
      if (covers.at(symbol, i).bars == 0) continue;
      bars += covers.at(symbol, i).bars;
      minutes += covers.sessions()[i].minutes;
    }
  }
  [[nodiscard]] double share() const { return static_cast<double>(bars) / static_cast<double>(std::max<std::int64_t>(minutes, 1)); }
  [[nodiscard]] int edge() const { return std::max(kEdgeMinutes, longest_by_chance(1 - share(), minutes)); }
};

/// The days of one symbol and one use.
class SymbolDays {
 public:
  SymbolDays(const Covers& covers, std::size_t at, const SymbolBars& bars, const Usual& usual, bool traded)
      : covers_(covers), at_(at), bars_(bars.bars), symbol_(bars.symbol), usual_(usual), traded_(traded) {}

  Findings run() {
    for (std::size_t i = 0; i < covers_.sessions().size(); ++i) {
      if (covers_.anybody(i)) judge(i);
    }
    const Severity severity = traded_ ? Severity::refused : Severity::warned;
    Findings found;
    if (absent_.count() > 0) {
      const auto total = std::ssize(covers_.sessions());
      found.push_back(absent_.finding(FindingKind::missing_session, severity, symbol_,
                                      "no bar in " + std::to_string(absent_.count()) + " of " + counted(total, traded_ ? "traded session" : "warm-up session") +
                                          ": " + absent_.examples()));
    }
    add(found, early_, FindingKind::early_end, severity, "ending early (a download cut short?): ");
    add(found, all_late_, FindingKind::late_open, severity, "beginning late, as in every file (a download cut short?): ");
    add(found, late_, FindingKind::late_open, Severity::warned, "beginning late: ");
    add(found, gaps_, FindingKind::gap, Severity::warned, "with a gap (a halt, or an outage at the source?): ");
    add(found, short_, FindingKind::short_day, severity, "with less than half of the usual bars: ");
    return found;
  }

 private:
  void judge(std::size_t i) {
    const SessionHours& hours = covers_.sessions()[i];
    const DayCover& day = covers_.at(at_, i);
    const std::string date = format_date(hours.date);
    if (day.bars == 0) return absent_.add(hours.open, date);
    const bool late = day.first >= usual_.edge(), early = hours.minutes - 1 - day.last >= usual_.edge();
    if (late) (covers_.all_late(i) ? all_late_ : late_).add(hours.open, date + " at " + clock_of(hours, day.first));
    if (early) early_.add(hours.minute_start(day.last), date + " at " + clock_of(hours, day.last));
    find_gap(hours, day);
    if (!late && !early && day.bars < usual_.share() * hours.minutes / 2)
      short_.add(hours.open, date + " " + counted(day.bars, "bar"));
  }
  /// The first gap that is too long for a halt of the market and for chance.
  void find_gap(const SessionHours& hours, const DayCover& day) {
    if (day.last - day.first + 1 - day.bars < usual_.edge()) return;
    const auto bars = session_bars(bars_, hours);
    const auto gap = std::ranges::adjacent_find(bars, [this](const Bar& a, const Bar& b) {
      return (b.start - a.start) / kBarLength > usual_.edge();
    });
    if (gap == bars.end()) return;
    const TimePoint from = gap->start + kBarLength, to = std::next(gap)->start;
    gaps_.add(from, to - kBarLength, minute_text(from) + " to " + minute_text(to).substr(11));
  }
  void add(Findings& found, const Tally& tally, FindingKind kind, Severity severity, const std::string& text) const {
    if (tally.count() > 0)
      found.push_back(tally.finding(kind, severity, symbol_, counted(tally.count(), traded_ ? "traded session" : "warm-up session") + " " + text +
                                      tally.examples()));
  }

  const Covers& covers_;
  std::size_t at_;
  std::span<const Bar> bars_;
  std::string symbol_;
  const Usual& usual_;
  bool traded_;
  Tally absent_, early_, late_, all_late_, gaps_, short_;
};

}  // namespace

Findings check_whole_days(std::span<const SymbolBars> bars, const LoadPlan& plan) {
  const Covers warm_up(bars, plan.warm_up), traded(bars, plan.traded);
  Findings found;
  for (std::size_t s = 0; s < bars.size(); ++s) {
    Usual usual;
    usual.add(warm_up, s);
    usual.add(traded, s);
    for (const auto& [covers, is_traded] : {std::pair{&warm_up, false}, std::pair{&traded, true}}) {
      for (Finding& finding : SymbolDays(*covers, s, bars[s], usual, is_traded).run())
        found.push_back(std::move(finding));
    }
  }
  return found;
}

}  // namespace sentio::data
