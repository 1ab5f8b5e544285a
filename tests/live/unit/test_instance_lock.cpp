/// One instance per folder, across real processes.

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <fstream>
#include <functional>
#include <thread>

#include "scratch_folder.h"
#include "sentio/live/instance_lock.h"
#include "sentio/store/atomic_file.h"

namespace sentio {
namespace {

using testing::ScratchFolder;

/// A child that takes the folder's lock and keeps it until it is told to leave or is killed.
class Holder {
 public:
  explicit Holder(const std::filesystem::path& folder) {
    EXPECT_EQ(::pipe(said_), 0);
    EXPECT_EQ(::pipe(leave_), 0);
    pid_ = ::fork();
    if (pid_ == 0) hold(folder);
    ::close(said_[1]);
    ::close(leave_[0]);
    char word = 0;
    EXPECT_EQ(::read(said_[0], &word, 1), 1);
    EXPECT_EQ(word, 'y') << "the child did not get the lock";
  }
  ~Holder() {
    if (pid_ > 0) end(SIGKILL);
    ::close(said_[0]);
    ::close(leave_[1]);
  }
  Holder(const Holder&) = delete;
  Holder& operator=(const Holder&) = delete;
  [[nodiscard]] int pid() const { return pid_; }
  /// 0: asks it to leave; otherwise the signal. Returns when the process is gone.
  void end(int signal) {
    if (signal != 0) {
      ::kill(pid_, signal);
    } else {
      EXPECT_EQ(::write(leave_[1], "x", 1), 1);
    }
    ::waitpid(pid_, nullptr, 0);
    pid_ = -1;
  }

 private:
  [[noreturn]] void hold(const std::filesystem::path& folder) {
    ::close(leave_[1]);  // a parent that dies must not leave us waiting
    {
      const auto lock = InstanceLock::take(folder);
      char word = lock ? 'y' : 'n';
      (void)!::write(said_[1], &word, 1);
      (void)!::read(leave_[0], &word, 1);
    }
    ::_exit(0);
  }
  int pid_ = -1, said_[2] = {}, leave_[2] = {};
};

TEST(InstanceLock, NobodyHoldsAFolderWithoutAFile) {
  const ScratchFolder folder;
  EXPECT_EQ(InstanceLock::holder(folder.path()), std::nullopt);
  EXPECT_EQ(InstanceLock::holder(folder / "not" / "there"), std::nullopt);
}

TEST(InstanceLock, TheOneThatTookItIsNamedUntilItLetsGo) {
  const ScratchFolder folder;
  const auto nested = folder / "logs" / "live";  // made on the way
  {
    const auto lock = InstanceLock::take(nested);
    ASSERT_TRUE(lock) << lock.error().message();
    EXPECT_EQ(InstanceLock::holder(nested), ::getpid());
    EXPECT_EQ(*read_text_file(nested / "live.lock"), std::to_string(::getpid()) + "\n");
  }
  EXPECT_EQ(InstanceLock::holder(nested), std::nullopt);
  EXPECT_TRUE(std::filesystem::exists(nested / "live.lock"));
}

TEST(InstanceLock, MovesWithItsObject) {
  const ScratchFolder folder;
  auto first = InstanceLock::take(folder.path());
  ASSERT_TRUE(first);
  {
    const InstanceLock moved = *std::move(first);
    EXPECT_EQ(InstanceLock::holder(folder.path()), ::getpid());
  }
  EXPECT_EQ(InstanceLock::holder(folder.path()), std::nullopt);
}

TEST(InstanceLock, AnotherProcessIsRefusedWithTheHoldersId) {
  const ScratchFolder folder;
  const Holder other(folder.path());
  EXPECT_EQ(InstanceLock::holder(folder.path()), other.pid());
  const auto refused = InstanceLock::take(folder.path());
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Errc::already_running);
  EXPECT_EQ(exit_code(refused.error().code), ExitCode::already_running);
  EXPECT_EQ(refused.error().message(), (folder / "live.lock").string() + ": another instance (process " +
                                           std::to_string(other.pid()) +
                                           ") is running here; stop it, or use another --log-dir");
  // The refused one has not taken the name away.
  EXPECT_EQ(InstanceLock::holder(folder.path()), other.pid());
}

TEST(InstanceLock, IsFreeAfterTheHolderLeft) {
  const ScratchFolder folder;
  Holder other(folder.path());
  other.end(0);
  EXPECT_EQ(InstanceLock::holder(folder.path()), std::nullopt);
  EXPECT_TRUE(InstanceLock::take(folder.path()));
}

TEST(InstanceLock, IsFreeAfterTheHolderWasKilledAndNamesItsSuccessor) {
  const ScratchFolder folder;
  Holder other(folder.path());
  other.end(SIGKILL);
  EXPECT_EQ(InstanceLock::holder(folder.path()), std::nullopt);
  const auto lock = InstanceLock::take(folder.path());
  ASSERT_TRUE(lock) << lock.error().message();
  EXPECT_EQ(InstanceLock::holder(folder.path()), ::getpid());
}

TEST(AccountLock, OneProcessPerAccountWhateverItsLogFolder) {
  const ScratchFolder scratch;
  const auto folder = scratch.path() / "locks";
  const auto lock = InstanceLock::take_account(folder, "https://one", "account-1");
  ASSERT_TRUE(lock) << lock.error().message();
  const auto second = InstanceLock::take_account(folder, "https://one", "account-1");
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, Errc::already_running);
  EXPECT_NE(second.error().detail.find("another instance (process " + std::to_string(::getpid()) + ") trades this account"),
            std::string::npos);
  EXPECT_EQ(second.error().message().find("account-1"), std::string::npos);
  EXPECT_TRUE(InstanceLock::take_account(folder, "https://one", "account-2"));
  EXPECT_TRUE(InstanceLock::take_account(folder, "https://two", "account-1"));
}

TEST(AccountLock, AFolderThatOthersMayWriteIsRefused) {
  const ScratchFolder scratch;
  const auto open = scratch.path() / "open", elsewhere = scratch.path() / "link";
  std::filesystem::create_directory(open);
  std::filesystem::permissions(open, std::filesystem::perms::all);
  std::filesystem::create_directory_symlink(scratch.path(), elsewhere);
  for (const auto& folder : {open, elsewhere}) {
    const auto refused = InstanceLock::take_account(folder, "https://one", "account-1");
    ASSERT_FALSE(refused) << folder;
    EXPECT_EQ(refused.error().code, Errc::io);
  }
}

TEST(InstanceLock, AProgramThatTheHolderStartedDoesNotKeepIt) {
  const ScratchFolder folder;
  auto lock = InstanceLock::take(folder.path());
  ASSERT_TRUE(lock);
  const int child = ::fork();
  if (child == 0) {
    ::execlp("sleep", "sleep", "30", nullptr);
    ::_exit(127);
  }
  { const InstanceLock gone = *std::move(lock); }
  // Until the child has called exec it has a copy; take() waits 90 ms, which may be too short for a busy
  // machine.
  bool taken = false;
  for (int i = 0; i < 50 && !taken; ++i) taken = InstanceLock::take(folder.path()).has_value();
  EXPECT_TRUE(taken);
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
}

TEST(InstanceLock, AForkedCopyThatEndsDoesNotFreeIt) {
  const ScratchFolder folder;
  auto lock = InstanceLock::take(folder.path());
  ASSERT_TRUE(lock);
  const int child = ::fork();
  if (child == 0) {
    { const InstanceLock copy = *std::move(lock); }
    ::_exit(0);
  }
  ::waitpid(child, nullptr, 0);
  EXPECT_EQ(InstanceLock::holder(folder.path()), ::getpid());
}

TEST(InstanceLock, AHolderWhoseIdCannotBeReadIsStillAHolder) {
  const ScratchFolder folder;
  const auto lock = InstanceLock::take(folder.path());
  ASSERT_TRUE(lock);
  std::ofstream(folder / "live.lock", std::ios::trunc) << "garbage";
  EXPECT_EQ(InstanceLock::holder(folder.path()), 0);
  const auto refused = InstanceLock::take(folder.path());
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().detail, "another instance is running here; stop it, or use another --log-dir");
}

TEST(InstanceLock, AskingWhoHoldsItDoesNotRefuseAStart) {
  const ScratchFolder folder;
  ASSERT_TRUE(InstanceLock::take(folder.path()));
  std::atomic<bool> stop = false;
  const std::jthread asker([&] {
    while (!stop) (void)InstanceLock::holder(folder.path());
  });
  int refused = 0;
  for (int i = 0; i < 50; ++i) refused += InstanceLock::take(folder.path()) ? 0 : 1;
  stop = true;
  EXPECT_EQ(refused, 0);
}

TEST(InstanceLock, AFolderThatCannotBeIsAnError) {
  const ScratchFolder folder;
  std::ofstream(folder / "file") << "x";
  const auto refused = InstanceLock::take(folder / "file");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Errc::io);
  EXPECT_EQ(exit_code(refused.error().code), ExitCode::usage);
}

}  // namespace
}  // namespace sentio
