#include "sentio/store/journal.h"

#include <utility>

#include "sentio/store/io_error.h"
#include "sentio/store/atomic_file.h"

namespace sentio {

Result<JournalWriter> JournalWriter::open(const std::filesystem::path& file, FileSystem& disk) {
  int fd = -1;
  const auto opened = done_or_fail(disk.open(file, Opening::append, fd), file, "cannot be opened");
  if (!opened) return tl::unexpected(opened.error());
  return JournalWriter(disk, fd, file);
}

Result<JournalWriter> JournalWriter::create(const std::filesystem::path& file, std::string_view first_lines,
                                            FileSystem& disk) {
  const auto written = write_file_atomically(file, first_lines, Durability::power_cut, disk);
  if (!written) return tl::unexpected(written.error());
  return open(file, disk);
}

JournalWriter::JournalWriter(JournalWriter&& other) noexcept
    : disk_(other.disk_), fd_(std::exchange(other.fd_, -1)), file_(std::move(other.file_)) {}

JournalWriter& JournalWriter::operator=(JournalWriter&& other) noexcept {
  std::swap(disk_, other.disk_);
  std::swap(fd_, other.fd_);
  std::swap(file_, other.file_);
  return *this;
}

JournalWriter::~JournalWriter() {
  if (fd_ >= 0) (void)disk_->close(fd_);
}

Result<> JournalWriter::append(std::string_view lines) {
  return done_or_fail(disk_->write(fd_, lines), file_, "cannot be written");
}

Result<> JournalWriter::sync() {
  return done_or_fail(disk_->sync(fd_), file_, "cannot be synced");
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
