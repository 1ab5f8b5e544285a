// Each day in a line, and what other costs and fills would have made of them all.
#include "sentio/core/text/text.h"
#include "text/text_format.h"
#include "text/text_sections.h"

namespace sentio {

std::vector<std::string> day_flags(const DaySummary& day) {
  using analysis_detail::counted;
  std::vector<std::string> flags;
  if (!day.over) flags.emplace_back("not over");
  if (day.breaker_tripped) flags.emplace_back("breaker");
  if (!day.flat_at_close) flags.emplace_back("not flat");
  if (day.last_resort_fills > 0)
    flags.push_back(counted(day.last_resort_fills, "last-resort fill", "last-resort fills"));
  if (day.orders_refused > 0) flags.push_back(counted(day.orders_refused, "refused order", "refused orders"));
  if (day.sold_by_broker > 0) flags.push_back(std::to_string(day.sold_by_broker) + " sold by the broker");
  if (day.sets_skipped > 0) flags.push_back(counted(day.sets_skipped, "skipped set", "skipped sets"));
  return flags;
}

namespace analysis_detail {

namespace {

std::string learning_table(const Summary& s) {
  Table table({"Date", "Confidence start", "Confidence end", "Strength mean", "Strength max"});
  for (const DaySummary& day : s.by_day)
    table.row({format_date(day.date), fixed(day.confidence_start, 3), fixed(day.confidence_end, 3),
               fixed(day.strength_mean, 3), fixed(day.strength_max, 3)});
  return table.text();
}

std::string band_lines(const Summary& s) {
  const FillBand& band = s.fill_band;
  if (!band.central) return metric("Fill Band", "n/a", "no fill says what spread it paid");
  const std::string range = signed_percent(band.pessimistic, 2) + " to " + signed_percent(band.optimistic, 2);
  return metric("Fill Band", range,
                std::string(s.execution ? "MRD at twice what trading cost … at none"
                                        : "MRD at twice the half-spread … at none") +
                    (band.fragile ? "; FRAGILE: the sign depends on the fills" : ""));
}

}  // namespace

std::string days_table(const Summary& s) {
  Table table({"Date", "Return", "Trades", "Win rate", "Drawdown", "Costs bps", s.execution ? "Trading" : "Spread", "SEC", "TAF",
               "Other", "Flags"});
  for (const DaySummary& day : s.by_day) {
    const Costs& c = day.costs_bps;
    const std::string flags = joined(day_flags(day));
    table.row({format_date(day.date), signed_percent(day.day_return, 2), count(day.trades),
               percent(day.win_rate(), 1), percent(-day.drawdown_max, 1), fixed(c.total(), 1),
               fixed(c.spread, 1), fixed(c.sec, 1), fixed(c.taf, 1), fixed(c.other, 1),
               flags.empty() ? "-" : flags});
  }
  return table.text();
}

std::string days_section(const Summary& s) {
  return "Day by Day:\n" + days_table(s) + "\nConfidence and Strength by Day:\n" + learning_table(s);
}

std::string cost_curve_section(const Summary& s) {
  const CostCurve& curve = s.cost_curve;
  std::string out = "Costs and Fills:\n";
  if (curve.points.empty()) return out + "  Nothing was traded.\n";
  out += metric("Paid per Side", with_unit(fixed(curve.paid_bps_side, 2), " bps"), spread_word(s) + " and fees");
  const bool earns = *curve.dies_at_bps_side > 0;
  out += metric("Breaks Even at", with_unit(signed_fixed(curve.dies_at_bps_side, 2), " bps"),
                earns ? "a side: above that these trades lose" : "a side: these trades lose before any cost");
  out += band_lines(s);
  Table table({"Bps a side", "MRD"});
  for (const CostPoint& point : curve.points)
    table.row({fixed(point.bps_side, 1), signed_percent(point.mrd, 2)});
  return out + table.text();
}

}  // namespace analysis_detail
}  // namespace sentio
