/// Placebo runs: the same for any number of threads, and the run they stand beside knows nothing of them.

#include <gtest/gtest.h>

#include "mock_world.h"
#include "sentio/analysis/performance_analyzer.h"
#include "sentio/mock/placebo_runs.h"

namespace sentio {
namespace {

using testing::day;
using testing::MockWorld;

MockWorld two_days() { return testing::walking_world(day(2025, 7, 1), day(2025, 7, 2), 5, 4, {.missing = 0.02}); }

const Targets& targets() {
  static const Targets handbook = *targets_named("handbook");
  return handbook;
}

std::vector<PlaceboOutcome> outcomes(const MockWorld& world, int count) {
  const auto found = run_placebos(world.options, world.bars, targets(), count);
  EXPECT_TRUE(found.has_value());
  return found.value_or(std::vector<PlaceboOutcome>{});
}

TEST(PlaceboRuns, AreTheSameForAnyNumberOfThreads) {
  MockWorld world = two_days();
  world.options.jobs = 1;
  const auto one = outcomes(world, 5);
  world.options.jobs = 3;
  EXPECT_EQ(outcomes(world, 5), one);
  ASSERT_EQ(one.size(), 5U);
  for (std::size_t i = 0; i < one.size(); ++i) {
    EXPECT_GT(one[i].trades, 0);
    for (std::size_t k = 0; k < i; ++k) EXPECT_FALSE(one[i] == one[k]) << i << " and " << k;
  }
}

TEST(PlaceboRuns, SeedsCountFromOneAndFewerAreTheFirstOfMore) {
  MockWorld world = two_days();
  const auto three = outcomes(world, 3), two = outcomes(world, 2);
  EXPECT_EQ(std::vector(three.begin(), three.begin() + 2), two);
  world.options.placebo = 3;
  EXPECT_EQ(placebo_outcome(analyze(world.run().result, targets())), three[2]);
}

TEST(PlaceboRuns, LeaveTheRunItselfAlone) {
  const MockWorld world = two_days();
  const auto before = world.run();
  const auto placebo = outcomes(world, 2);
  const auto after = world.run();
  ASSERT_EQ(before.files.size(), 2U);
  for (const auto& [date, files] : before.files) {
    EXPECT_TRUE(files.signals == after.files.at(date).signals);
    EXPECT_TRUE(files.trades == after.files.at(date).trades);
    EXPECT_TRUE(files.health == after.files.at(date).health);
  }
  EXPECT_FALSE(placebo_outcome(analyze(before.result, targets())) == placebo[0]);
}

TEST(PlaceboRuns, ProgressEndsWithEverySessionOfEveryRun) {
  MockWorld world = two_days();
  world.options.jobs = 2;
  PlaceboProgress last;
  int calls = 0;
  const auto found = run_placebos(world.options, world.bars, targets(), 3, [&](const PlaceboProgress& p) {
    EXPECT_GE(p.sessions_done, last.sessions_done);
    EXPECT_GE(p.runs_done, last.runs_done);
    last = p;
    ++calls;
  });
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(last.runs_done, 3);
  EXPECT_EQ(last.sessions_total, 3 * 7);
  EXPECT_EQ(last.sessions_done, last.sessions_total);
  EXPECT_GE(calls, 3 * 7);
}

TEST(PlaceboRuns, AProblemOfTheRunIsThatOfThePlacebos) {
  MockWorld world = two_days();
  for (auto& s : world.bars) std::erase_if(s.bars, [](const Bar& b) { return new_york_date(b.start) == day(2025, 7, 2); });
  const auto found = run_placebos(world.options, world.bars, targets(), 2);
  ASSERT_FALSE(found.has_value());
  EXPECT_EQ(found.error().code, Errc::not_found);
}

}  // namespace
}  // namespace sentio
