#pragma once
/// One live instance per log folder.

#include <filesystem>
#include <optional>

#include "sentio/core/error.h"

namespace sentio {

/// Holds flock() on <folder>/live.lock, with our process id inside for people and `status`. The kernel frees
/// it when the holder ends, however it ends; the file stays. Programs we start do not inherit it. Threads one
/// at a time; other processes at any time.
class InstanceLock {
 public:
  /// Makes the folder where needed. Never waits for the holder: Errc::already_running names its process id.
  /// Errc::io: the folder or the file cannot be made or written.
  [[nodiscard]] static Result<InstanceLock> take(const std::filesystem::path& folder);
  /// The process that holds the folder's lock now: nullopt when it is free or there is no lock file to look
  /// at, 0 when somebody holds it whose process id cannot be read.
  [[nodiscard]] static std::optional<int> holder(const std::filesystem::path& folder);

  ~InstanceLock();
  InstanceLock(InstanceLock&& other) noexcept;
  InstanceLock& operator=(InstanceLock&& other) noexcept;
  InstanceLock(const InstanceLock&) = delete;
  InstanceLock& operator=(const InstanceLock&) = delete;

 private:
  explicit InstanceLock(int fd) : fd_(fd) {}
  int fd_ = -1;
};

}  // namespace sentio
