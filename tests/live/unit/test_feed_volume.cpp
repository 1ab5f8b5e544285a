#include <gtest/gtest.h>

#include "feed/feed_volume.h"
#include "mock_world.h"

namespace sentio {
namespace {

const SessionHours& hours() {
  static const SessionHours day = *NyseCalendar::session(testing::day(2025, 9, 26));
  return day;
}

/// One instrument whose minutes of a session have the volume 100 × (minute + 1), each second minute missing.
SymbolBars sparse(const SessionHours& session) {
  SymbolBars symbol{.symbol = "AAA"};
  for (int minute = 0; minute < 60; minute += 2) {
    symbol.bars.push_back({session.minute_start(minute), 1, 1, 1, 1, 100.0 * (minute + 1)});
  }
  return symbol;
}

std::string said(FeedVolume& volume, int first, int last, double shares) {
  std::string text;
  for (int minute = first; minute <= last; ++minute) {
    const Bar bar{hours().minute_start(minute), 1, 1, 1, 1, shares};
    if (const auto line = volume.hear({.minute = minute, .bars = {bar, std::nullopt}})) text += *line;
  }
  return text;
}

TEST(FeedVolume, ExpectsTheFirstHalfHoursOfTheWarmUpMissingMinutesIncluded) {
  // 1 + 3 + … + 29 = 225 hundreds over thirty minutes; the session without a bar does not count.
  const auto before = *NyseCalendar::session(testing::day(2025, 9, 25));
  EXPECT_EQ(first_volumes({sparse(hours()), SymbolBars{.symbol = "BBB"}}, {before, hours()}), (std::vector<double>{750, 0}));
}

TEST(FeedVolume, SaysOnceThatItIsAnotherTape) {
  FeedVolume volume({1000, 0});
  EXPECT_EQ(said(volume, 0, 28, 20), "");
  EXPECT_NE(said(volume, 29, 29, 20).find("0.02 times those of the warm-up's bars"), std::string::npos);
  EXPECT_EQ(said(volume, 30, 60, 20), "");
}

TEST(FeedVolume, AQuietOrAWildMorningIsNoOtherTape) {
  for (const double shares : {150.0, 1000.0, 9000.0}) {
    FeedVolume volume({1000, 0});
    EXPECT_EQ(said(volume, 0, 40, shares), "") << shares;
  }
  FeedVolume volume({1000, 0});
  EXPECT_NE(said(volume, 0, 40, 20'000), "");
}

TEST(FeedVolume, ALateStartIsJudgedByWhatItSawOrNotAtAll) {
  FeedVolume late({1000, 0});
  EXPECT_NE(said(late, 15, 40, 20), "");
  FeedVolume too_late({1000, 0});
  EXPECT_EQ(said(too_late, 25, 60, 20), "");
}

TEST(FeedVolume, WithoutAnExpectationNothingIsSaid) {
  FeedVolume nothing({});
  EXPECT_EQ(said(nothing, 0, 40, 1), "");
  FeedVolume unknown({0, 0});
  EXPECT_EQ(said(unknown, 0, 40, 1), "");
}

}  // namespace
}  // namespace sentio
