#pragma once
/// Alerts to people: queued by the trading thread, delivered by another, never in the way.

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "sentio/core/error.h"

namespace sentio {

enum class AlertLevel { info, warning, critical };
[[nodiscard]] const char* name(AlertLevel level);  ///< "info", "warning", "critical"

struct Alert {
  AlertLevel level = AlertLevel::info;
  std::string title;
  std::string text;
};

/// One way to reach a person.
class AlertChannel {
 public:
  virtual ~AlertChannel() = default;
  /// Blocks until delivered or failed, for a bounded time. Called by one thread.
  [[nodiscard]] virtual Result<> deliver(const Alert& alert) = 0;
  /// Makes a deliver() that is under way, and later ones, fail soon. Called by another thread.
  virtual void cancel() = 0;
};

struct AlertCounts {
  std::uint64_t delivered = 0;
  std::uint64_t failed = 0;   ///< the channel said no
  std::uint64_t dropped = 0;  ///< the queue was full, or shutdown came first
};

/// A bounded queue and one thread in front of a channel. Fire and forget: nothing is tried twice.
/// Threads: post(), counts() and error_latest() from any; drain() and the destructor from the owner.
class AlertWorker {
 public:
  explicit AlertWorker(std::unique_ptr<AlertChannel> channel, std::size_t capacity = 64);
  ~AlertWorker();  ///< drain with no time left
  AlertWorker(const AlertWorker&) = delete;
  AlertWorker& operator=(const AlertWorker&) = delete;

  /// Never blocks on the network; false (and counted) when the queue is full or drained.
  bool post(Alert alert);
  /// Takes no more alerts, delivers the queued ones for at most `deadline`, drops and counts the rest. The
  /// thread has ended when it returns: within `deadline` and the second a channel may need to cancel.
  AlertCounts drain(std::chrono::milliseconds deadline);
  [[nodiscard]] AlertCounts counts() const;
  [[nodiscard]] std::string error_latest() const;  ///< empty: none so far

 private:
  void run();

  std::unique_ptr<AlertChannel> channel_;
  std::size_t capacity_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Alert> queue_;
  AlertCounts counts_;
  std::string error_latest_;
  bool closing_ = false;
  bool ended_ = false;
  std::thread thread_;
};

}  // namespace sentio
