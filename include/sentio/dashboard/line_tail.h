#pragma once
/// A file of lines that another process appends to, read as it grows.
///
/// Torn      a last line without its newline is left for a later poll.
/// Replaced  by another file of the name, cut, or written anew in place: read again from its start, and said so.
/// Missing   no lines; said so once if there were any before.
/// Limits    a poll reads at most 32 MiB, the rest comes with the next one; a line of more than 1 MiB is left out.
/// Threads   one at a time. Opens the file for each poll and holds nothing in between.

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace sentio {

class LineTail {
 public:
  explicit LineTail(std::filesystem::path file) : file_(std::move(file)) {}

  struct Read {
    bool restarted = false;  ///< forget all lines of before
    bool more = false;       ///< the limit was reached
    std::vector<std::string> lines;
  };
  [[nodiscard]] Read poll();

 private:
  void start_over(Read& read);
  [[nodiscard]] bool same_file(int fd, std::uint64_t device, std::uint64_t inode) const;
  void take(std::string_view bytes, Read& read);

  std::filesystem::path file_;
  std::uint64_t device_ = 0, inode_ = 0;
  std::uint64_t read_to_ = 0;  ///< bytes of the file that were read
  std::string last_bytes_;     ///< those just before read_to_: a file that differs there was written anew
  std::string begun_;          ///< of a line whose end has not come
  bool overlong_ = false;      ///< leaving out the rest of a line
};

}  // namespace sentio
