#include "sentio/store/atomic_file.h"

#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>

#include "sentio/store/io_error.h"
#include "replacement.h"

namespace sentio {

namespace fs = std::filesystem;

Result<> write_files_atomically(const std::vector<std::pair<fs::path, std::string_view>>& files,
                                Durability durability, FileSystem& disk) {
  Replacement replacement(durability, disk);
  Result<> outcome;
  for (const auto& [file, content] : files) {
    outcome = replacement.stage(file, content);
    if (!outcome) break;
  }
  if (outcome) outcome = replacement.put_in_place();
  if (!outcome) replacement.abandon();
  return outcome;
}

Result<> write_file_atomically(const fs::path& file, std::string_view content, Durability durability,
                               FileSystem& disk) {
  return write_files_atomically({{file, content}}, durability, disk);
}

namespace {

/// A new folder's name is in its parent, up to the first one that was there before.
Result<> sync_new_folders(const fs::path& folder, const fs::path& there_before, FileSystem& disk) {
  for (fs::path at = folder; at != there_before && at.has_relative_path();) {
    at = at.parent_path();
    if (auto done = done_or_fail(disk.sync_folder(at), folder, "cannot be synced"); !done) return done;
  }
  return {};
}

}  // namespace

Result<> ensure_writable_folder(const fs::path& folder, Durability durability, FileSystem& disk) {
  std::error_code error;
  fs::path there_before = folder;
  while (there_before.has_relative_path() && !fs::exists(there_before, error)) there_before = there_before.parent_path();
  fs::create_directories(folder, error);
  if (error) return fail(Errc::io, folder.string(), "cannot be created: " + error.message());
  const fs::path probe = folder / (".probe-" + std::to_string(::getpid()));
  auto written = write_whole(folder, probe, "x", false, disk);
  (void)disk.remove(probe);
  if (!written) return fail(Errc::io, folder.string(), "is not writable: " + written.error().detail);
  return durability == Durability::power_cut ? sync_new_folders(folder, there_before, disk) : Result<>{};
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
