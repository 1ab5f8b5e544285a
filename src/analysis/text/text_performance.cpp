// The title and the figures of the design's own layout.
#include "sentio/analysis/override_reason.h"
#include "text/text_format.h"
#include "text/text_sections.h"

namespace sentio::analysis_detail {

namespace {

std::string date_line(const RunResult& run) {
  if (run.days.empty()) return "Date: n/a (no trading day)\n";
  const std::string first = format_date(run.days.front().date);
  if (run.days.size() == 1) return "Date: " + first + "\n";
  return "Date: " + first + " to " + format_date(run.days.back().date) + " (" +
         count(static_cast<long long>(run.days.size())) + " days)\n";
}

std::string mrd_line(const Criterion& c) {
  std::string target = "target (";
  target += percent_short(*c.low) + ")";
  return metric("MRD", signed_percent(c.value, 2), mark(c.met, "Above " + target, "Below " + target));
}

std::string win_rate_line(const Criterion& c) {
  const std::string target = percent_short(*c.low);
  const std::string missed = c.value ? "Below " + target : "No round trip closed";
  return metric("Win Rate", percent(c.value, 1), mark(c.met, "Above " + target, missed));
}

std::string drawdown_line(const Criterion& c) {
  const std::string target = percent_short(*c.high);
  const std::string missed = c.value ? "Above " + target : "No trading day";
  const Maybe fall = c.value ? Maybe(-*c.value) : std::nullopt;
  return metric("Max Drawdown", percent(fall, 1), mark(c.met, "Below " + target, missed));
}

std::string trades_per_day_line(const Criterion& c) {
  const std::string range = fixed(c.low, 0) + "-" + fixed(c.high, 0);
  return metric("Trades per Day", fixed(c.value, 1), mark(c.met, "Within " + range, "Outside " + range));
}

std::string sharpe_line(const Criterion& c) {
  const std::string target = fixed(c.low, 1);
  const std::string missed = c.value ? "Below " + target : "Needs two days that differ";
  return metric("Sharpe Ratio", fixed(c.value, 2), mark(c.met, "Above " + target, missed));
}

/// The line of that criterion, or nothing where the targets do not ask for it.
std::string line(const std::vector<Criterion>& criteria, std::string_view name,
                 std::string (*write)(const Criterion&)) {
  for (const Criterion& c : criteria)
    if (c.name == name) return write(c);
  return "";
}

std::string override_line(const RunResult& run) {
  if (run.preflight_override.empty()) return "";
  const std::string reason = harmless_reason(run.preflight_override);
  return "PRE-FLIGHT OVERRIDDEN: " + (reason.empty() ? "no reason given" : reason) + "\n";
}

}  // namespace

std::string title_section(const RunResult& run, const Summary& s) {
  const std::string rule = "==============================================\n";
  return rule + " TRADING SESSION ANALYSIS REPORT\n" + rule + heading_section(run, s);
}

std::string heading_section(const RunResult& run, const Summary& s) {
  std::string out = override_line(run);
  if (s.synthetic) out += "SYNTHETIC: made-up bars. No figure below says anything about a market.\n";
  if (s.same_close_fills)
    out += "NOT ACHIEVABLE (fills at the decision's own close): no order can earn these figures.\n";
  out += date_line(run);
  out += "Strategy: " + (run.strategy_name.empty() ? "n/a" : run.strategy_name) + "\n";
  out += "Instruments: ";
  for (std::size_t i = 0; i < run.instruments.size(); ++i) out += (i > 0 ? ", " : "") + run.instruments[i];
  out += run.instruments.empty() ? "n/a\n" : "\n";
  if (!run.config_name.empty()) out += "Configuration: " + run.config_name + "\n";
  out += "Mode: " + run.mode + "\n";
  out += "Capital: " + usd(s.capital_start) + " -> " + usd(s.capital_end) + " USD\n";
  for (const std::string& warning : run.warnings) out += "WARNING: " + harmless_reason(warning) + "\n";
  return out;
}

std::string performance_section(const Summary& s, const Targets& t) {
  const auto criteria = evaluate_criteria(s, t);
  std::string out = "Performance Metrics:\n";
  out += line(criteria, "MRD", mrd_line);
  out += metric("Total Return", signed_percent(s.total_return, 2));
  out += line(criteria, "win rate", win_rate_line);
  out += metric("Trades Executed", std::to_string(s.trades));
  out += line(criteria, "drawdown", drawdown_line);
  out += line(criteria, "trades a day", trades_per_day_line);
  out += line(criteria, "Sharpe", sharpe_line);
  return out;
}

std::string top_instrument_section(const Summary& s) {
  const std::string heading = "Top Performing Instrument:\n";
  for (const GroupStats& g : s.by_symbol) {
    if (g.round_trips == 0) continue;
    return heading + "  " + g.name + ": " + signed_percent(g.contribution, 1) + " (" +
           counted(g.orders_filled, "trade", "trades") + ", " + percent(g.win_rate(), 0) + " win rate)\n";
  }
  return heading + "  n/a (no round trip closed)\n";
}

}  // namespace sentio::analysis_detail
