#pragma once
/// The few things this module asks of a disk, as a port: tests put one in its place whose n-th call fails.

#include <cstdint>
#include <filesystem>
#include <string_view>
#include <system_error>

namespace sentio {

enum class Opening : std::uint8_t { replace, append };  ///< either makes the file where there is none

/// Errors   the system's reason; an empty code is success. Nothing throws.
/// Threads  one file by one thread at a time, except that sync() may run beside write() of the same file.
class FileSystem {
 public:
  virtual ~FileSystem() = default;
  /// `file` is set on success and belongs to the caller until close().
  [[nodiscard]] virtual std::error_code open(const std::filesystem::path& path, Opening how, int& file) = 0;
  /// All bytes are with the kernel on success: they survive the end of the process, not a power cut.
  [[nodiscard]] virtual std::error_code write(int file, std::string_view bytes) = 0;
  /// The file's bytes and length are on the disk. Success where there is no disk behind it (a pipe, a terminal).
  [[nodiscard]] virtual std::error_code sync(int file) = 0;
  /// The file is closed whatever the answer.
  [[nodiscard]] virtual std::error_code close(int file) = 0;
  /// Replaces `to`.
  [[nodiscard]] virtual std::error_code rename(const std::filesystem::path& from, const std::filesystem::path& to) = 0;
  /// The names in the folder are on the disk: what was made, renamed and removed in it.
  [[nodiscard]] virtual std::error_code sync_folder(const std::filesystem::path& folder) = 0;
  /// Success also where nothing was there.
  [[nodiscard]] virtual std::error_code remove(const std::filesystem::path& path) = 0;
};

/// The machine's own. One for the whole program; holds nothing.
[[nodiscard]] FileSystem& posix_files();

}  // namespace sentio
