#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

#include "config_test_support.h"
#include "sentio/config/env_file.h"
#include "sentio/config/strategy_config.h"

namespace sentio {
namespace {

using testing::same_strategy;

/// From above `low` to `high`.
double real(double low, double high) {
  const double share = *rc::gen::inRange(1, 1000001) / 1e6;
  return std::min(high, low + (high - low) * share);
}
int whole(int low, int high) {
  return *rc::gen::inRange(low, high + 1);
}

LearnerConfig any_learner() {
  LearnerConfig learner;
  learner.lambda = real(0, 1);
  learner.ridge = real(0, 1e9);
  learner.rederive_interval = whole(1, 100000);
  learner.warmup_samples = whole(0, 1000000);
  const int count = whole(1, 4);
  std::set<int> horizons;
  while (static_cast<int>(horizons.size()) < count) horizons.insert(whole(1, 120));
  learner.horizons.assign(horizons.begin(), horizons.end());
  learner.horizon_weights.clear();
  for (int i = 0; i < count; ++i) learner.horizon_weights.push_back(real(0, 10));
  learner.buy_threshold = real(0, 1);
  learner.bb_amplification = *rc::gen::arbitrary<bool>();
  learner.bb_amplification_factor = real(0, 1);
  learner.bb_proximity_threshold = real(0, 0.5);
  return learner;
}

RotationConfig any_rotation() {
  RotationConfig rotation;
  rotation.max_positions = whole(1, 12);
  rotation.min_strength_to_enter = real(0, 10);
  rotation.min_strength_to_exit = real(0, 10);
  rotation.minimum_hold_bars = whole(0, 390);
  rotation.rotation_cooldown_bars = whole(0, 390);
  rotation.profit_target_pct = real(0, 1);
  rotation.stop_loss_pct = real(0, 1);
  rotation.eod_exit_time_minutes = whole(1, 389);
  rotation.entry_cutoff_minutes = whole(0, rotation.eod_exit_time_minutes - 1);
  rotation.rotation_threshold = real(1, 100);
  rotation.capital_per_position = real(0, 1);
  rotation.cost_gate = real(0, 100);
  rotation.rank_by = *rc::gen::element(RankBy::strength, RankBy::net_edge);
  rotation.forbid_opposites = *rc::gen::arbitrary<bool>();
  return rotation;
}

StrategyConfig any_strategy() {
  StrategyConfig config;
  config.name = *rc::gen::element<std::string>("plain", "with \"quotes\"", "Größe", "x");
  for (int i = whole(0, 4); i > 0; --i)
    config.active_symbols.push_back(*rc::gen::element<std::string>("TQQQ", "SPY", "BRK.B", "X"));
  config.learner = any_learner();
  config.aggregator = {.min_confidence = real(0, 1), .min_strength = real(0, 10)};
  config.rotation = any_rotation();
  config.risk = {.max_session_drawdown = real(0, 1),
                 .max_order_fraction = real(0, 1),
                 .max_price_deviation = real(0, 1),
                 .max_orders_per_minute = whole(1, 1000)};
  config.fill = {.participation = real(0, 1),
                 .entry_working_sets = whole(1, 390),
                 .timing = *rc::gen::element(FillTiming::next_open, FillTiming::same_close)};
  config.data = {.max_forward_fills = whole(0, 390), .max_missing_symbols = whole(0, 1000)};
  config.health = {.max_factorization_failures = whole(0, 1000),
                   .max_condition = real(0, 1e12),
                   .min_effective_window = real(0, 1e4),
                   .max_weight_drift = real(0, 10),
                   .max_rmse_ratio = real(0, 10),
                   .max_prediction_variance_ratio = real(0, 10)};
  return config;
}

RC_GTEST_PROP(StrategyJson, LoadsBackEqual, ()) {
  const StrategyConfig config = any_strategy();
  RC_ASSERT(problems(config).empty());
  const auto once = parse_strategy({{"once", to_json(config).dump()}});
  RC_ASSERT(once.has_value());
  StrategyConfig want = config;
  want.learner.horizon_weights = once->learner.horizon_weights;  // scaled on loading
  RC_ASSERT(same_strategy(*once, want));
  const auto twice = parse_strategy({{"twice", to_json(*once).dump(2)}});
  RC_ASSERT(twice.has_value());
  RC_ASSERT(same_strategy(*twice, *once));
}

RC_GTEST_PROP(StrategyJson, WeightsKeepTheirProportions, ()) {
  const StrategyConfig config = any_strategy();
  const auto loaded = parse_strategy({{"f", to_json(config).dump()}});
  RC_ASSERT(loaded.has_value());
  double sum = 0;
  for (const double weight : loaded->learner.horizon_weights) sum += weight;
  RC_ASSERT(std::abs(sum - 1) < 1e-12);
  for (std::size_t i = 0; i < config.learner.horizon_weights.size(); ++i)
    RC_ASSERT(std::abs(loaded->learner.horizon_weights[i] * config.learner.horizon_weights[0] -
                       loaded->learner.horizon_weights[0] * config.learner.horizon_weights[i]) < 1e-9);
}

/// A few bytes deleted, doubled, replaced or swapped for fragments that JSON readers stumble over.
std::string mutated(std::string text) {
  static const std::vector<std::string> fragments = {"{",
                                                     "}",
                                                     "[",
                                                     "]",
                                                     "\"",
                                                     ",",
                                                     ":",
                                                     "null",
                                                     "1e999",
                                                     "-0",
                                                     "1e-320",
                                                     "\\u0000",
                                                     "\xff",
                                                     "//",
                                                     "/*",
                                                     "true",
                                                     "99999999999999999999"};
  for (int i = whole(1, 6); i > 0 && !text.empty(); --i) {
    const auto at = static_cast<std::size_t>(whole(0, static_cast<int>(text.size()) - 1));
    const auto length = static_cast<std::size_t>(whole(0, 12));
    switch (whole(0, 3)) {
      case 0:
        text.erase(at, length);
        break;
      case 1:
        text.insert(at, text.substr(at, length));
        break;
      case 2:
        text[at] = static_cast<char>(whole(0, 255));
        break;
      default:
        text.insert(at, *rc::gen::elementOf(fragments));
        break;
    }
  }
  return text;
}

RC_GTEST_PROP(ConfigFuzz, MutatedFilesAreParsedOrRefusedInWholeLines, ()) {
  static const std::vector<std::string> texts = {
      testing::shipped("rotation_strategy.json").text, testing::shipped("rotation_params.json").text,
      testing::shipped("cost_aware.json").text, testing::shipped("symbols.json").text,
      testing::shipped("fees.json").text};
  const std::string text = mutated(*rc::gen::elementOf(texts));
  const auto in_lines = [](const auto& result) {
    if (result) return true;
    const auto found = testing::lines(result.error().message());
    return !found.empty() &&
           std::ranges::all_of(found, [](const auto& line) { return line.starts_with("f: "); });
  };
  const auto strategy = parse_strategy({{"f", text}});
  RC_ASSERT(in_lines(strategy));
  if (strategy) RC_ASSERT(problems(*strategy).empty());
  RC_ASSERT(in_lines(parse_symbols({"f", text})));
  RC_ASSERT(in_lines(parse_fees({"f", text})));
}

RC_GTEST_PROP(ConfigFuzz, MutatedEnvFilesAreParsedOrRefused, ()) {
  const std::string text = mutated("# keys\nexport A=\"b \\\" c\" # note\nB='x y'\nC=plain\n");
  const auto values = parse_env(text, "f");
  if (!values) RC_ASSERT(values.error().where.starts_with("f:"));
}

}  // namespace
}  // namespace sentio
