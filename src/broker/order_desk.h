#pragma once
/// The worker that sends orders and cancels, and finds out what became of the doubtful ones.

#include <condition_variable>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "broker_book.h"
#include "sentio/broker/order_request.h"
#include "sentio/net/timeline.h"
#include "trading_api.h"

namespace sentio {

/// A queue and one thread. Exits and cancels overtake entries.
class OrderDesk {
 public:
  /// `poll_soon` is called when an answer left something open that a poll would settle.
  OrderDesk(TradingApi api, BrokerBook& book, Timeline time, std::function<TimePoint()> now,
            OrderStyle style, std::function<void()> poll_soon);
  ~OrderDesk();  ///< the owner stops the budget first, so that nothing waits for it
  OrderDesk(const OrderDesk&) = delete;
  OrderDesk& operator=(const OrderDesk&) = delete;

  /// The tracker knows the order already.
  void submit(const Order& order, std::string client_order_id, std::string symbol);
  void cancel(std::string client_order_id);
  /// Asks the broker for the order: after a restart, or when a message looks odd.
  void look_up(std::string client_order_id);
  [[nodiscard]] bool idle() const;

 private:
  enum class Kind { submit, look_up, cancel };
  struct Task {
    Kind kind = Kind::submit;
    std::string client_order_id;
    TimePoint due{};
    Urgency urgency = Urgency::entry;
    int tries = 0;
    std::uint64_t number = 0;
  };
  /// What a submission needs, kept while it may have to be sent again.
  struct Sheet {
    Order order;
    std::string symbol;
    int sends = 0;
  };

  void run();
  [[nodiscard]] bool next(Task& task);
  void put(Task task, std::chrono::nanoseconds delay);
  void announce();
  void work_submit(Task task);
  void work_look_up(Task task);
  void work_cancel(Task task);
  void accept(const BrokerOrder& order);
  void give_up(const Task& task, const std::string& why);

  TradingApi api_;
  BrokerBook& book_;
  Timeline time_;
  std::function<TimePoint()> now_;
  OrderStyle style_;
  std::function<void()> poll_soon_;

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Task> tasks_;
  std::map<std::string, Sheet> sheets_;  ///< by client_order_id
  std::uint64_t numbers_ = 0;
  Timeline::Due due_;  ///< of the first task, or of the one under way
  bool working_ = false, stop_ = false;
  std::thread thread_;
};

}  // namespace sentio
