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

std::string shortfall_text(const Shortfall& s) {
  if (s.notional <= 0) return "n/a";
  return signed_text(1e4 * s.usd / s.notional, 2) + " bps";
}

std::string shortfall_note(const Shortfall& s) {
  return signed_text(s.usd, 2) + " USD over " + number_text(s.executions, 0) + " executions";
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

Shortfalls shortfalls_of(const std::vector<DayRecords>& days) {
  Shortfalls out;
  for (const DayRecords& day : days) {
    std::map<std::pair<std::string, std::string>, double> decided;  // symbol, clock → close
    for (const DecisionLine& line : day.decisions)
      if ((line.action == "enter" || line.action == "exit") && line.price > 0)
        decided[{line.symbol, clock_of(line.ts)}] = line.price;
    for (const TradeLine& trade : day.trades) {
      const auto found = decided.find({trade.symbol, decided_clock(trade.order_id)});
      if (found == decided.end()) {
        ++out.without_decision;
        continue;
      }
      Shortfall& side = trade.buy() ? out.bought : out.sold;
      side.usd += trade.qty * (trade.buy() ? trade.price - found->second : found->second - trade.price);
      side.notional += trade.qty * found->second;
      ++side.executions;
    }
  }
  return out;
}

PageFacts shortfall_facts(const Shortfalls& s) {
  const Shortfall both{s.bought.usd + s.sold.usd, s.bought.notional + s.sold.notional,
                       s.bought.executions + s.sold.executions};
  PageFacts out;
  out.facts = {{"Bought", shortfall_text(s.bought), shortfall_note(s.bought)},
               {"Sold", shortfall_text(s.sold), shortfall_note(s.sold)},
               {"Together", shortfall_text(both), shortfall_note(both)}};
  if (s.without_decision > 0)
    out.facts.push_back(
        {"Left out", number_text(s.without_decision, 0), "executions whose decision is not in the files"});
  return out;
}

}  // namespace sentio::reports_detail
