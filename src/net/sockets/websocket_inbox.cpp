#include "sockets/websocket_inbox.h"

#include <algorithm>
#include <utility>

#include "sentio/core/check.h"

namespace sentio::net {

WsInbox::WsInbox(std::size_t capacity, std::function<void()> on_ready)
    : capacity_(capacity), on_ready_(std::move(on_ready)) {
  SENTIO_CHECK(capacity_ > 0);
}

bool WsInbox::push(WsEvent event) {
  bool has_room = true;
  {
    const std::lock_guard lock(mutex_);
    if (std::holds_alternative<WsMessage>(event)) {
      ++messages_;
      ++counters_.messages_received;
      counters_.inbox_peak = std::max(counters_.inbox_peak, messages_);
      has_room = messages_ < capacity_;
    }
    if (!has_room && !blocked_) {
      blocked_ = true;
      ++counters_.reading_stopped;
    }
    events_.push_back(std::move(event));
  }
  arrived_.notify_one();
  if (on_ready_) on_ready_();
  return has_room;
}

std::optional<WsEvent> WsInbox::pop(std::chrono::milliseconds timeout, bool& resume) {
  std::unique_lock lock(mutex_);
  resume = false;
  if (!arrived_.wait_for(lock, timeout, [&] { return !events_.empty(); })) return std::nullopt;
  WsEvent event = std::move(events_.front());
  events_.pop_front();
  if (std::holds_alternative<WsMessage>(event)) --messages_;
  if (blocked_ && messages_ <= capacity_ / 2) {
    blocked_ = false;
    resume = true;
  }
  return event;
}

void WsInbox::clear() {
  const std::lock_guard lock(mutex_);
  events_.clear();
  messages_ = 0;
  blocked_ = false;
}

bool WsInbox::is_blocked() const {
  const std::lock_guard lock(mutex_);
  return blocked_;
}

void WsInbox::count_ping() {
  const std::lock_guard lock(mutex_);
  ++counters_.pings_sent;
}

WsCounters WsInbox::counters() const {
  const std::lock_guard lock(mutex_);
  return counters_;
}

}  // namespace sentio::net
