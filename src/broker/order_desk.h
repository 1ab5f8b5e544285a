#pragma once
/// The workers that send orders and cancels, and find out what became of the doubtful ones.

#include <condition_variable>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "broker_book.h"
#include "sentio/broker/order_request.h"
#include "sentio/net/timeline.h"
#include "trading_api.h"

namespace sentio {

/// A queue and a few lanes, each a thread with a connection of its own: the orders of one set go out side by side.
/// Exits and cancels overtake entries. A lane works only while all before it do, so that a single order always
/// takes the first connection.
///
/// Warm connections   Once keep_warm() was called the first lane asks for the broker's clock when it has been idle
/// for 40 s. Orders come minutes apart, connections are given up after less, and a TLS handshake takes longer than
/// an order.
class OrderDesk {
 public:
  /// `poll_soon` is called when an answer left something open that a poll would settle.
  OrderDesk(std::vector<TradingApi> lanes, BrokerBook& book, Timeline time, std::function<TimePoint()> now,
            std::function<void()> poll_soon);
  ~OrderDesk();  ///< the owner stops the budget first, so that nothing waits for it
  OrderDesk(const OrderDesk&) = delete;
  OrderDesk& operator=(const OrderDesk&) = delete;

  /// The tracker knows the order already.
  void submit(const Order& order, std::string client_order_id, std::string symbol);
  void cancel(std::string client_order_id);
  /// Asks the broker for the order: after a restart, or when a message looks odd.
  void look_up(std::string client_order_id);
  [[nodiscard]] bool idle() const;
  void keep_warm();

 private:
  enum class Kind { submit, look_up, cancel, keep_warm };
  struct Task {
    Kind kind = Kind::submit;
    std::string client_order_id;
    TimePoint due{};
    Urgency urgency = Urgency::entry;
    int tries = 0;
    std::uint64_t number = 0;
    int cancels = 0;  ///< of a look-up: how many cancels of this order were refused
  };
  /// What a submission needs, kept while it may have to be sent again.
  struct Sheet {
    Order order;
    std::string symbol;
    int sends = 0;
  };

  struct Lane {
    explicit Lane(TradingApi a) : api(std::move(a)) {}
    TradingApi api;
    bool working = false;
    std::condition_variable changed{};
    Timeline::Due due{};  ///< of the task under way
    std::thread thread{};
  };

  void run(Lane& lane);
  [[nodiscard]] bool next(Lane& lane, Task& task);
  [[nodiscard]] bool is_turn_of(const Lane& lane) const;
  [[nodiscard]] bool any_working() const;
  void put(Task task, std::chrono::nanoseconds delay);
  void announce();
  void wake_first_idle();
  void work(Lane& lane, Task task);
  void work_submit(TradingApi& api, Task task);
  void work_look_up(TradingApi& api, Task task);
  void work_cancel(TradingApi& api, Task task);
  void work_keep_warm(TradingApi& api, Task task);
  void accept(const AlpacaOrder& order) { accept(order, Task{}); }
  void accept(const AlpacaOrder& order, const Task& asked);
  void look_again(Task task);
  [[nodiscard]] std::string successor_of(const std::string& client_order_id) const;
  void give_up(const Task& task, const std::string& why, RefusalScope scope = RefusalScope::order);

  BrokerBook& book_;
  Timeline time_;
  std::function<TimePoint()> now_;
  std::function<void()> poll_soon_;

  mutable std::mutex mutex_;
  std::vector<Task> tasks_;
  std::map<std::string, Sheet> sheets_;  ///< by client_order_id
  std::uint64_t numbers_ = 0;
  Timeline::Due due_;  ///< of the first task that waits for a lane
  bool stop_ = false;
  std::vector<std::unique_ptr<Lane>> lanes_;
};

}  // namespace sentio
