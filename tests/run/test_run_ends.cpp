/// runs.jsonl: one line per trading day, whatever happens to it.

#include <gtest/gtest.h>

#include <fstream>

#include "scratch_folder.h"
#include "sentio/run/run_ends.h"
#include "sentio/store/atomic_file.h"

namespace sentio {
namespace {

using namespace std::chrono_literals;

Date october(unsigned day) {
  return Date{std::chrono::year{2025}, std::chrono::October, std::chrono::day{day}};
}

RunEnd end_of(unsigned day, RunOutcome outcome, int exit_code = 0) {
  RunEnd end{.date = october(day), .mode = "paper", .outcome = outcome, .exit_code = exit_code, .reason = "flat, 12 orders filled"};
  end.ended = from_new_york(end.date, 16h + 5s);
  return end;
}

RunEnd traded(unsigned day, int exit_code = 0) {
  RunEnd end = end_of(day, RunOutcome::ended, exit_code);
  end.started = from_new_york(end.date, 9h + 20min);
  end.flat = true;
  end.mrd = -0.00123;
  return end;
}

std::string text_of(const std::filesystem::path& folder) {
  return read_text_file(run_ends_file(folder)).value_or("");
}

TEST(RunEnds, ALineReadsBack) {
  for (const RunEnd& end : {traded(14), end_of(15, RunOutcome::refused, 4), end_of(16, RunOutcome::closed, 8), end_of(17, RunOutcome::halted, 2)}) {
    const std::string line = encode_run_end(end);
    EXPECT_EQ(line.find('\n'), line.size() - 1);
    const auto read = parse_run_end(line, "runs.jsonl:1");
    ASSERT_TRUE(read) << read.error().message();
    EXPECT_EQ(*read, end);
  }
}

TEST(RunEnds, IsTheLineOfTheDocument) {
  EXPECT_EQ(encode_run_end(traded(14)),
            "{\"record\":\"run_end\",\"date\":\"2025-10-14\",\"mode\":\"paper\",\"outcome\":\"ended\",\"exit_code\":0,"
            "\"reason\":\"flat, 12 orders filled\",\"started\":\"2025-10-14T09:20:00-04:00\","
            "\"ended\":\"2025-10-14T16:00:05-04:00\",\"flat\":true,\"mrd\":-0.00123,\"simulated\":false}\n");
}

TEST(RunEnds, AReasonThatIsNoUtf8LeavesTheFileReadable) {
  RunEnd end = traded(14);
  end.reason = "the broker said \xff\x01";
  ASSERT_TRUE(parse_run_end(encode_run_end(end), "x"));
}

TEST(RunEnds, ADayHasOneLineAndTheLastEndWins) {
  const testing::ScratchFolder folder;
  EXPECT_TRUE(read_run_ends(folder.path())->empty());
  ASSERT_TRUE(record_run_end(folder.path(), traded(13)));
  ASSERT_TRUE(record_run_end(folder.path(), end_of(14, RunOutcome::refused, 4)));
  ASSERT_TRUE(record_run_end(folder.path(), traded(14, 7)));
  ASSERT_TRUE(record_run_end(folder.path(), traded(14, 6)));
  const auto ends = read_run_ends(folder.path());
  ASSERT_TRUE(ends);
  EXPECT_EQ(*ends, (std::vector<RunEnd>{traded(13), traded(14, 6)}));
  EXPECT_EQ(text_of(folder.path()), encode_run_end(traded(13)) + encode_run_end(traded(14, 6)));
}

TEST(RunEnds, AStartThatCameToNothingDoesNotHideADayThatWasTraded) {
  for (const RunOutcome before : {RunOutcome::ended, RunOutcome::halted}) {
    for (const RunOutcome after : {RunOutcome::refused, RunOutcome::closed}) {
      const testing::ScratchFolder folder;
      ASSERT_TRUE(record_run_end(folder.path(), end_of(14, before, 7)));
      ASSERT_TRUE(record_run_end(folder.path(), end_of(14, after, 4)));
      EXPECT_EQ(text_of(folder.path()), encode_run_end(end_of(14, before, 7)));
    }
  }
}

TEST(RunEnds, FilesPutTogetherReadByTheSameRule) {
  const testing::ScratchFolder folder;
  ASSERT_TRUE(write_file_atomically(run_ends_file(folder.path()), encode_run_end(traded(15)) + encode_run_end(traded(14, 7)) +
                                                                      encode_run_end(end_of(14, RunOutcome::refused, 4))));
  EXPECT_EQ(*read_run_ends(folder.path()), (std::vector<RunEnd>{traded(14, 7), traded(15)}));
}

TEST(RunEnds, DamageIsNamedAndKept) {
  const testing::ScratchFolder folder;
  const std::string damaged = "{\"record\":\"run_e\n";
  ASSERT_TRUE(write_file_atomically(run_ends_file(folder.path()), encode_run_end(traded(13)) + damaged));
  const auto read = read_run_ends(folder.path());
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().code, Errc::malformed);
  EXPECT_TRUE(read.error().where.ends_with("runs.jsonl:2")) << read.error().where;
  ASSERT_TRUE(record_run_end(folder.path(), traded(14)));
  EXPECT_EQ(text_of(folder.path()), encode_run_end(traded(13)) + damaged + encode_run_end(traded(14)));
}

TEST(RunEnds, WhatIsNotALineIsRefused) {
  const std::string good = encode_run_end(traded(14));
  const auto changed = [&good](const std::string& from, const std::string& to) {
    std::string text = good;
    return text.replace(text.find(from), from.size(), to);
  };
  for (const std::string& text :
       {std::string(), std::string("[]"), changed("run_end", "run_start"), changed("2025-10-14", "2025-10-44"), changed("\"ended\",\"exit", "\"dreamt\",\"exit"),
        changed("\"exit_code\":0", "\"exit_code\":\"0\""), changed("\"flat\":true,", ""), changed("-04:00", "")}) {
    const auto read = parse_run_end(text, "here");
    ASSERT_FALSE(read) << text;
    EXPECT_EQ(read.error().where, "here");
  }
}

}  // namespace
}  // namespace sentio
