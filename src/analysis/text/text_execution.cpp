// What live executions cost, by part, symbol and hour.
#include "text/text_format.h"
#include "text/text_sections.h"

namespace sentio::analysis_detail {

namespace {

struct NamedPart {
  CostPart part;
  const char* name;
};
constexpr std::array<NamedPart, kCostParts.size()> kNamedParts{{{CostPart::shortfall, "Shortfall: decision's close to fill"},
                                                                {CostPart::delay, "Delay: to the next open"},
                                                                {CostPart::waiting, "Waiting: to its minute's open"},
                                                                {CostPart::trading, "Trading: that open to fill"},
                                                                {CostPart::half_spread, "Mock's half-spread"},
                                                                {CostPart::excess, "Trading beyond it"},
                                                                {CostPart::quote, "Quote's middle to fill"}}};

std::string cost_interval(const PartCost& cost, IntervalUnit unit) {
  if (cost.interval) return signed_fixed(cost.interval->low, 2) + " to " + signed_fixed(cost.interval->high, 2);
  const bool few = unit == IntervalUnit::executions && cost.executions < kExecutionsMin;
  return cost.executions > 0 && few ? "too few" : "n/a";
}

std::string parts_table(const ExecutionCosts& costs) {
  Table table({"Cost", "Executions", "USD", "Bps of value", "95% interval", "Mean bps"});
  for (const auto& [part, name] : kNamedParts) {
    const PartCost& cost = costs.all[part];
    table.row({name, count(cost.executions), signed_usd(cost.usd), signed_fixed(cost.weighted_bps, 2),
               cost_interval(cost, costs.unit), signed_fixed(cost.mean_bps, 2)});
  }
  return table.text();
}

void add_group(Table& table, const std::string& name, const ExecutionGroup& group, IntervalUnit unit) {
  const PartCost& trading = group[CostPart::trading];
  table.row({name, count(group.executions), usd(group.notional), signed_fixed(group[CostPart::shortfall].weighted_bps, 2),
             signed_fixed(group[CostPart::delay].weighted_bps, 2), signed_fixed(trading.weighted_bps, 2),
             cost_interval(trading, unit), signed_fixed(group[CostPart::half_spread].weighted_bps, 2),
             signed_usd(trading.usd)});
}

std::string execution_groups(const ExecutionCosts& costs) {
  Table table({"Of", "Executions", "Value USD", "Shortfall bps", "Delay bps", "Trading bps", "95% interval",
               "Mock's bps", "Trading USD"});
  add_group(table, "Entries", costs.bought, costs.unit);
  add_group(table, "Exits", costs.sold, costs.unit);
  for (const auto* groups : {&costs.by_symbol, &costs.by_hour})
    for (const ExecutionGroup& group : *groups) add_group(table, group.name, group, costs.unit);
  return table.text();
}

std::string interval_words(const ExecutionCosts& costs) {
  if (costs.unit == IntervalUnit::sessions)
    return "  Intervals: bootstrap of sessions, whose executions share a market.\n";
  return "  Intervals: bootstrap of executions in blocks, from " + count(kExecutionsMin) +
         " on. They speak of " + (costs.sessions == 1 ? std::string("this session") : "these sessions") +
         " alone; sessions are drawn from " + count(kIntervalDaysMin) + " on.\n";
}

std::string not_measured(const ExecutionCosts& costs) {
  std::string out;
  const auto say = [&](int n, const std::string& what) {
    if (n > 0) out += "  " + counted(n, "execution", "executions") + " " + what + "\n";
  };
  say(costs.all.executions - costs.all[CostPart::trading].executions,
      "met no bar that we heard: not in Trading, and in Gross at the price paid.");
  say(costs.all.executions - costs.all[CostPart::shortfall].executions, "have no known decision.");
  if (costs.sessions_unmeasured > 0)
    out += "  " + counted(costs.sessions_unmeasured, "session", "sessions") +
           " not measured: in Gross at the prices paid, the spread inside.\n";
  if (costs.all[CostPart::quote].executions == 0) out += "  No quote was heard before an execution.\n";
  return out;
}

}  // namespace

std::string spread_word(const Summary& s) { return s.execution ? "trading" : "spread"; }

std::string execution_section(const Summary& s) {
  if (!s.execution) return "";
  const ExecutionCosts& costs = *s.execution;
  std::string out = "Execution (measured; plus is money lost):\n";
  if (costs.all.executions == 0)
    return out + (costs.sessions_unmeasured > 0 ? "  Not measured: the files say nothing of it.\n"
                                                : "  Nothing was executed.\n");
  out += parts_table(costs) + execution_groups(costs) + interval_words(costs) + not_measured(costs);
  return out + "  Gross = net + fees + Trading.\n";
}

}  // namespace sentio::analysis_detail
