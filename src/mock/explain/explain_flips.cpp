#include "explain/explain_flips.h"

#include <algorithm>
#include <cmath>
#include <cstdarg>
#include <cstdio>

namespace sentio::mock_detail {

namespace {

[[gnu::format(printf, 1, 2)]] std::string phrase(const char* format, ...) {
  char text[256];
  va_list arguments;
  va_start(arguments, format);
  std::vsnprintf(text, sizeof text, format, arguments);
  va_end(arguments);
  return text;
}

/// New York time of the set that ends so many minutes after the open.
std::string clock_of(const Explanation& found, double minutes_after_open) {
  const auto minutes = static_cast<int>(minutes_after_open) - found.minutes_after_open;
  return format_new_york(found.set_end + minutes * kBarLength).substr(11, 5);
}

/// What every sentence below may look at.
struct Scene {
  const TradingSession& session;
  SymbolId symbol;
  const Explanation& found;
  [[nodiscard]] const RotationConfig& rotation() const { return session.config().rotation; }
  [[nodiscard]] const SymbolView& view() const { return session.views()[symbol]; }
};

const Gate* gate_named(const Explanation& found, std::string_view name) {
  for (const Gate& gate : found.gates) {
    if (gate.name == name) return &gate;
  }
  return nullptr;
}

/// "; that is a probability of 0.61 at this confidence": strength is 0 below a probability of ½.
std::string as_probability(const Explanation& found, double strength) {
  const double others = found.signal.own.confidence * found.boost * found.signal.staleness;
  const double probability = std::max(0.5, strength / others);
  if (!(probability <= 1)) return "; at this confidence no probability reaches it";
  return phrase("; at this confidence a probability of %.4f (%.4f now)", probability, found.signal.own.probability);
}

std::string needed(const char* what, double needs, double has) {
  return phrase("%s of at least %.4f (%.4f now)", what, needs, has);
}

// ---- entries --------------------------------------------------------------------------------------------

std::string valid_signal(const Scene& scene, const Gate& gate) {
  const OnlineEnsemble& ensemble = scene.session.learners()->ensemble(scene.symbol);
  const SymbolSignal& own = scene.found.signal.own;
  if (scene.view().last_close == 0) return "a first bar of it";
  if (own.age > scene.session.config().data.max_forward_fills)
    return phrase("a real bar: the last one is %d minutes old", own.age);
  if (ensemble.bars_standardized() <= FeatureStandardizer::kMinimumBars)
    return phrase("%d earlier real bars to standardise by (%lld so far)", FeatureStandardizer::kMinimumBars,
                 static_cast<long long>(std::max<std::int64_t>(0, ensemble.bars_standardized() - 1)));
  return phrase("%.0f learned rows (%.0f so far): more warm-up days", *gate.limit, *gate.value);
}

std::string better_rank(const Scene& scene) {
  const int slots = scene.rotation().max_positions;
  for (const RankingRow& row : scene.found.ranking) {
    if (row.rank != slots) continue;
    if (scene.found.by_net_edge)
      return phrase("a net edge above %.4f bps, that of %s at rank %d (%.4f now)", row.net_edge_bps, row.symbol.c_str(),
                   slots, scene.found.signal.net_edge_bps);
    return phrase("a strength above %.4f, that of %s at rank %d (%.4f now)", row.strength, row.symbol.c_str(), slots,
                 scene.found.signal.strength) +
           as_probability(scene.found, row.strength);
  }
  return "a rank";
}

std::string dearer_move(const Scene& scene, const Gate& gate) {
  std::string text = phrase("a calibrated move of at least %.4f bps, %g x the cost of %.4f (%.4f now)", *gate.limit,
                           scene.found.cost_gate, scene.found.signal.cost_bps, *gate.value);
  const bool worthless = std::all_of(scene.found.horizons.begin(), scene.found.horizons.end(),
                                     [](const HorizonExplanation& h) { return h.slope == 0; });
  if (worthless) return text + "; every calibration slope is 0 today: no prediction passes";
  if (*gate.value > 0) text += phrase("; that is %.2f times this prediction", *gate.limit / *gate.value);
  return text;
}

/// Names of what takes a slot, or stands on the other side, in the book or among this set's entries.
std::string book_names(const Scene& scene, bool opposite_only) {
  std::string names;
  for (const RankingRow& row : scene.found.ranking) {
    const auto id = *scene.session.universe().find(row.symbol);
    const bool taken = !row.book.empty() || row.decision.starts_with("enter ");
    const int side = scene.session.universe()[id].equity_side * scene.view().equity_side;
    if (!taken || (opposite_only && side >= 0)) continue;
    names += (names.empty() ? "" : ", ") + row.symbol;
  }
  return names;
}

std::string entry_flip(const Scene& scene, const Gate& gate) {
  const std::string& name = gate.name;
  const SignalOutput& s = scene.found.signal;
  if (name == "signal") return valid_signal(scene, gate);
  if (name == "buy_threshold") return needed("a probability", *gate.limit, *gate.value);
  if (name == "min_confidence") return needed("a confidence", *gate.limit, *gate.value);
  if (name == "min_strength" || name == "below_entry_strength")
    return needed("a strength", *gate.limit, s.strength) + as_probability(scene.found, *gate.limit);
  if (name == "rank") return better_rank(scene);
  if (name == "cost_gate") return dearer_move(scene, gate);
  if (name == "no_real_bar" || name == "skipped_set") return "a real bar in this minute";
  if (name == "cooling_down")
    return "the cooldown ends with the set at " +
           clock_of(scene.found, scene.found.minutes_after_open + *gate.limit - *gate.value);
  if (name == "no_free_slot") return "one of " + book_names(scene, false) + " sold before";
  if (name == "opposite_side") return book_names(scene, true) + " not in the book";
  if (name == "after_cutoff") return "a set before " + clock_of(scene.found, *gate.limit);
  if (name == "breaker_open") return "the next session: the breaker stays open for the day";
  if (name == "learner_unhealthy") {
    const BrokenLimit& broken = scene.session.broken_limits()[scene.symbol];
    return "the limit " + std::string(to_string(broken.limit)) + " of health_config not broken last session";
  }
  if (name == "insufficient_cash")
    return phrase("free cash of at least %.2f USD a share (%.2f after this set's orders)", *gate.limit, *gate.value);
  if (name == "risk_order_size") return phrase("an order of at most %g of equity (max_order_fraction)", *gate.limit);
  if (name == "risk_price_band") return phrase("a price within %g of the last close (max_price_deviation)", *gate.limit);
  if (name == "risk_order_rate") return phrase("fewer than %.0f orders in this minute", *gate.limit);
  if (name == "order_at_work") return "its order filled or cancelled before";
  return "that condition lifted";
}

// ---- positions ------------------------------------------------------------------------------------------

/// A rule that has not sold yet: how much of its way it has gone (1 = it strikes), and what it takes.
struct Distance {
  double gone = 0;
  std::string text;
};

std::string price_flip(const Scene& scene, const char* rule, const char* side, double limit) {
  const double price = scene.found.avg_entry * (1 + limit);
  return phrase("%s: a close %s %.4f (%+.2f%% from here)", rule, side, price, 100 * (price / scene.found.close - 1));
}

std::optional<Distance> distance_of(const Scene& scene, const Gate& gate) {
  const std::string& name = gate.name;
  const double has = gate.value.value_or(0), limit = gate.limit.value_or(0);
  const auto share = [](double gone) { return std::isfinite(gone) ? std::clamp(gone, 0.0, 1.0) : 1.0; };
  if (name == "eod") return Distance{share(has / limit), "eod: with the set at " + clock_of(scene.found, limit)};
  if (name == "stop_loss") return Distance{share(has / limit), price_flip(scene, "stop_loss", "at or below", limit)};
  if (name == "profit_target")
    return Distance{share(has / limit), price_flip(scene, "profit_target", "at or above", limit)};
  if (name == "weak_signal")
    return Distance{share(limit / has), phrase("weak_signal: a strength below %.4f (%.4f now)", limit, has)};
  if (name == "negative_edge")
    return Distance{share(1 - has / scene.found.signal.cost_bps),
                    phrase("negative_edge: a calibrated move below 0 bps (%.4f now)", has)};
  if (name == "rotated_out" && gate.limit)
    return Distance{share(has / limit), phrase("rotated_out: a candidate of strength %.4f or more that may enter "
                                              "(strongest now %.4f)", limit, has)};
  return std::nullopt;
}

std::vector<std::string> nearest_exits(const Scene& scene) {
  std::vector<Distance> distances;
  for (const Gate& gate : scene.found.gates) {
    if (gate.strikes) continue;
    if (auto distance = distance_of(scene, gate)) distances.push_back(*std::move(distance));
  }
  std::stable_sort(distances.begin(), distances.end(),
                   [](const Distance& a, const Distance& b) { return a.gone > b.gone; });
  std::vector<std::string> lines;
  if (const Gate* hold = gate_named(scene.found, "minimum_hold"); hold != nullptr && hold->strikes)
    lines.push_back("before the set at " + clock_of(scene.found, scene.found.minutes_after_open + *hold->limit - *hold->value) +
                    " only eod, breaker, stop and target may sell");
  for (const Distance& d : distances) lines.push_back(d.text);
  return lines;
}

std::string exit_flip(const Scene& scene, const Gate& gate) {
  const std::string& name = gate.name;
  if (name == "stop_loss") return price_flip(scene, "kept", "above", *gate.limit);
  if (name == "profit_target") return price_flip(scene, "kept", "below", *gate.limit);
  if (name == "weak_signal")
    return "kept: " + needed("a strength", *gate.limit, *gate.value) + as_probability(scene.found, *gate.limit);
  if (name == "negative_edge") return phrase("kept: a calibrated move of 0 bps or more (%.4f now)", *gate.value);
  if (name == "stale_signal") return "kept: a real bar and a valid signal";
  if (name == "rotated_out")
    return phrase("kept: a rank up to %d, or no candidate of strength %.4f", scene.rotation().max_positions, *gate.limit);
  return "nothing today";
}

}  // namespace

std::string gate_text(const TradingSession& session, SymbolId, const Gate& gate) {
  const std::string& name = gate.name;
  if (!gate.value && !gate.limit) return "";
  const double has = gate.value.value_or(0), limit = gate.limit.value_or(0);
  if (name == "signal") return phrase("%.0f learned rows of %.0f", has, limit);
  if (name == "rank") return gate.value ? phrase("rank %.0f of %.0f", has, limit) : "no rank";
  if (name == "cost_gate")
    return session.config().rotation.cost_gate == 0 ? "off" : phrase("move %.4f bps, needs %.4f", has, limit);
  if (name == "cooling_down") return gate.value ? phrase("%.0f sets since its exit, needs %.0f", has, limit) : "no exit today";
  if (name == "no_free_slot") return phrase("%.0f of %.0f slots taken", has, limit);
  if (name == "eod" || name == "after_cutoff") return phrase("minute %.0f, from %.0f on", has, limit);
  if (name == "stop_loss" || name == "profit_target") return phrase("%+.3f%% since entry, at %+.3f%%", 100 * has, 100 * limit);
  if (name == "minimum_hold" || name == "entry_expired") return phrase("%.0f sets, of %.0f", has, limit);
  if (name == "negative_edge") return phrase("move %.4f bps, below 0", has);
  if (name == "weak_signal") return phrase("strength %.4f, below %.4f", has, limit);
  if (name == "rotated_out") return phrase("strongest candidate %.4f, from %.4f on", has, limit);
  if (name == "insufficient_cash") return phrase("free cash %.2f USD, a share costs %.2f", has, limit);
  if (name.starts_with("risk_")) return phrase("limit %g", limit);
  return phrase("%.4f, needs %.4f", has, limit);
}

std::vector<std::string> flips_of(const TradingSession& session, SymbolId symbol, const Explanation& found) {
  const Scene scene{session, symbol, found};
  if (found.action == "hold") return nearest_exits(scene);
  if (found.action == "enter") return {};
  const Gate* gate = gate_named(found, found.reason);
  if (gate == nullptr) return found.exit_gates ? nearest_exits(scene) : std::vector<std::string>{};
  if (found.action == "exit" || found.exit_gates) return {exit_flip(scene, *gate)};
  return {entry_flip(scene, *gate)};
}

}  // namespace sentio::mock_detail
