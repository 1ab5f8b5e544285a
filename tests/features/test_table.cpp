// The table: its size, its names, its fingerprint and the document printed from it.

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include "sentio/features/unified_feature_engine.h"

namespace sentio {
namespace {

constexpr std::string_view kGroupNames[] = {"momentum", "volatility", "volume"};

std::string in_cell(std::string_view text) {
  std::string cell;
  for (const char c : text) cell += c == '|' ? std::string("\\|") : std::string(1, c);
  return cell;
}

/// The rows of docs/features.md.
std::string printed_table() {
  std::ostringstream out;
  out << "| # | name | group | formula | look-back | unit | source |\n|---:|---|---|---|---:|---|---|\n";
  int number = 0;
  for (const FeatureInfo& info : feature_table()) {
    out << "| " << ++number << " | `" << info.name << "` | " << kGroupNames[static_cast<int>(info.group)]
        << " | " << in_cell(info.formula) << " | " << info.lookback << " | " << info.unit << " | "
        << info.source << " |\n";
  }
  return out.str();
}

TEST(FeatureTable, HoldsOneHundredAndTwentySixUniqueSnakeCaseNames) {
  std::set<std::string_view> names;
  for (const FeatureInfo& info : feature_table()) {
    names.insert(info.name);
    EXPECT_TRUE(std::all_of(info.name.begin(), info.name.end(), [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
    })) << info.name;
    EXPECT_FALSE(info.formula.empty() || info.unit.empty() || info.source.empty()) << info.name;
    EXPECT_GE(info.lookback, 0) << info.name;
  }
  EXPECT_EQ(names.size(), 126U);
}

TEST(FeatureTable, KeepsGroupsTogetherAndNoneEmpty) {
  std::map<FeatureGroup, int> counts;
  FeatureGroup group = FeatureGroup::momentum;
  for (const FeatureInfo& info : feature_table()) {
    EXPECT_GE(info.group, group) << info.name;
    group = info.group;
    ++counts[group];
  }
  EXPECT_EQ(counts.size(), 3U);
}

// A learned state belongs to one table. When this fails after an intended change, put the new value here: it
// means that states saved by earlier builds will be refused.
TEST(FeatureTable, HasTheFingerprintThatSavedStatesCarry) {
  EXPECT_EQ(feature_schema_hash(), 5565502717488991496ULL);
}

TEST(FeatureTable, IsPrintedInTheDocumentLineByLine) {
  const std::string path = std::string(SENTIO_SOURCE_DIR) + "/docs/features.md";
  std::ifstream in(path);
  ASSERT_TRUE(in) << path;
  std::stringstream text;
  text << in.rdbuf();
  std::string document = text.str();
  const auto begin = document.find("| # |");
  ASSERT_NE(begin, std::string::npos);
  if (std::getenv("SENTIO_UPDATE_GOLDEN") != nullptr) {
    document = document.substr(0, begin) + printed_table();
    std::ofstream(path) << document;
  }
  EXPECT_EQ(document.substr(begin), printed_table())
      << "set SENTIO_UPDATE_GOLDEN=1 if the change is intended";
  for (const FeatureInfo& info : feature_table()) {
    const std::string name = "| `" + std::string(info.name) + "` |";
    const auto at = document.find(name);
    ASSERT_NE(at, std::string::npos) << info.name;
    EXPECT_EQ(document.find(name, at + 1), std::string::npos) << info.name << " is listed twice";
  }
}

}  // namespace
}  // namespace sentio
