#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <ostream>
#include <string>
#include <vector>

#include "config_test_support.h"
#include "sentio/config/strategy_config.h"

namespace sentio {
namespace {

using testing::complaints;
using ::testing::ElementsAre;
using ::testing::ElementsAreArray;
using ::testing::HasSubstr;
using testing::parse;
using ::testing::SizeIs;

struct RefusalCase {
  std::string name;
  std::string text;
  std::vector<std::string> want;
  friend std::ostream& operator<<(std::ostream& out, const RefusalCase& row) { return out << row.name; }
};
class Refusal : public ::testing::TestWithParam<RefusalCase> {};
TEST_P(Refusal, NamesFileKeyAndReason) {
  EXPECT_THAT(complaints(parse(GetParam().text)), ElementsAreArray(GetParam().want));
}

INSTANTIATE_TEST_SUITE_P(
    Keys, Refusal,
    ::testing::Values(
        RefusalCase{
            "UnknownKey",
            R"({"rotation_manager_config": {"max_position": 3}})",
            {R"(f.json: rotation_manager_config: unknown key "max_position"; did you mean "max_positions"?)"}},
        RefusalCase{"UnknownKeyIsNamedAsTheFileSpellsIt",
                    R"({"parameters": {"min_hold_bar": 3}})",
                    {R"(f.json: parameters: unknown key "min_hold_bar"; did you mean "min_hold_bars"?)"}},
        RefusalCase{"UnknownSection",
                    R"({"oes_confg": {}})",
                    {R"(f.json: unknown key "oes_confg"; did you mean "oes_config"?)"}},
        RefusalCase{"NothingNear",
                    R"({"oes_config": {"zzzzzz": 1}})",
                    {R"(f.json: oes_config: unknown key "zzzzzz")"}},
        RefusalCase{
            "WrongSection",
            R"({"oes_config": {"cost_gate": 1}})",
            {R"(f.json: oes_config: unknown key "cost_gate"; it belongs in "rotation_manager_config")"}},
        RefusalCase{"OddKeysStayOnOneLine", R"({"a\nb": 1})", {R"(f.json: unknown key "a\nb")"}},
        RefusalCase{"SectionIsNoObject",
                    R"({"oes_config": [1]})",
                    {"f.json: oes_config must be an object, found [1]"}},
        RefusalCase{
            "SynonymsWithTwoValues",
            R"({"parameters": {"min_hold_bars": 2}, "rotation_manager_config": {"minimum_hold_bars": 5}})",
            {"f.json: rotation_manager_config.minimum_hold_bars: one key, two values: 5 here, 2 as "
             "parameters.min_hold_bars"}},
        RefusalCase{"BuyThresholdWithTwoValues",
                    R"({"parameters": {"buy_threshold": 0.6}, "oes_config": {"buy_threshold": 0.5}})",
                    {"f.json: parameters.buy_threshold: one key, two values: 0.6 here, 0.5 as "
                     "oes_config.buy_threshold"}},
        RefusalCase{"RepeatedKey",
                    R"({"risk_config": {"max_order_fraction": 0.3, "max_order_fraction": 0.4}})",
                    {"f.json: risk_config.max_order_fraction: one key, two values: 0.3 and 0.4"}},
        RefusalCase{"RepeatedSection",
                    R"({"risk_config": {"max_order_fraction": 0.3}, "risk_config": {}})",
                    {R"(f.json: risk_config: one key, two values: {"max_order_fraction":0.3} and {})"}}),
    [](const auto& row) { return row.param.name; });

INSTANTIATE_TEST_SUITE_P(
    Types, Refusal,
    ::testing::Values(
        RefusalCase{"TextForNumber",
                    R"({"oes_config": {"ewrls_lambda": "0.98"}})",
                    {R"(f.json: oes_config.ewrls_lambda must be a number, found "0.98")"}},
        RefusalCase{"NullForNumber",
                    R"({"oes_config": {"ewrls_lambda": null}})",
                    {"f.json: oes_config.ewrls_lambda must be a number, found null"}},
        RefusalCase{"FractionForWhole",
                    R"({"parameters": {"max_positions": 2.5}})",
                    {"f.json: parameters.max_positions must be a whole number, found 2.5"}},
        RefusalCase{"NumberForFlag",
                    R"({"parameters": {"forbid_opposites": 1}})",
                    {"f.json: parameters.forbid_opposites must be true or false, found 1"}},
        RefusalCase{"UnknownChoice",
                    R"({"parameters": {"rank_by": "edge"}})",
                    {R"(f.json: parameters.rank_by must be "strength" or "net_edge", was "edge")"}},
        RefusalCase{"OtherSizing",
                    R"({"parameters": {"sizing_method": "KELLY"}})",
                    {R"(f.json: parameters.sizing_method must be "EQUAL_WEIGHT", found "KELLY")"}},
        RefusalCase{"NoLiquidation",
                    R"({"parameters": {"eod_liquidation": false}})",
                    {"f.json: parameters.eod_liquidation must be true, found false"}},
        RefusalCase{"EmptyList",
                    R"({"active_symbols": []})",
                    {"f.json: active_symbols must be a list of symbols, found []"}},
        RefusalCase{"LowerCaseSymbol",
                    R"({"active_symbols": ["tqqq"]})",
                    {R"(f.json: active_symbols has "tqqq", which is not a symbol like "TQQQ")"}},
        RefusalCase{"MixedList",
                    R"({"oes_config": {"horizons": [1, "5", 10]}})",
                    {R"(f.json: oes_config.horizons has a value that must be a whole number, found "5")"}},
        RefusalCase{"EmptyName", R"({"name": ""})", {"f.json: name must not be empty"}}),
    [](const auto& row) { return row.param.name; });

INSTANTIATE_TEST_SUITE_P(
    Ranges, Refusal,
    ::testing::Values(
        RefusalCase{"NoPositions",
                    R"({"rotation_manager_config": {"max_positions": 0}})",
                    {"f.json: rotation_manager_config.max_positions must be >= 1, was 0"}},
        RefusalCase{"LambdaZero",
                    R"({"oes_config": {"ewrls_lambda": 0}})",
                    {"f.json: oes_config.ewrls_lambda must be > 0, was 0"}},
        RefusalCase{"LambdaAboveOne",
                    R"({"oes_config": {"ewrls_lambda": 1.001}})",
                    {"f.json: oes_config.ewrls_lambda must be <= 1, was 1.001"}},
        RefusalCase{"HugeWhole",
                    R"({"parameters": {"max_positions": 1e300}})",
                    {"f.json: parameters.max_positions must be <= 12, was 1e+300"}},
        RefusalCase{"HugeRidge",
                    R"({"oes_config": {"regularization": 2e9}})",
                    {"f.json: oes_config.regularization must be <= 1000000000, was 2000000000"}},
        RefusalCase{"TinyVariance",
                    R"({"oes_config": {"initial_variance": 1e-12}})",
                    {"f.json: oes_config.initial_variance must be >= 1e-09, was 1e-12"}},
        RefusalCase{"HorizonsNotAscending",
                    R"({"oes_config": {"horizons": [5, 5, 10]}})",
                    {"f.json: oes_config.horizons must be ascending"}},
        RefusalCase{"HorizonTooFar",
                    R"({"oes_config": {"horizons": [1, 5, 121]}})",
                    {"f.json: oes_config.horizons has a value that must be <= 120, was 121"}},
        RefusalCase{"FiveHorizons",
                    R"({"oes_config": {"horizons": [1, 2, 3, 4, 5], "horizon_weights": [1, 1, 1, 1]}})",
                    {"f.json: oes_config.horizons must have 1 to 4 values, had 5"}},
        RefusalCase{"WeightsForOtherHorizons",
                    R"({"oes_config": {"horizons": [5, 20]}})",
                    {"f.json: oes_config.horizon_weights must have as many values as horizons (2), had 3"}},
        RefusalCase{"NegativeWeight",
                    R"({"oes_config": {"horizon_weights": [1, -1, 1]}})",
                    {"f.json: oes_config.horizon_weights has a value that must be >= 0, was -1"}},
        RefusalCase{"ZeroWeights",
                    R"({"oes_config": {"horizon_weights": [0, 0, 0]}})",
                    {"f.json: oes_config.horizon_weights must have a sum >= 0.000001, was 0"}},
        RefusalCase{"EodAtTheClose",
                    R"({"parameters": {"eod_exit_time_minutes": 390}})",
                    {"f.json: parameters.eod_exit_time_minutes must be <= 389, was 390"}},
        RefusalCase{"CutoffAtEod",
                    R"({"parameters": {"entry_cutoff_minutes": 380, "eod_exit_time_minutes": 380}})",
                    {"f.json: rotation_manager_config.entry_cutoff_minutes must be < eod_exit_time_minutes "
                     "(380), was "
                     "380"}},
        RefusalCase{"Participation",
                    R"({"fill_config": {"participation": 1.5}})",
                    {"f.json: fill_config.participation must be <= 1, was 1.5"}},
        RefusalCase{"ReplacementMayBeWeaker",
                    R"({"parameters": {"rotation_threshold": 0.9}})",
                    {"f.json: parameters.rotation_threshold must be >= 1, was 0.9"}}),
    [](const auto& row) { return row.param.name; });

TEST(Refusals, AllProblemsOfAllFilesAreReportedAtOnce) {
  const auto config = parse_strategy({
      {"a.json",
       R"({"oes_config": {"ewrls_lambda": 2, "horizon": [1]}, "risk_config": {"max_orders_per_minute": "x"}})"},
      {"b.json", R"({"parameters": {"stop_loss_pct": 0}, "sizing": 1})"},
  });
  EXPECT_THAT(
      complaints(config),
      ElementsAre(R"(a.json: oes_config: unknown key "horizon"; did you mean "horizons"?)",
                  "a.json: oes_config.ewrls_lambda must be <= 1, was 2",
                  R"(a.json: risk_config.max_orders_per_minute must be a whole number, found "x")",
                  R"(b.json: unknown key "sizing")", "b.json: parameters.stop_loss_pct must be > 0, was 0"));
}

TEST(Refusals, ContradictionAcrossFilesNamesTheLaterFile) {
  const auto config = parse_strategy({{"a.json", R"({"parameters": {"entry_cutoff_minutes": 375}})"},
                                      {"b.json", R"({"parameters": {"eod_exit_time_minutes": 370}})"}});
  EXPECT_THAT(complaints(config),
              ElementsAre(HasSubstr("b.json: rotation_manager_config.entry_cutoff_minutes")));
}

TEST(Refusals, RepeatedKeyWithTheSameValueIsFine) {
  const auto config = parse(R"({"parameters": {"max_positions": 2, "max_positions": 2}})");
  ASSERT_TRUE(config) << config.error().message();
  EXPECT_EQ(config->rotation.max_positions, 2);
}

TEST(Refusals, BrokenJsonNamesFileAndLine) {
  EXPECT_THAT(complaints(parse("{\n\"oes_config\": {,}\n}")),
              ElementsAre(HasSubstr("f.json: parse error at line 2")));
  EXPECT_THAT(complaints(parse("")), ElementsAre(HasSubstr("f.json: parse error")));
  EXPECT_THAT(complaints(parse("[]")), ElementsAre("f.json: expected a JSON object, found []"));
  EXPECT_THAT(complaints(parse("{} {}")), ElementsAre(HasSubstr("f.json: parse error")));
  EXPECT_THAT(complaints(parse(R"({"oes_config": {"regularization": 1e999}})")), SizeIs(1));
}

TEST(Refusals, DeepNestingIsRefusedWithoutDescendingIntoIt) {
  const std::string deep = R"({"_note": )" + std::string(100000, '[') + std::string(100000, ']') + "}";
  EXPECT_THAT(complaints(parse(deep)), ElementsAre("f.json: nested deeper than 32 levels"));
}

TEST(Problems, NamesKeysOfAnAssembledConfiguration) {
  StrategyConfig config;
  config.rotation.max_positions = 0;
  config.learner.lambda = std::numeric_limits<double>::quiet_NaN();
  config.learner.horizon_weights = {1};
  config.rotation.rank_by = static_cast<RankBy>(9);
  EXPECT_THAT(problems(config),
              ElementsAre("oes_config.ewrls_lambda must be > 0, was nan",
                          "rotation_manager_config.max_positions must be >= 1, was 0",
                          "rotation_manager_config.rank_by is no known choice",
                          "oes_config.horizon_weights must have as many values as horizons (3), had 1"));
}

struct NearCase {
  std::string name, word, want;
  friend std::ostream& operator<<(std::ostream& out, const NearCase& row) { return out << row.name; }
};
class NearestName : public ::testing::TestWithParam<NearCase> {};
TEST_P(NearestName, IsTheLikelySlip) {
  EXPECT_EQ(nearest_name(GetParam().word, {"SPXL", "SPY", "TQQQ", "SQQQ", "max_positions", "horizons"}),
            GetParam().want);
}
TEST(NearestNameOfEquallyFarOnes, IsTheOneThatBeginsTheSame) {
  EXPECT_EQ(nearest_name("TQQ", {"QQQ", "SQQQ", "TQQQ"}), "TQQQ");
  EXPECT_EQ(nearest_name("SQQ", {"QQQ", "SQQQ", "TQQQ"}), "SQQQ");
}

INSTANTIATE_TEST_SUITE_P(Words, NearestName,
                         ::testing::Values(NearCase{"Missing", "max_position", "max_positions"},
                                           NearCase{"Swapped", "hroizons", "horizons"},
                                           NearCase{"Case", "tqqq", "TQQQ"}, NearCase{"Short", "TQQ", "TQQQ"},
                                           NearCase{"SwappedShort", "SYP", "SPY"},
                                           NearCase{"FirstOfTwoEquallyNear", "QQQ", "TQQQ"},
                                           NearCase{"NothingNear", "IBM", ""}, NearCase{"Empty", "", ""}),
                         [](const auto& row) { return row.param.name; });

}  // namespace
}  // namespace sentio
