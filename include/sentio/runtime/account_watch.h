#pragma once
/// Blocking questions and deeds at the broker, off the trading thread.

#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "sentio/broker/alpaca_broker.h"

namespace sentio {

/// What the broker says of the account.
struct BrokerBookSnapshot {
  BrokerAccount account;
  std::vector<BrokerPosition> positions;
};

/// One thread, one job at a time; a job asked for while another runs follows it.
/// Threads  ask(), close_out() and the takers from the driver's thread; the broker outlives the object.
class AccountWatch {
 public:
  /// `wake` runs on the worker's thread when there is something to take.
  AccountWatch(AlpacaBroker& broker, Timeline time, std::function<TimePoint()> now, std::function<void()> wake);
  ~AccountWatch();
  AccountWatch(const AccountWatch&) = delete;
  AccountWatch& operator=(const AccountWatch&) = delete;

  /// Fetches account and positions.
  void ask();
  struct Shares {
    std::string symbol;
    double qty = 0;
  };
  /// Cancels every open order whose client id is one of ours in these symbols and, once they are gone, has the
  /// broker sell these shares, or what it holds of them. Shares beyond ours at the first call are never sold, and
  /// nothing is once `open()` is false: the broker would keep it for tomorrow.
  void close_out(std::vector<Shares> shares, std::function<bool()> open);

  /// What the broker's own closing orders sold, each share once.
  struct Sold {
    std::string symbol;
    double qty = 0, price = 0;
    TimePoint at{};
  };
  [[nodiscard]] std::vector<Sold> take_sold();

  [[nodiscard]] std::optional<Result<BrokerBookSnapshot>> take_snapshot();
  /// What close_out() did or could not do, a line each.
  [[nodiscard]] std::vector<std::string> take_lines();

 private:
  void run();
  [[nodiscard]] bool stopping();
  [[nodiscard]] Result<BrokerBookSnapshot> fetch();
  [[nodiscard]] std::vector<std::string> close_positions(const std::vector<Shares>& shares);
  void watch_sales(const std::vector<Shares>& shares, TimePoint since);
  [[nodiscard]] double left_to_close(const Shares& ours, const std::vector<BrokerPosition>& positions);

  AlpacaBroker& broker_;
  Timeline time_;
  std::function<TimePoint()> now_;
  std::function<void()> wake_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool ask_ = false, working_ = false, stop_ = false;
  std::vector<Shares> close_;
  std::function<bool()> open_;
  std::map<std::string, double> foreign_;  ///< the thread's own: shares that were not ours at the first close-out
  Timeline::Due due_;
  std::optional<Result<BrokerBookSnapshot>> snapshot_;
  std::vector<std::string> lines_;
  std::vector<Sold> sold_;
  std::map<std::string, std::pair<double, double>> booked_;  ///< the thread's own: shares and USD by broker id
  std::thread thread_;
};

}  // namespace sentio
