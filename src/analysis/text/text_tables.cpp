// Risk figures, the tables, and what happened to the session itself.
#include <cmath>

#include "text/text_format.h"
#include "text/text_sections.h"

namespace sentio::analysis_detail {

namespace {

std::string day_text(const Summary& s, const std::optional<std::size_t>& index) {
  if (!index) return "n/a";
  const DaySummary& day = s.by_day[*index];
  return signed_percent(day.day_return, 2) + " on " + format_date(day.date);
}

std::string drawdown_text(const DrawdownSpan& d) {
  return "peak " + format_date(d.peak) + ", trough " + format_date(d.trough) + ", " +
         (d.recovered ? "recovered " + format_date(*d.recovered) : "not recovered");
}

std::string groups_table(const std::string& heading, const std::vector<GroupStats>& groups) {
  Table table({heading, "P&L USD", "Return", "Round trips", "Win rate", "Costs USD", "Minutes held",
               "Turnover"});
  for (const GroupStats& g : groups) {
    const Maybe held = g.round_trips > 0 ? Maybe(g.sets_held / g.round_trips) : std::nullopt;
    table.row({g.name, signed_usd(g.pnl), signed_percent(g.contribution, 2), count(g.round_trips),
               percent(g.win_rate(), 1), usd(g.costs.total()), fixed(held, 1), fixed(g.turnover_per_day, 1)});
  }
  return table.text();
}

std::string symbols_table(const Summary& s) {
  Table table(
      {"Instrument", "P&L USD", "Return", "Trades", "Round trips", "Win rate", "Costs USD", "Buy-and-hold", "Turnover"});
  for (const GroupStats& g : s.by_symbol) {
    Maybe held;
    for (const auto& symbol : s.buy_and_hold.symbols)
      if (symbol.name == g.name) held = symbol.mean_day;
    table.row({g.name, signed_usd(g.pnl), signed_percent(g.contribution, 2), count(g.orders_filled),
               count(g.round_trips), percent(g.win_rate(), 1), usd(g.costs.total()),
               signed_percent(held, 2), fixed(g.turnover_per_day, 1)});
  }
  return table.text();
}

}  // namespace

std::string risk_section(const Summary& s) {
  std::string out = "Risk and Return:\n";
  const bool one_day = s.days == 1;
  out += metric("Annualised", signed_percent(s.mrd_annualised, 1),
                one_day ? "(1+MRD)^252 - 1 of a single day: arithmetic, no forecast" : "(1+MRD)^252 - 1");
  out += metric("Sharpe / Sortino", fixed(s.sharpe, 2) + " / " + fixed(s.sortino, 2),
                one_day ? "needs two days" : "");
  out += metric("Calmar", fixed(s.calmar, 2));
  out += metric("Profit Factor", fixed(s.profit_factor, 2));
  out += metric("Expectancy", with_unit(signed_usd(s.expectancy_usd), " USD"),
                with_unit(signed_fixed(s.expectancy_bps, 1), " bps per round trip"));
  out += metric("Exposure", percent(s.exposure, 1), "of equity invested, mean over minutes");
  out += metric("Minutes Invested", percent(s.exposure_minutes, 1), "of minutes ended with shares held");
  out += metric("Turnover", with_unit(fixed(s.turnover_per_day, 1), " x a day"),
                "bought and sold / opening equity");
  out += metric("Worst Day's Fall", percent(-s.drawdown_day_max, 1));
  if (s.drawdown_span && s.days > 1) out += metric("Deepest Fall", percent(-s.drawdown_span->depth, 1), drawdown_text(*s.drawdown_span));
  if (s.days > 1) {
    out += metric("Best Day", day_text(s, s.day_best));
    out += metric("Worst Day", day_text(s, s.day_worst));
  }
  return out;
}

std::string tables_section(const Summary& s) {
  std::string out = "By Instrument:\n" + symbols_table(s);
  if (s.round_trips == 0) return out + "  No round trip was closed.\n";
  if (std::abs(s.pnl_outside_round_trips) >= 0.01)
    out += "  Outside closed round trips: " + signed_usd(s.pnl_outside_round_trips) + " USD\n";
  out += "\nBy Hour of Opening (New York):\n" + groups_table("Hour", s.by_hour);
  out += "\nBy Exit Reason:\n" + groups_table("Reason", s.by_exit_reason);
  out += "\nBy Holding Time:\n" + groups_table("Held", s.by_holding_time);
  return out;
}

/// What the load found wrong with the bars; most runs have no such line.
std::string data_lines(const Manifest& manifest) {
  std::string out;
  for (const DataFinding& finding : manifest.data_findings) {
    out += "  Data, " + std::string(finding.accepted ? "ACCEPTED" : finding.severity) + ": " +
           (finding.symbol.empty() ? "all files" : finding.symbol) + " " + finding.kind + ": " + finding.text + "\n";
  }
  std::string kinds;
  for (const std::string& kind : manifest.accepted_data) kinds += (kinds.empty() ? "" : ", ") + kind;
  if (!kinds.empty()) out += "  Run with --accept-data " + kinds + ".\n";
  return out;
}

std::string checks_section(const RunResult& run, const Summary& s) {
  const SessionChecks& c = s.checks;
  std::string out = "Session:\n";
  out += metric("Minutes (Sets)", count(c.sets), counted(c.sets_skipped, "skipped set", "skipped sets"));
  out += metric("Forward-filled", count(c.forward_filled), "symbol-minutes without a real bar");
  out += metric("Closing Prints", count(c.closing_prints), "outside the session, not used");
  if (c.bad_prints > 0)
    out += metric("Bad Prints", count(c.bad_prints), "gone a minute later, not used: see the session log");
  if (c.late_prices > 0)
    out += metric("Late Prices", count(c.late_prices), "held back as suspect, but real: used a bar late");
  out += metric("Last-Resort Fills", count(c.last_resort_fills), "no bar was left: last trade, worsened");
  if (c.orders_refused > 0)
    out += metric("Refused Orders", count(c.orders_refused), "by the broker; the session log says why");
  out += metric("Warm-up Sessions",
                std::to_string(run.warmup_sessions) + " of " + std::to_string(run.warmup_sessions_wanted));
  if (run.warmup_sessions < run.warmup_sessions_wanted)
    out += "  The warm-up was SHORT: learners knew less than configured.\n";
  out += data_lines(run.manifest);
  if (c.days_breaker > 0)
    out += "  The circuit breaker ended " + counted(c.days_breaker, "day", "days") + " early.\n";
  if (c.days_not_flat > 0)
    out += "  NOT FLAT AT THE CLOSE on " + counted(c.days_not_flat, "day", "days") + ".\n";
  return out;
}

}  // namespace sentio::analysis_detail
