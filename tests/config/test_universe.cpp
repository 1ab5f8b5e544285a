#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <ostream>
#include <string>
#include <vector>

#include "config_test_support.h"
#include "sentio/config/strategy_config.h"
#include "sentio/config/universe.h"

namespace sentio {
namespace {

using testing::complaints;
using ::testing::ElementsAre;

struct SpreadCase {
  std::string name;
  double bps, price, want;
  friend std::ostream& operator<<(std::ostream& out, const SpreadCase& row) { return out << row.name; }
};
class HalfSpread : public ::testing::TestWithParam<SpreadCase> {};
TEST_P(HalfSpread, IsTheRateButNeverUnderHalfACent) {
  SymbolInfo symbol;
  symbol.half_spread = Bps{GetParam().bps};
  EXPECT_DOUBLE_EQ(half_spread_per_share(symbol, Price{GetParam().price}).v, GetParam().want);
}
INSTANTIATE_TEST_SUITE_P(Prices, HalfSpread,
                         ::testing::Values(SpreadCase{"RateDecides", 2.0, 100.0, 0.02},
                                           SpreadCase{"CentDecides", 0.5, 69.0, 0.005},
                                           SpreadCase{"Equal", 1.0, 50.0, 0.005},
                                           SpreadCase{"NoRate", 0.0, 500.0, 0.005}),
                         [](const auto& row) { return row.param.name; });

TEST(Universe, SortsByNameAndKeepsTheOrderOfTheList) {
  const Universe universe({{.name = "TQQQ"}, {.name = "SDS"}, {.name = "TQQQ"}, {.name = "SQQQ"}});
  EXPECT_THAT(universe.as_listed(), ElementsAre("TQQQ", "SDS", "SQQQ"));
  EXPECT_THAT(universe.names(), ElementsAre("SDS", "SQQQ", "TQQQ"));
  ASSERT_EQ(universe.size(), 3U);
  EXPECT_EQ(universe[0].name, "SDS");
  EXPECT_EQ(universe[2].name, "TQQQ");
  for (SymbolId id = 0; id < universe.size(); ++id) EXPECT_EQ(universe.find(universe[id].name), id);
  EXPECT_EQ(universe.find("SQQ"), std::nullopt);
  EXPECT_EQ(universe.find("ZZZ"), std::nullopt);
  EXPECT_EQ(Universe().find("A"), std::nullopt);
}

SymbolsConfig three_symbols() {
  SymbolsConfig symbols;
  for (const char* name : {"SPY", "SQQQ", "TQQQ"}) symbols.metadata[name].name = name;
  symbols.metadata["TQQQ"].boost = 1.5;
  symbols.active_symbols = {"TQQQ", "SPY"};
  return symbols;
}

TEST(MakeUniverse, FlagWinsOverStrategyWinsOverSymbolsFile) {
  StrategyConfig strategy;
  const auto names = [](const Result<Universe>& universe) { return universe.value().as_listed(); };
  EXPECT_THAT(names(make_universe(strategy, three_symbols(), {})), ElementsAre("TQQQ", "SPY"));
  strategy.active_symbols = {"SQQQ"};
  EXPECT_THAT(names(make_universe(strategy, three_symbols(), {})), ElementsAre("SQQQ"));
  const auto by_flag = make_universe(strategy, three_symbols(), {"TQQQ"});
  EXPECT_THAT(names(by_flag), ElementsAre("TQQQ"));
  EXPECT_EQ((*by_flag)[0].boost, 1.5);
}

TEST(MakeUniverse, UnknownSymbolsAreNamedWithTheNearest) {
  EXPECT_THAT(complaints(make_universe({}, three_symbols(), {"TQQ", "SPY", "IBM"})),
              ElementsAre(R"(--symbols: unknown symbol "TQQ"; did you mean "TQQQ"?)",
                          R"(--symbols: unknown symbol "IBM")"));
}

TEST(MakeUniverse, NeedsAtLeastOneSymbol) {
  EXPECT_THAT(complaints(make_universe({}, {}, {})),
              ElementsAre("active_symbols: a run needs at least one symbol"));
}

TEST(SymbolsFile, EveryProblemIsNamed) {
  const auto symbols = parse_symbols({"s.json", R"({
    "active_symbols": ["TQQQ", "SPV"],
    "symbol_metadata": {
      "_note": "ignored",
      "SPY": {"leverage": 1, "direction": "up", "boost": 1, "half_spread_bps": 0.1, "equity_sid": 1},
      "TQQQ": {"leverage": "3", "direction": "bull", "half_spread_bps": -1, "equity_side": 2, "boost": 1.5},
      "UVXY": {"leverage": 1.5, "direction": "volatility", "half_spread_bps": 2},
      "X Y": 1 } })"});
  EXPECT_THAT(
      complaints(symbols),
      ElementsAre(
          R"(s.json: symbol_metadata.SPY: unknown key "equity_sid"; did you mean "equity_side"?)",
          R"(s.json: symbol_metadata.SPY.direction must be "bull", "bear", "volatility" or )"
          R"("short_volatility", was "up")",
          R"(s.json: symbol_metadata.TQQQ.leverage must be a number, found "3")",
          "s.json: symbol_metadata.TQQQ.half_spread_bps must be >= 0, was -1",
          "s.json: symbol_metadata.TQQQ.equity_side must be <= 1, was 2",
          "s.json: symbol_metadata.UVXY.boost is missing",
          R"(s.json: symbol_metadata has "X Y", which is not a symbol like "TQQQ")",
          R"(s.json: symbol_metadata."X Y" must be an object, found 1)",
          R"(s.json: active_symbols: unknown symbol "SPV"; did you mean "SPY"? (it needs an entry in )"
          "symbol_metadata)"));
}

TEST(SymbolsFile, NeedsBothParts) {
  EXPECT_THAT(complaints(parse_symbols({"s.json", "{}"})),
              ElementsAre("s.json: active_symbols is missing", "s.json: symbol_metadata is missing"));
}

}  // namespace
}  // namespace sentio
