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
  /// `follow_up` is called with what a polled order leaves to be done.
  OrderPoller(TradingApi api, BrokerBook& book, Timeline time, std::function<TimePoint()> now,
              std::chrono::nanoseconds interval, std::function<void(const BrokerBook::Followup&)> follow_up);
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
  std::function<void(const BrokerBook::Followup&)> follow_up_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::optional<TimePoint> next_;  ///< none: nothing to poll for
  Timeline::Due due_;
  bool polling_ = false, stop_ = false, failing_ = false;
  std::thread thread_;
};

}  // namespace sentio
