#include "sentio/strategy/signal_aggregator.h"

#include <algorithm>
#include <cmath>

#include "sentio/core/check.h"

namespace sentio {

SignalAggregator::SignalAggregator(const AggregatorConfig& config, const RotationConfig& rotation,
                                   double buy_threshold, int horizons, const Universe& universe)
    : config_(config),
      rank_by_(rotation.rank_by),
      cost_gate_(rotation.cost_gate),
      buy_threshold_(buy_threshold),
      horizons_(horizons),
      outputs_(universe.size()) {
  for (const SymbolInfo& symbol : universe) boosts_.push_back(symbol.boost);
  order_.reserve(universe.size());
}

void SignalAggregator::measure(SignalOutput& out, const Calibration& calibration) const {
  const SymbolSignal& own = out.own;
  out.staleness = std::exp(-0.5 * own.age);
  out.strength =
      own.valid && own.probability >= 0.5 ? own.probability * own.confidence * boosts_[out.symbol] * out.staleness : 0;
  out.move_bps = 0;
  for (int h = 0; h < horizons_; ++h) {
    const auto i = static_cast<std::size_t>(h);
    const double move = 1e4 * calibration.slope(h) * own.prediction[i] * own.sigma[i];
    out.move_bps = h == 0 ? move : std::max(out.move_bps, move);
  }
  out.net_edge_bps = out.move_bps - cost_gate_ * out.cost_bps;
  out.passes_probability = own.valid && own.probability >= buy_threshold_;
  out.passes_confidence = own.valid && own.confidence >= config_.min_confidence;
  out.passes_strength = own.valid && out.strength >= config_.min_strength;
}

std::span<const SignalOutput> SignalAggregator::aggregate(std::span<const SymbolSignal> signals,
                                                          const Calibration& calibration,
                                                          std::span<const double> costs_bps, bool rank) {
  SENTIO_CHECK(signals.size() == outputs_.size() && costs_bps.size() == outputs_.size());
  order_.clear();
  for (std::size_t i = 0; i < signals.size(); ++i) {
    SignalOutput& out = outputs_[i];
    out.symbol = static_cast<SymbolId>(i);
    out.own = signals[i];
    out.cost_bps = costs_bps[i];
    out.rank = 0;
    measure(out, calibration);
    if (rank && out.passes()) order_.push_back(out.symbol);
  }
  const auto key = [&](SymbolId s) {
    return rank_by_ == RankBy::net_edge ? outputs_[s].net_edge_bps : outputs_[s].strength;
  };
  // Ids order like names, so the name breaks ties.
  std::sort(order_.begin(), order_.end(),
            [&](SymbolId a, SymbolId b) { return key(a) != key(b) ? key(a) > key(b) : a < b; });
  int next = 0;
  for (const SymbolId s : order_) outputs_[s].rank = ++next;
  return outputs_;
}

}  // namespace sentio
