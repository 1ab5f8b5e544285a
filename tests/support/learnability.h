#pragma once
/// How much of a signal of known strength a learner finds again, on the features of given bars
/// (docs/learnability.md). Only the features come from the bars; the labels are made up.

#include <algorithm>
#include <cmath>
#include <fstream>
#include <iterator>
#include <numeric>
#include <string>
#include <vector>

#include "sentio/config/strategy_config.h"
#include "sentio/core/check.h"
#include "sentio/data/csv_bars.h"
#include "sentio/features/unified_feature_engine.h"
#include "sentio/learning/multi_horizon_predictor.h"
#include "sentio/market/multi_symbol_data_manager.h"
#include "sentio/strategy/label_book.h"
#include "synthetic_bars.h"

namespace sentio::testing {

/// One symbol's learnable rows in time order.
struct StandardizedRows {
  std::string symbol;
  std::vector<FeatureRow> z;
  std::vector<std::size_t> session_ends;  ///< one past each session's last row
  std::size_t first_scored = 0;           ///< rows before it are warm-up
};

/// Features and z-scores as the signal engine computes them; the rows up to the EOD minute are kept.
inline StandardizedRows standardized_rows(const SymbolBars& bars, const std::vector<SessionHours>& sessions,
                                          Date first_scored) {
  StandardizedRows rows{.symbol = bars.symbol};
  UnifiedFeatureEngine features;
  FeatureStandardizer standardizer;
  SymbolSynchronizer synchronizer{DataConfig{}};
  FeatureRow z;
  auto next = bars.bars.begin();
  for (const SessionHours& hours : sessions) {
    const std::size_t before = rows.z.size();
    features.begin_session(hours);
    synchronizer.begin_session();
    for (int i = 0; i < hours.minutes; ++i) {
      while (next != bars.bars.end() && next->start < hours.minute_start(i)) ++next;
      std::optional<Bar> bar;
      if (next != bars.bars.end() && next->start == hours.minute_start(i)) bar = *next++;
      const SyncBar synchronized = synchronizer.next(hours.minute_start(i), bar);
      if (!synchronized.has_price) continue;
      features.update(i, synchronized);
      if (!synchronized.real()) continue;
      const bool valid = standardizer.transform(features.raw(), z);
      if (valid && i + 1 < hours.minutes - 2) rows.z.push_back(z);
    }
    if (hours.date < first_scored) rows.first_scored = rows.z.size();
    if (rows.z.size() > before) rows.session_ends.push_back(rows.z.size());
  }
  return rows;
}

/// overlapping: e is a sum over the next 5 rows, so neighbours share most of it, as 5-minute returns do.
/// independent: every row has its own.
enum class LabelNoise : std::uint8_t { overlapping, independent };

/// One stream of labels: y_t = e_t + a·x_t, e with variance 1, x_t the row's 60-minute momentum over its
/// standard deviation on the scored rows, a = IC/√(1−IC²). So corr(x, y) = IC.
struct LabelStream {
  std::uint64_t seed = 0;
  double planted_ic = 0;
  LabelNoise noise = LabelNoise::overlapping;
};

inline constexpr std::size_t kPlantedHorizon = 5;

inline std::vector<double> planted_labels(const StandardizedRows& rows, const LabelStream& stream) {
  const auto table = feature_table();
  const auto feature =
      std::find_if(table.begin(), table.end(), [](const auto& f) { return f.name == "momentum_60"; });
  SENTIO_CHECK(feature != table.end());
  const auto column = static_cast<std::size_t>(feature - table.begin());
  double sum = 0, square = 0, count = 0;
  for (std::size_t t = rows.first_scored; t < rows.z.size(); ++t) {
    sum += rows.z[t][column];
    square += rows.z[t][column] * rows.z[t][column];
    ++count;
  }
  const double deviation = std::sqrt(square / count - (sum / count) * (sum / count));
  const double slope = stream.planted_ic / std::sqrt(1 - stream.planted_ic * stream.planted_ic) / deviation;

  Random random(fnv1a(rows.symbol + "/" + std::to_string(stream.seed)));
  const std::size_t shared = stream.noise == LabelNoise::overlapping ? kPlantedHorizon : 1;
  const auto fresh = [&] { return random.normal() / std::sqrt(static_cast<double>(shared)); };
  std::array<double, kPlantedHorizon> ahead{};  // the noise of the next rows, as a ring
  std::generate_n(ahead.begin(), shared, fresh);
  std::vector<double> labels;
  labels.reserve(rows.z.size());
  for (const FeatureRow& z : rows.z) {
    const double y = std::accumulate(ahead.begin(), ahead.end(), slope * z[column]);
    ahead[labels.size() % shared] = fresh();
    labels.push_back(std::clamp(y, -LabelBook::kLabelClip, LabelBook::kLabelClip));
  }
  return labels;
}

/// Running sums for Pearson's correlation.
struct CorrelationSums {
  double n = 0, p = 0, y = 0, pp = 0, yy = 0, py = 0;
  void add(double prediction, double label) {
    n += 1;
    p += prediction;
    y += label;
    pp += prediction * prediction;
    yy += label * label;
    py += prediction * label;
  }
  [[nodiscard]] double value() const {
    return (n * py - p * y) / std::sqrt((n * pp - p * p) * (n * yy - y * y));
  }
};

/// Out-of-sample correlation of prediction and label per stream (at most kMaxHorizons, sharing one
/// covariance). A row's label is known 5+1 rows later, all of a session's at its end.
inline std::vector<double> recovered_ics_of_group(const StandardizedRows& rows, LearnerConfig config,
                                                  const std::vector<LabelStream>& streams) {
  config.horizons.assign(streams.size(), static_cast<int>(kPlantedHorizon));
  MultiHorizonPredictor predictor(config, kFeatureCount, static_cast<int>(kPlantedHorizon) + 2, rows.symbol);
  std::vector<std::vector<double>> labels;
  for (const LabelStream& stream : streams) labels.push_back(planted_labels(rows, stream));
  std::vector<CorrelationSums> sums(streams.size());
  std::size_t next = 0;  // oldest row without its label
  const auto resolve_before = [&](std::size_t row) {
    for (; next < row; ++next) {
      for (std::size_t h = 0; h < streams.size(); ++h) {
        SENTIO_CHECK(predictor.resolve(static_cast<int>(h), labels[h][next]).has_value());
      }
    }
  };
  std::size_t t = 0;
  for (const std::size_t end : rows.session_ends) {
    for (; t < end; ++t) {
      if (t >= kPlantedHorizon) resolve_before(std::max(next, t - kPlantedHorizon));
      const PerHorizon prediction = predictor.predict(rows.z[t]);
      for (std::size_t h = 0; h < streams.size() && t >= rows.first_scored; ++h)
        sums[h].add(prediction[h], labels[h][t]);
      SENTIO_CHECK(predictor.observe(rows.z[t]).has_value());
    }
    resolve_before(end);
  }
  std::vector<double> ics;
  for (const CorrelationSums& s : sums) ics.push_back(s.value());
  return ics;
}

inline std::vector<double> recovered_ics(const StandardizedRows& rows, const LearnerConfig& config,
                                         const std::vector<LabelStream>& streams) {
  std::vector<double> ics;
  for (std::size_t at = 0; at < streams.size(); at += kMaxHorizons) {
    const auto end = std::min(at + kMaxHorizons, streams.size());
    const std::vector<LabelStream> group(streams.begin() + static_cast<std::ptrdiff_t>(at),
                                         streams.begin() + static_cast<std::ptrdiff_t>(end));
    for (const double ic : recovered_ics_of_group(rows, config, group)) ics.push_back(ic);
  }
  return ics;
}

/// Mean over seeds of the mean over symbols, with the standard error over seeds.
struct RecoveredIc {
  double mean = 0, standard_error = 0;
};

inline constexpr std::uint64_t kLearnabilitySeeds = 10;

/// One learner, seeds 1 … `seeds`, one result per entry of `planted`; `rows` one entry per symbol.
inline std::vector<RecoveredIc> measure_learnability(const std::vector<StandardizedRows>& rows,
                                                     const LearnerConfig& config, LabelNoise noise,
                                                     const std::vector<double>& planted,
                                                     std::uint64_t seeds = kLearnabilitySeeds) {
  std::vector<LabelStream> streams;
  for (const double ic : planted) {
    for (std::uint64_t seed = 1; seed <= seeds; ++seed) streams.push_back({seed, ic, noise});
  }
  std::vector<double> mean_over_symbols(streams.size());
  for (const StandardizedRows& symbol : rows) {
    const auto ics = recovered_ics(symbol, config, streams);
    for (std::size_t i = 0; i < ics.size(); ++i)
      mean_over_symbols[i] += ics[i] / static_cast<double>(rows.size());
  }
  std::vector<RecoveredIc> out;
  const double n = static_cast<double>(seeds);
  for (std::size_t at = 0; at < streams.size(); at += seeds) {
    double sum = 0, square = 0;
    for (std::size_t i = at; i < at + seeds; ++i) sum += mean_over_symbols[i];
    for (std::size_t i = at; i < at + seeds; ++i) {
      square += (mean_over_symbols[i] - sum / n) * (mean_over_symbols[i] - sum / n);
    }
    out.push_back({.mean = sum / n, .standard_error = std::sqrt(square / (n - 1) / n)});
  }
  return out;
}

/// The learner of config/<name>.
inline LearnerConfig shipped_learner(const std::string& name) {
  std::ifstream file(std::string(SENTIO_SOURCE_DIR) + "/config/" + name);
  const std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  return parse_strategy({{.name = name, .text = text}}).value().learner;
}

/// The setting: April 2025 warms up, May to July is scored.
inline Date learnability_day(unsigned month, unsigned day) {
  return Date{std::chrono::year{2025}, std::chrono::month{month}, std::chrono::day{day}};
}
inline std::vector<SessionHours> learnability_sessions() {
  return NyseCalendar::sessions(learnability_day(4, 1), learnability_day(7, 31));
}

}  // namespace sentio::testing
