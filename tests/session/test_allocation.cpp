/// The decision path allocates nothing per bar once it runs.

#include <gtest/gtest.h>

#include "allocation_count.h"
#include "traded_day.h"

namespace sentio {
namespace {

TEST(TradingSession, AllocatesNothingPerBarAfterItsStart) {
  const auto days = NyseCalendar::sessions_before(Date{std::chrono::year{2025} / 8 / 1}, 4);
  const Universe universe = testing::universe_of({"AAA", "BBB", "CCC", "DDD"});
  const auto recordings = testing::walks_of(universe, days);
  const FeeTable fees({{.from = days.front().date, .taf_per_share = 0.000166, .taf_cap = 8.3}});
  TradingSession session({.config = {}, .universe = universe, .fees = fees});
  long allocations = 0;
  const auto step = [&](int minute, TimePoint now, const Event& event) {
    const auto before = testing::allocation_count();
    const auto actions = session.step(now, event);
    const bool within_day = minute >= 0 && !std::holds_alternative<SessionClosed>(event);
    if (within_day) allocations += testing::allocation_count() - before;
    return actions;
  };
  (void)testing::run_day(DayTape(days[0], recordings), false, step);
  (void)testing::run_day(DayTape(days[1], recordings), false, step);
  (void)testing::run_day(DayTape(days[2], recordings), true, step);  // every path and buffer has been used once
  allocations = 0;
  EXPECT_GT(testing::run_day(DayTape(days[3], recordings), true, step), 50);
  EXPECT_EQ(allocations, 0);
}

}  // namespace
}  // namespace sentio
