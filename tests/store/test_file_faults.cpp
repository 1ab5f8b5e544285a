/// A disk that fails, a process that is killed, a machine that loses power: at every step, one after the other.

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>

#include "memory_disk.h"
#include "scratch_folder.h"
#include "sentio/store/atomic_file.h"
#include "sentio/store/journal.h"
#include "sentio/store/state_file.h"

namespace sentio {

static std::string durability_name(Durability durability) {
  return durability == Durability::power_cut ? "PowerCut" : "ProcessKill";
}
static void PrintTo(const Durability& durability, std::ostream* out) {
  *out << durability_name(durability);
}

namespace {

using testing::Killed;
using testing::MemoryDisk;
using Files = MemoryDisk::Files;
using Fault = MemoryDisk::Fault;

const Files kOld{{"/day/a", "old a"}, {"/day/b", "old b"}, {"/day/summary", "old summary"}, {"/day/other", "kept"}};
const Files kNew{{"/day/a", "new a"}, {"/day/b", "new b"}, {"/day/summary", "new summary"}, {"/day/other", "kept"}};
const Files kNothing{{"/day/other", "kept"}};

Result<> write_new_set(MemoryDisk& disk, Durability durability) {
  return write_files_atomically({{"/day/a", "new a"}, {"/day/b", "new b"}, {"/day/summary", "new summary"}}, durability,
                                disk);
}

Result<> write_one(MemoryDisk& disk, Durability durability) {
  return write_file_atomically("/day/a", "new a", durability, disk);
}

bool is_leftover(const std::string& name) {
  return name.find(".partial-") != std::string::npos || name.find(".earlier-") != std::string::npos;
}

/// Only files of one write, if the last one is there; in any case each one whole. `before` had all or none.
void expect_counts_only_if_of_one_write(const Files& found, const Files& before) {
  for (const auto& [name, content] : found) {
    if (is_leftover(name)) continue;
    const auto was = before.find(name);
    EXPECT_TRUE(content == kNew.at(name) || (was != before.end() && content == was->second)) << name << ": " << content;
  }
  const auto summary = found.find("/day/summary");
  if (summary == found.end()) return;
  const Files& of = summary->second == kNew.at("/day/summary") ? kNew : before;
  for (const auto& [name, content] : of) {
    ASSERT_TRUE(found.contains(name)) << name;
    EXPECT_EQ(found.at(name), content) << name;
  }
}

void expect_names_path_and_reason(const Result<>& written) {
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().code, Errc::io);
  EXPECT_TRUE(written.error().where.starts_with("/day/")) << written.error().where;
  EXPECT_FALSE(is_leftover(written.error().where)) << "a name the user knows, not a temporary one";
  EXPECT_NE(written.error().detail.find("No space left on device"), std::string::npos) << written.error().detail;
}

class EveryStep : public ::testing::TestWithParam<Durability> {};

/// The calls whose failure is passed over: by then the new files are in place.
bool tidies_up(const std::string& call) {
  return call.starts_with("remove ");
}

TEST_P(EveryStep, AFailedCallLeavesTheOldFilesOrTheNewAndNoOther) {
  for (const Files& before : {kOld, kNothing}) {
    for (int n = 0;; ++n) {
      SCOPED_TRACE(n);
      MemoryDisk disk(before);
      disk.fail(Fault::one_call, n);
      const auto written = write_new_set(disk, GetParam());
      if (!disk.fired()) {
        EXPECT_TRUE(written);
        EXPECT_EQ(disk.files(), kNew);
        EXPECT_GT(n, 10);
        break;
      }
      if (tidies_up(disk.calls()[static_cast<std::size_t>(n)])) continue;
      expect_names_path_and_reason(written);
      const bool last_sync = disk.files() == kNew;
      if (last_sync) {
        EXPECT_TRUE(disk.calls()[static_cast<std::size_t>(n)].starts_with("sync_folder"));
      } else {
        EXPECT_EQ(disk.files(), before);
      }
    }
  }
}

TEST_P(EveryStep, AFailedCallOfOneFileLeavesTheOldOneOrTheNewAndNoOther) {
  for (int n = 0;; ++n) {
    SCOPED_TRACE(n);
    MemoryDisk disk(kOld);
    disk.fail(Fault::one_call, n);
    const auto written = write_one(disk, GetParam());
    Files replaced = kOld;
    replaced["/day/a"] = "new a";
    if (!disk.fired()) {
      EXPECT_TRUE(written);
      EXPECT_EQ(disk.files(), replaced);
      break;
    }
    expect_names_path_and_reason(written);
    const bool synced_too_late = disk.calls()[static_cast<std::size_t>(n)].starts_with("sync_folder");
    EXPECT_EQ(disk.files(), synced_too_late ? replaced : kOld);
  }
}

TEST_P(EveryStep, ADiskThatStaysBrokenNeverPassesAMixtureOff) {
  for (const Files& before : {kOld, kNothing}) {
    for (int n = 0;; ++n) {
      SCOPED_TRACE(n);
      MemoryDisk disk(before);
      disk.fail(Fault::every_call_from_it, n);
      const auto written = write_new_set(disk, GetParam());
      if (!disk.fired()) break;
      expect_counts_only_if_of_one_write(disk.files(), before);
    }
  }
}

TEST_P(EveryStep, ASecondFailureOnTheWayBackNeverPassesAMixtureOff) {
  for (const Files& before : {kOld, kNothing}) {
    for (int n = 0; n < 30; ++n) {
      for (int again = 1; again < 12; ++again) {
        SCOPED_TRACE(std::to_string(n) + " and " + std::to_string(again) + " later");
        MemoryDisk disk(before);
        disk.fail(Fault::one_call, n, again);
        (void)write_new_set(disk, GetParam());
        expect_counts_only_if_of_one_write(disk.files(), before);
      }
    }
  }
}

TEST_P(EveryStep, AKilledProcessLeavesASetThatCountsOrNone) {
  for (const Files& before : {kOld, kNothing}) {
    int without_last = 0;
    for (int n = 0;; ++n) {
      SCOPED_TRACE(n);
      MemoryDisk disk(before);
      disk.fail(Fault::kill, n);
      try {
        (void)write_new_set(disk, GetParam());
      } catch (const Killed&) {
      }
      expect_counts_only_if_of_one_write(disk.files(), before);
      without_last += disk.files().contains("/day/summary") ? 0 : 1;
      if (!disk.fired()) break;
      // The next one does not care what it finds.
      disk.fail(Fault::none, 0);
      ASSERT_TRUE(write_new_set(disk, GetParam()));
      Files found = disk.files();
      std::erase_if(found, [](const auto& file) { return is_leftover(file.first); });
      EXPECT_EQ(found, kNew);
    }
    EXPECT_GT(without_last, 0);
  }
}

TEST_P(EveryStep, AKilledProcessLeavesOneFileOldOrNew) {
  for (int n = 0;; ++n) {
    SCOPED_TRACE(n);
    MemoryDisk disk(kOld);
    disk.fail(Fault::kill, n);
    try {
      (void)write_one(disk, GetParam());
    } catch (const Killed&) {
    }
    const std::string found = disk.files().at("/day/a");
    EXPECT_TRUE(found == "old a" || found == "new a") << found;
    if (!disk.fired()) break;
  }
}

INSTANTIATE_TEST_SUITE_P(Both, EveryStep, ::testing::Values(Durability::process_kill, Durability::power_cut),
                         [](const auto& tc) {
                           return durability_name(tc.param);
                         });

/// The power goes at every step; what was not synced is lost, or names are there and contents are not.
void expect_power_cut_safe(const Files& before, Result<> (*write)(MemoryDisk&, Durability),
                           const std::function<void(const Files&)>& expect) {
  for (int n = 0;; ++n) {
    SCOPED_TRACE(n);
    MemoryDisk disk(before);
    disk.fail(Fault::kill, n);
    try {
      ASSERT_TRUE(write(disk, Durability::power_cut));
    } catch (const Killed&) {
    }
    for (const Files& found : {disk.synced_files(), disk.names_before_contents()}) expect(found);
    if (disk.fired()) continue;
    Files synced = disk.synced_files();
    std::erase_if(synced, [](const auto& file) { return is_leftover(file.first); });
    EXPECT_EQ(synced.at("/day/a"), "new a") << "success means that the disk has it";
    return;
  }
}

TEST(PowerCut, LeavesASetThatCountsOrNone) {
  for (const Files& before : {kOld, kNothing}) {
    expect_power_cut_safe(before, write_new_set,
                          [&](const Files& found) { expect_counts_only_if_of_one_write(found, before); });
  }
}

TEST(PowerCut, LeavesOneFileOldOrNew) {
  expect_power_cut_safe(kOld, write_one, [](const Files& found) {
    ASSERT_TRUE(found.contains("/day/a"));
    EXPECT_TRUE(found.at("/day/a") == "old a" || found.at("/day/a") == "new a") << found.at("/day/a");
  });
}

std::size_t syncs(const MemoryDisk& disk) {
  return static_cast<std::size_t>(
      std::ranges::count_if(disk.calls(), [](const std::string& call) { return call.starts_with("sync"); }));
}

TEST(Durability, ResultsThatCanBeMadeAgainWaitForNoDisk) {
  MemoryDisk disk(kOld);
  ASSERT_TRUE(write_new_set(disk, Durability::process_kill));
  ASSERT_TRUE(write_one(disk, Durability::process_kill));
  EXPECT_EQ(syncs(disk), 0U);
}

/// Where the call stands among those of the disk; none is an error of the test.
std::ptrdiff_t place_of(const MemoryDisk& disk, const std::string& call) {
  const auto at = std::ranges::find_if(disk.calls(), [&](const std::string& c) { return c.starts_with(call); });
  EXPECT_NE(at, disk.calls().end()) << call;
  return at - disk.calls().begin();
}

TEST(Journal, BeginsOnTheDiskAndItsLinesDoNotWaitForIt) {
  MemoryDisk disk;
  auto journal = JournalWriter::create("/day/journal", "{\"journal\":1}\n", disk);
  ASSERT_TRUE(journal);
  EXPECT_EQ(disk.synced_files(), (Files{{"/day/journal", "{\"journal\":1}\n"}}));
  EXPECT_LT(place_of(disk, "sync"), place_of(disk, "rename"));
  EXPECT_EQ(syncs(disk), 2U) << "the file once, its folder once";
  ASSERT_TRUE(journal->append("{\"a\":1}\n"));
  EXPECT_EQ(syncs(disk), 2U);
  ASSERT_TRUE(journal->sync());
  EXPECT_EQ(disk.synced_files().at("/day/journal"), "{\"journal\":1}\n{\"a\":1}\n");
}

TEST(Journal, ADiskThatRefusesSaysWhichFileAndWhy) {
  for (int n = 0;; ++n) {
    SCOPED_TRACE(n);
    MemoryDisk disk(Files{{"/day/journal", "old"}});
    disk.fail(Fault::one_call, n);
    auto journal = JournalWriter::create("/day/journal", "new", disk);
    Result<> done = journal ? journal->append("line\n") : tl::unexpected(journal.error());
    if (done) done = journal->sync();
    if (!disk.fired()) {
      EXPECT_TRUE(done);
      break;
    }
    expect_names_path_and_reason(done);
  }
}

TEST(StateFile, IsOnTheDiskWhenItsWriterReturns) {
  const testing::ScratchFolder folder;
  MemoryDisk disk;
  const std::string file = (folder / "state.bin").string();
  ASSERT_TRUE(write_state(file, {.last_session = Date{std::chrono::year{2025} / 9 / 26}}, {}, disk));
  EXPECT_EQ(disk.synced_files().at(file).size(), disk.files().at(file).size());
}

TEST(PosixFiles, SyncsFilesAndFoldersAndWhatHasNoDisk) {
  const testing::ScratchFolder folder;
  FileSystem& disk = posix_files();
  int file = -1;
  ASSERT_FALSE(disk.open(folder / "a", Opening::append, file));
  EXPECT_FALSE(disk.write(file, "one"));
  EXPECT_FALSE(disk.sync(file));
  EXPECT_FALSE(disk.close(file));
  EXPECT_FALSE(disk.sync_folder(folder.path()));
  EXPECT_FALSE(disk.sync_folder(""));
  EXPECT_FALSE(disk.remove(folder / "absent"));
  EXPECT_EQ(disk.sync_folder(folder / "absent"), std::errc::no_such_file_or_directory);
  EXPECT_EQ(disk.open(folder / "absent/a", Opening::append, file), std::errc::no_such_file_or_directory);
  EXPECT_EQ(*read_text_file(folder / "a"), "one");
  EXPECT_TRUE(write_file_atomically("/dev/null", "nothing to sync"));
}

}  // namespace
}  // namespace sentio
