#include "sentio/net/alert_worker.h"

#include <utility>

#include "sentio/core/check.h"
#include "sentio/log/log.h"

namespace sentio {

const char* name(AlertLevel level) {
  switch (level) {
    case AlertLevel::info:
      return "info";
    case AlertLevel::warning:
      return "warning";
    case AlertLevel::critical:
      return "critical";
  }
  return "info";
}

AlertWorker::AlertWorker(std::unique_ptr<AlertChannel> channel, std::size_t capacity)
    : channel_(std::move(channel)), capacity_(capacity) {
  SENTIO_CHECK(channel_ != nullptr);
  SENTIO_CHECK(capacity_ > 0);
  thread_ = std::thread([this] { run(); });
}

AlertWorker::~AlertWorker() {
  drain(std::chrono::milliseconds{0});
}

bool AlertWorker::post(Alert alert) {
  {
    const std::lock_guard lock(mutex_);
    if (closing_ || queue_.size() >= capacity_) {
      ++counts_.dropped;
      log_line(LogLevel::warn, "alert_dropped", {{"title", alert.title}});
      return false;
    }
    queue_.push_back(std::move(alert));
  }
  changed_.notify_all();
  return true;
}

AlertCounts AlertWorker::drain(std::chrono::milliseconds deadline) {
  {
    std::unique_lock lock(mutex_);
    closing_ = true;
    changed_.notify_all();
    if (!changed_.wait_for(lock, deadline, [&] { return ended_; })) {
      counts_.dropped += queue_.size();
      queue_.clear();
      channel_->cancel();
    }
  }
  if (thread_.joinable()) thread_.join();
  return counts();
}

AlertCounts AlertWorker::counts() const {
  const std::lock_guard lock(mutex_);
  return counts_;
}

std::string AlertWorker::error_latest() const {
  const std::lock_guard lock(mutex_);
  return error_latest_;
}

void AlertWorker::run() {
  const LogThread name("alerts");
  std::unique_lock lock(mutex_);
  for (;;) {
    changed_.wait(lock, [&] { return closing_ || !queue_.empty(); });
    if (queue_.empty()) break;
    const Alert alert = std::move(queue_.front());
    queue_.pop_front();
    lock.unlock();
    const Result<> sent = channel_->deliver(alert);
    lock.lock();
    if (sent) {
      ++counts_.delivered;
      log_line(LogLevel::info, "alert_delivered", {{"title", alert.title}});
    } else {
      ++counts_.failed;
      error_latest_ = sent.error().message();
      log_line(LogLevel::warn, "alert_failed", {{"title", alert.title}, {"error", error_latest_}});
    }
  }
  ended_ = true;
  changed_.notify_all();
}

}  // namespace sentio
