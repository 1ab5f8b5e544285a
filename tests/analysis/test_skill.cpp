/// Skill from sums per session: against all rows at once, against planted skill, and its flags.

#include <gtest/gtest.h>

#include <cmath>
#include <iostream>
#include <numbers>
#include <ostream>
#include <string>
#include <vector>

#include "runs.h"
#include "sentio/analysis/bootstrap.h"
#include "sentio/analysis/performance_analyzer.h"
#include "sentio/analysis/skill.h"
#include "sentio/core/bytes.h"

namespace sentio {
namespace {

struct Row {
  double p = 0, y = 0;
};
using Session = std::vector<Row>;

class Source {
 public:
  explicit Source(std::uint64_t seed) : random_(seed) {}
  double normal() {
    const double radius = std::sqrt(-2 * std::log(1 - random_.uniform()));
    return radius * std::cos(2 * std::numbers::pi * random_.uniform());
  }
  /// Predictions and labels that overlap over `h` rows, as those of minutes do, whose correlation is `ic`: the label is
  /// the prediction's share plus noise summed over h steps.
  Session session(int rows, int h, double ic, double scale = 1) {
    std::vector<double> signal, noise;
    for (int i = 0; i < rows + h; ++i) signal.push_back(normal()), noise.push_back(normal());
    Session out;
    for (int i = 0; i < rows; ++i) {
      double s = 0, e = 0;
      for (int j = 0; j < h; ++j) s += signal[i + j], e += noise[i + j];
      s /= std::sqrt(h), e /= std::sqrt(h);
      out.push_back({scale * (0.3 * s + 0.1), ic * s + std::sqrt(1 - ic * ic) * e - 0.05});
    }
    return out;
  }

 private:
  SplitMix64 random_;
};

ForecastSums sums_of(const Session& session) {
  ForecastSums s;
  for (const Row& r : session) {
    ++s.labels;
    s.hits += r.p * r.y > 0 ? 1 : (r.p * r.y == 0 ? .5 : 0);
    s.p += r.p, s.y += r.y, s.pp += r.p * r.p, s.yy += r.y * r.y, s.py += r.p * r.y;
  }
  return s;
}

HorizonSkill judged(const std::vector<Session>& sessions) {
  std::vector<ForecastSums> sums;
  for (const Session& s : sessions) sums.push_back(sums_of(s));
  return judge_horizon(5, sums);
}

/// Two passes over all rows.
double slow_correlation(const std::vector<Session>& sessions) {
  double n = 0, mp = 0, my = 0, pp = 0, yy = 0, py = 0;
  for (const Session& s : sessions)
    for (const Row& r : s) ++n, mp += r.p, my += r.y;
  mp /= n, my /= n;
  for (const Session& s : sessions)
    for (const Row& r : s) pp += (r.p - mp) * (r.p - mp), yy += (r.y - my) * (r.y - my), py += (r.p - mp) * (r.y - my);
  return py / std::sqrt(pp * yy);
}

TEST(Skill, SumsPerSessionSayWhatAllRowsSay) {
  Source source(1);
  std::vector<Session> sessions;
  for (int d = 0; d < 12; ++d) sessions.push_back(source.session(200 + 20 * d, 5, 0.1));
  sessions.emplace_back();  // a session without a label
  const HorizonSkill got = judged(sessions);
  double n = 0, hits = 0, error = 0, energy = 0, py = 0, pp = 0;
  for (const Session& s : sessions) {
    for (const Row& r : s) {
      ++n, hits += r.p * r.y > 0, error += (r.y - r.p) * (r.y - r.p), energy += r.y * r.y;
      py += r.p * r.y, pp += r.p * r.p;
    }
  }
  EXPECT_EQ(got.horizon, 5);
  EXPECT_EQ(got.sessions, 12);
  EXPECT_EQ(got.labels, static_cast<std::int64_t>(n));
  EXPECT_NEAR(*got.ic, slow_correlation(sessions), 1e-12);
  EXPECT_NEAR(*got.hit_rate, hits / n, 1e-15);
  EXPECT_NEAR(*got.error, error / energy, 1e-12);
  EXPECT_NEAR(*got.slope, py / pp, 1e-12);
  ASSERT_TRUE(got.ic_interval);
  EXPECT_LT(got.ic_interval->low, *got.ic);
  EXPECT_GT(got.ic_interval->high, *got.ic);
}

// The IC's derivative by a session's weight, by leaving each session out: what the interval's series rests on.
TEST(Skill, TheIntervalIsAsWideAsLeavingSessionsOutSays) {
  Source source(2);
  std::vector<Session> sessions;
  constexpr int kSessions = 40;
  for (int d = 0; d < kSessions; ++d) sessions.push_back(source.session(387, 10, 0.05, d % 2 == 0 ? 1 : 1.5));
  double variance = 0;
  const double all = slow_correlation(sessions);
  for (int d = 0; d < kSessions; ++d) {
    auto others = sessions;
    others.erase(others.begin() + d);
    variance += std::pow(slow_correlation(others) - all, 2) * (kSessions - 1) / kSessions;
  }
  const HorizonSkill got = judged(sessions);
  const double half = (got.ic_interval->high - got.ic_interval->low) / 2;
  EXPECT_GT(half, 1.5 * std::sqrt(variance));
  EXPECT_LT(half, 3.0 * std::sqrt(variance));
}

struct Planted {
  std::string name;
  double ic;
  int sessions;
};
void PrintTo(const Planted& p, std::ostream* out) {
  *out << p.name;
}

class PlantedSkill : public ::testing::TestWithParam<Planted> {};

// Overlapping labels: an interval that counted rows as independent would hold the truth in half of the runs.
TEST_P(PlantedSkill, IsFoundAndCovered) {
  const auto& [name, ic, days] = GetParam();
  constexpr int kRuns = 1'000;
  Source source(fnv1a(name));
  int covered = 0;
  double sum = 0;
  for (int run = 0; run < kRuns; ++run) {
    std::vector<Session> sessions;
    for (int d = 0; d < days; ++d) sessions.push_back(source.session(120, 20, ic));
    const HorizonSkill got = judged(sessions);
    sum += *got.ic;
    ASSERT_TRUE(got.ic_interval);
    covered += got.ic_interval->low <= ic && ic <= got.ic_interval->high;
  }
  EXPECT_NEAR(sum / kRuns, ic, 0.01);
  const double share = static_cast<double>(covered) / kRuns;
  std::cout << name << ": " << 100 * share << " %\n";  // docs/mathematics.md
  EXPECT_GE(share, days < 10 ? 0.86 : 0.895);
  EXPECT_LE(share, 0.97);
}

INSTANTIATE_TEST_SUITE_P(Skill, PlantedSkill,
                         ::testing::Values(Planted{"NoneOverTwenty", 0, 20}, Planted{"SomeOverTwenty", 0.15, 20},
                                           Planted{"MuchOverTwenty", 0.6, 20}, Planted{"SomeOverSixty", 0.15, 60},
                                           Planted{"SomeOverSix", 0.15, 6}),
                         ::testing::PrintToStringParamName());

TEST(Skill, WhatDoesNotExistIsEmpty) {
  EXPECT_FALSE(judged({}).ic);
  EXPECT_FALSE(judged({}).hit_rate);
  EXPECT_FALSE(judged({}).error);
  const std::vector<Session> flat(8, Session(30, Row{0.25, 1.0}));
  EXPECT_FALSE(judged(flat).ic);
  EXPECT_EQ(judged(flat).hit_rate, 1.0);
  Source source(3);
  const HorizonSkill four = judged({4, source.session(100, 1, 0.3)});
  EXPECT_TRUE(four.ic);
  EXPECT_FALSE(four.ic_interval);  // below five sessions
}

TEST(Skill, RanksAreAveragedOverTheSessionsThatHaveThem) {
  std::vector<ForecastSums> sums(6, sums_of(Source(4).session(50, 1, 0)));
  for (std::size_t d = 0; d + 1 < sums.size(); ++d) sums[d].rank_correlation = 0.01 * static_cast<double>(d);
  const HorizonSkill got = judge_horizon(1, sums);
  EXPECT_NEAR(*got.rank_ic, 0.02, 1e-15);
  ASSERT_TRUE(got.rank_ic_interval);
  EXPECT_LT(got.rank_ic_interval->low, 0.02);
}

// ---- flags ----------------------------------------------------------------------------------------------

HorizonSkill with_interval(double low, double high) {
  return {.ic = (low + high) / 2, .ic_interval = Interval{low, high}};
}

TEST(SkillFlags, FollowMoneyAndIntervals) {
  const HorizonSkill above = with_interval(.01, .03), at_zero = with_interval(0, .03), around = with_interval(-.01, .03),
                     below = with_interval(-.03, -.01), unknown{.ic = .5};
  const struct {
    const char* what;
    double pnl;
    std::vector<HorizonSkill> horizons;
    SkillFlag flag;
  } rows[] = {
      {"money, interval around zero", 10, {around}, SkillFlag::profit_without_skill},
      {"money, interval that begins at zero", 10, {at_zero}, SkillFlag::profit_without_skill},
      {"money, interval below zero", 10, {below}, SkillFlag::profit_without_skill},
      {"money, skill", 10, {above}, SkillFlag::none},
      {"money, skill at one horizon", 10, {around, above, below}, SkillFlag::none},
      {"loss, skill", -10, {above}, SkillFlag::skill_without_profit},
      {"loss, skill at one horizon", -10, {around, above}, SkillFlag::skill_without_profit},
      {"loss, no skill", -10, {around, below}, SkillFlag::none},
      {"no trade, no skill", 0, {around}, SkillFlag::none},
      {"no trade, skill", 0, {above}, SkillFlag::none},
      {"money, no interval yet", 10, {unknown}, SkillFlag::none},
      {"loss, no interval yet", -10, {unknown}, SkillFlag::none},
      {"money, one horizon judged", 10, {unknown, around}, SkillFlag::profit_without_skill},
      {"money, no horizon", 10, {}, SkillFlag::none},
  };
  for (const auto& row : rows) EXPECT_EQ(skill_flag(row.pnl, row.horizons), row.flag) << row.what;
}

TEST(Skill, IsASummarysRowPerSymbolWithLabels) {
  RunResult run = testing::losing_month();
  run.instruments.emplace_back("NEVER");
  Source source(5);
  for (DayResult& day : run.days) {
    day.skill.clear();
    day.skill.push_back({"SQQQ", 1, sums_of(source.session(100, 1, 0.5))});
    day.skill.push_back({"SQQQ", 5, sums_of(source.session(100, 5, 0))});
    day.skill.push_back({"TQQQ", 1, sums_of(source.session(100, 1, 0))});
  }
  const Summary s = analyze(run, handbook_targets());
  ASSERT_EQ(s.skill.size(), 2U);
  std::vector<std::string> names;
  for (const GroupStats& group : s.by_symbol)
    if (group.name != "NEVER") names.push_back(group.name);
  for (std::size_t i = 0; i < names.size(); ++i) EXPECT_EQ(s.skill[i].symbol, names[i]);
  const SymbolSkill& sqqq = s.skill[names[0] == "SQQQ" ? 0 : 1];
  ASSERT_EQ(sqqq.horizons.size(), 2U);
  EXPECT_EQ(sqqq.horizons[0].sessions, 21);
  EXPECT_NEAR(*sqqq.horizons[0].ic, 0.5, 0.06);
  EXPECT_LT(sqqq.pnl, 0);
  EXPECT_EQ(sqqq.flag, SkillFlag::skill_without_profit);
}

}  // namespace
}  // namespace sentio
