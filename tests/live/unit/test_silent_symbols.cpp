/// Which instruments are told as silent, when, and how thin ones are left alone.

#include <gtest/gtest.h>

#include "feed/silent_symbols.h"

namespace sentio {
namespace {

/// One letter a symbol: 'b' it has a bar.
struct Minutes {
  explicit Minutes(std::size_t symbols) : silent(symbols) {}
  std::vector<SilentSymbols::News> next(std::string_view bars) {
    BarsArrived set{.minute = minute++, .bars = {}};
    for (const char c : bars) set.bars.push_back(c == 'b' ? std::optional(Bar{}) : std::nullopt);
    return silent.on_set(set);
  }
  /// How many minutes of `bars` it takes until something is told; 0: not within `most`.
  int until_told(std::string_view bars, int most) {
    for (int i = 1; i <= most; ++i) {
      if (!next(bars).empty()) return i;
    }
    return 0;
  }
  SilentSymbols silent;
  int minute = 0;
};

TEST(SilentSymbols, AreToldAfterFiveMinutesAndWhenTheySpeak) {
  Minutes m(4);
  EXPECT_EQ(m.until_told("bbbb", 20), 0);
  for (int i = 0; i < 4; ++i) EXPECT_TRUE(m.next("bb.b").empty());
  auto news = m.next("bb.b");
  ASSERT_EQ(news.size(), 1U);
  EXPECT_EQ(news[0].symbol, 2);
  EXPECT_TRUE(news[0].silent);
  EXPECT_EQ(news[0].minutes, 5);
  EXPECT_EQ(news[0].others, 3U);
  EXPECT_EQ(m.until_told("bb.b", 30), 0) << "once";
  news = m.next("bbbb");
  ASSERT_EQ(news.size(), 1U);
  EXPECT_FALSE(news[0].silent);
  EXPECT_EQ(news[0].minutes, 35);
}

TEST(SilentSymbols, ThinOnesGetThreeTimesTheirLongestGap) {
  Minutes m(4);
  EXPECT_EQ(m.until_told("bb.b", 4), 0);
  EXPECT_TRUE(m.next("bbbb").empty());
  EXPECT_EQ(m.until_told("bb.b", 50), 12) << "three times four";
  EXPECT_EQ(m.next("bbbb").size(), 1U);
  EXPECT_EQ(m.until_told("bb.b", 50), 36);
}

TEST(SilentSymbols, MinutesWithoutMostOfTheOthersDoNotCount) {
  Minutes m(5);
  EXPECT_EQ(m.until_told(".....", 30), 0) << "the feed is down";
  EXPECT_EQ(m.until_told("bb...", 30), 0) << "half of the others are not most of them";
  EXPECT_EQ(m.until_told("bbb..", 30), 5);
}

TEST(SilentSymbols, AHaltIsNoSilence) {
  Minutes m(3);
  m.silent.halted(1, true);
  EXPECT_EQ(m.until_told("b.b", 30), 0);
  m.silent.halted(1, false);
  EXPECT_EQ(m.until_told("b.b", 30), 5);
}

TEST(SilentSymbols, OneThatIsAloneHasNobodyToBeComparedWith) {
  Minutes m(1);
  EXPECT_EQ(m.until_told(".", 30), 0);
}

}  // namespace
}  // namespace sentio
