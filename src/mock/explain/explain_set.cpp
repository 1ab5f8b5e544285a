#include <algorithm>
#include <cmath>

#include "explain/explain_gates.h"
#include "sentio/core/check.h"
#include "sentio/mock/explanation.h"
#include "sentio/store/record_format.h"

namespace sentio {

namespace {

HorizonExplanation explain_horizon(const TradingSession& session, const OnlineEnsemble& ensemble,
                                   const SymbolSignal& own, int h) {
  const auto i = static_cast<std::size_t>(h);
  const LearnerConfig& config = session.config().learner;
  HorizonExplanation out{.minutes = config.horizons[i],
                         .weight = config.horizon_weights[i],
                         .prediction = own.prediction[i],
                         .sigma = own.sigma[i],
                         .probability = 0.5 + 0.5 * std::tanh(own.prediction[i]),
                         .slope = session.calibration().slope(h),
                         .confidence = ensemble.confidence(h).value(),
                         .directional_accuracy = ensemble.confidence(h).directional_accuracy(),
                         .error_ratio = ensemble.confidence(h).error_ratio()};
  out.move_bps = 1e4 * out.slope * out.prediction * out.sigma;
  const auto weights = ensemble.predictor().weights(h);
  const auto z = ensemble.features();
  for (std::size_t j = 0; j < out.shares.size(); ++j) {
    out.shares[j] = {static_cast<int>(j), z[j], weights[j], weights[j] * z[j]};
    out.groups[static_cast<std::size_t>(feature_table()[j].group)] += out.shares[j].contribution;
  }
  std::stable_sort(out.shares.begin(), out.shares.end(), [](const FeatureShare& a, const FeatureShare& b) {
    return std::abs(a.contribution) > std::abs(b.contribution);
  });
  return out;
}

void explain_signal(const TradingSession& session, SymbolId symbol, Explanation& out) {
  const LearnerConfig& config = session.config().learner;
  const OnlineEnsemble& ensemble = session.learners()->ensemble(symbol);
  out.signal = session.signals()[symbol];
  out.boost = session.universe()[symbol].boost;
  out.plain_probability = ensemble.plain_probability(out.signal.own.prediction);
  for (int h = 0; h < ensemble.horizons(); ++h)
    out.horizons.push_back(explain_horizon(session, ensemble, out.signal.own, h));
  if (!config.bb_amplification || !out.signal.own.real) return;
  const auto table = feature_table();
  const auto band = std::find_if(table.begin(), table.end(),
                                 [](const FeatureInfo& f) { return f.name == "bollinger_position_20"; });
  SENTIO_CHECK(band != table.end());
  out.band_position = ensemble.raw_features()[static_cast<std::size_t>(band - table.begin())];
}

std::string book_of(const SymbolView& view) {
  if (view.sell_working) return "selling";
  if (view.buy_working) return "buying";
  return view.qty > 0 ? "held" : "";
}

std::vector<RankingRow> ranking_of(const TradingSession& session, std::span<const Action> actions) {
  std::vector<RankingRow> rows;
  for (const SignalOutput& s : session.signals()) {
    rows.push_back({.symbol = session.universe()[s.symbol].name,
                    .rank = s.rank,
                    .strength = s.strength,
                    .net_edge_bps = s.net_edge_bps,
                    .move_bps = s.move_bps,
                    .cost_bps = s.cost_bps,
                    .passes = s.passes(),
                    .book = book_of(session.views()[s.symbol]),
                    .decision = ""});
  }
  for (const Action& action : actions) {
    const auto* d = std::get_if<DecisionRecord>(&action);
    if (d == nullptr || d->for_all) continue;
    std::string& text = rows[d->symbol].decision;
    text += (text.empty() ? "" : ", ") + std::string(to_string(d->kind)) + " " + std::string(to_string(d->reason));
  }
  std::stable_sort(rows.begin(), rows.end(), [](const RankingRow& a, const RankingRow& b) {
    return a.rank != b.rank && (b.rank == 0 || (a.rank != 0 && a.rank < b.rank));
  });
  return rows;
}

/// The symbol's lines as the run's files have them.
void add_lines(const TradingSession& session, SymbolId symbol, std::span<const Action> actions, Explanation& out) {
  RecordFormatter format(session.universe().names(), session.config().learner.horizons);
  for (const Action& action : actions) {
    if (const auto* s = std::get_if<SignalRecord>(&action)) {
      if (s->signal.symbol == symbol) format.append(out.signal_line, *s);
    } else if (const auto* d = std::get_if<DecisionRecord>(&action)) {
      if (d->for_all || d->symbol == symbol) format.append(out.decision_lines.emplace_back(), *d);
    }
  }
}

Explanation look(const TradingSession& session, TimePoint set_end, SymbolId symbol, std::span<const Action> actions) {
  Explanation out;
  out.strategy = session.config().name;
  out.symbol = session.universe()[symbol].name;
  out.set_end = set_end;
  out.minutes_after_open = session.set_view().minutes_after_open;
  out.session_minutes = session.set_view().session_minutes;
  out.cost_gate = session.config().rotation.cost_gate;
  out.by_net_edge = session.config().rotation.rank_by == RankBy::net_edge;
  const SymbolView& view = session.views()[symbol];
  out.close = view.last_close;
  out.held = view.qty > 0;
  out.qty = view.qty;
  out.avg_entry = view.avg_entry;
  if (out.held) out.return_since_entry = view.last_close / view.avg_entry - 1;
  out.sets_held = out.held ? session.rotation().sets_held(symbol) : 0;
  explain_signal(session, symbol, out);
  out.ranking = ranking_of(session, actions);
  add_lines(session, symbol, actions, out);
  mock_detail::explain_gates(session, symbol, actions, out);
  return out;
}

}  // namespace

Result<std::vector<Explanation>> explain_sets(const MockOptions& options, const std::vector<SymbolBars>& bars,
                                              std::span<const ExplainedSet> sets,
                                              const std::function<void(const std::string&)>& warning) {
  SENTIO_CHECK(options.first == options.last);
  std::vector<Explanation> found(sets.size());
  std::size_t answered = 0;
  MockSinks sinks;
  sinks.warning = warning;
  sinks.decided = [&](const TradingSession& session, TimePoint set_end, std::span<const Action> actions) {
    for (std::size_t i = 0; i < sets.size(); ++i) {
      if (session.set_view().minutes_after_open != sets[i].minute + 1) continue;
      SENTIO_CHECK(sets[i].symbol < session.universe().size());
      found[i] = look(session, set_end, sets[i].symbol, actions);
      found[i].config = options.config_name;
      ++answered;
    }
  };
  const auto run = run_mock(options, bars, sinks);
  if (!run) return tl::unexpected(run.error());
  SENTIO_CHECK(answered == sets.size());
  return found;
}

}  // namespace sentio
