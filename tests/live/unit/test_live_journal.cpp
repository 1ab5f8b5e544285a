/// The journal of a live day while it is written: what stands where, what reaches the disk, and what cannot be written.

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <atomic>
#include <condition_variable>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <mutex>

#include "journal/live_journal.h"
#include "mock_world.h"
#include "scratch_folder.h"
#include "sentio/store/atomic_file.h"

namespace sentio {
namespace {

using std::chrono::seconds;

const SessionHours kHours = *NyseCalendar::session(testing::day(2025, 7, 3));
constexpr const char* kName = "journal_2025-07-03.jsonl";

class LiveJournalTest : public ::testing::Test {
 protected:
  static RunHeader header() {
    return {.date = kHours.date,
            .mode = "paper",
            .options = {.config = {},
                        .universe = testing::six_instruments(),
                        .fees = testing::fees_of_2025(),
                        .capital = Usd{100'000}}};
  }
  static std::vector<Event> opened() { return {SessionOpened{.hours = kHours}}; }
  [[nodiscard]] std::unique_ptr<LiveJournal> begun() const {
    auto made = LiveJournal::begin(folder.path(), header(), opened(), kHours.open);
    EXPECT_TRUE(made) << made.error().message();
    return *std::move(made);
  }
  [[nodiscard]] std::vector<std::string> lines() const {
    std::ifstream in(folder / kName);
    std::vector<std::string> all;
    for (std::string line; std::getline(in, line);) all.push_back(line);
    return all;
  }

  testing::ScratchFolder folder;
};

TEST_F(LiveJournalTest, HeaderFirstEventsAndWhatFollowsStandInOrderEachWithItsNumber) {
  const auto journal = begun();
  ASSERT_TRUE(journal->event(kHours.open + seconds{1}, MaintenanceMode{.on = true}));
  ASSERT_TRUE(journal->note(kHours.open + seconds{2}, kLogNote, "a line \"for\" people"));
  ASSERT_TRUE(journal->event(kHours.open + seconds{3}, SymbolHalted{.symbol = 2, .halted = true}));
  const auto all = lines();
  ASSERT_EQ(all.size(), 5U);
  EXPECT_EQ(all[0] + "\n", encode_run_header(header()));
  EXPECT_TRUE(all[1].starts_with(R"({"seq":2,)")) << all[1];
  EXPECT_NE(all[1].find("session_opened"), std::string::npos);
  EXPECT_EQ(all[2], R"({"seq":3,"now":"2025-07-03T13:30:01Z","event":"maintenance","on":true})");
  EXPECT_EQ(all[3], R"({"seq":4,"now":"2025-07-03T13:30:02Z","note":"log","text":"a line \"for\" people"})");
  EXPECT_TRUE(all[4].starts_with(R"({"seq":5,)") && all[4].find("\"SPXL\"") == std::string::npos) << all[4];
}

TEST_F(LiveJournalTest, AnEventIsInTheFileWhenItsCallReturns) {
  const auto journal = begun();
  for (int i = 0; i < 3; ++i) {
    ASSERT_TRUE(journal->event(kHours.open + seconds{i}, EntriesSuspended{.suspended = i == 1}));
    EXPECT_EQ(lines().size(), 3U + static_cast<std::size_t>(i)) << "a kill from here on leaves it";
  }
}

TEST_F(LiveJournalTest, WhatDoesNotFitASessionLeavesNoJournal) {
  RunHeader poor = header();
  poor.options.capital = Usd{0};
  const auto none = LiveJournal::begin(folder.path(), poor, opened(), kHours.open);
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().message(), "capital: is none to trade with");
  auto events = opened();
  events.emplace_back(PositionAdopted{.symbol = 1, .qty = Qty{-5}, .avg_entry = Price{20}});
  const auto shorted = LiveJournal::begin(folder.path(), header(), events, kHours.open);
  ASSERT_FALSE(shorted);
  EXPECT_EQ(exit_code(shorted.error().code), ExitCode::data);
  EXPECT_FALSE(std::filesystem::exists(folder / kName));
}

TEST_F(LiveJournalTest, ADayThatCannotBeBegunLeavesTheOldJournalAsItWas) {
  ASSERT_TRUE(write_file_atomically(folder / kName, "yesterday's attempt\n"));
  auto events = opened();
  events.emplace_back(PositionAdopted{.symbol = 1, .qty = Qty{5}, .avg_entry = Price{0}});
  EXPECT_FALSE(LiveJournal::begin(folder.path(), header(), events, kHours.open));
  EXPECT_EQ(*read_text_file(folder / kName), "yesterday's attempt\n");
  (void)begun();
  EXPECT_EQ(lines().size(), 2U) << "a new one takes its place";
}

TEST_F(LiveJournalTest, WhereTheFolderIsNoneTheDayDoesNotBegin) {
  ASSERT_TRUE(write_file_atomically(folder / "file", "not a folder"));
  for (const auto& where : {folder / "absent", folder / "file"}) {
    const auto made = LiveJournal::begin(where, header(), opened(), kHours.open);
    ASSERT_FALSE(made) << where;
    EXPECT_EQ(made.error().code, Errc::io);
    EXPECT_EQ(exit_code(made.error().code), ExitCode::usage);
  }
}

TEST_F(LiveJournalTest, GoesOnAfterTheLastWholeLine) {
  auto journal = begun();
  ASSERT_TRUE(journal->note(kHours.open, kLogNote, "before"));
  ASSERT_TRUE(journal->sync());
  journal.reset();
  std::ofstream(folder / kName, std::ios::app) << R"({"seq":4,"now":"2025-07-03T13)";  // a kill cut it
  const auto day = replay_journal(folder / kName);
  ASSERT_TRUE(day) << day.error().message();
  EXPECT_TRUE(day->torn);
  auto again = LiveJournal::go_on(folder.path(), *day);
  ASSERT_TRUE(again) << again.error().message();
  EXPECT_EQ(lines().size(), 3U) << "the cut line is gone at once";
  ASSERT_TRUE((*again)->note(kHours.open + seconds{9}, kLogNote, "after"));
  const auto all = lines();
  ASSERT_EQ(all.size(), 4U);
  EXPECT_EQ(all[3], R"({"seq":4,"now":"2025-07-03T13:30:09Z","note":"log","text":"after"})");
  again->reset();
  EXPECT_TRUE(replay_journal(folder / kName));
}

TEST_F(LiveJournalTest, AnOlderJournalGoesOnWithoutNumbers) {
  begun().reset();
  std::string text = *read_text_file(folder / kName);
  text.erase(text.find(R"("seq":2,)"), 8);
  ASSERT_TRUE(write_file_atomically(folder / kName, text));
  const auto day = replay_journal(folder / kName);
  ASSERT_TRUE(day) << day.error().message();
  const auto again = LiveJournal::go_on(folder.path(), *day);
  ASSERT_TRUE(again);
  for (int i = 0; i < 2; ++i) ASSERT_TRUE((*again)->note(kHours.open, kLogNote, "after"));
  EXPECT_EQ(lines().back(), R"({"now":"2025-07-03T13:30:00Z","note":"log","text":"after"})");
}

TEST_F(LiveJournalTest, AJournalThatIsGoneCannotBeGoneOnWith) {
  begun().reset();
  const auto day = replay_journal(folder / kName);
  ASSERT_TRUE(day);
  std::filesystem::remove(folder / kName);
  const auto again = LiveJournal::go_on(folder.path(), *day);
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code, Errc::io);
  EXPECT_NE(again.error().detail.find("cannot be cut to its whole lines"), std::string::npos);
}

/// In a process of its own, whose files may not grow: 0 where event() and note() said so, as Errc::io.
[[noreturn]] void write_until_full(LiveJournal& journal, std::uintmax_t bytes) {
  std::signal(SIGXFSZ, SIG_IGN);
  const rlimit limit{bytes, bytes};
  if (::setrlimit(RLIMIT_FSIZE, &limit) != 0) std::_Exit(3);
  if (!journal.event(kHours.open, MaintenanceMode{.on = true})) std::_Exit(4);  // this one fits
  const auto event = journal.event(kHours.open, MaintenanceMode{.on = false});
  const auto note = journal.note(kHours.open, kLogNote, "more");
  const bool told = !event && event.error().code == Errc::io && !note && note.error().code == Errc::io;
  std::_Exit(told ? 0 : 5);
}

TEST_F(LiveJournalTest, AFullDiskIsTheErrorOfWhateverIsWritten) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");  // the syncer's thread
  const auto write = [this] {
    const auto journal = begun();
    write_until_full(*journal, std::filesystem::file_size(folder / kName) + 80);
  };
  EXPECT_EXIT(write(), ::testing::ExitedWithCode(0), "");
}

// ---- the disk behind it -----------------------------------------------------------------------------

/// The machine's files, counted; sync() waits at a gate or fails where it is told to.
class GatedDisk final : public FileSystem {
 public:
  std::error_code open(const std::filesystem::path& path, Opening how, int& file) override {
    return posix_files().open(path, how, file);
  }
  std::error_code write(int file, std::string_view bytes) override {
    ++writes;
    return posix_files().write(file, bytes);
  }
  std::error_code sync(int) override {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return open_; });
    ++syncs;
    changed_.notify_all();
    return failing ? std::make_error_code(std::errc::no_space_on_device) : std::error_code{};
  }
  std::error_code close(int file) override { return posix_files().close(file); }
  std::error_code rename(const std::filesystem::path& from, const std::filesystem::path& to) override {
    return posix_files().rename(from, to);
  }
  std::error_code sync_folder(const std::filesystem::path&) override { return {}; }
  std::error_code remove(const std::filesystem::path& path) override { return posix_files().remove(path); }

  void set_open(bool on) {
    const std::lock_guard lock(mutex_);
    open_ = on;
    changed_.notify_all();
  }
  void await(int count) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return syncs >= count; });
  }
  std::atomic<int> writes{0}, syncs{0};
  std::atomic<bool> failing{false};

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool open_ = true;
};

class LiveJournalDisk : public LiveJournalTest {
 protected:
  LiveJournalDisk() : journal(*LiveJournal::begin(folder.path(), header(), opened(), kHours.open, disk)) {
    begun_with = disk.syncs;
  }
  ~LiveJournalDisk() override { disk.set_open(true); }
  GatedDisk disk;
  int begun_with = 0;
  std::unique_ptr<LiveJournal> journal;
};

TEST_F(LiveJournalDisk, ABegunDayIsOnTheDiskAndEventsWaitForNoDisk) {
  EXPECT_EQ(begun_with, 1) << "header and first events in one piece";
  EXPECT_EQ(disk.writes, 1);
  ASSERT_TRUE(journal->event(kHours.open, MaintenanceMode{.on = true}));
  ASSERT_TRUE(journal->note(kHours.open, kLogNote, "text"));
  EXPECT_EQ(disk.writes, 3);
  EXPECT_EQ(disk.syncs, begun_with);
  ASSERT_TRUE(journal->sync());
  EXPECT_EQ(disk.syncs, begun_with + 1);
}

TEST_F(LiveJournalDisk, ASlowDiskHoldsUpNobodyAndOneSyncServesWhatCameMeanwhile) {
  disk.set_open(false);
  ASSERT_TRUE(journal->to_disk());
  for (int i = 0; i < 5; ++i) {
    ASSERT_TRUE(journal->event(kHours.open, MaintenanceMode{.on = i % 2 == 0}));
    ASSERT_TRUE(journal->to_disk());
  }
  EXPECT_EQ(lines().size(), 7U);
  disk.set_open(true);
  journal.reset();  // what was asked for is synced first
  EXPECT_GE(disk.syncs, begun_with + 1);
  EXPECT_LE(disk.syncs, begun_with + 2);
}

TEST_F(LiveJournalDisk, WhatDoesNotReachTheDiskIsToldAtALaterCallAndOnce) {
  disk.failing = true;
  ASSERT_TRUE(journal->to_disk());
  disk.await(begun_with + 1);
  disk.failing = false;
  // The syncer writes the error down a moment after its sync.
  Result<> told;
  while (told) told = journal->to_disk();
  EXPECT_EQ(told.error().code, Errc::io);
  EXPECT_NE(told.error().detail.find("cannot be synced"), std::string::npos) << told.error().detail;
  EXPECT_TRUE(journal->to_disk());
  disk.failing = true;
  EXPECT_FALSE(journal->sync());
}

}  // namespace
}  // namespace sentio
