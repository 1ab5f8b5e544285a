#include "sentio/analysis/json_report.h"

#include <cmath>
#include <nlohmann/json.hpp>

#include "sentio/analysis/override_reason.h"

namespace sentio {

namespace {

using Json = nlohmann::ordered_json;

Json number(std::optional<double> value) {
  return value && std::isfinite(*value) ? Json(*value) : Json(nullptr);
}

Json costs_json(const Costs& c, const std::string& unit) {
  return {{"total" + unit, number(c.total())},
          {"spread" + unit, number(c.spread)},
          {"sec" + unit, number(c.sec)},
          {"taf" + unit, number(c.taf)},
          {"other" + unit, number(c.other)}};
}

Json sharpe_json(const Evidence& e) {
  return {{"sharpe_day", e.sharpe ? number(e.sharpe->sharpe) : Json(nullptr)},
          {"skewness", e.sharpe ? number(e.sharpe->skewness) : Json(nullptr)},
          {"raw_kurtosis", e.sharpe ? number(e.sharpe->kurtosis) : Json(nullptr)},
          {"probabilistic_sharpe", number(e.psr)},
          {"trials", e.trials},
          {"deflated_sharpe", number(e.dsr)},
          {"min_track_record_days", number(e.track_record_min)}};
}

Json evidence_json(const Evidence& e) {
  Json j{{"word", to_string(e.word)},
         {"days", e.days},
         {"mean_day_pct", number(e.mean)},
         {"sd_day_pct", number(e.sd)},
         {"t", number(e.t)},
         {"interval_95_low_pct", e.interval ? number(e.interval->low) : Json(nullptr)},
         {"interval_95_high_pct", e.interval ? number(e.interval->high) : Json(nullptr)},
         {"days_needed", number(e.days_needed)},
         {"interval_state", to_string(e.interval_state)},
         {"block_length_days", number(e.block_length)},
         {"se_hac_pct", number(e.se_hac)},
         {"hac_lags", e.hac_lags},
         {"p_two_sided", number(e.p_two_sided)},
         {"p_one_sided", number(e.p_one_sided)}};
  j.update(sharpe_json(e));
  return j;
}

Json drawdown_json(const std::optional<DrawdownSpan>& d) {
  if (!d) return nullptr;
  return {{"depth_pct", number(d->depth)},
          {"peak", format_date(d->peak)},
          {"trough", format_date(d->trough)},
          {"recovered", d->recovered ? Json(format_date(*d->recovered)) : Json(nullptr)}};
}

Json cost_curve_json(const CostCurve& curve) {
  Json points = Json::array();
  for (const CostPoint& p : curve.points)
    points.push_back({{"cost_side_bps", p.bps_side}, {"mrd_pct", number(p.mrd)}});
  return {{"paid_side_bps", number(curve.paid_bps_side)},
          {"break_even_side_bps", number(curve.dies_at_bps_side)},
          {"points", points}};
}

Json fill_band_json(const FillBand& band) {
  return {{"optimistic_mrd_pct", number(band.optimistic)},
          {"central_mrd_pct", number(band.central)},
          {"pessimistic_mrd_pct", number(band.pessimistic)},
          {"fragile", band.fragile}};
}

Json part_json(const PartCost& cost) {
  return {{"executions", cost.executions},
          {"usd", number(cost.usd)},
          {"mean_bps", number(cost.mean_bps)},
          {"weighted_bps", number(cost.weighted_bps)},
          {"interval_95_low_bps", cost.interval ? number(cost.interval->low) : Json(nullptr)},
          {"interval_95_high_bps", cost.interval ? number(cost.interval->high) : Json(nullptr)}};
}

Json execution_group_json(const ExecutionGroup& group, const char* key) {
  Json j = key == nullptr ? Json::object() : Json{{key, group.name}};
  j["executions"] = group.executions;
  j["notional_usd"] = number(group.notional);
  for (const CostPart part : kCostParts) j[std::string(to_string(part))] = part_json(group[part]);
  return j;
}

Json execution_json(const ExecutionCosts& costs) {
  Json symbols = Json::array(), hours = Json::array();
  for (const ExecutionGroup& group : costs.by_symbol) symbols.push_back(execution_group_json(group, "symbol"));
  for (const ExecutionGroup& group : costs.by_hour) hours.push_back(execution_group_json(group, "hour"));
  return {{"sessions", costs.sessions},
          {"sessions_unmeasured", costs.sessions_unmeasured},
          {"interval_unit", costs.unit == IntervalUnit::sessions ? "sessions" : "executions"},
          {"all", execution_group_json(costs.all, nullptr)},
          {"entries", execution_group_json(costs.bought, nullptr)},
          {"exits", execution_group_json(costs.sold, nullptr)},
          {"symbols", symbols},
          {"hours", hours}};
}

Json performance_json(const Summary& s) {
  return {{"mrd_pct", number(s.mrd)},
          {"mean_day_pct", number(s.evidence.mean)},
          {"mrd_annualised_pct", number(s.mrd_annualised)},
          {"total_return_pct", number(s.total_return)},
          {"gross_return_pct", number(s.gross_return)},
          {"win_rate_pct", number(s.win_rate)},
          {"trades", s.trades},
          {"trades_per_day", number(s.trades_per_day)},
          {"round_trips", s.round_trips},
          {"drawdown_max_pct", number(s.drawdown_max)},
          {"drawdown_day_max_pct", number(s.drawdown_day_max)},
          {"sharpe", number(s.sharpe)},
          {"sortino", number(s.sortino)},
          {"calmar", number(s.calmar)},
          {"drawdown", drawdown_json(s.drawdown_span)},
          {"profit_factor", number(s.profit_factor)},
          {"expectancy_usd", number(s.expectancy_usd)},
          {"expectancy_bps", number(s.expectancy_bps)},
          {"exposure_pct", number(s.exposure)},
          {"exposure_minutes_pct", number(s.exposure_minutes)},
          {"turnover_per_day", number(s.turnover_per_day)}};
}

Json money_json(const Summary& s) {
  Json j{{"capital_start_usd", number(s.capital_start)},
         {"capital_end_usd", number(s.capital_end)},
         {"net_usd", number(s.net)},
         {"gross_usd", number(s.gross)},
         {"costs", costs_json(s.costs, "_usd")},
         {"outside_round_trips_usd", number(s.pnl_outside_round_trips)},
         {"gross_per_day_bps", nullptr},
         {"net_per_day_bps", nullptr},
         {"costs_per_day", nullptr}};
  if (!s.bps) return j;
  j["gross_per_day_bps"] = number(s.bps->gross);
  j["net_per_day_bps"] = number(s.bps->net);
  j["costs_per_day"] = costs_json(s.bps->costs, "_bps");
  return j;
}

Json buy_and_hold_json(const BuyAndHold& b) {
  Json symbols = Json::object();
  for (const auto& symbol : b.symbols) symbols[symbol.name] = number(symbol.mean_day);
  return {{"mean_day_pct", number(b.mean_day)}, {"mrd_pct", number(b.mrd)}, {"symbol_mean_day_pct", symbols}};
}

Json groups_json(const std::vector<GroupStats>& groups, const std::string& key) {
  Json rows = Json::array();
  for (const GroupStats& g : groups)
    rows.push_back({{key, g.name},
                    {"pnl_usd", number(g.pnl)},
                    {"contribution_pct", number(g.contribution)},
                    {"trades", g.orders_filled},
                    {"round_trips", g.round_trips},
                    {"win_rate_pct", number(g.win_rate())},
                    {"costs", costs_json(g.costs, "_usd")},
                    {"turnover_per_day", number(g.turnover_per_day)}});
  return rows;
}

Json days_json(const Summary& s) {
  Json rows = Json::array();
  for (const DaySummary& day : s.by_day)
    rows.push_back({{"date", format_date(day.date)},
                    {"return_pct", number(day.day_return)},
                    {"equity_start_usd", number(day.equity_start)},
                    {"equity_end_usd", number(day.equity_end)},
                    {"trades", day.trades},
                    {"round_trips", day.round_trips},
                    {"wins", day.wins},
                    {"costs", costs_json(day.costs, "_usd")},
                    {"drawdown_max_pct", number(day.drawdown_max)},
                    {"win_rate_pct", number(day.win_rate())},
                    {"costs_bps", costs_json(day.costs_bps, "_bps")},
                    {"confidence_start", number(day.confidence_start)},
                    {"confidence_end", number(day.confidence_end)},
                    {"strength_mean", number(day.strength_mean)},
                    {"strength_max", number(day.strength_max)},
                    {"flags", day_flags(day)}});
  return rows;
}

Json signals_json(const FilterShares& f) {
  return {{"signals", f.signals},
          {"pass_probability_pct", number(f.probability)},
          {"pass_confidence_pct", number(f.confidence)},
          {"pass_strength_pct", number(f.strength)},
          {"pass_entry_strength_pct", number(f.entry_strength)},
          {"pass_cost_gate_pct", number(f.cost_gate)},
          {"strength_signals", f.with_strength},
          {"strength_mean", number(f.strength_mean)},
          {"strength_max", number(f.strength_max)},
          {"confidence_start", number(f.confidence_start)},
          {"confidence_end", number(f.confidence_end)},
          {"confidence_no_skill", kConfidenceNoSkill}};
}

Json calibration_json(const Summary& s) {
  Json rows = Json::array();
  for (const SlopeSummary& h : s.calibration)
    rows.push_back({{"horizon_bars", h.horizon},
                    {"slope_last", number(h.last)},
                    {"slope_mean", number(h.mean)},
                    {"days", h.days},
                    {"days_zero", h.days_zero}});
  return rows;
}

Json horizon_skill_json(const HorizonSkill& h) {
  const auto low = [](const std::optional<Interval>& i) { return i ? number(i->low) : Json(nullptr); };
  const auto high = [](const std::optional<Interval>& i) { return i ? number(i->high) : Json(nullptr); };
  return {{"horizon_bars", h.horizon},
          {"sessions", h.sessions},
          {"labels", h.labels},
          {"ic", number(h.ic)},
          {"ic_interval_95_low", low(h.ic_interval)},
          {"ic_interval_95_high", high(h.ic_interval)},
          {"rank_ic", number(h.rank_ic)},
          {"rank_ic_interval_95_low", low(h.rank_ic_interval)},
          {"rank_ic_interval_95_high", high(h.rank_ic_interval)},
          {"hit_rate_pct", number(h.hit_rate)},
          {"slope", number(h.slope)},
          {"error_vs_zero", number(h.error)}};
}

Json skill_json(const Summary& s) {
  Json rows = Json::array();
  for (const SymbolSkill& symbol : s.skill) {
    Json horizons = Json::array();
    for (const HorizonSkill& h : symbol.horizons) horizons.push_back(horizon_skill_json(h));
    const bool flagged = symbol.flag != SkillFlag::none;
    rows.push_back({{"symbol", symbol.symbol},
                    {"pnl_usd", number(symbol.pnl)},
                    {"flag", flagged ? Json(to_string(symbol.flag)) : Json(nullptr)},
                    {"horizons", horizons}});
  }
  return rows;
}

Json checks_json(const RunResult& run, const SessionChecks& c) {
  Json checks{{"sets", c.sets},
          {"sets_skipped", c.sets_skipped},
          {"forward_filled", c.forward_filled},
          {"closing_prints", c.closing_prints},
          {"last_resort_fills", c.last_resort_fills},
          {"days_breaker_tripped", c.days_breaker},
          {"days_not_flat", c.days_not_flat},
          {"warmup_sessions", run.warmup_sessions},
          {"warmup_sessions_wanted", run.warmup_sessions_wanted}};
  if (c.orders_refused > 0) checks["orders_refused"] = c.orders_refused;
  if (c.bad_prints > 0) checks["bad_prints"] = c.bad_prints;
  if (c.late_prices > 0) checks["late_prices"] = c.late_prices;
  return checks;
}

Json verdict_json(const Summary& s) {
  Json criteria = Json::array();
  for (const Criterion& c : s.criteria)
    criteria.push_back({{"name", c.name},
                        {"value", number(c.value)},
                        {"low", number(c.low)},
                        {"high", number(c.high)},
                        {"met", c.met}});
  return {{"ready", s.ready},
          {"evidence", to_string(s.evidence.word)},
          {"suspect_leak", s.suspect_leak},
          {"targets", s.targets_name},
          {"criteria", criteria}};
}

Json manifest_json(const RunResult& run) {
  const Manifest& m = run.manifest;
  if (!m.given()) return nullptr;
  Json j{{"binary", m.binary},
         {"configuration", m.configuration},
         {"learning", m.learning},
         {"calendar", m.calendar},
         {"data_files", m.data_files},
         {"trials", run.trials}};
  // Only where there is something to say.
  for (const DataFinding& finding : m.data_findings) {
    j["data_findings"].push_back({{"kind", finding.kind},
                                  {"severity", finding.severity},
                                  {"symbol", finding.symbol.empty() ? Json(nullptr) : Json(finding.symbol)},
                                  {"text", finding.text},
                                  {"accepted", finding.accepted}});
  }
  if (!m.accepted_data.empty()) j["accepted_data"] = m.accepted_data;
  return j;
}

Json date_or_null(const RunResult& run, bool first) {
  if (run.days.empty()) return nullptr;
  return format_date((first ? run.days.front() : run.days.back()).date);
}

}  // namespace

Json summary_json(const RunResult& run, const Summary& s) {
  Json j{{"date_first", date_or_null(run, true)},
         {"date_last", date_or_null(run, false)},
         {"trading_days", s.days},
         {"strategy", run.strategy_name},
         {"config", run.config_name},
         {"mode", run.mode},
         {"instruments", run.instruments},
         {"synthetic", s.synthetic},
         {"not_achievable", s.same_close_fills},
         {"numbers_sound", s.numbers_sound},
         {"days_chained", s.days_chained},
         {"verdict", verdict_json(s)},
         {"performance", performance_json(s)},
         {"evidence", evidence_json(s.evidence)},
         {"money", money_json(s)},
         {"buy_and_hold", buy_and_hold_json(s.buy_and_hold)},
         {"signals", signals_json(s.signals)},
         {"calibration", calibration_json(s)},
         {"skill", skill_json(s)},
         {"symbols", groups_json(s.by_symbol, "symbol")},
         {"hours", groups_json(s.by_hour, "hour")},
         {"exit_reasons", groups_json(s.by_exit_reason, "reason")},
         {"holding_times", groups_json(s.by_holding_time, "held")},
         {"cost_curve", cost_curve_json(s.cost_curve)},
         {"fill_band", fill_band_json(s.fill_band)},
         {"days", days_json(s)},
         {"checks", checks_json(run, s.checks)},
         {"manifest", manifest_json(run)}};
  if (s.execution) j["execution"] = execution_json(*s.execution);
  // Only where it happened. Harmless text: dump() throws on broken UTF-8.
  if (!run.preflight_override.empty()) j["preflight_override"] = harmless_reason(run.preflight_override);
  for (const std::string& warning : run.warnings) j["warnings"].push_back(harmless_reason(warning));
  return j;
}

}  // namespace sentio
