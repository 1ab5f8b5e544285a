/// Days read back from a run's folder say what the run said; damage is named; a running day is read as far as
/// it is.

#include <gtest/gtest.h>

#include "written_run.h"

namespace sentio {
namespace {

using testing::day;
using testing::file_of;
using testing::three_days;

const Date kFirst = day(2025, 7, 1), kSecond = day(2025, 7, 2), kHalfDay = day(2025, 7, 3);

class RunFolder : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_GT(three_days().captured.result.days.size(), 2U) << three_days().captured.error;
    testing::write_run(folder_.path(), three_days().captured);
  }
  [[nodiscard]] Result<std::vector<DayRecords>> read(Date first, Date last) const {
    return read_run_folder(folder_.path(), first, last);
  }
  void write(const std::string& name, const std::string& text) const {
    ASSERT_TRUE(write_file_atomically(folder_ / name, text));
  }
  [[nodiscard]] std::string text_of(const std::string& name) const { return *read_text_file(folder_ / name); }

  testing::ScratchFolder folder_;
};

/// Every number of the two summaries, to what the files' decimals allow.
void expect_near(const nlohmann::ordered_json& got, const nlohmann::ordered_json& want,
                 const std::string& where) {
  ASSERT_EQ(got.type_name(), std::string(want.type_name())) << where;
  if (want.is_number()) {
    EXPECT_NEAR(got.get<double>(), want.get<double>(), 1e-3 + 1e-6 * std::abs(want.get<double>())) << where;
  } else if (want.is_structured()) {
    ASSERT_EQ(got.size(), want.size()) << where;
    const auto flat_got = got.items(), flat_want = want.items();
    auto g = flat_got.begin();
    for (auto w = flat_want.begin(); w != flat_want.end(); ++w, ++g) {
      ASSERT_EQ(g.key(), w.key()) << where;
      expect_near(g.value(), w.value(), where + "/" + w.key());
    }
  } else {
    EXPECT_EQ(got, want) << where;
  }
}

TEST_F(RunFolder, ReadDaysSayWhatTheRunSaid) {
  const auto days = read(kFirst, kHalfDay);
  ASSERT_TRUE(days) << days.error().message();
  const RunResult& ran = three_days().captured.result;
  ASSERT_GT(ran.days[0].round_trips.size(), 10U) << "a run without trades would prove nothing";
  expect_near(nlohmann::ordered_json::parse(testing::summary_text(joined_run(*days))),
              nlohmann::ordered_json::parse(testing::summary_text(ran)), "");
}

TEST_F(RunFolder, HoldsTheRecordsOfEachDay) {
  const auto days = read(kFirst, kHalfDay);
  ASSERT_TRUE(days) << days.error().message();
  ASSERT_EQ(days->size(), 3U);
  EXPECT_TRUE((*days)[0].finished);
  EXPECT_EQ((*days)[0].targets, "handbook");
  EXPECT_EQ((*days)[0].book.size(), 390U);
  EXPECT_EQ((*days)[2].book.size(), 210U);
  EXPECT_EQ((*days)[0].signals.size() % 6, 0U);
  EXPECT_GT((*days)[0].signals.size(), 2000U);
  EXPECT_FALSE((*days)[0].decisions.empty());
}

TEST_F(RunFolder, DaysThatWereNotRunAreLeftOutAndNoDayAtAllIsAnError) {
  const auto days = read(day(2025, 6, 2), day(2025, 7, 31));
  ASSERT_TRUE(days) << days.error().message();
  EXPECT_EQ(days->size(), 3U);
  const auto none = read(day(2025, 7, 7), day(2025, 7, 8));
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().code, Errc::not_found);
  EXPECT_NE(none.error().detail.find("2025-07-07 to 2025-07-08"), std::string::npos) << none.error().detail;
}

TEST_F(RunFolder, ADayWithoutItsSummaryGoesOnFromTheDayBefore) {
  std::filesystem::remove(folder_ / file_of("summary_", kHalfDay, ".json"));
  std::string book = text_of(file_of("positions_", kHalfDay, ".jsonl"));
  book.resize(book.size() / 2);  // in the middle of a line
  write(file_of("positions_", kHalfDay, ".jsonl"), book);
  const auto days = read(kFirst, kHalfDay);
  ASSERT_TRUE(days) << days.error().message();
  const DayRecords& last = days->back();
  EXPECT_FALSE(last.finished);
  EXPECT_EQ(last.run.mode, "live");
  EXPECT_GT(last.book.size(), 90U);
  EXPECT_LT(last.book.size(), 120U);
  const DayResult& result = last.run.days.front();
  EXPECT_EQ(result.equity_start, (*days)[1].run.days.front().equity_end);
  EXPECT_EQ(result.equity_end, last.book.back().equity);
  EXPECT_EQ(result.orders_filled, three_days().captured.result.days[2].orders_filled);
  EXPECT_EQ(joined_run(*days).days.size(), 3U);
}

TEST_F(RunFolder, DamageIsNamed) {
  const std::string trades = file_of("trades_", kSecond, ".jsonl");
  write(trades, "{\"ts\":1}\n" + text_of(trades));
  auto days = read(kFirst, kHalfDay);
  ASSERT_FALSE(days);
  EXPECT_EQ(days.error().code, Errc::malformed);
  EXPECT_EQ(days.error().where, (folder_ / trades).string() + ":1");
}

TEST_F(RunFolder, AMissingFileOfADayIsNamed) {
  std::filesystem::remove(folder_ / file_of("signals_", kSecond, ".jsonl"));
  const auto days = read(kFirst, kHalfDay);
  ASSERT_FALSE(days);
  EXPECT_EQ(days.error().code, Errc::not_found);
  EXPECT_EQ(days.error().where, (folder_ / file_of("signals_", kSecond, ".jsonl")).string());
  EXPECT_TRUE(read_run_folder(folder_.path(), kFirst, kHalfDay, {.signals = false}))
      << "it was not asked for";
}

TEST_F(RunFolder, ASummaryOfAnotherDayOrOfGarbageIsRefused) {
  const std::string summary = file_of("summary_", kSecond, ".json");
  for (const std::string& text :
       {text_of(file_of("summary_", kFirst, ".json")), std::string("{}"), std::string("[1"),
        text_of(summary).replace(text_of(summary).find("\"sets\": 390"), 11, "\"sets\": \"x\"")}) {
    write(summary, text);
    const auto days = read(kFirst, kHalfDay);
    ASSERT_FALSE(days);
    EXPECT_EQ(days.error().code, Errc::malformed);
    EXPECT_EQ(days.error().where, (folder_ / summary).string());
  }
}

}  // namespace
}  // namespace sentio
