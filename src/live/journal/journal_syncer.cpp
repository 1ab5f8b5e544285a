#include "journal/journal_syncer.h"

#include <utility>

#include "sentio/log/log.h"

namespace sentio {

JournalSyncer::JournalSyncer(JournalWriter& journal) : journal_(journal), thread_([this] { run(); }) {}

JournalSyncer::~JournalSyncer() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void JournalSyncer::request() {
  {
    const std::lock_guard lock(mutex_);
    wanted_ = true;
  }
  changed_.notify_all();
}

std::optional<Error> JournalSyncer::take_error() {
  const std::lock_guard lock(mutex_);
  return std::exchange(error_, std::nullopt);
}

void JournalSyncer::run() {
  const LogThread name("journal-sync");
  std::unique_lock lock(mutex_);
  for (;;) {
    changed_.wait(lock, [this] { return wanted_ || stop_; });
    if (!std::exchange(wanted_, false)) return;
    lock.unlock();
    auto done = journal_.sync();
    if (!done) log_line(LogLevel::error, "journal_not_synced", {{"error", done.error().message()}});
    lock.lock();
    if (!done && !error_) error_ = done.error();
  }
}

}  // namespace sentio
