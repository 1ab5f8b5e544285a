/// The ranked signals, each with the gate that holds it back.

#include <algorithm>
#include <array>
#include <cmath>

#include "day/sections.h"

namespace sentio::dashboard_detail {

namespace {

/// What stands between a signal and shares, in the order it is asked.
struct Gate {
  std::string name;  ///< "held", "entered", a reason of the decisions, a filter; empty: nothing
  double value = NAN, limit = NAN;
};

/// The filter that it does not pass: the signals file says only that there is one.
Gate filter_of(const Json& signal, const ShownDay& day) {
  if (!fields::boolean(signal, "valid")) return {.name = "no_signal"};
  struct Filter {
    const char *name, *value, *section;
  };
  constexpr std::array<Filter, 3> kFilters{{{"buy_threshold", "probability", "oes_config"},
                                            {"min_confidence", "confidence", "signal_aggregator_config"},
                                            {"min_strength", "strength", "signal_aggregator_config"}}};
  for (const Filter& f : kFilters) {
    const double value = fields::number(signal, f.value), limit = day.setting(f.section, f.name);
    if (value < limit) return {f.name, value, limit};
  }
  return {.name = "filtered"};
}

bool is_held(const Json& book, const std::string& symbol) {
  for (const Json& held : part_of(book, "positions"))
    if (fields::text(held, "symbol") == symbol) return true;
  return false;
}

Gate gate_of(const Json& signal, const ShownDay& day) {
  const std::string symbol = fields::text(signal, "symbol");
  const auto decided = day.lines.decisions.newest.find(symbol);
  if (decided != day.lines.decisions.newest.end() && fields::text(decided->second, "ts") == fields::text(signal, "ts")) {
    return {.name = fields::text(decided->second, "reason")};
  }
  if (is_held(day.lines.book.last, symbol)) return {.name = "held"};
  if (!fields::boolean(signal, "passes")) return filter_of(signal, day);
  // Only so many of the best are asked; the decisions do not name the others.
  const double rank = fields::number(signal, "rank"), most = day.setting("rotation_manager_config", "max_positions");
  if (rank > most) return {"rank", rank, most};
  return {};
}

/// Ranked ones by rank, then the others by strength.
bool before(const Json& a, const Json& b) {
  const auto key = [](const Json& signal) {
    const double rank = fields::number(signal, "rank"), strength = fields::number(signal, "strength");
    return std::pair(rank > 0 ? rank : 1e9, std::isfinite(strength) ? -strength : 1e9);
  };
  return key(a) < key(b);
}

}  // namespace

Json signals_section(const ShownDay& day) {
  std::vector<Json> signals = day.lines.signals.rows;
  std::ranges::stable_sort(signals, before);
  Json rows = Json::array();
  for (const Json& signal : signals) {
    const Gate gate = gate_of(signal, day);
    Json row = Json::object();
    for (const char* key : {"symbol", "rank", "valid", "age", "probability", "confidence", "strength", "move_bps", "cost_bps", "passes"})
      row[key] = plain_of(signal, key);
    row["gate"] = gate.name.empty() ? Json(nullptr) : Json(gate.name);
    row["gate_value"] = number_or_null(gate.value);
    row["gate_limit"] = number_or_null(gate.limit);
    rows.push_back(std::move(row));
  }
  return {{"ts", day.lines.signals.ts.empty() ? Json(nullptr) : Json(day.lines.signals.ts)}, {"rows", std::move(rows)}};
}

}  // namespace sentio::dashboard_detail
