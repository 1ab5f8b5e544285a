/// Rank correlations against ranks that are counted one by one.

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>
#include <limits>
#include <set>
#include <vector>

#include "sentio/strategy/learner_health.h"

namespace sentio {
namespace {

std::vector<double> counted_ranks(const std::vector<double>& values) {
  std::vector<double> ranks;
  for (const double v : values) {
    double below = 0, equal = 0;
    for (const double other : values) {
      below += other < v;
      equal += other == v;
    }
    ranks.push_back(below + (equal + 1) / 2);
  }
  return ranks;
}

double correlation(const std::vector<double>& a, const std::vector<double>& b) {
  double ma = 0, mb = 0, aa = 0, bb = 0, ab = 0;
  const auto n = static_cast<double>(a.size());
  for (std::size_t i = 0; i < a.size(); ++i) ma += a[i] / n, mb += b[i] / n;
  for (std::size_t i = 0; i < a.size(); ++i) {
    aa += (a[i] - ma) * (a[i] - ma);
    bb += (b[i] - mb) * (b[i] - mb);
    ab += (a[i] - ma) * (b[i] - mb);
  }
  return ab / std::sqrt(aa * bb);
}

// Few different values, so that most pairs are ties.
RC_GTEST_PROP(RankCorrelation, IsTheCorrelationOfCountedRanks, ()) {
  const auto n = *rc::gen::inRange(0, kFullSessionMinutes + 1);
  const auto values = [n] {
    const auto drawn = *rc::gen::container<std::vector<int>>(static_cast<std::size_t>(n), rc::gen::inRange(-6, 7));
    return std::vector<double>(drawn.begin(), drawn.end());
  };
  const auto a = values(), b = values();
  const auto got = rank_correlation(a, b);
  const auto varies = [](const std::vector<double>& v) { return std::set<double>(v.begin(), v.end()).size() > 1; };
  RC_ASSERT(got.has_value() == (varies(a) && varies(b)));
  if (got) RC_ASSERT(std::abs(*got - correlation(counted_ranks(a), counted_ranks(b))) < 1e-12);
}

TEST(RankCorrelation, SeesOrderAlone) {
  const std::vector<double> a{1, 2, 3, 4}, grown{1, 10, 100, 1e300}, turned{4, 3, 2, -1e9};
  EXPECT_EQ(rank_correlation(a, grown), 1.0);
  EXPECT_EQ(rank_correlation(a, turned), -1.0);
}

TEST(RankCorrelation, DoesNotExistWhereThereIsNoOrder) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const std::vector<double> a{1, 2}, flat{3, 3}, bad{1, nan}, one{1};
  EXPECT_FALSE(rank_correlation(a, flat));
  EXPECT_FALSE(rank_correlation(bad, a));
  EXPECT_FALSE(rank_correlation(one, one));
  EXPECT_FALSE(rank_correlation(a, one));
  EXPECT_FALSE(rank_correlation({}, {}));
}

TEST(RankCorrelation, IsPartOfASessionsFigures) {
  HorizonStatistics statistics;
  statistics.add(.5, 1);
  statistics.add(-.25, 2);
  statistics.add(0, -1);
  HorizonHealth health;
  statistics.describe(health);
  EXPECT_EQ(health.sums, (ForecastSums{.labels = 3, .hits = 1.5, .p = .25, .y = 2, .pp = .3125, .yy = 6, .py = 0,
                                       .rank_correlation = -.5}));
}

}  // namespace
}  // namespace sentio
