/// Time that stands still until everybody is done.

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "sentio/net/timeline.h"

namespace sentio {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

const TimePoint kStart{std::chrono::sys_days{std::chrono::year{2025} / 9 / 26}};

struct Stepped {
  std::shared_ptr<SteppedTime> owner = std::make_shared<SteppedTime>(kStart);
  Timeline time{owner};
};

template <class Condition>
bool soon(Condition done) {
  for (int i = 0; i < 2'000 && !done(); ++i) std::this_thread::sleep_for(milliseconds{1});
  return done();
}

TEST(SteppedTime, IsSettledWhereNothingIsDueAndNamesWhatComesNext) {
  Stepped s;
  EXPECT_EQ(s.owner->settled(), TimePoint::max());
  Timeline::Due later = s.time.due(kStart + minutes{2});
  const Timeline::Due last = s.time.due(kStart + minutes{5});
  EXPECT_EQ(s.owner->settled(), kStart + minutes{2});
  s.owner->move_to(kStart + minutes{2});
  EXPECT_EQ(s.owner->settled(), std::nullopt);  // due and not done
  later.reset();
  EXPECT_EQ(s.owner->settled(), kStart + minutes{5});
}

TEST(SteppedTime, ATokenThatTakesTheFormersPlaceLeavesNoQuietMoment) {
  Stepped s;
  Timeline::Due due = s.time.due(kStart);
  EXPECT_EQ(s.owner->settled(), std::nullopt);
  due = s.time.due(kStart + seconds{3});
  EXPECT_EQ(s.owner->settled(), kStart + seconds{3});
  Timeline::Due moved = std::move(due);
  EXPECT_EQ(s.owner->settled(), kStart + seconds{3});
  moved.reset();
  EXPECT_EQ(s.owner->settled(), TimePoint::max());
}

TEST(SteppedTime, NeverRunsBackwards) {
  Stepped s;
  s.owner->move_to(kStart + seconds{9});
  s.owner->move_to(kStart + seconds{4});
  EXPECT_EQ(s.time.now(), kStart + seconds{9});
}

TEST(SteppedTime, WorkThatPausesLetsTimeGoOnUntilItsEndAndNoFurther) {
  Stepped s;
  s.owner->drive(true);
  std::mutex mutex;
  std::condition_variable changed;
  std::atomic<bool> done{false};
  Timeline::Due work = s.time.due(kStart);
  std::thread worker([&] {
    std::unique_lock lock(mutex);
    EXPECT_FALSE(s.time.pause(lock, changed, seconds{30}, [] { return false; }));
    done = true;
  });
  EXPECT_TRUE(soon([&] { return s.owner->settled() == kStart + seconds{30}; }));
  s.owner->move_to(kStart + seconds{29});
  std::this_thread::sleep_for(milliseconds{20});
  EXPECT_FALSE(done);
  s.owner->move_to(kStart + seconds{30});
  EXPECT_TRUE(soon([&] { return done.load(); }));
  EXPECT_EQ(s.owner->settled(), std::nullopt);  // awake, and its work goes on
  worker.join();
  work.reset();
  EXPECT_EQ(s.owner->settled(), TimePoint::max());
}

TEST(SteppedTime, APauseEndsWhenItIsToldToStop) {
  Stepped s;
  s.owner->drive(true);
  std::mutex mutex;
  std::condition_variable changed;
  bool stop = false;
  std::thread worker([&] {
    std::unique_lock lock(mutex);
    EXPECT_TRUE(s.time.pause(lock, changed, minutes{60}, [&] { return stop; }));
  });
  {
    const std::lock_guard lock(mutex);
    stop = true;
  }
  changed.notify_all();
  worker.join();
  EXPECT_EQ(s.time.now(), kStart);
}

TEST(SteppedTime, WithoutADriverAPauseMovesTimeItself) {
  Stepped s;
  std::mutex mutex;
  std::condition_variable changed;
  std::unique_lock lock(mutex);
  EXPECT_FALSE(s.time.pause(lock, changed, minutes{2}, [] { return false; }));  // nobody else could move it
  EXPECT_GE(s.time.now(), kStart + minutes{2});
  // The owner's clock is behind by that, and settled() speaks the owner's.
  const Timeline::Due due = s.time.due(s.time.now() + seconds{5});
  EXPECT_EQ(s.owner->settled(), kStart + seconds{5});
  s.owner->move_to(kStart + seconds{5});
  EXPECT_EQ(s.owner->settled(), std::nullopt);
}

TEST(Timeline, APaceMakesSecondsShorter) {
  const Timeline fast(1000);
  std::mutex mutex;
  std::condition_variable changed;
  std::unique_lock lock(mutex);
  using Wall = std::chrono::steady_clock;
  // Read inside and outside of each other: however long the machine takes, the pace lies between the two.
  const auto wall_first = Wall::now();
  const TimePoint first = fast.now();
  const auto wall_second = Wall::now();
  EXPECT_FALSE(fast.pause(lock, changed, seconds{20}, [] { return false; }));
  const auto wall_third = Wall::now();
  const TimePoint last = fast.now();
  const auto wall_last = Wall::now();
  const std::chrono::microseconds rounding{1};
  EXPECT_GE(last - first, seconds{20});
  EXPECT_GE(last - first + rounding, 1000 * (wall_third - wall_second));
  EXPECT_LE(last - first - rounding, 1000 * (wall_last - wall_first));
}

}  // namespace
}  // namespace sentio
