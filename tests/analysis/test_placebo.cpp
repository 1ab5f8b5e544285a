/// A run's place among its placebos: by gross return and by MRD.

#include <gtest/gtest.h>

#include <limits>
#include <nlohmann/json.hpp>

#include "sentio/analysis/performance_analyzer.h"
#include "sentio/analysis/placebo.h"
#include "sentio/analysis/text_report.h"

namespace sentio {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

/// A run that earned `gross` and paid `costs` bps of a day's equity.
PlaceboOutcome earned(double gross, double costs = 100, int trades = 50) {
  return {.mrd = 1e-4 * (gross - costs), .gross_bps = gross, .costs_bps = costs, .trades = trades};
}

/// `k` placebos, of which the first `better` earned 30 bps before costs and the others -10.
std::vector<PlaceboOutcome> placebos(int k, int better, double costs = 100) {
  std::vector<PlaceboOutcome> all;
  for (int i = 0; i < k; ++i) all.push_back(earned((i < better ? 30 : -10) - 0.01 * i, costs));
  return all;
}

bool says(const PlaceboTest& test, const std::string& words) {
  return placebo_sentence(test).find(words) != std::string::npos;
}

TEST(Placebo, RankCountsThePlacebosThatDoAsWell) {
  const std::vector<PlaceboOutcome> four{earned(10), earned(30), earned(20), earned(-10)};
  const auto judged = [&](double gross) { return judge_placebos(earned(gross), four); };
  EXPECT_EQ(judged(40).gross_bps.rank, 1);
  EXPECT_EQ(judged(20).gross_bps.rank, 3);  // a tie stands before the run
  EXPECT_EQ(judged(20).mrd.rank, 3);
  EXPECT_EQ(judged(-20).gross_bps.rank, 5);
  EXPECT_DOUBLE_EQ(*judged(40).gross_bps.p, 0.2);  // the least that four can say
  EXPECT_DOUBLE_EQ(*judged(20).gross_bps.p, 0.6);
  EXPECT_DOUBLE_EQ(*judged(-20).mrd.p, 1.0);
}

TEST(Placebo, GrossAndNetAreRankedApart) {
  const PlaceboTest test = judge_placebos(earned(20, 10), placebos(20, 5, 60));
  EXPECT_EQ(test.gross_bps.rank, 6);
  EXPECT_EQ(test.mrd.rank, 1);
  EXPECT_DOUBLE_EQ(*test.costs_bps, 10);
  EXPECT_DOUBLE_EQ(*test.costs_bps_placebos, 60);
  EXPECT_DOUBLE_EQ(*test.trades_placebos, 50);
}

TEST(Placebo, MeanAndDeviationOfThePlacebos) {
  const std::vector<PlaceboOutcome> two{earned(10), earned(30)};
  const PlaceboTest test = judge_placebos(earned(0), two);
  EXPECT_DOUBLE_EQ(*test.gross_bps.mean, 20);
  EXPECT_NEAR(*test.gross_bps.sd, 14.142135623731, 1e-12);
  EXPECT_NEAR(*test.mrd.mean, -0.008, 1e-15);
  EXPECT_FALSE(judge_placebos(earned(0), std::span(two).first(1)).gross_bps.sd);
}

TEST(Placebo, WhatIsNoNumberIsLeftOutAndCounted) {
  const std::vector<PlaceboOutcome> three{{}, earned(kNan), earned(10)};
  const PlaceboTest test = judge_placebos(earned(0), three);
  EXPECT_EQ(test.left_out, 2);
  EXPECT_EQ(test.placebos, 1);
  EXPECT_EQ(test.gross_bps.rank, 2);
  const PlaceboTest without = judge_placebos(earned(kNan), three);
  EXPECT_FALSE(without.mrd.rank);
  EXPECT_FALSE(without.mrd.run);
  EXPECT_TRUE(says(without, "no numbers"));
  EXPECT_NE(placebo_section(without).find("n/a"), std::string::npos);
  EXPECT_TRUE(placebo_json(without).at("mrd").at("p").is_null());
  EXPECT_FALSE(judge_placebos(earned(0), {}).mrd.p);
}

TEST(Placebo, SummariesWithoutSoundNumbersGiveNone) {
  Summary summary;
  summary.trades = 3;
  EXPECT_FALSE(placebo_outcome(summary).mrd);
  EXPECT_EQ(placebo_outcome(summary).trades, 3);
  summary.mrd = -0.001;
  summary.bps = BpsPerDay{.gross = 5, .net = -10, .costs = {.spread = 12, .sec = 1, .taf = 2}};
  const PlaceboOutcome outcome = placebo_outcome(summary);
  EXPECT_EQ(outcome.mrd, -0.001);
  EXPECT_EQ(outcome.gross_bps, 5.0);
  EXPECT_EQ(outcome.costs_bps, 15.0);
}

TEST(Placebo, TheSentenceSaysWhatTheRanksAllow) {
  EXPECT_TRUE(says(judge_placebos(earned(50), placebos(20, 5)), "0 of 20 placebos did at least as well, after costs 0: "));
  EXPECT_TRUE(says(judge_placebos(earned(50), placebos(20, 5)), "MORE THAN CHANCE, before and after costs."));
  EXPECT_TRUE(says(judge_placebos(earned(50, 300), placebos(20, 5)), "MORE THAN CHANCE before costs, not after them."));
  EXPECT_TRUE(says(judge_placebos(earned(20), placebos(20, 5)), "NOT MORE THAN CHANCE."));
  EXPECT_TRUE(says(judge_placebos(earned(20, 10), placebos(20, 5)), "NOT MORE THAN CHANCE; it pays less"));
  EXPECT_TRUE(says(judge_placebos(earned(50), placebos(18, 5)), "too few to tell; it takes 19 or more."));
  EXPECT_TRUE(says(judge_placebos(earned(50), placebos(19, 5)), ": MORE THAN CHANCE"));  // p = 1/20
  const std::vector<PlaceboOutcome> idle(20, earned(0, 0, 0));
  EXPECT_TRUE(says(judge_placebos(earned(50), idle), "No placebo traded"));
  EXPECT_TRUE(says(judge_placebos(earned(0, 0, 0), placebos(20, 0)), "The run did not trade"));
}

TEST(Placebo, PlacebosThatAreAlikeOrIdleAreNamed) {
  std::vector<PlaceboOutcome> all = placebos(20, 5);
  EXPECT_EQ(placebo_section(judge_placebos(earned(0), all)).find("differ"), std::string::npos);
  all[2] = all[3] = all[4] = earned(0, 0, 0);
  const PlaceboTest idle = judge_placebos(earned(0), all);
  EXPECT_EQ(idle.without_trades, 3);
  EXPECT_EQ(idle.ranked, 17);
  EXPECT_EQ(idle.gross_bps.rank, 3);  // of the five that earned 30 two are left, and the idle do not count
  EXPECT_DOUBLE_EQ(*idle.gross_bps.p, 3.0 / 18);
  EXPECT_EQ(judge_placebos(earned(-50), all).mrd.rank, 18);
  EXPECT_NE(placebo_section(idle).find("did not trade: 3"), std::string::npos);
  EXPECT_EQ(placebo_section(idle).find("differ"), std::string::npos);
  all[6] = all[7] = all[8];
  const PlaceboTest alike = judge_placebos(earned(0), all);
  EXPECT_EQ(alike.distinct, 15);
  const std::string text = placebo_section(alike);
  EXPECT_NE(text.find("Of 17 that traded only 15 differ"), std::string::npos) << text;
}

TEST(Placebo, TextAndJsonSayTheSame) {
  const PlaceboTest test = judge_placebos(earned(5), placebos(20, 2));
  const std::string text = placebo_section(test);
  EXPECT_NE(text.find("seeds 1 to 20"), std::string::npos) << text;
  EXPECT_NE(text.find("3 of 21  0.143"), std::string::npos) << text;
  EXPECT_NE(text.find("never below 0.048"), std::string::npos) << text;
  EXPECT_NE(text.find(placebo_sentence(test)), std::string::npos) << text;
  EXPECT_EQ(text.find(" \n"), std::string::npos) << text;
  const auto json = placebo_json(test);
  EXPECT_EQ(json.at("gross_per_day").at("rank"), 3);
  EXPECT_EQ(json.at("mrd").at("rank"), 3);
  EXPECT_EQ(json.at("placebos"), 20);
  EXPECT_EQ(json.at("seed_last"), 20);
  EXPECT_DOUBLE_EQ(json.at("p_min"), 1.0 / 21);
  EXPECT_EQ(json.at("mrd").at("placebos_pct").size(), 20U);
  EXPECT_EQ(json.at("sentence"), placebo_sentence(test));
}

TEST(Placebo, ItsSectionStandsBeforeTheVerdict) {
  const RunResult run;
  const Targets targets = *targets_named("handbook");
  const Summary summary = analyze(run, targets);
  const PlaceboTest test = judge_placebos(earned(5), placebos(20, 2));
  const std::string with = analysis_report(run, summary, targets, &test), without = analysis_report(run, summary, targets);
  const auto at = with.find(placebo_section(test));
  ASSERT_NE(at, std::string::npos);
  EXPECT_LT(at, with.find("VERDICT:"));
  EXPECT_EQ(with.substr(0, at) + with.substr(at + placebo_section(test).size() + 1), without);
}

}  // namespace
}  // namespace sentio
