#pragma once
/// Live minute bars from Alpaca or Polygon, for one consumer.

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sentio/config/universe.h"
#include "sentio/feeds/bar_history.h"
#include "sentio/feeds/feed_event.h"
#include "sentio/net/reconnect.h"
#include "sentio/net/timeline.h"
#include "sentio/net/websocket_client.h"

namespace sentio {

/// A socket on a thread of its own that comes back by itself: back-off, subscription, back-fill, in this
/// order.
///
/// Events   FeedUp after every connection's back-fill, FeedDown when it ends, FeedTrouble for every try that fails,
///          FeedLost where it has never been up and looks hopeless. It is tried on until the feed is destroyed: what
///          has worked today with pauses that grow to a minute, the rest every minute.
///          Bars that came while back-fill was under way follow FeedUp.
/// Threads  poll(), ask() from one consumer; `on_ready` runs on the feed's thread and must only wake
///          somebody.
class LiveFeed {
 public:
  virtual ~LiveFeed() = default;
  virtual void start() = 0;
  /// What came since the last call, in order.
  [[nodiscard]] virtual std::vector<FeedEvent> poll() = 0;
  /// The driver misses bars. Renews the subscription over the same connection, which the server confirms; without an
  /// answer, or with one and no data after it, connects again.
  virtual void ask() = 0;
};

struct LiveFeedOptions {
  std::vector<std::string> stream_urls;  ///< tried in turn where one cannot be reached
  std::string key_id, secret_key;        ///< Polygon: key_id alone is the API key; never in a log or an event
  bool quotes = false;                   ///< beside bars
  WsOptions socket;
  ReconnectOptions reconnect;
  Timeline time;                   ///< of back-offs
  std::function<TimePoint()> now;  ///< the driver's time; empty: the system clock
  std::optional<TimePoint>
      backfill_from;       ///< first minute wanted, where it is past at the first connection; none: no back-fill then
  std::chrono::milliseconds backfill_max{10'000};     ///< real time, of all rounds: the socket's bars wait for it
  std::chrono::milliseconds backfill_try_max{5'000};  ///< of one page or symbol
  std::chrono::milliseconds answer_max{10'000};       ///< real time, to ask()
  std::chrono::nanoseconds silence_max{std::chrono::seconds{75}};  ///< after an answer without data
  std::uint64_t seed = 1;                                          ///< of the back-off's jitter
};

/// "wss://stream.data.alpaca.markets/v2/iex"; JSON text frames; bars, updatedBars, statuses, quotes
/// if asked.
/// Without a history there is no back-fill. The universe must outlive the feed.
class AlpacaMultiSymbolFeed final : public LiveFeed {
 public:
  AlpacaMultiSymbolFeed(const Universe& universe, LiveFeedOptions options,
                        std::unique_ptr<BarHistory> history, std::function<void()> on_ready);
  void start() override { feed_->start(); }
  [[nodiscard]] std::vector<FeedEvent> poll() override { return feed_->poll(); }
  void ask() override { feed_->ask(); }

 private:
  std::unique_ptr<LiveFeed> feed_;
};

/// "wss://socket.massive.com/stocks", then "wss://socket.polygon.io/stocks"; minute aggregates, quotes if
/// asked.
class PolygonMultiSymbolFeed final : public LiveFeed {
 public:
  PolygonMultiSymbolFeed(const Universe& universe, LiveFeedOptions options,
                         std::unique_ptr<BarHistory> history, std::function<void()> on_ready);
  void start() override { feed_->start(); }
  [[nodiscard]] std::vector<FeedEvent> poll() override { return feed_->poll(); }
  void ask() override { feed_->ask(); }

 private:
  std::unique_ptr<LiveFeed> feed_;
};

/// The hosts of each vendor, in order of preference. `feed`: iex or sip.
[[nodiscard]] std::vector<std::string> alpaca_stream_urls(const std::string& feed);
[[nodiscard]] std::vector<std::string> polygon_stream_urls();

}  // namespace sentio
