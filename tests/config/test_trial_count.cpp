#include <gtest/gtest.h>

#include <string>

#include "sentio/config/trial_count.h"

namespace sentio {
namespace {

Result<long long> trials_of(const std::string& text) {
  return parse_trial_count({{"mine.json", text}});
}

TEST(TrialCount, IsOneUnlessAFileSaysMore) {
  EXPECT_EQ(parse_trial_count({}), 1);
  EXPECT_EQ(trials_of("{}"), 1);
  EXPECT_EQ(trials_of(R"({"_evidence": "none"})"), 1);
  EXPECT_EQ(trials_of(R"({"_evidence": {"days": 84}})"), 1);
  EXPECT_EQ(trials_of(R"({"_evidence": {"trials": 40 /* of them */}})"), 40);
}

TEST(TrialCount, TheLastFileThatSaysItCounts) {
  EXPECT_EQ(parse_trial_count({{"a", R"({"_evidence": {"trials": 40}})"},
                               {"b", R"({"_evidence": {"trials": 7}})"},
                               {"c", R"({"_evidence": {}})"}}),
            7);
}

TEST(TrialCount, AnythingButAPositiveWholeNumberIsRefused) {
  for (const char* value :
       {"0", "-3", "2.5", "\"40\"", "null", "true", "[4]", "1000000001", "18446744073709551615"}) {
    const auto trials = trials_of(R"({"_evidence": {"trials": )" + std::string(value) + "}}");
    ASSERT_FALSE(trials) << value;
    EXPECT_EQ(trials.error().where, "mine.json");
    EXPECT_NE(trials.error().detail.find("_evidence.trials"), std::string::npos);
  }
  EXPECT_EQ(trials_of(R"({"_evidence": {"trials": 1000000000}})"), 1'000'000'000);
}

}  // namespace
}  // namespace sentio
