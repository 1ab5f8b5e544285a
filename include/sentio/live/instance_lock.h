#pragma once
/// One live instance per log folder, and one per account.

#include <filesystem>
#include <optional>
#include <string>

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
  /// The same for an account at a broker, in `folder`/account_HASH.lock: whatever log folders two processes have, they
  /// must not trade side by side. The name is a hash, the account's number is nowhere.
  [[nodiscard]] static Result<InstanceLock> take_account(const std::filesystem::path& folder, const std::string& broker_url,
                                                         const std::string& account_id);
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
  [[nodiscard]] static Result<InstanceLock> take_file(const std::filesystem::path& file, const std::string& held);
  int fd_ = -1;
};

/// /tmp/sentio-UID: the same for a shell and for cron, which have different environments.
[[nodiscard]] std::filesystem::path account_lock_folder();

}  // namespace sentio
