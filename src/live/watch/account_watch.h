#pragma once
/// Blocking questions and deeds at the broker, off the trading thread.

#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "day/close_out.h"
#include "sentio/live/broker_flatten.h"
#include "sentio/net/timeline.h"
#include "sentio/ports/broker_account.h"
#include "watch/book_judge.h"

namespace sentio {

/// One thread, one job at a time; a job asked for while another runs follows it.
/// Threads  ask(), close_out() and the takers from the driver's thread; broker and universe outlive the object.
class AccountWatch {
 public:
  /// `wake` runs on the worker's thread when there is something to take.
  AccountWatch(BrokerAccountInterface& broker, const Universe& universe, Timeline time, std::function<TimePoint()> now,
               std::function<void()> wake);
  ~AccountWatch();
  AccountWatch(const AccountWatch&) = delete;
  AccountWatch& operator=(const AccountWatch&) = delete;

  /// Fetches account and positions, and where asked for what moved cash since then.
  void ask(std::optional<TimePoint> movements_since = std::nullopt);
  /// The same at once; blocks. Any thread.
  [[nodiscard]] Result<BrokerBookSnapshot> read_now(std::optional<TimePoint> movements_since);
  /// Has these shares, all that the ledger knows, flattened at the broker (BrokerFlatten, whose = ours), and watches
  /// for half a minute or so what it sells. Nothing is closed once `open()` is false: the broker would keep it for
  /// tomorrow.
  void close_out(std::vector<OwnShares> shares, std::function<bool()> open);
  /// What the broker's own closing orders sold, each share once.
  [[nodiscard]] std::vector<BrokerSale> take_sold();

  [[nodiscard]] std::optional<Result<BrokerBookSnapshot>> take_snapshot();
  /// What close_out() did or could not do, a line each.
  [[nodiscard]] std::vector<std::string> take_lines();

 private:
  void run();
  [[nodiscard]] bool stopping();
  [[nodiscard]] Result<std::vector<AccountActivity>> movements(TimePoint since);
  void close_positions(const std::vector<OwnShares>& shares);
  void watch_sales(const std::vector<OwnShares>& shares);
  [[nodiscard]] bool pause(std::chrono::milliseconds span);
  void tell(std::string line);
  [[nodiscard]] bool market_open();

  BrokerAccountInterface& broker_;
  Timeline time_;
  std::function<TimePoint()> now_;
  std::function<void()> wake_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool ask_ = false, working_ = false, stop_ = false;
  std::optional<TimePoint> movements_since_;
  std::vector<OwnShares> close_;
  std::function<bool()> open_;
  Timeline::Due due_;
  std::optional<Result<BrokerBookSnapshot>> snapshot_;
  std::vector<std::string> lines_;
  std::vector<BrokerSale> sold_;
  std::set<std::string> closing_;  ///< broker's ids of its orders that sold for us
  // The thread's own:
  BrokerFlatten flatten_;
  std::optional<TimePoint> sales_since_;  ///< a little before the first close-out
  std::map<std::string, std::pair<double, double>> told_;  ///< of the broker's closing orders: shares and USD by its id
  std::thread thread_;
};

}  // namespace sentio
