/// Placebo labels: real labels of earlier sessions, never of this one, the same choice for every symbol.

#include <gtest/gtest.h>

#include <cmath>
#include <set>

#include "sentio/strategy/placebo_labels.h"

namespace sentio {
namespace {

constexpr int kSessions = 30, kMinutes = 50;

/// A label that says where it comes from.
double y_of(int session, int minute, int h) { return 1 + session + minute * 1e-3 + h * 1e-5; }

struct Drawn {
  int session = 0;  ///< -1: none
  double sign = 0;
};

/// What label (minute, h) of every session becomes. `missing` sessions have no labels at all.
std::vector<Drawn> draws(std::uint64_t seed, int minute, int h, const std::set<int>& missing = {}) {
  const LearnerConfig config;
  PlaceboLabels placebo(config, seed);
  std::vector<Drawn> all;
  for (int s = 0; s < kSessions; ++s) {
    placebo.begin_session();
    Drawn drawn{-1, 0};
    for (int m = 0; m < kMinutes && !missing.contains(s); ++m) {
      for (int k = 0; k < static_cast<int>(config.horizons.size()); ++k) {
        const double y = placebo.exchange({.h = k, .minute = m, .learnable = true, .y = y_of(s, m, k)});
        if (m != minute || k != h || y == 0) continue;
        drawn = {static_cast<int>(std::abs(y)) - 1, y > 0 ? 1.0 : -1.0};
        EXPECT_NEAR(std::abs(y), y_of(drawn.session, m, k), 1e-12);  // same minute, same horizon
      }
    }
    all.push_back(drawn);
  }
  return all;
}

TEST(PlaceboLabels, ComeFromTheTwentySessionsBeforeAndNeverFromThisOne) {
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    const auto all = draws(seed, 7, 1);
    EXPECT_EQ(all[0].session, -1);
    for (int s = 1; s < kSessions; ++s) {
      EXPECT_LT(all[static_cast<std::size_t>(s)].session, s);
      EXPECT_GE(all[static_cast<std::size_t>(s)].session, std::max(0, s - PlaceboLabels::kSessionsHeld));
    }
  }
}

TEST(PlaceboLabels, OneDayAndOneSignForAllMinutesAndHorizonsOfASession) {
  const auto a = draws(3, 7, 0), b = draws(3, 40, 2);
  for (std::size_t s = 0; s < a.size(); ++s) {
    EXPECT_EQ(a[s].session, b[s].session);
    EXPECT_EQ(a[s].sign, b[s].sign);
  }
}

TEST(PlaceboLabels, SeedsDifferAndBothSignsAndManyDaysAreDrawn) {
  std::set<int> back;
  int positive = 0, same = 0, n = 0;
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    const auto a = draws(seed, 7, 0), other = draws(seed + 1, 7, 0);
    for (int s = PlaceboLabels::kSessionsHeld; s < kSessions; ++s) {
      const auto i = static_cast<std::size_t>(s);
      back.insert(s - a[i].session);
      positive += a[i].sign > 0;
      same += a[i].session == other[i].session;
      ++n;
    }
  }
  EXPECT_EQ(back.size(), static_cast<std::size_t>(PlaceboLabels::kSessionsHeld));
  EXPECT_NEAR(positive, n / 2.0, 50);  // sd 10
  EXPECT_NEAR(same, n / 20.0, 25);     // sd 4.4
}

TEST(PlaceboLabels, ASessionWithoutThatMinuteIsPassedOver) {
  const std::set<int> missing{1, 2, 3, 5, 6, 7, 9};
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    const auto all = draws(seed, 7, 0, missing);
    for (const int s : {4, 8, 10}) {
      EXPECT_GE(all[static_cast<std::size_t>(s)].session, 0);
      EXPECT_FALSE(missing.contains(all[static_cast<std::size_t>(s)].session));
    }
  }
}

TEST(PlaceboLabels, ASessionWithoutLabelsLeavesNoneOfThoseItsPlaceHeldBefore) {
  const std::set<int> missing{22, 23, 24, 25, 26, 27};  // where sessions 1 to 6 were
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    const auto all = draws(seed, 7, 0, missing);
    for (const int s : {28, 29}) {
      EXPECT_GE(all[static_cast<std::size_t>(s)].session, s - PlaceboLabels::kSessionsHeld) << s;
    }
  }
}

}  // namespace
}  // namespace sentio
