#pragma once
/// A file that grows line by line and starts anew before it is too large.

#include <cstdint>
#include <filesystem>
#include <string_view>

#include "sentio/core/error.h"

namespace sentio {

/// sentio.log, and what it was before: sentio.1.log, sentio.2.log …, `files_max` in all.
///
/// Not spdlog's own sink: where that one cannot open the next file (a full disk, no descriptors) it goes on with none
/// and writes through a null pointer. Here the old file stays open until there is a new one, and is emptied where there
/// is none.
///
/// Locks    one process a file (flock; a child of ours does not inherit it): the next one takes sentio-2.log, up to -9.
/// Loss     no buffer of its own.
/// Threads  one at a time.
class LogFile {
 public:
  [[nodiscard]] static Result<LogFile> open(const std::filesystem::path& folder, std::size_t bytes_max, int files_max);
  LogFile(LogFile&& other) noexcept;
  LogFile& operator=(LogFile&&) = delete;
  ~LogFile();

  /// False: not, or not all of it, written.
  bool append(std::string_view line);
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  LogFile(std::filesystem::path path, int fd, std::size_t bytes_max, int files_max);
  [[nodiscard]] std::filesystem::path earlier(int number) const;
  void start_anew();
  bool replace();

  std::filesystem::path path_;
  int fd_;
  std::size_t bytes_max_;
  int files_max_;
  std::size_t bytes_ = 0;
};

}  // namespace sentio
