#include "sentio/strategy/online_ensemble.h"

#include <algorithm>
#include <cmath>

#include "sentio/core/check.h"
#include "sentio/core/state_limits.h"

namespace sentio {

namespace {

std::size_t feature_index(std::string_view name) {
  const auto table = feature_table();
  const auto at = std::find_if(table.begin(), table.end(), [&](const FeatureInfo& f) { return f.name == name; });
  SENTIO_CHECK(at != table.end());
  return static_cast<std::size_t>(at - table.begin());
}

/// Power steps of the condition estimate: on real bars within a few per cent of its limit.
constexpr int kConditionSteps = 12;

/// A learner that lost its numbers predicts nothing, and its labels are not judged by such a prediction.
bool within_reason(const PerHorizon& prediction) {
  return std::all_of(prediction.begin(), prediction.end(),
                     [](double p) { return std::abs(p) <= kStateMagnitudeMax; });
}

double norm(std::span<const double> values) {
  double square = 0;
  for (const double v : values) square += v * v;
  return std::sqrt(square);
}

int longest(const LearnerConfig& config) {
  return *std::max_element(config.horizons.begin(), config.horizons.end());
}

}  // namespace

OnlineEnsemble::OnlineEnsemble(const LearnerConfig& config, std::string_view symbol,
                               std::optional<std::uint64_t> placebo)
    : config_(config), predictor_(config, kFeatureCount, longest(config) + 2, symbol), labels_(config) {
  if (placebo) placebo_.emplace(config, *placebo);
}

void OnlineEnsemble::begin_session(const SessionHours& hours, int eod_minute) {
  features_.begin_session(hours);
  labels_.begin_session(eod_minute);
  if (placebo_) placebo_->begin_session();
  sums_ = {};
  signal_ = {};
  mark_open();
}

// Nothing is learned between two sessions: what a session begins with is what the last one ended with.
void OnlineEnsemble::mark_open() {
  statistics_ = {};
  predictor_.mark_session();
  for (int h = 0; h < horizons(); ++h) weight_norm_at_open_[static_cast<std::size_t>(h)] = norm(predictor_.weights(h));
  failures_at_open_ = predictor_.factorization_failures();
}

const SymbolSignal& OnlineEnsemble::step(int minute, const SyncBar& bar) {
  signal_.real = bar.real();
  signal_.age = bar.age;
  if (!bar.has_price) return signal_;
  if (!bar.real()) {
    features_.update(minute, bar);
    signal_.valid = signal_.valid && !bar.stale;
    return signal_;
  }
  learn(labels_.on_real_bar(minute, bar.bar.open, bar.bar.close));
  features_.update(minute, bar);
  const bool z_valid = standardizer_.transform(features_.raw(), z_);
  predict(z_valid);
  if (!labels_.labelled(minute)) return signal_;
  const bool learnable = z_valid && labels_.sigma_valid();
  labels_.add(minute, learnable, signal_.prediction);
  if (learnable) SENTIO_CHECK(predictor_.observe(z_).has_value());  // every feature is finite
  return signal_;
}

void OnlineEnsemble::learn(std::span<const ResolvedLabel> labels) {
  for (const ResolvedLabel& label : labels) {
    if (!label.learnable) continue;
    const double y = placebo_ ? placebo_->exchange(label) : label.y;
    SENTIO_CHECK(predictor_.resolve(label.h, y).has_value());
    confidence_[static_cast<std::size_t>(label.h)].add(label.prediction, y);
    sums_.add(label.h, label.prediction, y);
    statistics_[static_cast<std::size_t>(label.h)].add(label.prediction, y);
  }
  if (!enough_rows_) enough_rows_ = predictor_.rows_resolved(horizons() - 1) >= config_.warmup_samples;
}

void OnlineEnsemble::predict(bool z_valid) {
  signal_.prediction = z_valid ? predictor_.predict(z_) : PerHorizon{};
  const bool sound = within_reason(signal_.prediction);
  if (!sound) signal_.prediction = {};
  signal_.sigma = labels_.sigma();
  signal_.probability = probability_of(signal_.prediction);
  signal_.confidence = 0;
  for (int h = 0; h < horizons(); ++h) {
    const auto i = static_cast<std::size_t>(h);
    signal_.confidence += config_.horizon_weights[i] * confidence_[i].value();
  }
  signal_.valid = z_valid && sound && labels_.sigma_valid() && enough_rows_;
}

double OnlineEnsemble::plain_probability(const PerHorizon& prediction) const {
  double p = 0;
  for (int h = 0; h < horizons(); ++h) {
    const auto i = static_cast<std::size_t>(h);
    p += config_.horizon_weights[i] * (0.5 + 0.5 * std::tanh(prediction[i]));
  }
  return p;
}

double OnlineEnsemble::probability_of(const PerHorizon& prediction) const {
  double p = plain_probability(prediction);
  if (config_.bb_amplification) {
    // Near the lower band a rise is taken for likelier, near the upper band for less likely.
    static const std::size_t kBand = feature_index("bollinger_position_20");
    const double u = features_.raw()[kBand], q = config_.bb_proximity_threshold;
    const double f = config_.bb_amplification_factor;
    if (u <= q) {
      p += f * (1.0 - p);
    } else if (u >= 1.0 - q) {
      p -= f * p;
    }
  }
  return p;
}

void OnlineEnsemble::end_session() { learn(labels_.end_session()); }

LearnerHealth OnlineEnsemble::health() const {
  const Ewrls& covariance = predictor_.covariance();
  LearnerHealth health{.horizons = horizons(),
                       .features = kFeatureCount,
                       .rows_learned = predictor_.rows_resolved(0),
                       .effective_window = covariance.effective_window(),
                       .condition = covariance.condition_estimate(kConditionSteps),
                       .pivot_min = covariance.pivot_min(),
                       .trace_p = covariance.trace_p(),
                       .factorization_failures = predictor_.factorization_failures() - failures_at_open_,
                       .early_rederivations = covariance.early_rederivations()};
  health.eigenvalue_min = 1 / health.trace_p;
  for (int h = 0; h < horizons(); ++h) {
    const auto i = static_cast<std::size_t>(h);
    HorizonHealth& out = health.horizon[i];
    statistics_[i].describe(out);
    health.rows_learned = std::min(health.rows_learned, predictor_.rows_resolved(h));
    out.weight_norm = norm(predictor_.weights(h));
    if (weight_norm_at_open_[i] > 0) out.weight_drift = predictor_.weight_drift(h) / weight_norm_at_open_[i];
  }
  return health;
}

void OnlineEnsemble::save(ByteWriter& out) const {
  SENTIO_CHECK(!placebo_);
  features_.save(out);
  standardizer_.save(out);
  predictor_.save(out);
  labels_.save(out);
  for (const auto& c : confidence_) c.save(out);
  sums_.save(out);
  for (const auto& s : statistics_) s.save(out);
  out.put_span<double>(weight_norm_at_open_);
  out.put(failures_at_open_);
  out.put_span<double>(z_);
  out.put(enough_rows_);
}

Result<> OnlineEnsemble::load(ByteReader& in) {
  SENTIO_CHECK(!placebo_);
  if (auto r = features_.load(in); !r) return r;
  if (auto r = standardizer_.load(in); !r) return r;
  if (auto r = predictor_.load(in); !r) return r;
  if (auto r = labels_.load(in); !r) return r;
  for (auto& c : confidence_) {
    if (auto r = c.load(in); !r) return r;
  }
  sums_.load(in);
  for (auto& s : statistics_) s.load(in);
  in.get_span_within(weight_norm_at_open_, 0, kStateSquareMax);
  in.get_within(failures_at_open_, std::int64_t{0}, kStateCountMax);
  in.get_span_within(z_, -kStateMagnitudeMax, kStateMagnitudeMax);
  in.get(enough_rows_);
  signal_ = {};
  // The learner's rows and the labels they wait for are counted in two places.
  for (int h = 0; h < horizons() && in.ok(); ++h) {
    if (labels_.learnable_pending(h) != predictor_.rows_observed() - predictor_.rows_resolved(h)) in.fail();
  }
  return in.result("signal engine");
}

}  // namespace sentio
