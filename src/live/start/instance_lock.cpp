#include "sentio/live/instance_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <string>
#include <system_error>
#include <thread>
#include <utility>

#include "sentio/core/bytes.h"
#include "sentio/store/io_error.h"

namespace sentio {

namespace {

namespace fs = std::filesystem;

fs::path lock_file(const fs::path& folder) {
  return folder / "live.lock";
}

/// The process id written in the file; 0 when there is none.
int written_pid(int fd) {
  char text[24] = {};
  const ssize_t n = ::pread(fd, text, sizeof text, 0);
  int pid = 0;
  if (n > 0) std::from_chars(text, text + n, pid);
  return pid > 0 ? pid : 0;
}

bool write_pid(int fd) {
  const std::string text = std::to_string(::getpid()) + "\n";
  return ::ftruncate(fd, 0) == 0 && ::pwrite(fd, text.data(), text.size(), 0) == std::ssize(text);
}

bool try_lock(int fd, int kind) {
  int done = -1;
  do {
    done = ::flock(fd, kind | LOCK_NB);
  } while (done != 0 && errno == EINTR);
  return done == 0;
}

/// holder() has the lock for an instant while it asks: that must not refuse a start.
bool try_lock_past_probes(int fd) {
  constexpr int kTries = 10;
  for (int i = 1; i < kTries; ++i) {
    if (try_lock(fd, LOCK_EX)) return true;
    if (errno != EWOULDBLOCK) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds{10});
  }
  return try_lock(fd, LOCK_EX);
}

tl::unexpected<Error> io_error(const fs::path& file, const char* what) {
  return tl::unexpected(done_or_fail({errno, std::generic_category()}, file, what).error());
}

/// In /tmp anybody may have made it: theirs would let them hold us up, and theirs to remove it.
Result<> private_folder(const fs::path& folder) {
  if (::mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST) return io_error(folder, "cannot be made");
  struct stat info {};
  if (::lstat(folder.c_str(), &info) != 0) return io_error(folder, "cannot be looked at");
  if (S_ISDIR(info.st_mode) && info.st_uid == ::geteuid() && (info.st_mode & 0022) == 0) return {};
  return fail(Errc::io, folder.string(), "is not a folder of this user's alone; remove it");
}

}  // namespace

Result<InstanceLock> InstanceLock::take(const fs::path& folder) {
  std::error_code problem;
  fs::create_directories(folder, problem);
  return take_file(lock_file(folder), " is running here; stop it, or use another --log-dir");
}

Result<InstanceLock> InstanceLock::take_account(const fs::path& folder, const std::string& broker_url,
                                                const std::string& account_id) {
  if (auto ours = private_folder(folder); !ours) return tl::unexpected(ours.error());
  char name[40];
  std::snprintf(name, sizeof name, "account_%016llx.lock",
                static_cast<unsigned long long>(fnv1a(account_id, fnv1a(broker_url + "\n"))));
  return take_file(folder / name, " trades this account, from another log folder; stop it, or use another account's keys");
}

fs::path account_lock_folder() {
  return "/tmp/sentio-" + std::to_string(::geteuid());
}

Result<InstanceLock> InstanceLock::take_file(const fs::path& file, const std::string& held) {
  const int fd = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (fd < 0) return io_error(file, "cannot be opened");
  InstanceLock lock(fd);
  if (!try_lock_past_probes(fd)) {
    if (errno != EWOULDBLOCK) return io_error(file, "cannot be locked");
    const int pid = written_pid(fd);
    return fail(Errc::already_running, file.string(),
                "another instance" + (pid > 0 ? " (process " + std::to_string(pid) + ")" : std::string()) + held);
  }
  if (!write_pid(fd)) return io_error(file, "cannot be written");
  return lock;
}

std::optional<int> InstanceLock::holder(const fs::path& folder) {
  const int fd = ::open(lock_file(folder).c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return std::nullopt;
  const InstanceLock closes(fd);
  // Only a lock that somebody has refuses with EWOULDBLOCK; a shared one is ours until `closes` ends.
  if (try_lock(fd, LOCK_SH) || errno != EWOULDBLOCK) return std::nullopt;
  return written_pid(fd);
}

// Closed and not unlocked: a forked copy of this object must not free its parent's lock.
InstanceLock::~InstanceLock() {
  if (fd_ >= 0) ::close(fd_);
}

InstanceLock::InstanceLock(InstanceLock&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}

InstanceLock& InstanceLock::operator=(InstanceLock&& other) noexcept {
  std::swap(fd_, other.fd_);
  return *this;
}

}  // namespace sentio
