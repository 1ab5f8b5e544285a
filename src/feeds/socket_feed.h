#pragma once
/// The feed's thread: a socket, a protocol, a history.

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "sentio/feeds/feed_protocol.h"
#include "sentio/feeds/live_feed.h"

namespace sentio {

/// Members  more than twenty: one connection's settings, the thread that works it, and what is handed over to the core.
class SocketFeed final : public LiveFeed {
 public:
  using MakeProtocol = std::function<std::unique_ptr<FeedProtocol>()>;
  SocketFeed(LiveFeedOptions options, MakeProtocol make_protocol, std::unique_ptr<BarHistory> history,
             std::function<void()> on_ready);
  ~SocketFeed() override;
  void start() override;
  [[nodiscard]] std::vector<FeedEvent> poll() override;
  void ask() override;

 private:
  using End = ProtocolStep::End;
  using WallClock = std::chrono::steady_clock;
  /// The driver wonders why nothing comes.
  struct Question {
    WallClock::time_point answer_by;
    bool answered = false;
    TimePoint data_by{};
  };
  void run();
  [[nodiscard]] End connection(ReconnectState& reconnect);
  /// Answers and delivers; the end of the connection if the step asks for it.
  [[nodiscard]] std::optional<End> perform(ProtocolStep step);
  void back_fill();
  void ask_server(const FeedProtocol& protocol);
  void heard_frame(bool data);
  /// The end of a connection that does not answer, or answers and has nothing to say.
  [[nodiscard]] std::optional<End> unanswered() const;
  void deliver(std::vector<FeedEvent> events);
  [[nodiscard]] bool stopping();
  [[nodiscard]] bool asked();

  LiveFeedOptions options_;
  MakeProtocol make_protocol_;
  std::unique_ptr<BarHistory> history_;
  std::function<void()> on_ready_;
  Timeline time_;
  WebSocketClient socket_;

  // the thread's own
  std::size_t url_ = 0;
  bool up_ = false, lost_ = false;
  Timeline::Due due_;  ///< while not up: connecting now, or again at a time; while up: of the question
  std::optional<Question> question_;
  std::optional<TimePoint> authenticate_at_;
  std::optional<TimePoint> bars_wanted_from_;

  std::atomic<bool> connecting_{true};

  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<FeedEvent> queue_;
  bool stop_ = false, ask_ = false;
  Timeline::Due ask_due_;  ///< of a question that is not yet on its way, while nothing else is announced
  std::thread thread_;
};

}  // namespace sentio
