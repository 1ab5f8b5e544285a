#include "day_summary.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

namespace sentio::reports_detail {

namespace {

using Json = nlohmann::json;

double number_or(const Json& object, const char* key, double otherwise) {
  const Json& value = object.at(key);
  return value.is_null() ? otherwise : value.get<double>();
}

void read_heading(const Json& j, RunResult& run) {
  run.strategy_name = j.at("strategy").get<std::string>();
  run.config_name = j.at("config").get<std::string>();
  run.mode = j.at("mode").get<std::string>();
  run.instruments = j.at("instruments").get<std::vector<std::string>>();
  run.synthetic = j.at("synthetic").get<bool>();
  run.same_close_fills = j.at("not_achievable").get<bool>();
  run.preflight_override = j.value("preflight_override", "");
  run.trials = std::max(1LL, j.at("evidence").value("trials", 1LL));  // summaries written before trials: 1
  run.warmup_sessions = j.at("checks").at("warmup_sessions").get<int>();
  run.warmup_sessions_wanted = j.at("checks").at("warmup_sessions_wanted").get<int>();
}

void read_manifest(const Json& j, RunResult& run) {
  const auto found = j.find("manifest");
  if (found == j.end() || found->is_null()) return;
  Manifest& m = run.manifest;
  m.binary = found->at("binary").get<std::string>();
  m.configuration = found->at("configuration").get<std::string>();
  m.learning = found->at("learning").get<std::string>();
  m.calendar = found->at("calendar").get<std::string>();
  m.data_files = found->at("data_files").get<std::map<std::string, std::string>>();
  for (const Json& row : found->value("data_findings", Json::array())) {
    const Json& symbol = row.at("symbol");
    m.data_findings.push_back({.kind = row.at("kind").get<std::string>(),
                               .severity = row.at("severity").get<std::string>(),
                               .symbol = symbol.is_null() ? std::string() : symbol.get<std::string>(),
                               .text = row.at("text").get<std::string>(),
                               .accepted = row.at("accepted").get<bool>()});
  }
  m.accepted_data = found->value("accepted_data", std::vector<std::string>{});
}

void read_money(const Json& row, DayResult& day) {
  day.equity_start = number_or(row, "equity_start_usd", NAN);
  day.equity_end = number_or(row, "equity_end_usd", NAN);
  const Json& costs = row.at("costs");
  day.spread_cost = number_or(costs, "spread_usd", 0);
  day.fee_sec = number_or(costs, "sec_usd", 0);
  day.fee_taf = number_or(costs, "taf_usd", 0);
  day.fee_other = number_or(costs, "other_usd", 0);
  day.orders_filled = row.at("trades").get<int>();
  day.drawdown_max = number_or(row, "drawdown_max_pct", 0);
}

void read_checks(const Json& checks, DayResult& day) {
  day.sets = checks.at("sets").get<int>();
  day.sets_skipped = checks.at("sets_skipped").get<int>();
  day.forward_filled = checks.at("forward_filled").get<int>();
  day.closing_prints = checks.at("closing_prints").get<int>();
  day.bad_prints = checks.value("bad_prints", 0);
  day.late_prices = checks.value("late_prices", 0);
  day.last_resort_fills = checks.at("last_resort_fills").get<int>();
  day.orders_refused = checks.value("orders_refused", 0);
  day.breaker_tripped = checks.at("days_breaker_tripped").get<int>() > 0;
  day.flat_at_close = checks.at("days_not_flat").get<int>() == 0;
}

// The file has shares; counts come back exactly.
void read_signals(const Json& j, SignalStats& stats) {
  stats.signals = j.at("signals").get<std::int64_t>();
  const auto counted = [&](const char* key) {
    return static_cast<std::int64_t>(std::llround(number_or(j, key, 0) * static_cast<double>(stats.signals)));
  };
  stats.pass_probability = counted("pass_probability_pct");
  stats.pass_confidence = counted("pass_confidence_pct");
  stats.pass_strength = counted("pass_strength_pct");
  stats.pass_entry_strength = counted("pass_entry_strength_pct");
  stats.pass_cost_gate = counted("pass_cost_gate_pct");
  // Files of older versions have no count of their own; reading the signals corrects both.
  stats.strength_count = j.value("strength_signals", stats.signals);
  stats.strength_sum = number_or(j, "strength_mean", 0) * static_cast<double>(stats.strength_count);
  stats.strength_max = number_or(j, "strength_max", 0);
  stats.confidence_start = number_or(j, "confidence_start", 0);
  stats.confidence_end = number_or(j, "confidence_end", 0);
}

void read(const Json& j, DayRecords& day) {
  const std::string date = format_date(day.hours.date);
  const Json& rows = j.at("days");
  if (rows.size() != 1 || rows.at(0).at("date") != date)
    throw std::invalid_argument("is no summary of " + date + " alone");
  DayResult result;
  result.date = day.hours.date;
  read_heading(j, day.run);
  read_manifest(j, day.run);
  read_money(rows.at(0), result);
  read_checks(j.at("checks"), result);
  read_signals(j.at("signals"), result.signals);
  result.exposure = number_or(j.at("performance"), "exposure_pct", 0);
  for (const Json& row : j.at("calibration"))
    result.calibration.push_back({row.at("horizon_bars").get<int>(), number_or(row, "slope_last", 0)});
  for (const auto& [symbol, mean] : j.at("buy_and_hold").at("symbol_mean_day_pct").items())
    if (!mean.is_null()) result.buy_and_hold[symbol] = mean.get<double>();
  day.targets = j.at("verdict").at("targets").get<std::string>();
  day.run.capital = result.equity_start;
  day.run.days = {std::move(result)};
}

}  // namespace

Result<> read_day_summary(std::string_view text, const std::string& where, DayRecords& day) {
  try {
    read(Json::parse(text), day);
    return {};
  } catch (const std::exception& e) {
    return fail(Errc::malformed, where, std::string("not the summary of a day: ") + e.what());
  }
}

}  // namespace sentio::reports_detail
