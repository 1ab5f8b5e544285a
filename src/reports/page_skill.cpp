#include "page_skill.h"

#include <limits>

#include "page_text.h"
#include "sentio/analysis/bootstrap.h"

namespace sentio::reports_detail {

namespace {

std::string bars_ahead(int horizon) {
  return std::to_string(horizon) + (horizon == 1 ? " bar" : " bars");
}

std::string interval_cell(const std::optional<Interval>& interval) {
  if (!interval) return "n/a";
  return signed_text(interval->low, 3) + " … " + signed_text(interval->high, 3);
}

PageBars::Row skill_row(const SymbolSkill& symbol, const HorizonSkill& h) {
  return {.name = symbol.symbol + " · " + bars_ahead(h.horizon),
          .value = h.ic.value_or(std::numeric_limits<double>::quiet_NaN()),
          .cells = {signed_text(h.ic, 3), interval_cell(h.ic_interval), signed_text(h.rank_ic, 3),
                    percent_text(h.hit_rate, 1), number_text(h.slope, 2), number_text(h.error, 3),
                    number_text(static_cast<double>(h.labels), 0)}};
}

std::string flag_sentence(const SymbolSkill& symbol) {
  return " " + symbol.symbol + ": " + std::string(to_string(symbol.flag)) +
         (symbol.flag == SkillFlag::profit_without_skill
              ? ", it made money, but its predictions are not told from chance."
              : ", its predictions come true, but trading them loses money.");
}

}  // namespace

PageBars skill_bars(const Summary& summary) {
  PageBars bars{.name_heading = "Predicting",
                .columns = {{"IC"}, {"95% interval"}, {"rank IC", true}, {"hit rate"}, {"slope", true}, {"error", true},
                            {"labels", true}},
                .rows = {}};
  for (const SymbolSkill& symbol : summary.skill)
    for (const HorizonSkill& h : symbol.horizons) bars.rows.push_back(skill_row(symbol, h));
  return bars;
}

std::string skill_note(const Summary& summary) {
  std::string note =
      "Did predictions come true, apart from money: the information coefficient (IC) is the correlation of prediction "
      "and outcome. Skill is an interval above 0. Without any: IC 0, hit rate 50%, slope 0; an error of 1 is that of "
      "predicting nothing.";
  int intervals = 0;
  for (const SymbolSkill& symbol : summary.skill)
    for (const HorizonSkill& h : symbol.horizons) intervals += h.ic_interval ? 1 : 0;
  note += intervals == 0 ? " Intervals need " + std::to_string(kIntervalDaysMin) + " sessions with labels that differ."
                         : " Of " + std::to_string(intervals) + " intervals without skill about " +
                               number_text(0.025 * intervals, 1) + " would lie above 0 by chance.";
  for (const SymbolSkill& symbol : summary.skill)
    if (symbol.flag != SkillFlag::none) note += flag_sentence(symbol);
  return note;
}

}  // namespace sentio::reports_detail
