#include "sentio/learning/multi_horizon_predictor.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "kernels.h"
#include "magnitude.h"
#include "sentio/core/check.h"
#include "sentio/core/state_limits.h"

namespace sentio {

namespace {

EwrlsOptions covariance_options(const LearnerConfig& config, int features, int pending_max) {
  return {.lambda = config.lambda,
          .ridge = config.ridge,
          .rederive_interval = config.rederive_interval,
          .features = features,
          .pending_max = pending_max};
}

}  // namespace

struct MultiHorizonPredictor::State {
  State(const LearnerConfig& config, int features, int pending_max, std::string_view symbol)
      : covariance(covariance_options(config, features, pending_max), symbol),
        horizons(static_cast<int>(config.horizons.size())),
        stride(static_cast<std::size_t>(covariance.padded_features())),
        w(stride * config.horizons.size()),
        b(stride * config.horizons.size()),
        w_marked(stride * config.horizons.size()) {
    SENTIO_CHECK(horizons >= 1 && horizons <= kMaxHorizons);
  }
  [[nodiscard]] std::size_t at(int h) const {
    SENTIO_CHECK(h >= 0 && h < horizons);
    return static_cast<std::size_t>(h) * stride;
  }
  [[nodiscard]] std::int64_t resolved_by_all() const {
    return *std::min_element(resolved.begin(), resolved.begin() + horizons);
  }

  Ewrls covariance;
  int horizons;
  std::size_t stride;
  AlignedBuffer w;  // horizon by horizon
  AlignedBuffer b;
  AlignedBuffer w_marked;
  std::array<std::int64_t, kMaxHorizons> resolved{};
};

MultiHorizonPredictor::MultiHorizonPredictor(const LearnerConfig& config, int features, int pending_max,
                                             std::string_view symbol)
    : state_(std::make_unique<State>(config, features, pending_max, symbol)) {}
MultiHorizonPredictor::MultiHorizonPredictor(MultiHorizonPredictor&&) noexcept = default;
MultiHorizonPredictor& MultiHorizonPredictor::operator=(MultiHorizonPredictor&&) noexcept = default;
MultiHorizonPredictor::~MultiHorizonPredictor() = default;

PerHorizon MultiHorizonPredictor::predict(std::span<const double> x) const {
  const int features = state_->covariance.options().features;
  SENTIO_CHECK(x.size() == static_cast<std::size_t>(features));
  PerHorizon prediction{};
  state_->covariance.kernels().dots(x.data(), features, state_->w.data(), static_cast<int>(state_->stride),
                                    state_->horizons, prediction.data());
  return prediction;
}

Result<> MultiHorizonPredictor::observe(std::span<const double> x) {
  return state_->covariance.observe(x);
}

Result<> MultiHorizonPredictor::resolve(int h, double y) {
  const std::size_t at = state_->at(h);
  std::int64_t& row = state_->resolved[static_cast<std::size_t>(h)];
  if (row >= state_->covariance.rows_observed())
    return fail(Errc::usage, "MultiHorizonPredictor::resolve", "no row of this horizon waits for a label");
  if (!(std::abs(y) <= kMagnitudeMax))
    return fail(Errc::malformed, "MultiHorizonPredictor::resolve", "the label is not finite");
  state_->covariance.learn(row, y, state_->b.data() + at, state_->w.data() + at);
  ++row;
  state_->covariance.release_before(state_->resolved_by_all());
  return {};
}

std::int64_t MultiHorizonPredictor::rows_observed() const {
  return state_->covariance.rows_observed();
}

std::int64_t MultiHorizonPredictor::rows_resolved(int h) const {
  SENTIO_CHECK(h >= 0 && h < state_->horizons);
  return state_->resolved[static_cast<std::size_t>(h)];
}

std::int64_t MultiHorizonPredictor::factorization_failures() const {
  return state_->covariance.factorization_failures();
}

std::span<const double> MultiHorizonPredictor::weights(int h) const {
  return {state_->w.data() + state_->at(h), static_cast<std::size_t>(state_->covariance.options().features)};
}

const Ewrls& MultiHorizonPredictor::covariance() const {
  return state_->covariance;
}

void MultiHorizonPredictor::mark_session() {
  std::copy_n(state_->w.data(), state_->w.size(), state_->w_marked.data());
}

double MultiHorizonPredictor::weight_drift(int h) const {
  const double* now = state_->w.data() + state_->at(h);
  const double* then = state_->w_marked.data() + state_->at(h);
  double square = 0;
  for (std::size_t i = 0; i < state_->stride; ++i) square += (now[i] - then[i]) * (now[i] - then[i]);
  return std::sqrt(square);
}

void MultiHorizonPredictor::save(ByteWriter& out) const {
  state_->covariance.save(out);
  out.put_span(
      std::span<const std::int64_t>{state_->resolved.data(), static_cast<std::size_t>(state_->horizons)});
  out.put_span(std::as_const(state_->w).span());
  out.put_span(std::as_const(state_->b).span());
  out.put_span(std::as_const(state_->w_marked).span());
}

Result<> MultiHorizonPredictor::load(ByteReader& in) {
  const EwrlsOptions& options = state_->covariance.options();
  LearnerConfig config;
  config.lambda = options.lambda;
  config.ridge = options.ridge;
  config.rederive_interval = options.rederive_interval;
  config.horizons.assign(static_cast<std::size_t>(state_->horizons), 1);
  auto loaded = std::make_unique<State>(config, options.features, options.pending_max, "");
  if (auto covariance = loaded->covariance.load(in); !covariance) return covariance;
  in.get_span(std::span<std::int64_t>{loaded->resolved.data(), static_cast<std::size_t>(loaded->horizons)});
  in.get_span(loaded->w.span());
  in.get_span(loaded->b.span());
  in.get_span(loaded->w_marked.span());
  const auto sound = [](double value) { return std::abs(value) <= kStateSquareMax; };
  for (const AlignedBuffer* buffer : {&loaded->w, &loaded->b, &loaded->w_marked})
    if (!std::all_of(buffer->span().begin(), buffer->span().end(), sound)) in.fail();
  for (int h = 0; h < loaded->horizons; ++h)
    if (loaded->resolved[static_cast<std::size_t>(h)] > loaded->covariance.rows_observed()) in.fail();
  if (loaded->resolved_by_all() != loaded->covariance.rows_released()) in.fail();
  if (in.ok()) state_ = std::move(loaded);
  return in.result("MultiHorizonPredictor::load");
}

}  // namespace sentio
