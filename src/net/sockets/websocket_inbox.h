#pragma once
/// The queue between the network thread and the consumer.

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>

#include "sentio/net/websocket_client.h"

namespace sentio::net {

/// Bounded in messages, not in other events. All calls from any thread; on_ready runs outside the lock.
class WsInbox {
 public:
  WsInbox(std::size_t capacity, std::function<void()> on_ready);

  /// Returns false when the inbox is now full: the caller stops reading until pop() says `resume`.
  bool push(WsEvent event);
  /// `resume` is set when the consumer has made room again after a full inbox.
  std::optional<WsEvent> pop(std::chrono::milliseconds timeout, bool& resume);
  void clear();
  /// Full, and not yet half empty again.
  bool is_blocked() const;
  void count_ping();
  WsCounters counters() const;

 private:
  const std::size_t capacity_;
  const std::function<void()> on_ready_;
  mutable std::mutex mutex_;
  std::condition_variable arrived_;
  std::deque<WsEvent> events_;
  std::size_t messages_ = 0;
  bool blocked_ = false;
  WsCounters counters_;
};

}  // namespace sentio::net
