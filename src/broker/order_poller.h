#pragma once
/// The worker that asks the broker for every order that has not ended.

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "broker_book.h"
#include "sentio/net/timeline.h"
#include "trading_api.h"

namespace sentio {

class OrderPoller {
 public:
  /// `cancel` is called with the client id of an order that lives at the broker though it ended for us.
  OrderPoller(TradingApi api, BrokerBook& book, Timeline time, std::function<TimePoint()> now,
              std::chrono::nanoseconds interval, std::function<void(const std::string&)> cancel);
  ~OrderPoller();
  OrderPoller(const OrderPoller&) = delete;
  OrderPoller& operator=(const OrderPoller&) = delete;
  void start();
  /// An order was sent: from now on there is something to poll for.
  void watch();
  void poll_soon();
  /// Ends the thread; start() may not follow.
  void stop();

 private:
  void run();
  void schedule(TimePoint at);
  void poll();
  void take(const AlpacaOrder& order);

  TradingApi api_;
  BrokerBook& book_;
  Timeline time_;
  std::function<TimePoint()> now_;
  std::chrono::nanoseconds interval_;
  std::function<void(const std::string&)> cancel_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::optional<TimePoint> next_;  ///< none: nothing to poll for
  Timeline::Due due_;
  bool polling_ = false, stop_ = false, failing_ = false;
  std::thread thread_;
};

}  // namespace sentio
