/// One refusal of our keys costs minutes of entries, a second one at the account half a minute later the day's.

#include <gtest/gtest.h>

#include "day/key_watch.h"

namespace sentio {
namespace {

using std::chrono::seconds;
using Verdict = KeyWatch::Verdict;

const TimePoint kNoon = std::chrono::sys_days{std::chrono::year{2025} / 7 / 3} + std::chrono::hours{16};

TEST(KeyWatch, AStrayRefusalIsLiftedByTheAccount) {
  KeyWatch keys;
  EXPECT_EQ(keys.account_read(kNoon), Verdict::nothing);
  EXPECT_EQ(keys.look_at(), std::nullopt);
  EXPECT_EQ(keys.refused(kNoon), Verdict::suspend);
  EXPECT_EQ(keys.refused(kNoon + seconds{1}), Verdict::nothing) << "said once";
  EXPECT_EQ(keys.look_at(), kNoon) << "at once";
  EXPECT_EQ(keys.account_read(kNoon - seconds{1}), Verdict::nothing) << "asked before the refusal";
  EXPECT_EQ(keys.account_read(kNoon), Verdict::lift);
  EXPECT_EQ(keys.look_at(), std::nullopt);
  EXPECT_EQ(keys.refused(kNoon + seconds{600}), Verdict::suspend) << "and so is the next one";
  EXPECT_EQ(keys.account_read(kNoon + seconds{601}), Verdict::lift);
}

TEST(KeyWatch, OnlyTheAccountRefusedHalfAMinuteLaterEndsTheDaysEntries) {
  KeyWatch keys;
  EXPECT_EQ(keys.account_refused(kNoon, kNoon), Verdict::suspend);
  EXPECT_EQ(keys.account_refused(kNoon + seconds{29}, kNoon + seconds{40}), Verdict::nothing) << "asked too early";
  EXPECT_EQ(keys.refused(kNoon + seconds{50}), Verdict::nothing) << "an order, not the account";
  EXPECT_EQ(keys.account_refused(kNoon + seconds{30}, kNoon + seconds{41}), Verdict::latch);
  EXPECT_EQ(keys.account_read(kNoon + seconds{90}), Verdict::nothing) << "for the rest of the day";
  EXPECT_EQ(keys.refused(kNoon + seconds{91}), Verdict::nothing);
  EXPECT_EQ(keys.look_at(), std::nullopt);
}

TEST(KeyWatch, AsksForTheAccountWithPausesThatGrowToAMinute) {
  KeyWatch keys;
  (void)keys.refused(kNoon);
  std::vector<int> pauses;
  TimePoint now = kNoon;
  for (int i = 0; i < 7; ++i) {
    keys.looked(now);
    ASSERT_TRUE(keys.look_at());
    pauses.push_back(static_cast<int>((*keys.look_at() - now) / seconds{1}));
    now = *keys.look_at();
  }
  EXPECT_EQ(pauses, (std::vector<int>{5, 10, 20, 40, 60, 60, 60}));
}

}  // namespace
}  // namespace sentio
