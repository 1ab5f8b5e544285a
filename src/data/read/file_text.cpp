#include "read/file_text.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <string>

namespace sentio::data {

namespace {

// Far above a decade of minutes of one symbol; a gzip of zeros must not eat the machine.
constexpr std::size_t kTextBytesMax = std::size_t{4} << 30U;

class FileHandle {
 public:
  explicit FileHandle(const std::filesystem::path& file) : fd_(::open(file.c_str(), O_RDONLY | O_CLOEXEC)) {}
  FileHandle(const FileHandle&) = delete;
  FileHandle& operator=(const FileHandle&) = delete;
  ~FileHandle() {
    if (fd_ >= 0) ::close(fd_);
  }
  [[nodiscard]] int get() const { return fd_; }

 private:
  int fd_;
};

tl::unexpected<Error> system_error(const std::filesystem::path& file) {
  const int number = errno;
  if (number == ENOENT) return fail(Errc::not_found, file.string(), "no such file");
  return fail(Errc::io, file.string(), std::string("cannot be read: ") + std::strerror(number));
}

FileText allocate(std::size_t size) {
  return {std::make_unique_for_overwrite<char[]>(size), size};
}

Result<FileText> read_bytes(const std::filesystem::path& file) {
  const FileHandle handle(file);
  if (handle.get() < 0) return system_error(file);
  struct stat status {};
  if (::fstat(handle.get(), &status) != 0) return system_error(file);
  if (!S_ISREG(status.st_mode)) return fail(Errc::io, file.string(), "is not a regular file");
  FileText text = allocate(static_cast<std::size_t>(status.st_size));
  std::size_t done = 0;
  while (done < text.size) {
    const auto n = ::read(handle.get(), text.bytes.get() + done, text.size - done);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return system_error(file);
    if (n == 0) break;  // somebody shortened it meanwhile; what is there will be judged row by row
    done += static_cast<std::size_t>(n);
  }
  text.size = done;
  return text;
}

bool is_gzip(std::string_view bytes) {
  return bytes.starts_with("\x1f\x8b");
}

/// The last four bytes of a gzip member are its unpacked length modulo 2^32: right for all files we
/// know and only a first guess. deflate cannot shrink more than about 1:1032.
std::size_t unpacked_size_guess(std::string_view packed) {
  std::uint32_t trailer = 0;
  if (packed.size() >= 18) std::memcpy(&trailer, packed.data() + packed.size() - 4, 4);
  return std::clamp<std::size_t>(trailer, 4096, std::max<std::size_t>(packed.size() * 1032, 4096)) + 1;
}

/// Unpacks one or more gzip members, growing the output as needed.
class Unpacker {
 public:
  explicit Unpacker(std::string_view packed) : packed_(packed), text_(allocate(unpacked_size_guess(packed))) {
    // 16 + 15: gzip only, largest window.
    ready_ = inflateInit2(&stream_, 16 + 15) == Z_OK;
  }
  Unpacker(const Unpacker&) = delete;
  Unpacker& operator=(const Unpacker&) = delete;
  ~Unpacker() {
    if (ready_) inflateEnd(&stream_);
  }

  /// Empty when all went well, else what is wrong with the file.
  std::string run() {
    if (!ready_) return "zlib could not be started";
    while (true) {
      if (done_ == text_.size && !grow()) return "unpacks to more than 4 GiB";
      const int status = inflate_some();
      if (status == Z_STREAM_END) {
        if (consumed_ == packed_.size()) return {};
        if (!is_gzip(packed_.substr(consumed_)))
          return "has bytes after the end of its gzip data; fetch it again";
        if (inflateReset(&stream_) != Z_OK) return "zlib could not be restarted";
      } else if (status == Z_OK || (status == Z_BUF_ERROR && done_ == text_.size)) {
        if (status == Z_OK && consumed_ == packed_.size() && done_ < text_.size) return kCutShort;
      } else {
        return status == Z_BUF_ERROR ? kCutShort : "its gzip data is damaged; fetch it again";
      }
    }
  }
  FileText take() {
    text_.size = done_;
    return std::move(text_);
  }

 private:
  static constexpr auto* kCutShort =
      "its gzip data ends too early (an interrupted download?); fetch it again";
  static constexpr std::size_t kStepMax = std::size_t{1} << 30U;  // zlib counts in 32 bits

  int inflate_some() {
    const auto in = std::min(packed_.size() - consumed_, kStepMax);
    const auto room = std::min(text_.size - done_, kStepMax);
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed_.data() + consumed_));
    stream_.avail_in = static_cast<uInt>(in);
    stream_.next_out = reinterpret_cast<Bytef*>(text_.bytes.get() + done_);
    stream_.avail_out = static_cast<uInt>(room);
    const int status = inflate(&stream_, Z_NO_FLUSH);
    consumed_ += in - stream_.avail_in;
    done_ += room - stream_.avail_out;
    return status;
  }
  bool grow() {
    if (text_.size >= kTextBytesMax) return false;
    FileText larger = allocate(text_.size * 2);
    std::memcpy(larger.bytes.get(), text_.bytes.get(), done_);
    text_ = std::move(larger);
    return true;
  }

  std::string_view packed_;
  FileText text_;
  z_stream stream_{};
  bool ready_ = false;
  std::size_t consumed_ = 0, done_ = 0;
};

}  // namespace

Result<FileText> read_text(const std::filesystem::path& file) {
  auto bytes = read_bytes(file);
  if (!bytes || !is_gzip(bytes->view())) return bytes;
  Unpacker unpacker(bytes->view());
  if (auto problem = unpacker.run(); !problem.empty())
    return fail(Errc::malformed, file.string(), std::move(problem));
  return unpacker.take();
}

}  // namespace sentio::data
