#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <chrono>
#include <vector>

#include "sentio/net/rate_limit.h"

namespace sentio {
namespace {

using namespace std::chrono_literals;
using std::chrono::nanoseconds;

const TimePoint kStart = std::chrono::sys_days{std::chrono::year{2025} / 10 / 14};

/// The bucket as one would draw it: credit drips in with time, up to the brim.
struct SlowBucket {
  std::int64_t token_ns, brim_ns, credit_ns;
  TimePoint last;
  bool try_take(TimePoint now) {
    now = std::max(now, last);
    credit_ns = std::min<std::int64_t>(brim_ns, credit_ns + (now - last).count());
    last = now;
    if (credit_ns < token_ns) return false;
    credit_ns -= token_ns;
    return true;
  }
};

RC_GTEST_PROP(TokenBucket, AgreesWithTheDrippingBucket, ()) {
  const auto per_minute = *rc::gen::inRange<std::int64_t>(1, 400);
  const auto burst = *rc::gen::inRange<std::int64_t>(1, 20);
  const std::int64_t token = (60'000'000'000 + per_minute - 1) / per_minute;
  TokenBucket bucket{per_minute, burst};
  SlowBucket slow{token, token * burst, token * burst, TimePoint{}};
  TimePoint now = kStart;
  for (const auto step :
       *rc::gen::container<std::vector<std::int64_t>>(rc::gen::inRange<std::int64_t>(-10, 300))) {
    now += nanoseconds{step * token / 100};  // now and then backwards
    RC_ASSERT(bucket.try_take(now) == slow.try_take(now));
  }
}

RC_GTEST_PROP(TokenBucket, NeverExceedsItsRateInAnyWindow, ()) {
  const auto per_minute = *rc::gen::inRange<std::int64_t>(1, 400);
  const auto burst = *rc::gen::inRange<std::int64_t>(1, 20);
  TokenBucket bucket{per_minute, burst};
  TimePoint now = kStart;
  std::vector<TimePoint> taken;
  for (int i = 0; i < 60; ++i) {
    if (bucket.try_take(now)) taken.push_back(now);
    now += nanoseconds{*rc::gen::inRange<std::int64_t>(0, 90'000'000'000 / per_minute)};
  }
  for (std::size_t i = 0; i < taken.size(); ++i)
    for (std::size_t j = i; j < taken.size(); ++j) {
      const double minutes = std::chrono::duration<double>(taken[j] - taken[i]).count() / 60.0;
      RC_ASSERT(static_cast<double>(j - i + 1) <=
                static_cast<double>(burst) + minutes * static_cast<double>(per_minute) + 1e-6);
    }
}

TEST(TokenBucket, SaysExactlyHowLongToWait) {
  TokenBucket bucket{150, 3};  // one every 400 ms
  EXPECT_TRUE(bucket.try_take(kStart));
  EXPECT_TRUE(bucket.try_take(kStart));
  EXPECT_TRUE(bucket.try_take(kStart));
  EXPECT_FALSE(bucket.try_take(kStart));
  EXPECT_EQ(bucket.wait(kStart), 400ms);
  EXPECT_EQ(bucket.wait(kStart + 150ms), 250ms);
  EXPECT_FALSE(bucket.try_take(kStart + 400ms - 1ns));
  EXPECT_TRUE(bucket.try_take(kStart + 400ms));
  EXPECT_EQ(bucket.wait(kStart + 400ms), 400ms);
}

TEST(TokenBucket, DoesNotSaveUpBeyondTheBurst) {
  TokenBucket bucket{60, 2};
  const TimePoint later = kStart + 1h;
  EXPECT_TRUE(bucket.try_take(later));
  EXPECT_TRUE(bucket.try_take(later));
  EXPECT_FALSE(bucket.try_take(later));
}

}  // namespace
}  // namespace sentio
