#include <cmath>
#include <nlohmann/json.hpp>

#include "sentio/mock/explanation.h"

namespace sentio {

namespace {

using ExplanationJson = nlohmann::ordered_json;

constexpr std::array<const char*, kFeatureGroups> kGroupNames{"momentum", "volatility", "volume"};

ExplanationJson number_json(std::optional<double> value) {
  return value && std::isfinite(*value) ? ExplanationJson(*value) : ExplanationJson(nullptr);
}

ExplanationJson shares_json(const HorizonExplanation& h) {
  auto rows = ExplanationJson::array();
  for (const FeatureShare& share : h.shares) {
    const FeatureInfo& info = feature_table()[static_cast<std::size_t>(share.feature)];
    rows.push_back({{"feature", info.name},
                    {"group", kGroupNames[static_cast<std::size_t>(info.group)]},
                    {"z", number_json(share.z)},
                    {"weight", number_json(share.weight)},
                    {"contribution", number_json(share.contribution)}});
  }
  return rows;
}

ExplanationJson horizons_json(const Explanation& e) {
  auto rows = ExplanationJson::array();
  for (const HorizonExplanation& h : e.horizons) {
    ExplanationJson groups;
    for (std::size_t g = 0; g < kFeatureGroups; ++g) groups[kGroupNames[g]] = number_json(h.groups[g]);
    rows.push_back({{"minutes", h.minutes},
                    {"weight", number_json(h.weight)},
                    {"prediction", number_json(h.prediction)},
                    {"sigma_bps", number_json(1e4 * h.sigma)},
                    {"probability", number_json(h.probability)},
                    {"slope", number_json(h.slope)},
                    {"move_bps", number_json(h.move_bps)},
                    {"confidence", number_json(h.confidence)},
                    {"directional_accuracy", number_json(h.directional_accuracy)},
                    {"rmse_ratio", number_json(h.error_ratio)},
                    {"groups", groups},
                    {"contributions", shares_json(h)}});
  }
  return rows;
}

ExplanationJson strength_json(const Explanation& e) {
  const SignalOutput& s = e.signal;
  return {{"valid", s.own.valid},
          {"age", s.own.age},
          {"probability_before_bands", number_json(e.plain_probability)},
          {"band_position", number_json(e.band_position)},
          {"probability", number_json(s.own.probability)},
          {"confidence", number_json(s.own.confidence)},
          {"boost", number_json(e.boost)},
          {"staleness", number_json(s.staleness)},
          {"strength", number_json(s.strength)},
          {"move_bps", number_json(s.move_bps)},
          {"cost_bps", number_json(s.cost_bps)},
          {"cost_gate", number_json(e.cost_gate)},
          {"net_edge_bps", number_json(s.net_edge_bps)}};
}

ExplanationJson ranking_json(const Explanation& e) {
  auto rows = ExplanationJson::array();
  for (const RankingRow& r : e.ranking)
    rows.push_back({{"symbol", r.symbol},
                    {"rank", r.rank},
                    {"strength", number_json(r.strength)},
                    {"net_edge_bps", number_json(r.net_edge_bps)},
                    {"move_bps", number_json(r.move_bps)},
                    {"cost_bps", number_json(r.cost_bps)},
                    {"passes", r.passes},
                    {"book", r.book},
                    {"decision", r.decision}});
  return rows;
}

ExplanationJson gates_json(const Explanation& e) {
  constexpr std::array<const char*, 3> kStates{"passed", "decided", "not_asked"};
  auto rows = ExplanationJson::array();
  for (const Gate& g : e.gates)
    rows.push_back({{"gate", g.name},
                    {"state", kStates[static_cast<std::size_t>(g.state)]},
                    {"strikes", g.strikes},
                    {"value", number_json(g.value)},
                    {"limit", number_json(g.limit)},
                    {"text", g.text}});
  return rows;
}

ExplanationJson position_json(const Explanation& e) {
  if (!e.held) return nullptr;
  return {{"qty", number_json(e.qty)},
          {"avg_entry", number_json(e.avg_entry)},
          {"return_pct", number_json(e.return_since_entry)},
          {"sets_held", e.sets_held}};
}

}  // namespace

nlohmann::ordered_json explanation_json(const Explanation& e) {
  auto decisions = ExplanationJson::array();
  for (const std::string& line : e.decision_lines) decisions.push_back(ExplanationJson::parse(line));
  return {{"ts", format_new_york(e.set_end)},
          {"symbol", e.symbol},
          {"strategy", e.strategy},
          {"config", e.config},
          {"minutes_after_open", e.minutes_after_open},
          {"session_minutes", e.session_minutes},
          {"close", number_json(e.close)},
          {"action", e.action},
          {"reason", e.reason},
          {"words", e.words},
          {"flips", e.flips},
          {"signal_record", ExplanationJson::parse(e.signal_line)},
          {"decision_records", decisions},
          {"signal", strength_json(e)},
          {"horizons", horizons_json(e)},
          {"ranked_by", e.by_net_edge ? "net_edge" : "strength"},
          {"ranking", ranking_json(e)},
          {"position", position_json(e)},
          {"gates_of", e.exit_gates ? "position" : "entry"},
          {"gates", gates_json(e)}};
}

}  // namespace sentio
