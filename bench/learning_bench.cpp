// The learner's step against the textbook: dense recursive least squares in Eigen, one predictor per
// horizon, re-derived every 100 rows by Eigen's Cholesky.

#include <benchmark/benchmark.h>

#include <array>
#include <cmath>
#include <cstdint>
#include <vector>

#include "sentio/learning/dispatch.h"
#include "sentio/learning/multi_horizon_predictor.h"
#include "textbook_rls.h"

namespace {

using sentio::bench::Textbook;

constexpr int kFeatures = 126;
constexpr int kRows = 4096;
constexpr int kInterval = 100;
constexpr std::array kLags{2, 6, 11};  // rows after which the labels of horizons 1, 5 and 10 are known

/// Standardised-looking columns with some persistence; the same numbers on every machine.
struct Tape {
  Tape() : x(static_cast<std::size_t>(kRows) * kFeatures), y(kRows) {
    std::uint64_t state = 1;
    const auto uniform = [&state] {
      state = state * 6364136223846793005ULL + 1442695040888963407ULL;
      return static_cast<double>(state >> 11) * 0x1p-53 - 0.5;
    };
    for (int s = 0; s < kRows; ++s) {
      for (int i = 0; i < kFeatures; ++i) {
        const std::size_t at = static_cast<std::size_t>(s) * kFeatures + static_cast<std::size_t>(i);
        x[at] = 2 * uniform() + (s == 0 ? 0 : 0.9 * x[at - kFeatures]);
      }
      y[static_cast<std::size_t>(s)] = 3 * uniform();
    }
  }
  [[nodiscard]] std::span<const double> row(std::int64_t s) const {
    return {x.data() + static_cast<std::size_t>(s % kRows) * kFeatures, kFeatures};
  }
  [[nodiscard]] double label(std::int64_t s) const { return y[static_cast<std::size_t>(s % kRows)]; }
  std::vector<double> x;
  std::vector<double> y;
};

const Tape& tape() {
  static const Tape instance;
  return instance;
}

sentio::LearnerConfig config_of(int interval) {
  sentio::LearnerConfig config;
  config.lambda = 0.995;
  config.ridge = 10;
  config.rederive_interval = interval;
  return config;
}

class Learner {
 public:
  explicit Learner(int interval) : predictor_(config_of(interval), kFeatures, 16, "TQQQ") {}
  void step() {
    const std::int64_t s = predictor_.rows_observed();
    for (int h = 0; h < 3; ++h)
      if (s >= kLags[static_cast<std::size_t>(h)]) (void)predictor_.resolve(h, tape().label(s + h));
    (void)predictor_.observe(tape().row(s));
  }
  [[nodiscard]] const sentio::MultiHorizonPredictor& predictor() const { return predictor_; }

 private:
  sentio::MultiHorizonPredictor predictor_;
};

/// False when this processor has no such level.
bool use_level(benchmark::State& state) {
  const auto level = static_cast<sentio::DispatchLevel>(state.range(0));
  state.SetLabel(std::string(sentio::to_string(level)));
  if (sentio::set_dispatch(level)) return true;
  state.SkipWithError("this processor has no such instructions");
  return false;
}

void learn_step(benchmark::State& state) {
  if (!use_level(state)) return;
  Learner learner(kInterval);
  for (int s = 0; s < 500; ++s) learner.step();
  for (auto _ : state) learner.step();
}

void learn_step_without_rederivation(benchmark::State& state) {
  if (!use_level(state)) return;
  Learner learner(1 << 30);
  for (auto _ : state) learner.step();
}

void rederivation(benchmark::State& state) {  // K = 1: every row folds, factorises and inverts
  if (!use_level(state)) return;
  Learner learner(1);
  for (auto _ : state) learner.step();
}

void predict(benchmark::State& state) {
  if (!use_level(state)) return;
  Learner learner(kInterval);
  for (int s = 0; s < 500; ++s) learner.step();
  std::int64_t s = 0;
  for (auto _ : state) benchmark::DoNotOptimize(learner.predictor().predict(tape().row(s++)));
}

void learn_step_textbook(benchmark::State& state) {
  std::array<Textbook, 3> learners;
  std::int64_t s = 0;
  for (auto _ : state) {
    for (std::size_t h = 0; h < 3; ++h)
      learners[h].step(tape().row(s), tape().label(s + static_cast<int>(h)));
    ++s;
  }
}

void predict_textbook(benchmark::State& state) {
  std::array<Textbook, 3> learners;
  for (int s = 0; s < 500; ++s)
    for (Textbook& learner : learners) learner.step(tape().row(s), tape().label(s));
  std::int64_t s = 0;
  for (auto _ : state) {
    for (const Textbook& learner : learners) benchmark::DoNotOptimize(learner.predict(tape().row(s)));
    ++s;
  }
}

BENCHMARK(learn_step)->DenseRange(0, 2);
BENCHMARK(learn_step_without_rederivation)->DenseRange(0, 2)->Iterations(20000);
BENCHMARK(rederivation)->DenseRange(0, 2);
BENCHMARK(predict)->DenseRange(0, 2);
BENCHMARK(learn_step_textbook);
BENCHMARK(predict_textbook);

}  // namespace

BENCHMARK_MAIN();
