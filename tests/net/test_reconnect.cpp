#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <chrono>

#include "sentio/net/reconnect.h"

namespace sentio {
namespace {

using namespace std::chrono_literals;
using std::chrono::nanoseconds;

const TimePoint kStart = std::chrono::sys_days{std::chrono::year{2025} / 10 / 14};

RC_GTEST_PROP(Reconnect, WaitsBetweenOneAndSixtySecondsAndTriesAtLeastFiveTimes, (std::uint64_t seed)) {
  ReconnectOptions options;
  options.tries_max = *rc::gen::inRange(5, 30);
  ReconnectState state{options, seed};
  TimePoint now = kStart;
  int tries = 0;
  while (const auto next = state.ended(now, ConnectionEnd::lost)) {
    RC_ASSERT(*next - now >= 1s);
    RC_ASSERT(*next - now <= 60s);
    now = *next;
    ++tries;
  }
  RC_ASSERT(tries == options.tries_max - 1);  // and the one before the first failure
}

TEST(Reconnect, DoublesUpToTheCap) {
  ReconnectState state{ReconnectOptions{}, 3};
  nanoseconds lower = 1s;
  for (int i = 0; i < 9; ++i) {
    const auto next = state.ended(kStart, ConnectionEnd::lost);
    ASSERT_TRUE(next);
    EXPECT_GE(*next - kStart, std::min<nanoseconds>(lower, 30s));
    EXPECT_LE(*next - kStart, std::min<nanoseconds>(2 * lower, 60s));
    lower *= 2;
  }
}

TEST(Reconnect, ForgetsFailuresOnlyAfterAConnectionSurvived) {
  ReconnectState state{ReconnectOptions{}, 3};
  TimePoint now = kStart;
  for (int i = 1; i <= 6; ++i) {  // accepted, then thrown out at once
    state.opened(now);
    now += 10s - 1ns;
    now = state.ended(now, ConnectionEnd::lost).value();
    EXPECT_EQ(state.failures(), i);
  }
  state.opened(now);
  const auto next = state.ended(now + 10s, ConnectionEnd::lost);
  EXPECT_EQ(state.failures(), 1);
  EXPECT_LE(next.value() - (now + 10s), 2s);
}

TEST(Reconnect, TimeWithoutAConnectionIsNoSurvival) {
  ReconnectState state{ReconnectOptions{}, 3};
  state.opened(kStart);
  (void)state.ended(kStart + 1s, ConnectionEnd::lost);
  (void)state.ended(kStart + 1h, ConnectionEnd::lost);  // a try that never opened
  EXPECT_EQ(state.failures(), 2);
}

TEST(Reconnect, PausesAMinuteWhenCrowded) {
  ReconnectState state{ReconnectOptions{}, 3};
  EXPECT_EQ(state.ended(kStart, connection_end(429)), kStart + 60s);
}

TEST(Reconnect, GivesUpAtOnceWhenHopeless) {
  ReconnectState state{ReconnectOptions{}, 3};
  EXPECT_EQ(state.ended(kStart, connection_end(401)), std::nullopt);
}

TEST(Reconnect, NothingThatHasWorkedIsHopeless) {
  ReconnectOptions options;
  options.tries_max = 5;
  ReconnectState state{options, 3};
  state.opened(kStart);
  state.worked();
  TimePoint now = kStart + 1s;
  nanoseconds longest{0};
  for (int i = 0; i < 400; ++i) {
    const auto next = state.ended(now, i % 3 == 0 ? ConnectionEnd::lost : ConnectionEnd::hopeless);
    ASSERT_TRUE(next) << i;
    EXPECT_LE(*next - now, i == 0 ? nanoseconds{2s} : nanoseconds{60s});
    longest = std::max<nanoseconds>(longest, *next - now);
    now = *next;
  }
  EXPECT_GT(longest, 30s) << "pauses grow";
}

TEST(Reconnect, ReadsTheStatusOfARefusedUpgrade) {
  EXPECT_EQ(connection_end(429), ConnectionEnd::crowded);
  for (const int status : {400, 401, 403, 404})
    EXPECT_EQ(connection_end(status), ConnectionEnd::hopeless) << status;
  for (const int status : {0, 200, 302, 408, 425, 500, 502, 503})
    EXPECT_EQ(connection_end(status), ConnectionEnd::lost) << status;
}

TEST(Reconnect, RefusesFewerThanFiveTries) {
  ReconnectOptions options;
  options.tries_max = 4;
  EXPECT_DEATH(ReconnectState(options, 1), "tries_max");
}

}  // namespace
}  // namespace sentio
