#include "replacement.h"

#include <unistd.h>

#include <algorithm>

#include "sentio/store/io_error.h"

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

bool is_folder(const fs::path& file) {
  std::error_code ignored;
  return fs::is_directory(fs::symlink_status(file, ignored));
}

fs::path beside(const fs::path& file, const char* what) {
  return fs::path(file).concat(what + std::to_string(::getpid()));
}

}  // namespace

Result<> write_whole(const fs::path& file, const fs::path& path, std::string_view content, bool synced,
                     FileSystem& disk) {
  int fd = -1;
  if (const auto error = disk.open(path, Opening::replace, fd)) return done_or_fail(error, file, "cannot be created");
  Result<> outcome = done_or_fail(disk.write(fd, content), file, "cannot be written");
  if (outcome && synced) outcome = done_or_fail(disk.sync(fd), file, "cannot be synced");
  const auto closed = disk.close(fd);
  return outcome ? done_or_fail(closed, file, "cannot be written") : outcome;
}

Result<> Replacement::stage(const fs::path& file, std::string_view content) {
  if (!replaceable(file)) return write_whole(file, file, content, synced_, disk_);
  parts_.push_back({.file = file, .staging = beside(file, ".partial-"), .earlier = beside(file, ".earlier-")});
  return write_whole(file, parts_.back().staging, content, synced_, disk_);
}

/// A folder stays where it is: the rename onto it says what is wrong.
Result<> Replacement::set_aside(Part& part) {
  if (is_folder(part.file)) return {};
  const auto error = disk_.rename(part.file, part.earlier);
  if (error == std::errc::no_such_file_or_directory) return {};
  part.set_aside = !error;
  return done_or_fail(error, part.file, "cannot be set aside");
}

Result<> Replacement::place(Part& part) {
  const auto error = disk_.rename(part.staging, part.file);
  part.placed = !error;
  return done_or_fail(error, part.file, "cannot be put in place");
}

Result<> Replacement::sync_folders() {
  if (!synced_) return {};
  std::vector<fs::path> folders;
  for (const Part& part : parts_) {
    const fs::path folder = part.file.parent_path();
    if (std::find(folders.begin(), folders.end(), folder) != folders.end()) continue;
    folders.push_back(folder);
    if (auto done = done_or_fail(disk_.sync_folder(folder), part.file, "its folder cannot be synced"); !done) return done;
  }
  return {};
}

Result<> Replacement::put_in_place() {
  if (parts_.empty()) return {};
  Part& last = parts_.back();
  if (parts_.size() > 1) {
    if (auto done = set_aside(last); !done) return done;
    if (auto done = sync_folders(); !done) return done;
    for (Part& part : parts_) {
      if (&part == &last) continue;
      if (auto done = set_aside(part); !done) return done;
      if (auto done = place(part); !done) return done;
    }
    if (auto done = sync_folders(); !done) return done;
  }
  if (auto done = place(last); !done) return done;
  auto synced = sync_folders();
  remove_earlier();
  return synced;
}

bool Replacement::take_back(const Part& part) {
  if (!part.placed) (void)disk_.remove(part.staging);
  if (part.set_aside) return !disk_.rename(part.earlier, part.file);
  return !part.placed || !disk_.remove(part.file);
}

// The last file comes back last, and only to the others as they were.
void Replacement::abandon() {
  if (parts_.empty() || parts_.back().placed) return;
  Part& last = parts_.back();
  bool whole = true;
  for (const Part& part : parts_) {
    if (&part != &last) whole = take_back(part) && whole;
  }
  if (last.set_aside && whole) whole = sync_folders().has_value();
  if (!whole) last.set_aside = false;
  if (take_back(last) && last.set_aside) (void)sync_folders();
}

void Replacement::remove_earlier() {
  for (const Part& part : parts_) {
    if (part.set_aside) (void)disk_.remove(part.earlier);
  }
}

}  // namespace sentio
