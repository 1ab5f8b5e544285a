/// The circuit breaker's file: written after the exits are out, believed at the start.

#include <gtest/gtest.h>

#include "live_day_fixture.h"
#include "start/live_start.h"

namespace sentio {
namespace {

using testing::day;
using testing::LiveDayTest;

/// A day whose breaker trips at the first loss.
class BreakerDayTest : public LiveDayTest {
 protected:
  BreakerDayTest() {
    LiveDayOptions touchy = options();
    touchy.header.options.config.risk.max_session_drawdown = 1e-6;
    live = *LiveDay::start(std::move(touchy), &state(), {}, broker, feed, hours().open - std::chrono::minutes{5});
    feed.events.emplace_back(FeedUp{});
  }
  void run_until_tripped() {
    for (int i = 0; i < 200 && !tripped(); ++i) run_minutes(i, i + 1);
    ASSERT_TRUE(tripped());
  }
  [[nodiscard]] bool tripped() const { return live->session().risk().breaker_open(); }
  [[nodiscard]] bool told(const std::string& text) const {
    return std::ranges::any_of(alerts, [&](const std::string& a) { return a.find(text) != std::string::npos; });
  }
  std::filesystem::path latch = breaker_file(folder.path(), hours().date);
};

TEST_F(BreakerDayTest, ExitsAreWithTheBrokerBeforeTheLatchIsWrittenAndAnybodyIsTold) {
  int exits = 0;
  broker.on_submit = [&](const Order& order) {
    if (!tripped() || order.side != Side::sell) return;
    ++exits;
    EXPECT_FALSE(std::filesystem::exists(latch));
    EXPECT_FALSE(told("circuit breaker"));
  };
  run_until_tripped();
  EXPECT_GT(exits, 0);
  EXPECT_TRUE(*breaker_latched(folder.path(), hours().date));
  EXPECT_TRUE(told("circuit breaker"));
}

TEST_F(BreakerDayTest, ALatchThatCannotBeWrittenIsToldAndHoldsUpNoExit) {
  std::filesystem::create_directories(latch / "in the way");
  run_until_tripped();
  EXPECT_TRUE(told("circuit breaker"));
  EXPECT_TRUE(told(latch.string() + ": cannot be put in place"));
  ASSERT_TRUE(live->pump(hours().open + std::chrono::minutes{205}));  // the fills of the exits
  EXPECT_TRUE(live->session().flat());
}

TEST(BreakerLatch, IsAFileWhateverItHolds) {
  const testing::ScratchFolder folder;
  const Date date = day(2025, 7, 3);
  EXPECT_FALSE(*breaker_latched(folder.path(), date));
  EXPECT_TRUE(forget_breaker(folder.path(), date));
  ASSERT_TRUE(write_file_atomically(breaker_file(folder.path(), date), ""));
  EXPECT_TRUE(*breaker_latched(folder.path(), date));
  EXPECT_FALSE(*breaker_latched(folder.path(), day(2025, 7, 7)));
  EXPECT_TRUE(forget_breaker(folder.path(), date));
  EXPECT_FALSE(*breaker_latched(folder.path(), date));
}

TEST(BreakerLatch, WhatCannotBeLookedAtIsNotTakenForUntripped) {
  const testing::ScratchFolder folder;
  std::filesystem::create_symlink(folder / "loop", folder / "loop");
  const auto latched = breaker_latched(folder / "loop", day(2025, 7, 3));
  ASSERT_FALSE(latched);
  EXPECT_EQ(latched.error().code, Errc::io);
  EXPECT_NE(latched.error().detail.find("breaker"), std::string::npos);
  EXPECT_EQ(forget_breaker(folder / "loop", day(2025, 7, 3)).error().code, Errc::io);
}

}  // namespace
}  // namespace sentio
