#include "sentio/store/journal.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "io_error.h"
#include "sentio/store/atomic_file.h"

namespace sentio {

Result<JournalWriter> JournalWriter::open(const std::filesystem::path& file) {
  const int fd = ::open(file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  if (fd < 0) return io_error(file, "cannot be opened");
  return JournalWriter(fd, file);
}

JournalWriter::JournalWriter(JournalWriter&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)), file_(std::move(other.file_)) {}

JournalWriter& JournalWriter::operator=(JournalWriter&& other) noexcept {
  std::swap(fd_, other.fd_);
  std::swap(file_, other.file_);
  return *this;
}

JournalWriter::~JournalWriter() {
  if (fd_ >= 0) ::close(fd_);
}

Result<> JournalWriter::append(std::string_view lines) {
  while (!lines.empty()) {
    const ssize_t n = ::write(fd_, lines.data(), lines.size());
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return io_error(file_, "cannot be written");
    lines.remove_prefix(static_cast<std::size_t>(n));
  }
  return {};
}

Result<> JournalWriter::sync() {
  if (::fdatasync(fd_) != 0) return io_error(file_, "cannot be synced");
  return {};
}

Result<JournalText> read_journal(const std::filesystem::path& file) {
  const auto text = read_text_file(file);
  if (!text) return tl::unexpected(text.error());
  JournalText out;
  std::string_view rest = *text;
  for (bool first = true; !rest.empty(); first = false) {
    const auto end = rest.find('\n');
    if (end == std::string_view::npos) {
      out.torn = true;
      break;
    }
    if (first) {
      out.header = rest.substr(0, end);
    } else {
      out.lines.emplace_back(rest.substr(0, end));
    }
    rest.remove_prefix(end + 1);
  }
  if (out.header.find("\"journal\"") == std::string::npos) {
    return fail(Errc::malformed, file.string(), "does not begin with a journal header");
  }
  return out;
}

}  // namespace sentio
