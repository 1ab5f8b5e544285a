#include <gtest/gtest.h>

#include <cmath>

#include "check_cases.h"

namespace sentio {
namespace {

using testing::at;
using testing::bar_at;
using testing::calm;
using testing::CheckCase;
using testing::summary;

using Lines = std::vector<std::string>;

std::vector<Bar> week() {
  return calm("2025-09-22", "2025-09-26");
}

void touch(Bar& bar, double price) {
  bar.high = std::max(bar.high, price);
  bar.low = std::min(bar.low, price);
}

std::vector<Bar> with_print(std::string_view minute, double Bar::*field, double factor) {
  auto bars = week();
  Bar& bar = bar_at(bars, minute);
  bar.*field *= factor;
  touch(bar, bar.*field);
  return bars;
}

class CheckPrints : public ::testing::TestWithParam<CheckCase> {};

TEST_P(CheckPrints, FindsExactly) {
  EXPECT_EQ(summary(check_prints(make_history("TQQQ", GetParam().make()))), GetParam().expected);
}

constexpr const char* kNoon = "2025-09-24 12:00";

INSTANTIATE_TEST_SUITE_P(
    Bars, CheckPrints,
    ::testing::Values(
        CheckCase{"Calm", week, {}}, CheckCase{"Nothing", [] { return std::vector<Bar>{}; }, {}},
        CheckCase{"TwoBars",
                  [] {
                    return std::vector<Bar>{{at("2025-09-24 12:00"), 50, 50, 50, 50, 1},
                                            {at("2025-09-24 12:01"), 90, 90, 90, 90, 1}};
                  },
                  {}},
        CheckCase{"High", [] { return with_print(kNoon, &Bar::high, 1.03); }, {"warned bad_print x1"}},
        CheckCase{"Low", [] { return with_print(kNoon, &Bar::low, 0.97); }, {"warned bad_print x1"}},
        CheckCase{"Open", [] { return with_print(kNoon, &Bar::open, 1.03); }, {"warned bad_print x1"}},
        CheckCase{"Close", [] { return with_print(kNoon, &Bar::close, 0.97); }, {"warned bad_print x1"}},
        CheckCase{"Threefold", [] { return with_print(kNoon, &Bar::close, 3); }, {"refused bad_print x1"}},
        CheckCase{"Tenth", [] { return with_print(kNoon, &Bar::low, 0.1); }, {"refused bad_print x1"}},
        CheckCase{"AtTheOpen",
                  [] { return with_print("2025-09-24 09:30", &Bar::open, 1.05); },
                  {"warned bad_print x1"}},
        CheckCase{"AtTheClose",
                  [] { return with_print("2025-09-24 15:59", &Bar::close, 1.05); },
                  {"warned bad_print x1"}},
        CheckCase{"InAHalfPercentSpikeIsNone", [] { return with_print(kNoon, &Bar::high, 1.005); }, {}},
        CheckCase{"TwoInARow",
                  [] {
                    auto bars = week();
                    for (const char* minute : {kNoon, "2025-09-24 12:01"})
                      testing::scale(bar_at(bars, minute), 1.04);
                    return bars;
                  },
                  {"warned bad_print x2"}},
        CheckCase{"AMoveThatStaysIsNone",
                  [] {
                    auto bars = week();
                    for (Bar& bar : bars)
                      if (bar.start >= at(kNoon)) testing::scale(bar, 1.05);
                    return bars;
                  },
                  {}},
        CheckCase{"AMoveOfSevenMinutesIsNone",
                  [] {  // up by 18 % and back, as 2025-04-07
                    auto bars = week();
                    for (Bar& bar : bars) {
                      const double minute = static_cast<double>((bar.start - at(kNoon)) / kBarLength);
                      const double here = std::max(0.0, 7 - std::abs(minute - 7)),
                                   next = std::max(0.0, 7 - std::abs(minute + 1 - 7));
                      bar.open *= 1 + 0.026 * here;
                      bar.close *= 1 + 0.026 * next;
                      bar.high = std::max(bar.open, bar.close) * 1.004;
                      bar.low = std::min(bar.open, bar.close) * 0.996;
                    }
                    return bars;
                  },
                  {}},
        CheckCase{"TheFirstBarAfterAHaltIsNone",
                  [] {
                    auto bars = week();
                    std::erase_if(bars, [](const Bar& bar) {
                      return bar.start >= at(kNoon) && bar.start < at("2025-09-24 12:15");
                    });
                    for (Bar& bar : bars)
                      if (bar.start >= at(kNoon)) testing::scale(bar, 0.93);
                    return bars;
                  },
                  {}}),
    testing::name_of);

TEST(CheckPrints, NamesThePriceAndItsDistance) {
  auto bars = week();
  for (Bar& bar : bars) bar = {bar.start, 50, 50.05, 49.95, 50, 100};
  Bar& bad = bar_at(bars, kNoon);
  bad.close = bad.high = 52.05;
  const Findings found = check_prints(make_history("TQQQ", bars));
  EXPECT_EQ(found.at(0).text,
            "1 bar with a price that is gone a minute later: 2025-09-24 12:00 high, close 52.05, 4.0 % and "
            "20 usual minutes "
            "beyond its neighbours");
  EXPECT_EQ(found[0].first, at(kNoon));
}

TEST(CheckPrints, CountsRangesAsAsked) {
  auto bars = week();
  for (Bar& bar : bars) bar = {bar.start, 50, 50.05, 49.95, 50, 100};
  bar_at(bars, kNoon).high = 50.05 + 0.95;  // 9.5 ranges of 0.10
  const SymbolHistory history = make_history("TQQQ", bars);
  EXPECT_TRUE(check_prints(history).empty());
  EXPECT_EQ(summary(check_prints(history, {.ranges = 9})), Lines{"warned bad_print x1"});
  EXPECT_EQ(summary(check_prints(history, {.ranges = 9, .refused = 0.018})), Lines{"refused bad_print x1"});
}

Findings moves_of(std::vector<Bar> bars) {
  const SymbolHistory history = make_history("TQQQ", bars);
  const SymbolBars inside{.symbol = "TQQQ", .bars = bars};
  return check_moves(history, verify_bars(inside, kMoveThresholds));
}

std::vector<Bar> scaled_from(std::string_view minute, double prices, double volume) {
  auto bars = calm("2025-09-15", "2025-09-26");
  for (Bar& bar : bars) {
    if (bar.start >= at(minute)) testing::scale(bar, prices, volume);
  }
  return bars;
}

constexpr const char* kMorning = "2025-09-22 09:30";

class CheckMoves : public ::testing::TestWithParam<CheckCase> {};

TEST_P(CheckMoves, FindsExactly) {
  EXPECT_EQ(summary(moves_of(GetParam().make())), GetParam().expected);
}

INSTANTIATE_TEST_SUITE_P(
    Bars, CheckMoves,
    ::testing::Values(
        CheckCase{"Calm", week, {}},
        CheckCase{"TwoForOne", [] { return scaled_from(kMorning, 0.5, 2); }, {"warned split x1"}},
        CheckCase{"OneForTen", [] { return scaled_from(kMorning, 10, 0.1); }, {"warned split x1"}},
        CheckCase{"PricesAloneAdjusted", [] { return scaled_from(kMorning, 0.2, 1); }, {"warned split x1"}},
        CheckCase{"ThreeForTwo", [] { return scaled_from(kMorning, 2.0 / 3, 1.5); }, {"warned split x1"}},
        CheckCase{"ThreeForTwoWithoutItsVolumeIsAHardNight",
                  [] { return scaled_from(kMorning, 2.0 / 3, 1); },
                  {"warned jump x1"}},
        CheckCase{"FiveForFourWithoutItsVolumeIsANight", [] { return scaled_from(kMorning, 0.8, 1); }, {}},
        CheckCase{
            "FiveForFourWithTwiceItsVolumeIsANight", [] { return scaled_from(kMorning, 0.8, 2.4); }, {}},
        CheckCase{"AFallNearNoSplit", [] { return scaled_from(kMorning, 0.6, 1); }, {"warned jump x1"}},
        CheckCase{"AnOrdinaryNight", [] { return scaled_from(kMorning, 0.85, 1); }, {}},
        CheckCase{"SplitInsideASession",
                  [] { return scaled_from("2025-09-22 11:00", 0.25, 4); },
                  {"refused split x1"}},
        CheckCase{"SplitInsideASessionOfPricesAlone",
                  [] { return scaled_from("2025-09-22 11:00", 0.25, 1); },
                  {"refused split x1"}},
        CheckCase{"SmallSplitInsideASession",
                  [] { return scaled_from("2025-09-22 11:00", 2.0 / 3, 1.5); },
                  {"warned split x1"}},
        CheckCase{"ASmallOneWithoutItsVolumeIsAMove",
                  [] { return scaled_from("2025-09-22 11:00", 2.0 / 3, 1); },
                  {"warned jump x1"}},
        CheckCase{"JumpInsideASession",
                  [] { return scaled_from("2025-09-22 11:00", 1.13, 1); },
                  {"warned jump x1"}},
        CheckCase{"SmallMoveInsideASession", [] { return scaled_from("2025-09-22 11:00", 1.08, 1); }, {}},
        CheckCase{"APrintThatComesBackIsNoMove", [] { return with_print(kNoon, &Bar::close, 0.5); }, {}}),
    testing::name_of);

TEST(CheckMoves, SaysWhatTheVolumeDid) {
  const auto text = [](std::vector<Bar> bars) { return moves_of(std::move(bars)).at(0).text; };
  EXPECT_NE(text(scaled_from(kMorning, 0.5, 2)).find("near 2:1, volume x2.0"), std::string::npos)
      << text(scaled_from(kMorning, 0.5, 2));
  EXPECT_NE(text(scaled_from(kMorning, 10, 0.1)).find("near 1:10, volume x0.10 agrees"), std::string::npos);
  EXPECT_NE(text(scaled_from(kMorning, 2.0 / 3, 1.5)).find("near 3:2"), std::string::npos);
  EXPECT_NE(text(scaled_from(kMorning, 0.2, 1)).find("does not follow"), std::string::npos);
  EXPECT_NE(text(scaled_from("2025-09-15 09:35", 0.5, 1)).find("volume tells nothing"), std::string::npos);
}

}  // namespace
}  // namespace sentio
