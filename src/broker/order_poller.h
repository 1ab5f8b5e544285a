#pragma once
/// The worker that asks the broker for every order that has not ended.

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <string>
#include <thread>

#include "broker_book.h"
#include "paced_time.h"
#include "trading_api.h"

namespace sentio {

class OrderPoller {
 public:
  /// `cancel` is called with the client id of an order that lives at the broker though it ended for us.
  OrderPoller(TradingApi api, BrokerBook& book, const PacedTime& time, std::function<TimePoint()> now,
              std::chrono::nanoseconds interval, std::function<void(const std::string&)> cancel);
  ~OrderPoller();
  OrderPoller(const OrderPoller&) = delete;
  OrderPoller& operator=(const OrderPoller&) = delete;
  void start();
  void poll_soon();
  [[nodiscard]] std::uint64_t polls_done() const { return polls_done_; }
  /// Ends the thread; start() may not follow.
  void stop();

 private:
  void run();
  void poll();
  void take(const BrokerOrder& order);

  TradingApi api_;
  BrokerBook& book_;
  const PacedTime& time_;
  std::function<TimePoint()> now_;
  std::chrono::nanoseconds interval_;
  std::function<void(const std::string&)> cancel_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool soon_ = false, stop_ = false, failing_ = false;
  std::atomic<std::uint64_t> polls_done_{0};
  std::thread thread_;
};

}  // namespace sentio
