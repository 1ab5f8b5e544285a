#include "sentio/reports/report_json.h"

#include <nlohmann/json.hpp>

namespace sentio {

namespace {

using OrderedJson = nlohmann::ordered_json;

OrderedJson text_or_null(const std::string& text) {
  return text.empty() ? OrderedJson(nullptr) : OrderedJson(text);
}

OrderedJson fills_json(const DayComparison& day) {
  OrderedJson differing = OrderedJson::array();
  for (const ComparedFill& fill : day.fills)
    differing.push_back({{"minute", format_new_york(fill.minute)},
                         {"symbol", fill.symbol},
                         {"side", fill.side},
                         {"live_qty", fill.live_qty},
                         {"mock_qty", fill.mock_qty},
                         {"live_price", fill.live_price},
                         {"mock_price", fill.mock_price}});
  return {{"equal", day.fills_equal},
          {"differ", day.fills_differ},
          {"only_live", day.only_live},
          {"only_mock", day.only_mock},
          {"differing", differing}};
}

OrderedJson money_difference_json(const MoneyDifference& m) {
  return {{"live_usd", m.live},     {"mock_usd", m.mock}, {"difference_usd", m.total()}, {"price_usd", m.price},
          {"fees_usd", m.fees}, {"trades_usd", m.trades}, {"rest_usd", m.rest}};
}

OrderedJson execution_difference_json(const ExecutionDifference& e) {
  return {{"live_measured_usd", e.live_measured},     {"mock_assumed_usd", e.mock_assumed},
          {"difference_usd", e.total()},              {"live_executions", e.live_executions},
          {"live_not_measured", e.live_not_measured}, {"mock_executions", e.mock_executions}};
}

OrderedJson execution_differences_json(const DayComparison& day) {
  OrderedJson all = execution_difference_json(day.execution), symbols = OrderedJson::object();
  for (const ExecutionDifference& symbol : day.execution_by_symbol)
    symbols[symbol.symbol] = execution_difference_json(symbol);
  all["symbols"] = symbols;
  return all;
}

}  // namespace

void add_reading(OrderedJson& summary, const std::vector<MissingDay>& missing,
                 const std::vector<std::string>& notes) {
  OrderedJson rows = OrderedJson::array();
  for (const MissingDay& day : missing)
    rows.push_back({{"date", format_date(day.date)}, {"why", text_or_null(day.why)}});
  summary["sessions_without_run"] = rows;
  summary["notes"] = notes;
}

OrderedJson comparison_json(const std::vector<DayComparison>& days) {
  OrderedJson rows = OrderedJson::array();
  for (const DayComparison& day : days)
    rows.push_back({{"date", format_date(day.date)},
                    {"signals", {{"equal", day.signals}, {"first_difference", text_or_null(day.difference.value_or(""))}}},
                    {"fills", fills_json(day)},
                    {"money", money_difference_json(day.money)},
                    {"execution", execution_differences_json(day)}});
  return rows;
}

}  // namespace sentio
