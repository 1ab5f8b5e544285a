// A whole bar set: twelve symbols' bars in, ranked signals out, with labels learned on the way.

#include <benchmark/benchmark.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <memory>

#include "sentio/market/multi_symbol_data_manager.h"
#include "sentio/strategy/multi_symbol_oes_manager.h"
#include "sentio/strategy/signal_aggregator.h"
#include "synthetic_bars.h"
#include "textbook_rls.h"

namespace {

using namespace sentio;

constexpr int kSessions = 6;

Universe twelve() {
  std::vector<SymbolInfo> symbols;
  for (const char* name : {"ERX", "ERY", "FAS", "FAZ", "SDS", "SQQQ", "SSO", "SVIX", "TNA", "TQQQ", "TZA", "UVXY"}) {
    symbols.push_back({.name = name, .boost = 1.5, .half_spread = Bps{1}});
  }
  return Universe(std::move(symbols));
}

/// Synchronised sets of a few sessions, made once.
struct Sets {
  Sets() : days(NyseCalendar::sessions_before(Date{std::chrono::year{2025} / 6 / 30}, kSessions)) {
    const Universe universe = twelve();
    std::vector<std::vector<std::vector<std::optional<Bar>>>> minutes(days.size());
    for (std::size_t d = 0; d < days.size(); ++d) {
      minutes[d].assign(static_cast<std::size_t>(days[d].minutes), std::vector<std::optional<Bar>>(universe.size()));
    }
    for (std::size_t s = 0; s < universe.size(); ++s) {
      for (const Bar& b : testing::walk_bars(universe[static_cast<SymbolId>(s)].name, days, s + 1, {.missing = .02}).bars) {
        for (std::size_t d = 0; d < days.size(); ++d) {
          if (const auto m = days[d].minute_of(b.start)) minutes[d][static_cast<std::size_t>(*m)][s] = b;
        }
      }
    }
    MultiSymbolDataManager data(DataConfig{}, universe.size());
    for (std::size_t d = 0; d < days.size(); ++d) {
      data.begin_session(days[d]);
      auto& day = sets.emplace_back();
      for (int i = 0; i < days[d].minutes; ++i) day.push_back(data.step(i, minutes[d][static_cast<std::size_t>(i)]));
    }
  }
  std::vector<SessionHours> days;
  std::vector<std::vector<SynchronizedBarSet>> sets;
};

const Sets& sets() {
  static const Sets instance;
  return instance;
}

double percentile(std::vector<double>& values, double q) {
  const auto at = static_cast<std::size_t>(q * static_cast<double>(values.size() - 1));
  std::nth_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(at), values.end());
  return values[at];
}

/// Runs all sessions through `one_set`; the median and the 99th percentile of single sets go into counters (µs).
template <class BeginDay, class OneSet, class EndDay>
void measure(benchmark::State& state, BeginDay begin_day, OneSet one_set, EndDay end_day) {
  using Clock = std::chrono::steady_clock;
  std::vector<double> times;
  std::int64_t count = 0;
  for (auto _ : state) {
    for (std::size_t d = 0; d < sets().days.size(); ++d) {
      begin_day(sets().days[d]);
      for (const SynchronizedBarSet& set : sets().sets[d]) {
        const auto before = Clock::now();
        one_set(set);
        times.push_back(std::chrono::duration<double, std::micro>(Clock::now() - before).count());
        ++count;
      }
      end_day();
    }
  }
  state.SetItemsProcessed(count);
  state.counters["p50_us"] = percentile(times, 0.50);
  state.counters["p99_us"] = percentile(times, 0.99);
}

void BM_BarSetOfTwelve(benchmark::State& state) {
  const Universe universe = twelve();
  MultiSymbolOesManager oes(LearnerConfig{}, universe);
  SignalAggregator aggregator(AggregatorConfig{}, RotationConfig{}, 0.5, 3, universe);
  Calibration calibration;
  const std::vector<double> costs(universe.size(), 3.0);
  measure(
      state, [&](const SessionHours& day) { oes.begin_session(day, day.minutes - 2); },
      [&](const SynchronizedBarSet& set) {
        benchmark::DoNotOptimize(aggregator.aggregate(oes.step(set), calibration, costs, true));
      },
      [&] { calibration.end_session(oes.end_session()); });
}

/// The same features, with one dense textbook predictor per horizon and symbol in the learner's place.
void BM_BarSetOfTwelve_textbook(benchmark::State& state) {
  struct Symbol {
    UnifiedFeatureEngine features;
    FeatureStandardizer standardizer;
    std::array<bench::Textbook, 3> predictors;
    FeatureRow z{};
  };
  std::vector<std::unique_ptr<Symbol>> symbols;
  for (std::size_t i = 0; i < twelve().size(); ++i) symbols.push_back(std::make_unique<Symbol>());
  measure(
      state, [&](const SessionHours& day) { for (auto& s : symbols) s->features.begin_session(day); },
      [&](const SynchronizedBarSet& set) {
        for (std::size_t i = 0; i < symbols.size(); ++i) {
          Symbol& s = *symbols[i];
          if (!set.bars[i].has_price) continue;
          s.features.update(set.minute, set.bars[i]);
          if (!set.bars[i].real()) continue;
          s.standardizer.transform(s.features.raw(), s.z);
          for (auto& predictor : s.predictors) {
            benchmark::DoNotOptimize(predictor.predict(s.z));
            predictor.step(s.z, 0.1);
          }
        }
      },
      [] {});
}

std::vector<SymbolSignal> made_up_signals() {
  std::vector<SymbolSignal> signals(12);
  testing::Random random(5);
  for (auto& s : signals) s = {.valid = true, .real = true, .probability = random.uniform(), .confidence = random.uniform()};
  return signals;
}

void BM_Aggregate(benchmark::State& state) {
  const Universe universe = twelve();
  SignalAggregator aggregator(AggregatorConfig{}, RotationConfig{}, 0.5, 3, universe);
  const Calibration calibration;
  const std::vector<double> costs(universe.size(), 3.0);
  const auto signals = made_up_signals();
  for (auto _ : state) benchmark::DoNotOptimize(aggregator.aggregate(signals, calibration, costs, true));
}

/// Names and a sorted map, as one would first write it.
void BM_Aggregate_reference(benchmark::State& state) {
  const Universe universe = twelve();
  const auto signals = made_up_signals();
  for (auto _ : state) {
    std::multimap<double, std::string, std::greater<>> ranked;
    for (std::size_t i = 0; i < signals.size(); ++i) {
      const SymbolInfo& symbol = universe[static_cast<SymbolId>(i)];
      const double strength = signals[i].probability * signals[i].confidence * symbol.boost;
      if (signals[i].probability >= 0.5) ranked.emplace(strength, symbol.name);
    }
    benchmark::DoNotOptimize(ranked);
  }
}

BENCHMARK(BM_BarSetOfTwelve)->Unit(benchmark::kMillisecond)->Iterations(2);
BENCHMARK(BM_BarSetOfTwelve_textbook)->Unit(benchmark::kMillisecond)->Iterations(1);
BENCHMARK(BM_Aggregate);
BENCHMARK(BM_Aggregate_reference);

}  // namespace
