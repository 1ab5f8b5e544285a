/// The rungs that follow an exit which does not get the book flat.

#include <gtest/gtest.h>

#include "sentio/core/calendar.h"
#include "day/flatten_ladder.h"

namespace sentio {
namespace {

using std::chrono::seconds;

const TimePoint kStart{std::chrono::sys_days{std::chrono::year{2025} / 9 / 26}};

struct Climb {
  std::vector<int> exits, lates, close_outs;  // seconds after the start
};

Climb climb(int seconds_held, int seconds_watched) {
  FlattenLadder ladder;
  ladder.start(kStart);
  Climb c;
  for (int s = 0; s <= seconds_watched; ++s) {
    const auto due = ladder.poll(kStart + seconds{s}, s > seconds_held);
    if (due.exit_again) c.exits.push_back(s);
    if (due.late) c.lates.push_back(s);
    if (due.close_out) c.close_outs.push_back(s);
  }
  EXPECT_EQ(ladder.was_late(), !c.lates.empty());
  return c;
}

TEST(FlattenLadder, ClimbsWhileSharesAreHeld) {
  const Climb c = climb(125, 200);
  EXPECT_EQ(c.exits, (std::vector<int>{5, 15, 25, 35, 45, 55, 65, 75, 85, 95, 105, 115, 125}));
  EXPECT_EQ(c.lates, std::vector<int>{60});
  EXPECT_EQ(c.close_outs, (std::vector<int>{80, 100, 120}));
}

TEST(FlattenLadder, AMinuteIsInTimeAndAFlatBookClimbsNothing) {
  EXPECT_EQ(climb(59, 200).lates, std::vector<int>{});
  EXPECT_EQ(climb(60, 200).lates, std::vector<int>{60});
  EXPECT_EQ(climb(-1, 200).exits, std::vector<int>{});
}

TEST(FlattenLadder, SleepsUntilItStartsAndStartsOnce) {
  FlattenLadder ladder;
  EXPECT_EQ(ladder.next(), TimePoint::max());
  EXPECT_FALSE(ladder.poll(kStart, false).exit_again);
  ladder.start(kStart);
  ladder.start(kStart + seconds{40});
  EXPECT_EQ(ladder.next(), kStart + seconds{5});
}

TEST(FlattenLadder, NextIsTheMomentAtWhichPollSpeaks) {
  FlattenLadder ladder;
  ladder.start(kStart);
  for (int rungs = 0; rungs < 20; ++rungs) {
    const TimePoint at = ladder.next();
    const auto early = ladder.poll(at - std::chrono::nanoseconds{1}, false);
    EXPECT_FALSE(early.exit_again || early.late || early.close_out);
    const auto due = ladder.poll(at, false);
    EXPECT_TRUE(due.exit_again || due.late || due.close_out);
  }
}

}  // namespace
}  // namespace sentio
