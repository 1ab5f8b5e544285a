/// Which days a folder has, which are missing, which may stand in one mean.

#include <gtest/gtest.h>

#include "sentio/reports/run_days.h"
#include "written_run.h"

namespace sentio {
namespace {

using testing::day;
using testing::three_days;

class RunDays : public ::testing::Test {
 protected:
  void SetUp() override {
    testing::write_run(folder_.path(), three_days().captured);
    auto days = read_run_folder(folder_.path(), day(2025, 7, 1), day(2025, 7, 3), {.signals = false});
    ASSERT_TRUE(days) << days.error().message();
    days_ = *std::move(days);
  }
  void expect_refused(const std::string& key, const std::string& detail) {
    const auto notes = check_agreement(days_);
    ASSERT_FALSE(notes);
    EXPECT_EQ(notes.error().code, Errc::mismatch);
    EXPECT_EQ(notes.error().where, key);
    EXPECT_NE(notes.error().detail.find(detail), std::string::npos) << notes.error().detail;
    EXPECT_EQ(notes.error().detail.find('\n'), std::string::npos);
  }
  testing::ScratchFolder folder_;
  std::vector<DayRecords> days_;
};

TEST_F(RunDays, DatesAreThoseOfTheBooks) {
  ASSERT_TRUE(write_file_atomically(folder_ / "positions_later.jsonl", ""));
  ASSERT_TRUE(write_file_atomically(folder_ / "positions_2025-06-02.jsonl", ""));
  EXPECT_EQ(dates_of_run_files(folder_.path()),
            (std::vector<Date>{day(2025, 6, 2), day(2025, 7, 1), day(2025, 7, 2), day(2025, 7, 3)}));
  EXPECT_TRUE(dates_of_run_files(folder_ / "nowhere").empty());
}

TEST_F(RunDays, MissingAreSessionsWithoutFilesBeforeToday) {
  days_.erase(days_.begin() + 1);
  const auto missing = missing_days(day(2025, 6, 28), day(2025, 7, 31), days_, day(2025, 7, 8));
  std::vector<Date> dates;
  for (const MissingDay& m : missing) dates.push_back(m.date);
  EXPECT_EQ(dates, (std::vector<Date>{day(2025, 6, 30), day(2025, 7, 2), day(2025, 7, 7)}))
      << "no weekend, no holiday, not today";
  EXPECT_EQ(missing_days_text({{day(2025, 7, 2), ""}, {day(2025, 7, 7), "refused"}}),
            "Sessions without a run, in no figure: 2025-07-02, 2025-07-07 (refused)\n");
  EXPECT_EQ(missing_days_text({}), "");
}

TEST_F(RunDays, TomorrowsDayIsRefusedAndTodaysIsNot) {
  EXPECT_TRUE(none_in_the_future({day(2025, 7, 1), day(2025, 7, 2)}, day(2025, 7, 2)));
  const auto refused = none_in_the_future({day(2025, 7, 1), day(2025, 7, 3)}, day(2025, 7, 2));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().where, "2025-07-03");
  EXPECT_EQ(exit_code(refused.error().code), ExitCode::data);
}

TEST_F(RunDays, DaysOfOneRunAgree) {
  const auto notes = check_agreement(days_);
  ASSERT_TRUE(notes) << notes.error().message();
  EXPECT_TRUE(notes->empty());
  days_[1].run.manifest.data_files = {{"TQQQ", "0"}};
  days_[1].run.manifest.binary = "0.9";
  EXPECT_TRUE(check_agreement(days_)) << "these may differ";
}

TEST_F(RunDays, OtherRulesAreRefusedByKeyAndDays) {
  days_[2].run.manifest.configuration = "0123456789abcdef";
  expect_refused("configuration", "2025-07-03 has 0123456789abcdef");
  days_[1].run.instruments.pop_back();
  expect_refused("symbols", "2025-07-01 has TQQQ,SQQQ,SPXL,SDS,UVXY,SVXY, 2025-07-02 has TQQQ,SQQQ,SPXL,SDS,UVXY");
  days_[1].run.mode = "live";
  expect_refused("mode", "2025-07-01 has mock, 2025-07-02 has live");
}

TEST_F(RunDays, OlderSummariesAreAcceptedWithANote) {
  days_[0].run.manifest = {};
  auto notes = check_agreement(days_);
  ASSERT_TRUE(notes);
  ASSERT_EQ(notes->size(), 1U);
  EXPECT_EQ((*notes)[0].substr(0, 26), "1 day is of an older versi");
  days_[2].run.manifest.configuration = "0123456789abcdef";
  expect_refused("configuration", "2025-07-02 has");
}

TEST_F(RunDays, ARunningDayHasNoSummaryToDisagreeWith) {
  days_[2].finished = false;
  days_[2].run.mode = "live";
  days_[2].run.instruments = {"TQQQ"};
  EXPECT_TRUE(check_agreement(days_));
}

TEST_F(RunDays, TheManifestIsReadBackAndFilesThatDifferAreMarked) {
  const Manifest& own = three_days().captured.result.manifest;
  ASSERT_TRUE(own.given());
  EXPECT_EQ(days_[1].run.manifest, own);
  days_[0].run.manifest.data_files = {{"TQQQ", "1"}, {"SQQQ", "2"}};
  days_[1].run.manifest.data_files = {{"TQQQ", "1"}, {"SQQQ", "3"}, {"SDS", "4"}};
  EXPECT_EQ(joined_run(days_).manifest.data_files,
            (std::map<std::string, std::string>{{"TQQQ", "1"}, {"SQQQ", kFilesDiffer}, {"SDS", "4"}}));
}

}  // namespace
}  // namespace sentio
