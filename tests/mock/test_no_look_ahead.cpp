/// Look-ahead is the cardinal sin: cut the tape anywhere, or replace the future by nonsense, and nothing
/// decided before may change.

#include <gtest/gtest.h>

#include <sstream>

#include "mock_world.h"

namespace sentio {
namespace {

using testing::Captured;
using testing::day;
using testing::MockWorld;

/// Lines whose "ts" is at or before `cut` (ISO texts of one day compare like times).
std::string up_to(const std::string& jsonl, const std::string& cut) {
  std::istringstream in(jsonl);
  std::string kept;
  for (std::string line; std::getline(in, line);) {
    if (line.substr(7, cut.size()) <= cut) kept += line + "\n";
  }
  return kept;
}

void cut_at(MockWorld& world, TimePoint t) {
  for (auto& s : world.bars) std::erase_if(s.bars, [&](const Bar& b) { return b.start >= t; });
}

void nonsense_from(MockWorld& world, TimePoint t) {
  testing::Random random(99);
  for (auto& s : world.bars) {
    for (Bar& b : s.bars) {
      if (b.start < t) continue;
      const double p = 0.01 + 1000 * random.uniform();
      b = {.start = b.start, .open = p, .high = 3 * p, .low = p / 3, .close = p * (0.5 + random.uniform()),
           .volume = 1e9 * random.uniform()};
    }
  }
}

void expect_past_unchanged(const MockWorld& world, const SessionHours& hours, int cuts) {
  const Captured whole = world.run();
  ASSERT_EQ(whole.error, "");
  const DayFiles& files = whole.files.at(hours.date);
  ASSERT_GT(files.decisions.size(), 5000U);
  for (int k = 1; k <= cuts; ++k) {
    const int minute = hours.minutes * k / (cuts + 1);
    const TimePoint t = hours.minute_start(minute);
    const std::string stamp = format_new_york(t);
    for (const bool nonsense : {false, true}) {
      MockWorld altered = world;
      nonsense ? nonsense_from(altered, t) : cut_at(altered, t);
      const Captured run = altered.run();
      ASSERT_EQ(run.error, "");
      const DayFiles& other = run.files.at(hours.date);
      EXPECT_EQ(up_to(other.decisions, stamp), up_to(files.decisions, stamp)) << stamp << " nonsense " << nonsense;
      EXPECT_TRUE(up_to(other.signals, stamp) == up_to(files.signals, stamp)) << stamp << " nonsense " << nonsense;
      EXPECT_EQ(up_to(other.positions, stamp), up_to(files.positions, stamp)) << stamp;
    }
  }
}

TEST(NoLookAhead, CuttingTheTapeAtTwentyMinutesLeavesThePastAlone) {
  const MockWorld world = testing::walking_world(day(2025, 7, 2), day(2025, 7, 2), 3, 21, {.missing = 0.05});
  expect_past_unchanged(world, *NyseCalendar::session(day(2025, 7, 2)), 20);
}

TEST(NoLookAhead, CuttingATapeOfBadPrintsLeavesThePastAlone) {
  MockWorld world = testing::walking_world(day(2025, 7, 2), day(2025, 7, 2), 3, 21, {.missing = 0.05});
  testing::print_badly(world.bars);
  const SessionHours hours = *NyseCalendar::session(day(2025, 7, 2));
  // The bar before each cut is off: what the next one would have said must not matter.
  for (auto& s : world.bars) {
    for (Bar& b : s.bars) {
      const auto minute = hours.minute_of(b.start);
      if (minute && (*minute + 1) % (hours.minutes / 13) == 0) b.open = b.high = 1.2 * b.high;
    }
  }
  const Captured whole = world.run();
  EXPECT_GT(testing::print_lines(whole.files.at(hours.date).session_log).size(), 20U);
  expect_past_unchanged(world, hours, 12);
}

/// Placebo labels are those of earlier sessions: what comes later today cannot be among them either.
TEST(NoLookAhead, CuttingTheTapeLeavesThePastOfAPlaceboAlone) {
  MockWorld world = testing::walking_world(day(2025, 7, 2), day(2025, 7, 2), 3, 21, {.missing = 0.05});
  world.options.placebo = 5;
  expect_past_unchanged(world, *NyseCalendar::session(day(2025, 7, 2)), 5);
}

TEST(NoLookAhead, CuttingRealBarsAtTwentyMinutesLeavesThePastAlone) {
  SENTIO_NEEDS_MARKET_DATA();
  const MockWorld world = testing::real_six(day(2025, 9, 24), 5);
  expect_past_unchanged(world, *NyseCalendar::session(day(2025, 9, 24)), 20);
}

TEST(NoLookAhead, TheComparisonCanFail) {
  MockWorld world = testing::walking_world(day(2025, 7, 2), day(2025, 7, 2), 3, 21);
  const Captured whole = world.run();
  const SessionHours hours = *NyseCalendar::session(day(2025, 7, 2));
  cut_at(world, hours.minute_start(100));
  const Captured run = world.run();
  // One minute past the cut the runs must differ, else the test above compares nothing.
  const std::string stamp = format_new_york(hours.minute_start(101));
  EXPECT_NE(up_to(run.files.at(hours.date).signals, stamp), up_to(whole.files.at(hours.date).signals, stamp));
}

}  // namespace
}  // namespace sentio
