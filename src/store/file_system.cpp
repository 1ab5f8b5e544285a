#include "sentio/store/file_system.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>

namespace sentio {

namespace {

std::error_code last_error() {
  return {errno, std::generic_category()};
}

std::error_code done_or_error(int result) {
  return result == 0 ? std::error_code{} : last_error();
}

/// What has no disk behind it answers so (man 2 fsync), and folders on some network file systems.
std::error_code unless_nothing_to_sync(std::error_code error) {
  const bool nothing = error == std::errc::invalid_argument || error == std::errc::not_supported;
  return nothing ? std::error_code{} : error;
}

class PosixFiles final : public FileSystem {
 public:
  std::error_code open(const std::filesystem::path& path, Opening how, int& file) override {
    const int mode = how == Opening::append ? O_APPEND : O_TRUNC;
    const int opened = ::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | mode, 0644);
    if (opened < 0) return last_error();
    file = opened;
    return {};
  }

  std::error_code write(int file, std::string_view bytes) override {
    while (!bytes.empty()) {
      const ssize_t n = ::write(file, bytes.data(), bytes.size());
      if (n < 0 && errno == EINTR) continue;
      if (n <= 0) return n < 0 ? last_error() : std::make_error_code(std::errc::no_space_on_device);
      bytes.remove_prefix(static_cast<std::size_t>(n));
    }
    return {};
  }

  // The length is part of what fdatasync waits for; times of access are not.
  std::error_code sync(int file) override { return unless_nothing_to_sync(done_or_error(::fdatasync(file))); }

  std::error_code close(int file) override { return done_or_error(::close(file)); }

  std::error_code rename(const std::filesystem::path& from, const std::filesystem::path& to) override {
    return done_or_error(std::rename(from.c_str(), to.c_str()));
  }

  std::error_code sync_folder(const std::filesystem::path& folder) override {
    const int opened = ::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (opened < 0) return last_error();
    const auto synced = unless_nothing_to_sync(done_or_error(::fsync(opened)));
    ::close(opened);
    return synced;
  }

  std::error_code remove(const std::filesystem::path& path) override {
    const auto error = done_or_error(::unlink(path.c_str()));
    return error == std::errc::no_such_file_or_directory ? std::error_code{} : error;
  }
};

}  // namespace

FileSystem& posix_files() {
  static PosixFiles files;
  return files;
}

}  // namespace sentio
