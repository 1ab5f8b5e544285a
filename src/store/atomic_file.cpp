#include "sentio/store/atomic_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>

#include "io_error.h"

namespace sentio {

namespace {

namespace fs = std::filesystem;

/// A rename would put a plain file in the place of a device, a pipe or a link (/dev/stdout): those are
/// written.
bool replaceable(const fs::path& file) {
  std::error_code ignored;
  const auto type = fs::symlink_status(file, ignored).type();
  return type != fs::file_type::character && type != fs::file_type::fifo && type != fs::file_type::symlink;
}

fs::path staging_name(const fs::path& file) {
  if (!replaceable(file)) return file;
  return fs::path(file).concat(".partial-" + std::to_string(::getpid()));
}

/// `file` is what the user knows it as, `staging` where the bytes go.
Result<> write_whole(const fs::path& file, const fs::path& staging, std::string_view content) {
  const int fd = ::open(staging.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (fd < 0) return io_error(file, "cannot be created");
  while (!content.empty()) {
    const ssize_t n = ::write(fd, content.data(), content.size());
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) {
      auto error = io_error(file, "cannot be written");
      ::close(fd);
      return error;
    }
    content.remove_prefix(static_cast<std::size_t>(n));
  }
  if (::close(fd) != 0) return io_error(file, "cannot be written");
  return {};
}

}  // namespace

Result<> write_files_atomically(const std::vector<std::pair<fs::path, std::string_view>>& files) {
  Result<> outcome;
  for (const auto& [file, content] : files) {
    outcome = write_whole(file, staging_name(file), content);
    if (!outcome) break;
  }
  for (const auto& [file, content] : files) {
    const fs::path staging = staging_name(file);
    if (staging == file) continue;
    if (outcome && ::rename(staging.c_str(), file.c_str()) != 0) outcome = io_error(file, "cannot be put in place");
    std::error_code ignored;
    fs::remove(staging, ignored);
  }
  return outcome;
}

Result<> write_file_atomically(const fs::path& file, std::string_view content) {
  return write_files_atomically({{file, content}});
}

Result<> ensure_writable_folder(const fs::path& folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) return fail(Errc::io, folder.string(), "cannot be created: " + error.message());
  const fs::path probe = folder / (".probe-" + std::to_string(::getpid()));
  auto written = write_whole(folder, probe, "x");
  fs::remove(probe, error);
  if (!written) return fail(Errc::io, folder.string(), "is not writable: " + written.error().detail);
  return {};
}

Result<std::string> read_text_file(const fs::path& file) {
  errno = 0;
  std::ifstream in(file, std::ios::binary);
  if (!in || fs::is_directory(file)) {
    return fail(Errc::not_found, file.string(), errno != 0 ? std::strerror(errno) : "is not a readable file");
  }
  std::ostringstream text;
  text << in.rdbuf();
  if (in.bad()) return fail(Errc::io, file.string(), "cannot be read");
  return std::move(text).str();
}

}  // namespace sentio
