// Whether the predictions came true, apart from money.
#include "text/text_format.h"
#include "text/text_sections.h"

namespace sentio::analysis_detail {

namespace {

std::string skill_interval(const std::optional<Interval>& i) {
  return i ? signed_fixed(i->low, 3) + " to " + signed_fixed(i->high, 3) : "n/a";
}

std::vector<std::string> skill_row(const SymbolSkill& symbol, const HorizonSkill& h) {
  return {symbol.symbol,
          signed_usd(symbol.pnl),
          std::to_string(h.horizon) + " bars",
          count(h.labels),
          signed_fixed(h.ic, 3),
          skill_interval(h.ic_interval),
          signed_fixed(h.rank_ic, 3),
          skill_interval(h.rank_ic_interval),
          percent(h.hit_rate, 1),
          fixed(h.slope, 3),
          fixed(h.error, 3)};
}

}  // namespace

std::string skill_section(const Summary& s) {
  std::string out = "Skill (did the predictions come true, apart from money):\n";
  if (s.skill.empty()) return out + "  n/a\n";
  Table table({"Instrument", "P&L USD", "Horizon", "Labels", "IC", "95% interval", "Rank IC", "95% interval", "Hit rate",
               "Slope", "Error"});
  int intervals = 0;
  for (const SymbolSkill& symbol : s.skill) {
    for (const HorizonSkill& h : symbol.horizons) {
      table.row(skill_row(symbol, h));
      if (h.ic_interval) ++intervals;
    }
  }
  out += table.text();
  out += "  Skill is an interval of the IC above 0. Without any: IC 0, hit rate 50%, slope 0; an error of 1 is that of\n"
         "  predicting nothing.\n";
  if (intervals == 0) return out + "  Intervals need " + count(kIntervalDaysMin) + " sessions with labels that differ.\n";
  out += "  Of " + counted(intervals, "interval", "intervals") + " without skill about " +
         fixed(0.025 * intervals, 1) + " would lie above 0 by chance.\n";
  for (const SymbolSkill& symbol : s.skill) {
    if (symbol.flag == SkillFlag::none) continue;
    out += "  " + symbol.symbol + ": " + std::string(to_string(symbol.flag));
    out += symbol.flag == SkillFlag::profit_without_skill
               ? " - it made money, but its predictions are not told from chance\n"
               : " - its predictions come true, but trading them loses money\n";
  }
  return out;
}

}  // namespace sentio::analysis_detail
