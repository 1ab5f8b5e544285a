#pragma once
/// fdatasync of a journal on a thread of its own: a slow disk holds up no order and no bar.

#include <condition_variable>
#include <mutex>
#include <optional>
#include <thread>

#include "sentio/store/journal.h"

namespace sentio {

/// Threads  request() and take_error() from the journal's writer; the journal outlives the object.
class JournalSyncer {
 public:
  explicit JournalSyncer(JournalWriter& journal);
  ~JournalSyncer();  ///< what was requested is synced first
  JournalSyncer(const JournalSyncer&) = delete;
  JournalSyncer& operator=(const JournalSyncer&) = delete;

  /// Everything appended so far shall reach the disk; returns at once.
  void request();
  /// The first failure, once.
  [[nodiscard]] std::optional<Error> take_error();

 private:
  void run();
  JournalWriter& journal_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool wanted_ = false, stop_ = false;
  std::optional<Error> error_;
  std::thread thread_;
};

}  // namespace sentio
