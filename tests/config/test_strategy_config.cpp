#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <ostream>
#include <string>
#include <vector>

#include "config_test_support.h"
#include "sentio/config/strategy_config.h"

namespace sentio {
namespace {

using testing::complaints;
using ::testing::DoubleEq;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::parse;
using testing::same_strategy;

TEST(StrategyConfig, HandbookFileLoadsWithItsComments) {
  const auto config = parse(R"({
    // learner
    "oes_config": { "ewrls_lambda": 0.98, "initial_variance": 10.0, /* = 1/0.1 */ "regularization": 0.1, "warmup_samples": 100 },
    "signal_aggregator_config": { "min_confidence": 0.01, "min_strength": 0.005 },
    "rotation_manager_config": { "max_positions": 3, "min_strength_to_enter": 0.008, "min_strength_to_exit": 0.004,
      "minimum_hold_bars": 5, "rotation_cooldown_bars": 10, "profit_target_pct": 0.03, "stop_loss_pct": 0.015,
      "eod_liquidation": true, "eod_exit_time_minutes": 388 } // 15:58
  })");
  ASSERT_TRUE(config) << config.error().message();
  EXPECT_TRUE(same_strategy(*config, StrategyConfig{})) << "the handbook's values are the defaults";
  EXPECT_THAT(config->warnings, IsEmpty());
}

TEST(StrategyConfig, TwelveSymbolParametersLoad) {
  const auto config = parse(R"({ "version": "2.0",
    "parameters": { "max_positions": 3, "min_hold_bars": 2, "buy_threshold": 0.557, "rotation_threshold": 1.23,
                    "sizing_method": "EQUAL_WEIGHT" },
    "oes_config": { "ewrls_lambda": 0.995, "buy_threshold": 0.557, "bb_amplification": true } })");
  ASSERT_TRUE(config) << config.error().message();
  StrategyConfig want;
  want.rotation.minimum_hold_bars = 2;
  want.rotation.rotation_threshold = 1.23;
  want.learner.lambda = 0.995;
  want.learner.buy_threshold = 0.557;
  want.learner.bb_amplification = true;
  EXPECT_TRUE(same_strategy(*config, want));
}

TEST(StrategyConfig, NoFileGivesTheDefaults) {
  const auto config = parse_strategy({});
  ASSERT_TRUE(config);
  EXPECT_TRUE(same_strategy(*config, StrategyConfig{}));
  EXPECT_THAT(problems(StrategyConfig{}), IsEmpty());
}

TEST(StrategyConfig, NotesAreIgnoredAnywhere) {
  const auto config = parse(R"({ "_evidence": {"anything": [1, {"x": null}], "anything": 2}, "_n": 1, "_n": 2,
    "risk_config": { "_why": "because", "max_orders_per_minute": 7 } })");
  ASSERT_TRUE(config) << config.error().message();
  EXPECT_EQ(config->risk.max_orders_per_minute, 7);
}

TEST(StrategyConfig, LaterFilesWinKeyByKeyAlsoThroughSynonyms) {
  const auto config = parse_strategy({
      {"a.json", R"({"name": "A", "rotation_manager_config": {"minimum_hold_bars": 5, "max_positions": 2},
                     "oes_config": {"buy_threshold": 0.6}})"},
      {"b.json", R"({"parameters": {"min_hold_bars": 9, "buy_threshold": 0.7}})"},
  });
  ASSERT_TRUE(config) << config.error().message();
  EXPECT_EQ(config->name, "A");
  EXPECT_EQ(config->rotation.minimum_hold_bars, 9);
  EXPECT_EQ(config->rotation.max_positions, 2);
  EXPECT_EQ(config->learner.buy_threshold, 0.7);
}

TEST(StrategyConfig, WeightsAreScaledToASumOfOne) {
  const auto config = parse(R"({"oes_config": {"horizons": [5, 20], "horizon_weights": [3, 1]}})");
  ASSERT_TRUE(config) << config.error().message();
  EXPECT_THAT(config->learner.horizon_weights, ElementsAre(DoubleEq(0.75), DoubleEq(0.25)));
}

TEST(StrategyConfig, WholeNumbersMayBeWrittenWithAPoint) {
  const auto config = parse(R"({"parameters": {"max_positions": 2.0}})");
  ASSERT_TRUE(config) << config.error().message();
  EXPECT_EQ(config->rotation.max_positions, 2);
}

// ---- ridge ----

struct RidgeCase {
  std::string name;
  std::string learner;  ///< members of oes_config
  double want;          ///< ridge
  friend std::ostream& operator<<(std::ostream& out, const RidgeCase& row) { return out << row.name; }
};
class Ridge : public ::testing::TestWithParam<RidgeCase> {};
TEST_P(Ridge, FollowsEitherSpelling) {
  const auto config = parse(R"({"oes_config": {)" + GetParam().learner + "}}");
  ASSERT_TRUE(config) << config.error().message();
  EXPECT_EQ(config->learner.ridge, GetParam().want);
}
INSTANTIATE_TEST_SUITE_P(
    Spellings, Ridge,
    ::testing::Values(RidgeCase{"Neither", R"("ewrls_lambda": 1)", 0.1},
                      RidgeCase{"VarianceAlone", R"("initial_variance": 4)", 0.25},
                      RidgeCase{"RegularizationAlone", R"("regularization": 10000)", 10000},
                      RidgeCase{"Agreeing", R"("regularization": 0.1, "initial_variance": 10)", 0.1},
                      RidgeCase{"AgreeingToRounding",
                                R"("regularization": 0.3333333333, "initial_variance": 3)", 0.3333333333}),
    [](const auto& row) { return row.param.name; });

TEST(RidgeOfSeveralFiles, LaterSpellingWins) {
  const auto config = parse_strategy({{"a.json", R"({"oes_config": {"regularization": 7}})"},
                                      {"b.json", R"({"oes_config": {"initial_variance": 2}})"}});
  ASSERT_TRUE(config) << config.error().message();
  EXPECT_EQ(config->learner.ridge, 0.5);
}

TEST(RidgeOfOneFile, ContradictionNamesBothKeys) {
  const auto config = parse(R"({"oes_config": {"regularization": 0.2, "initial_variance": 10}})");
  EXPECT_THAT(
      complaints(config),
      ElementsAre("f.json: oes_config.regularization 0.2 and oes_config.initial_variance 10 contradict each "
                  "other: one is the reciprocal of the other"));
}

// ---- accepted with a word ----

TEST(Warnings, OldEodMinuteShowsBothClockTimesAndMovesTheCutoff) {
  const auto config = parse(R"({"rotation_manager_config": {"eod_exit_time_minutes": 358}})");
  ASSERT_TRUE(config) << config.error().message();
  EXPECT_EQ(config->rotation.eod_exit_time_minutes, 358);
  EXPECT_EQ(config->rotation.entry_cutoff_minutes, 345);
  ASSERT_EQ(config->warnings.size(), 2U);
  EXPECT_THAT(config->warnings[0], HasSubstr("entry_cutoff_minutes is not given: taken as 345"));
  EXPECT_EQ(config->warnings[1],
            "f.json: rotation_manager_config.eod_exit_time_minutes 358 is 15:28 New York time; 15:58 is 388");
}

struct WarningCase {
  std::string name;
  std::string text;
  std::vector<std::string> want;  ///< a part of each warning
  friend std::ostream& operator<<(std::ostream& out, const WarningCase& row) { return out << row.name; }
};
class WarningsOf : public ::testing::TestWithParam<WarningCase> {};
TEST_P(WarningsOf, AreThese) {
  const auto config = parse(GetParam().text);
  ASSERT_TRUE(config) << config.error().message();
  ASSERT_EQ(config->warnings.size(), GetParam().want.size()) << ::testing::PrintToString(config->warnings);
  for (std::size_t i = 0; i < config->warnings.size(); ++i)
    EXPECT_THAT(config->warnings[i], HasSubstr(GetParam().want[i]));
}
INSTANTIATE_TEST_SUITE_P(
    Cases, WarningsOf,
    ::testing::Values(
        WarningCase{"EodAt380IsUsual", R"({"parameters": {"eod_exit_time_minutes": 380}})", {}},
        WarningCase{"EodAt379IsEarly", R"({"parameters": {"eod_exit_time_minutes": 379}})", {"379 is 15:49"}},
        WarningCase{
            "FullCapitalIsFine", R"({"parameters": {"max_positions": 4, "capital_per_position": 0.25}})", {}},
        WarningCase{
            "MoreThanTheCapital", R"({"parameters": {"max_positions": 4}})", {"times max_positions 4"}},
        WarningCase{"EntriesAboveTheRiskLimit",
                    R"({"parameters": {"max_positions": 2}, "risk_config": {"max_order_fraction": 0.3}})",
                    {"above risk_config.max_order_fraction 0.3"}},
        WarningCase{"ExitAboveEnter",
                    R"({"parameters": {"min_strength_to_exit": 0.5}})",
                    {"above min_strength_to_enter 0.008"}}),
    [](const auto& row) { return row.param.name; });

// ---- hash ----

TEST(LearningHash, ChangesWithEverythingThatShapesWhatIsLearned) {
  const Universe universe({{.name = "A"}, {.name = "B"}});
  const StrategyConfig base;
  const auto hash = [&](auto change) {
    StrategyConfig config;
    change(config);
    return learning_hash(config, universe);
  };
  const auto before = learning_hash(base, universe);
  EXPECT_NE(before, hash([](auto& c) { c.learner.lambda = 0.99; }));
  EXPECT_NE(before, hash([](auto& c) { c.learner.ridge = 0.2; }));
  EXPECT_NE(before, hash([](auto& c) { c.learner.rederive_interval = 50; }));
  EXPECT_NE(before, hash([](auto& c) { c.learner.horizons = {1, 5, 11}; }));
  EXPECT_NE(before, hash([](auto& c) { c.data.max_forward_fills = 4; }));
  EXPECT_NE(before, hash([](auto& c) { c.rotation.eod_exit_time_minutes = 387; }));
  EXPECT_NE(before, learning_hash(base, Universe({{.name = "A"}, {.name = "C"}})));
  EXPECT_NE(before, learning_hash(base, Universe(std::vector<SymbolInfo>{{.name = "AB"}})));
}

TEST(LearningHash, LeavesRotationRiskFillsAndOrderOfSymbolsAlone) {
  const StrategyConfig base;
  StrategyConfig other;
  other.name = "other";
  other.rotation.max_positions = 1;
  other.risk.max_orders_per_minute = 1;
  other.fill.participation = 0;
  EXPECT_EQ(learning_hash(base, Universe({{.name = "A"}, {.name = "B"}})),
            learning_hash(other, Universe({{.name = "B"}, {.name = "A", .boost = 1.5}})));
}

}  // namespace
}  // namespace sentio
