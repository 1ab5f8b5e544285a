#include "page_costs.h"

#include <map>

#include "page_text.h"

namespace sentio::reports_detail {

namespace {

PageBars::Row cost_row(const std::string& name, double usd, MaybeNumber bps, double total) {
  const MaybeNumber share = total > 0 ? MaybeNumber(usd / total) : std::nullopt;
  return {.name = name,
          .value = usd,
          .cells = {number_text(usd, 2), number_text(bps, 2), percent_text(share, 1)}};
}

/// "sen-20251014-0931-SQQQ-B-0" → "0931": the wall time of the decision. Empty where the name is another's.
std::string decided_clock(const std::string& order_id) {
  const auto first = order_id.find('-');
  const auto second = first == std::string::npos ? first : order_id.find('-', first + 1);
  return second == std::string::npos ? "" : order_id.substr(second + 1, 4);
}

std::string clock_of(TimePoint ts) {
  return format_new_york(ts).substr(11, 2) + format_new_york(ts).substr(14, 2);
}

std::map<std::pair<std::string, std::string>, double> decision_closes(const DayRecords& day) {
  std::map<std::pair<std::string, std::string>, double> closes;  // symbol, clock → close
  for (const DecisionLine& line : day.decisions)
    if ((line.action == "enter" || line.action == "exit") && line.price > 0)
      closes[{line.symbol, clock_of(line.ts)}] = line.price;
  return closes;
}

std::vector<ExecutionPrices> session_executions(const DayRecords& day) {
  if (day.run.days.front().executions_measured) return day.run.days.front().executions;
  const auto closes = decision_closes(day);
  std::vector<ExecutionPrices> executions;
  for (const TradeLine& trade : day.trades) {
    ExecutionPrices& e = executions.emplace_back();
    e.ts = trade.ts;
    e.symbol = trade.symbol;
    e.order_id = trade.order_id;
    e.side = trade.side;
    e.qty = trade.qty;
    e.price = trade.price;
    const auto found = closes.find({trade.symbol, decided_clock(trade.order_id)});
    if (found != closes.end()) e.decision_close = found->second;
  }
  return executions;
}

PageFact shortfall_fact(const char* name, const ExecutionGroup& group) {
  const PartCost& cost = group[CostPart::shortfall];
  const std::string bps = cost.weighted_bps ? signed_text(cost.weighted_bps, 2) + " bps" : "n/a";
  return {name, bps, signed_text(cost.usd, 2) + " USD over " + number_text(cost.executions, 0) + " executions"};
}

/// Nothing where no execution has that part.
void add_part(std::vector<PageFact>& facts, const char* name, const PartCost& cost, const char* note) {
  if (!cost.weighted_bps) return;
  std::string text = signed_text(cost.usd, 2) + " USD: " + note;
  if (cost.interval)
    text += "; 95% " + signed_text(cost.interval->low, 2) + " … " + signed_text(cost.interval->high, 2) + " bps";
  facts.push_back({name, signed_text(cost.weighted_bps, 2) + " bps", text});
}

}  // namespace

PageBars cost_bars(const Summary& s) {
  const auto bps = [&](double Costs::* kind) {
    return s.bps ? MaybeNumber(s.bps->costs.*kind) : std::nullopt;
  };
  const Costs& c = s.costs;
  const double total = c.total();
  PageBars out{.name_heading = "Kind",
               .columns = {{"USD"}, {"bps a day"}, {"share", true}},
               .rows = {},
               .signed_values = false};
  out.rows = {cost_row("Spread", c.spread, bps(&Costs::spread), total),
              cost_row("SEC fee", c.sec, bps(&Costs::sec), total),
              cost_row("TAF", c.taf, bps(&Costs::taf), total)};
  if (c.other != 0) out.rows.push_back(cost_row("Other fees", c.other, bps(&Costs::other), total));
  return out;
}

ExecutionCosts executions_of(const std::vector<DayRecords>& days) {
  std::vector<std::vector<ExecutionPrices>> sessions;
  for (const DayRecords& day : days) sessions.push_back(session_executions(day));
  return measure_executions(sessions);
}

PageFacts shortfall_facts(const ExecutionCosts& costs) {
  PageFacts out;
  out.facts = {shortfall_fact("Bought", costs.bought), shortfall_fact("Sold", costs.sold),
               shortfall_fact("Together", costs.all)};
  const ExecutionGroup& all = costs.all;
  add_part(out.facts, "Delay", all[CostPart::delay], "the market until the next minute's open");
  add_part(out.facts, "Waiting", all[CostPart::waiting], "rests of orders that worked on");
  add_part(out.facts, "Trading", all[CostPart::trading], "against the open of the execution's minute");
  add_part(out.facts, "Mock's half-spread", all[CostPart::half_spread], "what mock assumes there");
  add_part(out.facts, "Against the quote", all[CostPart::quote], "the middle of the last one heard before");
  if (const int left = all.executions - all[CostPart::shortfall].executions; left > 0)
    out.facts.push_back({"Left out", number_text(left, 0), "executions whose decision is not in the files"});
  return out;
}

std::string costs_note(const RunResult& run, const Summary& s) {
  if (run.mode != "live") return "Already inside every net figure.";
  if (!s.execution || s.execution->sessions_unmeasured >= s.days)
    return "Fees only: what the spread cost a live fill is inside its price and was not measured.";
  return "Already inside every net figure. Spread is what trading was measured to cost, see the shortfall below.";
}

}  // namespace sentio::reports_detail
