// A file that another process writes, read as it grows.

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>

#include "scratch_folder.h"
#include "sentio/dashboard/line_tail.h"

namespace sentio {
namespace {

using Lines = std::vector<std::string>;

class LineTailTest : public ::testing::Test {
 protected:
  void append(const std::string& text) { std::ofstream(file_, std::ios::app) << text; }
  void write_anew(const std::string& text) { std::ofstream(file_, std::ios::trunc) << text; }
  void replace(const std::string& text) {
    std::ofstream(folder_ / "new") << text;
    std::filesystem::rename(folder_ / "new", file_);
  }
  void expect(const Lines& lines, bool restarted = false) {
    const auto read = tail_.poll();
    EXPECT_EQ(read.lines, lines);
    EXPECT_EQ(read.restarted, restarted);
    EXPECT_FALSE(read.more);
  }

  testing::ScratchFolder folder_;
  std::filesystem::path file_ = folder_ / "day.jsonl";
  LineTail tail_{file_};
};

TEST_F(LineTailTest, GivesWhatWasAppendedOnce) {
  append("a\nb\n");
  expect({"a", "b"});
  expect({});
  append("c\n\nd\n");
  expect({"c", "d"});
}

TEST_F(LineTailTest, LeavesATornLineForLater) {
  append("one\ntw");
  expect({"one"});
  append("o");
  expect({});
  append("\nthree\n");
  expect({"two", "three"});
}

TEST_F(LineTailTest, StartsOverWhereTheFileWasCut) {
  append("one\ntwo\n");
  expect({"one", "two"});
  write_anew("one\n");
  expect({"one"}, true);
}

TEST_F(LineTailTest, StartsOverWhereAnotherFileHasTheName) {
  append("one\n");
  expect({"one"});
  replace("one\ntwo\n");
  expect({"one", "two"}, true);
}

TEST_F(LineTailTest, StartsOverWhereItWasWrittenAnewInPlaceAndLonger) {
  append("one\ntwo\n");
  expect({"one", "two"});
  write_anew("three\nfour\nfive\n");
  expect({"three", "four", "five"}, true);
}

TEST_F(LineTailTest, ForgetsATornLineOfTheFileBefore) {
  append("begun");
  expect({});
  replace("whole\n");
  expect({"whole"}, true);
}

TEST_F(LineTailTest, SaysOnceThatTheFileIsGone) {
  expect({});
  append("one\n");
  expect({"one"});
  std::filesystem::remove(file_);
  expect({}, true);
  expect({});
  append("two\n");
  expect({"two"});
}

TEST_F(LineTailTest, NeverWaitsForWhatIsNoFile) {
  std::filesystem::create_directory(file_);
  expect({});
  std::filesystem::remove(file_);
  ASSERT_EQ(::mkfifo(file_.c_str(), 0600), 0);
  expect({});
}

TEST_F(LineTailTest, LeavesOutALineWithoutEnd) {
  append(std::string(3 << 20, 'x'));
  expect({});
  append("x\nshort\n");
  expect({"short"});
}

TEST_F(LineTailTest, ReadsAHugeFileInParts) {
  const std::string line(99'999, 'x');
  std::string text;
  for (int i = 0; i < 400; ++i) text += line + "\n";  // 40 MB
  append(text);
  const auto first = tail_.poll();
  EXPECT_TRUE(first.more);
  const auto second = tail_.poll();
  EXPECT_FALSE(second.more || second.restarted);
  EXPECT_EQ(first.lines.size() + second.lines.size(), 400U);
}

}  // namespace
}  // namespace sentio
