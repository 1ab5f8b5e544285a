#pragma once
/// The feed's thread: a socket, a protocol, a history.

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "sentio/feeds/feed_protocol.h"
#include "sentio/feeds/live_feed.h"

namespace sentio {

class SocketFeed final : public LiveFeed {
 public:
  using MakeProtocol = std::function<std::unique_ptr<FeedProtocol>()>;
  SocketFeed(LiveFeedOptions options, MakeProtocol make_protocol, std::unique_ptr<BarHistory> history,
             std::function<void()> on_ready);
  ~SocketFeed() override;
  void start() override;
  [[nodiscard]] std::vector<FeedEvent> poll() override;
  void reconnect() override;

 private:
  using End = ProtocolStep::End;
  void run();
  [[nodiscard]] End connection(ReconnectState& reconnect);
  /// Answers and delivers; the end of the connection if the step asks for it.
  [[nodiscard]] std::optional<End> perform(ProtocolStep step);
  void back_fill();
  void deliver(std::vector<FeedEvent> events);
  [[nodiscard]] bool stopping();
  [[nodiscard]] bool drop_asked();

  LiveFeedOptions options_;
  MakeProtocol make_protocol_;
  std::unique_ptr<BarHistory> history_;
  std::function<void()> on_ready_;
  Timeline time_;
  WebSocketClient socket_;

  // the thread's own
  std::size_t url_ = 0;
  bool up_ = false, lost_ = false;
  Timeline::Due due_;  ///< while not up: connecting now, or again at a time
  std::optional<TimePoint> authenticate_at_;
  std::optional<TimePoint> bars_wanted_from_;

  std::atomic<bool> connecting_{true};

  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<FeedEvent> queue_;
  bool stop_ = false, drop_ = false;
  Timeline::Due drop_due_;  ///< of a wish to connect again, while nothing else is announced
  std::thread thread_;
};

}  // namespace sentio
