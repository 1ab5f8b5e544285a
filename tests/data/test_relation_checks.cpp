#include <gtest/gtest.h>

#include <cmath>

#include "check_cases.h"
#include "sentio/core/bytes.h"

namespace sentio {
namespace {

using testing::summary;
using Lines = std::vector<std::string>;

const std::vector<SymbolInfo> kKnown = {{.name = "QQQ", .leverage = 1, .underlying = "Nasdaq-100"},
                                        {.name = "SQQQ", .leverage = -3, .underlying = "Nasdaq-100"},
                                        {.name = "TQQQ", .leverage = 3, .underlying = "Nasdaq-100"},
                                        {.name = "TNA", .leverage = 3, .underlying = "Russell 2000"}};

/// The index of `seed` with that leverage, thinned; noise stands for spreads.
SymbolHistory fund(const std::string& symbol, double leverage, std::uint64_t seed = 1, double missing = 0) {
  testing::Random noise(fnv1a(symbol) + seed);
  std::vector<Bar> bars;
  for (const Bar& bar : testing::calm("2025-09-22", "2025-09-26", seed)) {
    const auto of = [&](double price) {
      return 40 * std::pow(price / 50, leverage) + 0.005 * noise.normal();
    };
    const double open = of(bar.open), close = of(bar.close);
    if (noise.uniform() >= missing)
      bars.push_back({bar.start, open, std::max(open, close), std::min(open, close), close,
                      std::floor(bar.volume * noise.uniform()) + 1});
  }
  return make_history(symbol, std::move(bars));
}

Findings related(const std::vector<SymbolHistory>& histories) {
  std::vector<const SymbolHistory*> pointers;
  for (const SymbolHistory& history : histories) pointers.push_back(&history);
  return check_relations(pointers, kKnown);
}

struct RelationCase {
  std::string name;
  std::function<std::vector<SymbolHistory>()> make;
  Lines expected;
  std::string said;
  friend void PrintTo(const RelationCase& row, std::ostream* out) { *out << row.name; }
};

class CheckRelations : public ::testing::TestWithParam<RelationCase> {};

TEST_P(CheckRelations, FindsExactly) {
  const Findings found = related(GetParam().make());
  EXPECT_EQ(summary(found), GetParam().expected);
  for (const Finding& finding : found)
    EXPECT_NE(finding.text.find(GetParam().said), std::string::npos) << finding.text;
}

SymbolHistory named(SymbolHistory history, const std::string& symbol) {
  history.symbol = symbol;
  return history;
}

/// Another index on one day.
SymbolHistory with_foreign_day(const SymbolHistory& good, const SymbolHistory& foreign) {
  std::vector<Bar> bars;
  for (std::size_t i = 0; i < good.bars.size(); ++i) {
    const bool swapped = new_york_date(good.bars[i].start) == testing::day("2025-09-24");
    bars.push_back(swapped ? foreign.bars[i] : good.bars[i]);
  }
  return make_history(good.symbol, std::move(bars));
}

INSTANTIATE_TEST_SUITE_P(
    Files, CheckRelations,
    ::testing::Values(
        RelationCase{"AsLeveraged",
                     [] {
                       return std::vector{fund("QQQ", 1), fund("SQQQ", -3), fund("TQQQ", 3)};
                     },
                     {},
                     ""},
        RelationCase{"ThinFunds",
                     [] {
                       return std::vector{fund("SQQQ", -3, 1, 0.4), fund("TQQQ", 3, 1, 0.4)};
                     },
                     {},
                     ""},
        RelationCase{"OtherUnderlyingsAreFree",
                     [] {
                       return std::vector{fund("TNA", 3, 2), fund("TQQQ", -3, 1)};
                     },
                     {},
                     ""},
        RelationCase{"UnknownSymbolsAreFree",
                     [] {
                       return std::vector{fund("ABC", -3), fund("TQQQ", 3)};
                     },
                     {},
                     ""},
        RelationCase{"WrongSign",
                     [] {
                       return std::vector{fund("SQQQ", 3), fund("TQQQ", 3, 1, 0.1)};
                     },
                     {"refused relation x385"},
                     "moves the wrong way against TQQQ (-3x and 3x Nasdaq-100)"},
        RelationCase{"AnotherIndex",
                     [] {
                       return std::vector{fund("SQQQ", -3, 7), fund("TQQQ", 3)};
                     },
                     {"warned relation x385"},
                     "does not move with its underlying"},
        RelationCase{"WrongFactor",
                     [] {
                       return std::vector{fund("QQQ", 2), fund("TQQQ", 3)};
                     },
                     {"warned relation x385"},
                     "moves by another factor against TQQQ"},
        RelationCase{"OneDayOfTheOtherFund",
                     [] {
                       return std::vector{with_foreign_day(fund("SQQQ", -3), fund("SQQQ", 3, 1)),
                                          fund("TQQQ", 3, 1, 0.01)};
                     },
                     {"warned relation x1"},
                     "in 1 session: 2025-09-24"},
        RelationCase{"Twins",
                     [] {
                       return std::vector{named(fund("TQQQ", 3), "SQQQ"), fund("TQQQ", 3)};
                     },
                     {"refused twin x1950"},
                     "equal to those of TQQQ"},
        RelationCase{
            "TwinsOfOneDay",
            [] {
              return std::vector{with_foreign_day(fund("TNA", 3, 2), fund("TQQQ", 3)), fund("TQQQ", 3)};
            },
            {"refused twin x390"},
            ""},
        RelationCase{"TooLittleToTell",
                     [] {
                       auto a = fund("SQQQ", 3), b = fund("TQQQ", 3, 1, 0.01);
                       std::erase_if(a.bars, [](const Bar& bar) {
                         return bar.start > testing::at("2025-09-22 11:00");
                       });
                       return std::vector{make_history("SQQQ", a.bars), std::move(b)};
                     },
                     {},
                     ""}),
    [](const auto& c) { return c.param.name; });

TEST(CheckRelations, ASingleBadPrintDecidesNothing) {
  auto good = fund("SQQQ", -3);
  good.bars[434].close *= 5;
  good.bars[434].high *= 5;
  EXPECT_TRUE(related({std::move(good), fund("TQQQ", 3)}).empty());
}

}  // namespace
}  // namespace sentio
