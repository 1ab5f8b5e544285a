#include "sentio/dashboard/line_tail.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <string_view>

namespace sentio {

namespace {

constexpr std::size_t kReadMax = std::size_t{32} << 20U, kLineMax = std::size_t{1} << 20U;
constexpr std::size_t kBlock = std::size_t{1} << 16U, kRemembered = 64;

struct OpenFile {
  int fd;
  ~OpenFile() {
    if (fd >= 0) ::close(fd);
  }
};

/// What is there from `offset` on, at most `length` bytes; shorter at the end and where the disk fails.
std::string read_at(int fd, std::uint64_t offset, std::size_t length) {
  std::string bytes(length, '\0');
  std::size_t got = 0;
  while (got < length) {
    const ssize_t n = ::pread(fd, bytes.data() + got, length - got, static_cast<off_t>(offset + got));
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) break;
    got += static_cast<std::size_t>(n);
  }
  bytes.resize(got);
  return bytes;
}

}  // namespace

void LineTail::start_over(Read& read) {
  read.restarted = read_to_ > 0;
  device_ = inode_ = read_to_ = 0;
  last_bytes_.clear();
  begun_.clear();
  overlong_ = false;
}

bool LineTail::same_file(int fd, std::uint64_t device, std::uint64_t inode) const {
  if (device != device_ || inode != inode_) return false;
  // Also where it was cut: then there are fewer.
  return read_at(fd, read_to_ - last_bytes_.size(), last_bytes_.size()) == last_bytes_;
}

void LineTail::take(std::string_view bytes, Read& read) {
  while (!bytes.empty()) {
    const auto end = bytes.find('\n');
    if (!overlong_) begun_ += bytes.substr(0, end);
    if (begun_.size() > kLineMax) {
      begun_.clear();
      overlong_ = true;
    }
    if (end == std::string_view::npos) return;
    if (!overlong_ && !begun_.empty()) read.lines.push_back(begun_);
    begun_.clear();
    overlong_ = false;
    bytes.remove_prefix(end + 1);
  }
}

LineTail::Read LineTail::poll() {
  Read read;
  // Never waits, whatever stands under the name.
  const OpenFile file{::open(file_.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)};
  struct stat about {};
  if (file.fd < 0 || ::fstat(file.fd, &about) != 0 || !S_ISREG(about.st_mode)) {
    start_over(read);
    return read;
  }
  if (!same_file(file.fd, about.st_dev, about.st_ino)) start_over(read);
  device_ = about.st_dev;
  inode_ = about.st_ino;
  std::size_t taken = 0;
  while (taken < kReadMax) {
    const std::string bytes = read_at(file.fd, read_to_, kBlock);
    if (bytes.empty()) return read;
    read_to_ += bytes.size();
    taken += bytes.size();
    last_bytes_ += bytes;
    last_bytes_.erase(0, last_bytes_.size() - std::min(kRemembered, last_bytes_.size()));
    take(bytes, read);
  }
  read.more = true;
  return read;
}

}  // namespace sentio
