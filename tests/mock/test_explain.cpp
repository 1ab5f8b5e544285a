/// An explanation's numbers are those of the run it explains.

#include <gtest/gtest.h>

#include <cmath>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "mock_world.h"
#include "sentio/mock/explanation.h"

namespace sentio {
namespace {

using testing::day;
using testing::MockWorld;
using testing::walking_world;

const Date kDay = day(2025, 7, 2);
constexpr double kAttributionError = 1e-12;  // relative to the sizes that were added

const MockWorld& world() {
  static const MockWorld made = [] {
    MockWorld w = walking_world(kDay, kDay, 3, 11, {.missing = 0.03});
    w.options.config.learner.bb_amplification = true;
    return w;
  }();
  return made;
}

/// Minutes all over the day, each with two of the six symbols.
struct Explained {
  ExplainedSet set;
  Explanation e;
};
const std::vector<Explained>& explained() {
  static const std::vector<Explained> all = [] {
    std::vector<ExplainedSet> sets;
    for (int minute = 0; minute < 390; minute += minute < 370 ? 7 : 1) {
      sets.push_back({minute, static_cast<SymbolId>(minute % 6)});
      sets.push_back({minute, static_cast<SymbolId>((minute + 3) % 6)});
    }
    auto found = explain_sets(world().options, world().bars, sets);
    EXPECT_TRUE(found) << found.error().message();
    std::vector<Explained> result;
    for (std::size_t i = 0; i < sets.size(); ++i) result.push_back({sets[i], std::move((*found)[i])});
    return result;
  }();
  return all;
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line + "\n");
  return lines;
}

std::string stamp(int minute) {
  return format_new_york(NyseCalendar::session(kDay)->minute_end(minute));
}

TEST(Explain, ContributionsAddUpToThePredictions) {
  for (const auto& [set, e] : explained()) {
    ASSERT_EQ(e.horizons.size(), 3U);
    double probability = 0, move = -INFINITY;
    for (const HorizonExplanation& h : e.horizons) {
      double sum = 0, size = 1, groups = 0, before = INFINITY;
      std::set<int> features;
      for (const FeatureShare& share : h.shares) {
        EXPECT_EQ(share.contribution, share.z * share.weight);
        EXPECT_LE(std::abs(share.contribution), before);
        before = std::abs(share.contribution);
        sum += share.contribution;
        size += before;
        features.insert(share.feature);
      }
      for (const double group : h.groups) groups += group;
      EXPECT_EQ(features.size(), static_cast<std::size_t>(kFeatureCount));
      EXPECT_NEAR(sum, h.prediction, kAttributionError * size) << stamp(set.minute) << " " << e.symbol << " " << h.minutes;
      EXPECT_NEAR(groups, h.prediction, kAttributionError * size);
      probability += h.weight * h.probability;
      move = std::max(move, h.move_bps);
    }
    EXPECT_NEAR(probability, e.plain_probability, 1e-15);
    EXPECT_EQ(move, e.signal.move_bps);
  }
}

TEST(Explain, LinesAreThoseOfTheRunsFiles) {
  const auto ran = world().run();
  const auto signals = lines_of(ran.files.at(kDay).signals), decisions = lines_of(ran.files.at(kDay).decisions);
  std::set<std::string> actions;
  for (const auto& [set, e] : explained()) {
    const std::string key = "\"symbol\":\"" + e.symbol + "\"", at = "{\"ts\":\"" + stamp(set.minute);
    const auto ours = [&](const std::string& line) {
      return line.starts_with(at) && line.find(key) != std::string::npos;
    };
    const auto signal = std::find_if(signals.begin(), signals.end(), ours);
    ASSERT_NE(signal, signals.end());
    EXPECT_EQ(e.signal_line, *signal);
    std::vector<std::string> decided;
    std::copy_if(decisions.begin(), decisions.end(), std::back_inserter(decided), ours);
    EXPECT_EQ(e.decision_lines, decided);
    if (!decided.empty()) {
      const auto line = nlohmann::json::parse(decided.front());
      EXPECT_EQ(e.action, line["action"].get<std::string>());
      EXPECT_EQ(e.reason, line["reason"].get<std::string>());
    }
    actions.insert(e.action);
  }
  EXPECT_EQ(actions, (std::set<std::string>{"blocked", "enter", "exit", "hold", "none"})) << "choose other minutes";
}

// The page's verdict comes from the decision, its gates from the rules: they must name the same thing.
TEST(Explain, TheGateThatDecidedIsTheReason) {
  for (const auto& [set, e] : explained()) {
    SCOPED_TRACE(stamp(set.minute) + " " + e.symbol + " " + e.action + " " + e.reason);
    std::string decided = "none";
    for (const Gate& gate : e.gates) {
      if (gate.state == Gate::State::decided) decided = gate.name;
    }
    if (e.action == "enter") {
      EXPECT_EQ(decided, "none");
    } else if (e.reason != "order_at_work") {
      EXPECT_EQ(decided, e.reason);
    }
    EXPECT_EQ(e.flips.empty(), e.action == "enter");
    EXPECT_NE(e.words, e.reason) << "no words for it";
  }
}

TEST(Explain, BandsExplainTheProbability) {
  int moved = 0;
  for (const auto& [set, e] : explained()) {
    if (!e.band_position) continue;
    const double u = *e.band_position, p = e.plain_probability;
    const double want = u <= .1 ? p + .1 * (1 - p) : (u >= .9 ? p - .1 * p : p);
    EXPECT_NEAR(e.signal.own.probability, want, 1e-15) << stamp(set.minute);
    moved += want != p;
  }
  EXPECT_GT(moved, 5) << "choose other minutes";
}

TEST(Explain, AColdLearnerSaysWhatItLacks) {
  MockWorld w = walking_world(kDay, kDay, 0, 11);
  const auto found = explain_sets(w.options, w.bars, std::array{ExplainedSet{0, 0}});
  ASSERT_TRUE(found) << found.error().message();
  const Explanation& e = found->front();
  EXPECT_EQ(e.action, "none");
  EXPECT_EQ(e.reason, "signal");
  EXPECT_EQ(e.gates.front().name, "signal");
  EXPECT_NE(e.flips.front().find("390 earlier real bars"), std::string::npos) << e.flips.front();
}

}  // namespace
}  // namespace sentio
