#include "sentio/strategy/learner_health.h"

#include <cmath>

#include "sentio/core/state_limits.h"

namespace sentio {

namespace {

bool finite(const LearnerHealth& health) {
  bool all =
      std::isfinite(health.condition) && std::isfinite(health.trace_p) && std::isfinite(health.pivot_min);
  for (int h = 0; h < health.horizons; ++h) {
    const HorizonHealth& f = health.horizon[static_cast<std::size_t>(h)];
    all = all && std::isfinite(f.error_ratio) && std::isfinite(f.prediction_variance) &&
          std::isfinite(f.slope) && std::isfinite(f.weight_norm) && std::isfinite(f.weight_drift);
  }
  return all;
}

bool above(double value, double limit) {
  return limit > 0 && value > limit;
}

/// The first horizon whose figure is above its limit; -1 = none.
int first_above(const LearnerHealth& health, double HorizonHealth::*figure, double limit) {
  for (int h = 0; h < health.horizons; ++h) {
    if (above(health.horizon[static_cast<std::size_t>(h)].*figure, limit)) return h;
  }
  return -1;
}

}  // namespace

void HorizonStatistics::add(double prediction, double label) {
  const double product = prediction * label;
  ++labels_;
  hits_ += product > 0 ? 1.0 : (product == 0 ? 0.5 : 0.0);
  p_ += prediction;
  y_ += label;
  pp_ += prediction * prediction;
  yy_ += label * label;
  py_ += product;
  error_ += (label - prediction) * (label - prediction);
  if (rows_ == predictions_.size()) return;
  predictions_[rows_] = prediction;
  label_values_[rows_++] = label;
}

void HorizonStatistics::describe(HorizonHealth& out) const {
  out.labels = labels_;
  out.sums = {.labels = labels_, .hits = hits_, .p = p_, .y = y_, .pp = pp_, .yy = yy_, .py = py_, .rank_correlation = {}};
  if (labels_ == 0) return;
  out.sums.rank_correlation =
      rank_correlation(std::span(predictions_).first(rows_), std::span(label_values_).first(rows_));
  const auto n = static_cast<double>(labels_);
  out.directional_accuracy = hits_ / n;
  if (yy_ > 0) out.error_ratio = std::sqrt(error_ / yy_);
  const double label_variance = yy_ / n - (y_ / n) * (y_ / n);
  if (label_variance > 0) {
    const double variance = pp_ / n - (p_ / n) * (p_ / n);
    out.prediction_variance = (variance < 0 ? 0.0 : variance) / label_variance;
  }
  if (pp_ > 0) out.slope = py_ / pp_;
}

void HorizonStatistics::save(ByteWriter& out) const {
  out.put(labels_);
  for (const double sum : {hits_, p_, y_, pp_, yy_, py_, error_}) out.put(sum);
}

void HorizonStatistics::load(ByteReader& in) {
  in.get_within(labels_, std::int64_t{0}, kStateCountMax);
  in.get_within(hits_, 0.0, static_cast<double>(labels_));
  for (double* sum : {&p_, &y_}) in.get_within(*sum, -kStateSquareMax, kStateSquareMax);
  for (double* square : {&pp_, &yy_}) in.get_within(*square, 0.0, kStateSquareMax);
  in.get_within(py_, -kStateSquareMax, kStateSquareMax);
  in.get_within(error_, 0.0, kStateSquareMax);
}

BrokenLimit broken_limit(const LearnerHealth& health, const HealthConfig& limits) {
  if (!finite(health)) return {HealthLimit::non_finite, -1};
  if (health.factorization_failures > limits.max_factorization_failures)
    return {HealthLimit::factorization_failures, -1};
  if (above(health.condition, limits.max_condition)) return {HealthLimit::condition, -1};
  if (health.effective_window < limits.min_effective_window) return {HealthLimit::effective_window, -1};
  const struct {
    HealthLimit limit;
    double HorizonHealth::*figure;
    double most;
  } per_horizon[] = {{HealthLimit::weight_drift, &HorizonHealth::weight_drift, limits.max_weight_drift},
                     {HealthLimit::error_ratio, &HorizonHealth::error_ratio, limits.max_rmse_ratio},
                     {HealthLimit::prediction_variance, &HorizonHealth::prediction_variance,
                      limits.max_prediction_variance_ratio}};
  for (const auto& row : per_horizon) {
    if (const int h = first_above(health, row.figure, row.most); h >= 0) return {row.limit, h};
  }
  return {};
}

}  // namespace sentio
