#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "config_test_support.h"
#include "sentio/config/reference.h"
#include "sentio/config/strategy_config.h"

namespace sentio {
namespace {

using ::testing::DoubleNear;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::same_strategy;
using testing::shipped;

StrategyConfig load(const std::string& name) {
  auto config = parse_strategy({shipped(name)});
  EXPECT_TRUE(config) << config.error().message();
  return config.value_or(StrategyConfig{});
}

TEST(ShippedConfig, RotationStrategyIsTheHandbook) {
  const StrategyConfig config = load("rotation_strategy.json");
  StrategyConfig want;
  want.active_symbols = {"TQQQ", "SQQQ", "SPXL", "SDS", "UVXY", "SVXY"};
  EXPECT_TRUE(same_strategy(config, want));
  EXPECT_THAT(config.warnings, IsEmpty());
}

TEST(ShippedConfig, RotationParamsIsTheTwelveSymbolDesign) {
  const StrategyConfig config = load("rotation_params.json");
  StrategyConfig want;
  want.learner.lambda = 0.995;
  want.learner.buy_threshold = 0.557;
  want.learner.bb_amplification = true;
  want.rotation.minimum_hold_bars = 2;
  want.rotation.rotation_threshold = 1.23;
  EXPECT_TRUE(same_strategy(config, want));
  EXPECT_THAT(config.warnings, IsEmpty());
}

TEST(ShippedConfig, CostAwareIsWhatTheEvidenceSupports) {
  const StrategyConfig config = load("cost_aware.json");
  StrategyConfig want;
  want.name = "Cost-aware rotation";
  want.active_symbols = {"TQQQ", "SQQQ", "SSO", "TNA", "UVXY"};
  want.learner.lambda = 0.9998;
  want.learner.ridge = 10000;
  want.learner.horizons = {5, 20, 60};
  want.learner.warmup_samples = 1950;
  want.aggregator = {.min_confidence = 0, .min_strength = 0};
  want.rotation.min_strength_to_enter = 0;
  want.rotation.min_strength_to_exit = 0;
  want.rotation.rank_by = RankBy::net_edge;
  want.rotation.cost_gate = 1.0;
  want.rotation.minimum_hold_bars = 60;
  want.rotation.forbid_opposites = true;
  EXPECT_THAT(config.learner.horizon_weights, Each(DoubleNear(1.0 / 3, 1e-15)));
  want.learner.horizon_weights = config.learner.horizon_weights;
  EXPECT_TRUE(same_strategy(config, want));
  EXPECT_THAT(config.warnings, IsEmpty());
}

TEST(ShippedConfig, EveryStrategyFindsItsSymbols) {
  const auto symbols = parse_symbols(shipped("symbols.json"));
  ASSERT_TRUE(symbols) << symbols.error().message();
  const auto size_of = [&](const char* name) {
    return make_universe(load(name), *symbols, {}).value().size();
  };
  EXPECT_EQ(size_of("rotation_strategy.json"), 6U);
  EXPECT_EQ(size_of("rotation_params.json"), 12U);
  EXPECT_EQ(size_of("cost_aware.json"), 5U);
  EXPECT_THAT(symbols->active_symbols, ElementsAre("SVIX", "SVXY", "TQQQ", "UPRO", "QQQ", "SPY", "SH", "PSQ",
                                                   "SDS", "SQQQ", "UVXY", "UVIX"));
  EXPECT_EQ(symbols->metadata.size(), 20U);
}

TEST(ShippedConfig, SymbolsFollowTheRulesOfTheDesign) {
  const auto symbols = parse_symbols(shipped("symbols.json"));
  ASSERT_TRUE(symbols) << symbols.error().message();
  for (const auto& [name, symbol] : symbols->metadata) {
    EXPECT_EQ(symbol.name, name);
    const bool long_volatility = symbol.direction == "volatility";
    const bool short_volatility = symbol.direction == "short_volatility";
    const double by_leverage = std::abs(symbol.leverage) == 3   ? 1.5
                               : std::abs(symbol.leverage) == 2 ? 1.4
                                                                : 1.0;
    EXPECT_EQ(symbol.boost, long_volatility ? 1.6 : short_volatility ? 1.3 : by_leverage) << name;
    // Volatility rises when equities fall.
    const bool gains_with_equities =
        long_volatility || short_volatility ? short_volatility : symbol.leverage > 0;
    EXPECT_EQ(symbol.equity_side, gains_with_equities ? 1 : -1) << name;
    const bool rises_when_leveraged_up = symbol.direction == "bull" || symbol.direction == "volatility";
    EXPECT_EQ(rises_when_leveraged_up, symbol.leverage > 0) << name;
    EXPECT_GT(symbol.half_spread.v, 0) << name;
    EXPECT_FALSE(symbol.underlying.empty()) << name;
  }
  EXPECT_EQ(symbols->metadata.at("FAZ").half_spread.v, 5.0);
  EXPECT_EQ(symbols->metadata.at("SPY").half_spread.v, 0.1);
  EXPECT_EQ(symbols->metadata.at("SVXY").leverage, -0.5);
  EXPECT_THAT(testing::file_text("config/symbols.json"), HasSubstr(R"("_half_spread_note": "estimate")"));
}

TEST(ShippedConfig, SymbolsWrittenOutLoadBackEqual) {
  const auto symbols = parse_symbols(shipped("symbols.json"));
  ASSERT_TRUE(symbols);
  const auto again = parse_symbols({"again", to_json(*symbols).dump(2)});
  ASSERT_TRUE(again) << again.error().message();
  EXPECT_EQ(again->active_symbols, symbols->active_symbols);
  EXPECT_EQ(again->metadata, symbols->metadata);
}

TEST(ConfigurationDocument, HoldsTheReferenceOfEveryKey) {
  const std::string document = testing::file_text("docs/configuration.md");
  EXPECT_NE(document.find(configuration_reference()), std::string::npos)
      << "docs/configuration.md should contain:\n"
      << configuration_reference();
}

}  // namespace
}  // namespace sentio
