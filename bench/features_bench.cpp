// One symbol-bar of features: update() and transform() together are held to 1 µs (docs/design.md §9).

#include <benchmark/benchmark.h>

#include <cmath>
#include <vector>

#include "naive_features.h"
#include "sentio/features/unified_feature_engine.h"

namespace {

using namespace sentio;

/// A reproducible walk in cents with a forward-filled minute now and then.
std::vector<SyncBar> walk(int sessions) {
  std::vector<SyncBar> bars;
  std::uint64_t state = 12345;
  const auto next = [&state] {
    state = state * 6364136223846793005ULL + 1442695040888963407ULL;
    return static_cast<double>(state >> 40U) / static_cast<double>(1U << 24U);
  };
  double close = 70;
  for (int i = 0; i < sessions * kFullSessionMinutes; ++i) {
    SyncBar sync;
    sync.has_price = true;
    sync.stale = false;
    const double open = close;
    if (next() < 0.03 && i > 0) {
      sync.age = 1;
      sync.bar = {{}, close, close, close, close, 0};
    } else {
      close = std::round((open + (next() - 0.5) * 0.2) * 100) / 100;
      const double high = std::max(open, close) + std::floor(next() * 4) / 100;
      const double low = std::min(open, close) - std::floor(next() * 4) / 100;
      sync.bar = {{}, open, high, low, close, std::floor(next() * 90000) + 100};
    }
    bars.push_back(sync);
  }
  return bars;
}

constexpr int kSessions = 20;

template <bool kStandardise>
void run(benchmark::State& state) {
  const std::vector<SyncBar> bars = walk(kSessions);
  const std::vector<SessionHours> days = NyseCalendar::sessions_before(
      Date{std::chrono::year{2025}, std::chrono::June, std::chrono::day{30}}, kSessions);
  UnifiedFeatureEngine engine;
  FeatureStandardizer standardizer;
  std::array<double, kFeatureCount> z{};
  for (auto _ : state) {
    std::size_t at = 0;
    for (const SessionHours& day : days) {
      engine.begin_session(day);
      for (int minute = 0; minute < day.minutes; ++minute, ++at) {
        engine.update(minute, bars[at]);
        if (kStandardise && bars[at].real()) standardizer.transform(engine.raw(), z);
        benchmark::DoNotOptimize(z);
      }
    }
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(bars.size()));
  state.counters["per_bar"] =
      benchmark::Counter(static_cast<double>(bars.size()),
                         benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
}

void BM_FeatureUpdate(benchmark::State& state) {
  run<false>(state);
}
void BM_FeatureUpdateAndStandardise(benchmark::State& state) {
  run<true>(state);
}
/// Every window summed anew from the history, for the same number of minutes.
void BM_FeatureUpdate_reference(benchmark::State& state) {
  const testing::Tape tape = testing::random_tape(1, kSessions);
  const testing::NaiveFeatures naive(tape);
  const int minutes = static_cast<int>(tape.size());
  for (auto _ : state) {
    for (int t = 0; t < minutes; ++t) benchmark::DoNotOptimize(naive.row(t));
  }
  state.counters["per_bar"] =
      benchmark::Counter(minutes, benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
}
BENCHMARK(BM_FeatureUpdate)->Unit(benchmark::kMillisecond);
BENCHMARK(BM_FeatureUpdate_reference)->Unit(benchmark::kMillisecond)->Iterations(1);
BENCHMARK(BM_FeatureUpdateAndStandardise)->Unit(benchmark::kMillisecond);

}  // namespace

BENCHMARK_MAIN();
