#include "log_file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>
#include <utility>

namespace sentio {
namespace {

namespace fs = std::filesystem;

constexpr int kProcessesMax = 9;  // beside each other in one folder

int open_for_appending(const fs::path& file, int more = 0) {
  int fd = -1;
  do {
    fd = ::open(file.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | more, 0644);
  } while (fd < 0 && errno == EINTR);
  return fd;
}

/// A file system without locks counts as free.
bool is_ours(int fd) {
  return ::flock(fd, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK;
}

}  // namespace

Result<LogFile> LogFile::open(const fs::path& folder, std::size_t bytes_max, int files_max) {
  std::error_code problem;
  fs::create_directories(folder, problem);
  for (int process = 1; process <= kProcessesMax; ++process) {
    const fs::path file = folder / (process == 1 ? "sentio.log" : "sentio-" + std::to_string(process) + ".log");
    const int fd = open_for_appending(file);
    if (fd < 0) return fail(Errc::io, file.string(), std::strerror(errno));
    if (is_ours(fd)) return LogFile(file, fd, bytes_max, files_max);
    ::close(fd);
  }
  return fail(Errc::io, folder.string(), std::to_string(kProcessesMax) + " processes write their logs there already");
}

LogFile::LogFile(fs::path path, int fd, std::size_t bytes_max, int files_max)
    : path_(std::move(path)), fd_(fd), bytes_max_(bytes_max), files_max_(files_max) {
  struct stat found {};
  if (::fstat(fd_, &found) == 0) bytes_ = static_cast<std::size_t>(found.st_size);
}

LogFile::LogFile(LogFile&& other) noexcept
    : path_(std::move(other.path_)),
      fd_(std::exchange(other.fd_, -1)),
      bytes_max_(other.bytes_max_),
      files_max_(other.files_max_),
      bytes_(other.bytes_) {}

LogFile::~LogFile() {
  if (fd_ >= 0) ::close(fd_);
}

bool LogFile::append(std::string_view line) {
  if (bytes_ > 0 && bytes_ + line.size() > bytes_max_) start_anew();
  while (!line.empty()) {
    const ssize_t n = ::write(fd_, line.data(), line.size());
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return false;
    bytes_ += static_cast<std::size_t>(n);
    line.remove_prefix(static_cast<std::size_t>(n));
  }
  return true;
}

fs::path LogFile::earlier(int number) const {
  fs::path file = path_;
  return file.replace_extension(std::to_string(number) + ".log");
}

/// The bound holds whatever happens: what cannot be kept is given up.
void LogFile::start_anew() {
  if (files_max_ > 1 && replace()) return;
  if (::ftruncate(fd_, 0) == 0) bytes_ = 0;
}

/// The new file is locked before it takes the name, and the name is never without a file: nobody else begins there.
bool LogFile::replace() {
  const fs::path next = path_.string() + ".new";
  const int fd = open_for_appending(next, O_TRUNC);
  if (fd < 0) return false;
  std::error_code problem;
  for (int number = files_max_ - 1; number > 1; --number) fs::rename(earlier(number - 1), earlier(number), problem);
  fs::remove(earlier(1), problem);
  const bool kept = is_ours(fd) && ::link(path_.c_str(), earlier(1).c_str()) == 0 &&
                    ::rename(next.c_str(), path_.c_str()) == 0;
  if (!kept) {
    ::close(fd);
    fs::remove(next, problem);
    return false;
  }
  ::close(std::exchange(fd_, fd));
  bytes_ = 0;
  return true;
}

}  // namespace sentio
