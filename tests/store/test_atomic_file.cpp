/// Files that are whole or not there.

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>

#include "scratch_folder.h"
#include "sentio/store/atomic_file.h"

namespace sentio {
namespace {

namespace fs = std::filesystem;
using testing::ScratchFolder;

std::size_t entries(const fs::path& folder) {
  return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder), fs::directory_iterator{}));
}

TEST(AtomicFile, WritesAndReplacesWithoutLeavingAnythingBehind) {
  const ScratchFolder folder;
  const auto file = folder / "a.txt";
  const std::string long_text(300'000, 'x');
  ASSERT_TRUE(write_file_atomically(file, long_text));
  EXPECT_EQ(*read_text_file(file), long_text);
  ASSERT_TRUE(write_file_atomically(file, std::string_view("a\0b", 3)));
  EXPECT_EQ(*read_text_file(file), std::string("a\0b", 3));
  ASSERT_TRUE(write_file_atomically(file, ""));
  EXPECT_EQ(*read_text_file(file), "");
  EXPECT_EQ(entries(folder.path()), 1U);
}

TEST(AtomicFile, OneBadFileLeavesAllTheOthersAsTheyWere) {
  const ScratchFolder folder;
  ASSERT_TRUE(write_file_atomically(folder / "a", "old"));
  const auto written = write_files_atomically({{folder / "a", "new"}, {folder / "absent/b", "new"}});
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().code, Errc::io);
  EXPECT_EQ(written.error().where, (folder / "absent/b").string());
  EXPECT_EQ(*read_text_file(folder / "a"), "old");
  EXPECT_EQ(entries(folder.path()), 1U);
}

/// The rename is refused by a real disk, after others have been made.
TEST(AtomicFile, AFolderInTheWayLeavesTheWholeSetAsItWas) {
  const ScratchFolder folder;
  ASSERT_TRUE(write_files_atomically({{folder / "a", "old"}, {folder / "summary", "old"}}));
  fs::create_directories(folder / "b/inside");
  const auto written =
      write_files_atomically({{folder / "a", "new"}, {folder / "b", "new"}, {folder / "summary", "new"}});
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().code, Errc::io);
  EXPECT_EQ(written.error().where, (folder / "b").string());
  EXPECT_EQ(*read_text_file(folder / "a"), "old");
  EXPECT_EQ(*read_text_file(folder / "summary"), "old");
  EXPECT_TRUE(fs::is_directory(folder / "b/inside"));
  EXPECT_EQ(entries(folder.path()), 3U);
}

/// A child process with a file-size limit stands for a full disk.
TEST(AtomicFile, AFullDiskLeavesTheOldFile) {
  const ScratchFolder folder;
  ASSERT_TRUE(write_file_atomically(folder / "a", "old"));
  const auto write_beyond_the_limit = [&] {
    std::signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{1000, 1000};
    if (::setrlimit(RLIMIT_FSIZE, &limit) != 0) std::_Exit(3);
    const auto written = write_file_atomically(folder / "a", std::string(5000, 'x'));
    std::_Exit(!written && written.error().code == Errc::io ? 0 : 1);
  };
  EXPECT_EXIT(write_beyond_the_limit(), ::testing::ExitedWithCode(0), "");
  EXPECT_EQ(*read_text_file(folder / "a"), "old");
  EXPECT_EQ(entries(folder.path()), 1U);
}

TEST(AtomicFile, ALinkIsWrittenThroughAndStaysALink) {
  const ScratchFolder folder;
  ASSERT_TRUE(write_file_atomically(folder / "target", "old"));
  fs::create_symlink(folder / "target", folder / "link");
  ASSERT_TRUE(write_file_atomically(folder / "link", "new"));
  EXPECT_TRUE(fs::is_symlink(folder / "link"));
  EXPECT_EQ(*read_text_file(folder / "target"), "new");
}

TEST(AtomicFile, AFolderIsMadeWithItsParentsAndAFileInItsPlaceIsRefused) {
  const ScratchFolder folder;
  ASSERT_TRUE(ensure_writable_folder(folder / "a/b/c"));
  EXPECT_TRUE(fs::is_directory(folder / "a/b/c"));
  EXPECT_EQ(entries(folder / "a/b/c"), 0U);
  ASSERT_TRUE(write_file_atomically(folder / "file", "x"));
  const auto made = ensure_writable_folder(folder / "file/below");
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().code, Errc::io);
}

TEST(AtomicFile, ReadingWhatIsNotAFileIsAnErrorWithItsName) {
  const ScratchFolder folder;
  for (const auto& file : {folder / "absent", folder.path()}) {
    const auto text = read_text_file(file);
    ASSERT_FALSE(text);
    EXPECT_EQ(text.error().code, Errc::not_found);
    EXPECT_EQ(text.error().where, file.string());
  }
}

}  // namespace
}  // namespace sentio
