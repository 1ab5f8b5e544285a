#pragma once
/// An Alpaca account: REST and trade_updates behind LiveBrokerInterface.

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sentio/config/universe.h"
#include "sentio/core/calendar.h"
#include "sentio/net/timeline.h"
#include "sentio/ports/live_broker.h"

namespace sentio {

struct AlpacaBrokerOptions {
  std::string trading_url;          ///< "https://paper-api.alpaca.markets"
  std::string stream_url;           ///< "wss://paper-api.alpaca.markets/stream"
  std::string key_id, secret_key;  ///< never in a log, an error or a notice
  std::string extra_ca_file;        ///< PEM file trusted beside the system's authorities
  bool plain_text_allowed = false;  ///< http:// and ws:// to hosts other than loopback
  Timeline time;                   ///< every interval, back-off and quota runs on it
  std::function<TimePoint()> now;  ///< the driver's time; empty: the system clock. Called by all threads
  std::chrono::nanoseconds poll_interval{std::chrono::seconds{3}};
};

/// Threads  submit(), cancel(), poll(), notices(), resume() from the core's thread, none of them blocks.
///          Exits with cancels, entries, polls and the stream have workers of their own: an exit waits neither
///          for a poll nor for the answer to a buy, and three orders of one kind go out side by side. Queries block and may come from any thread.
/// Orders   A POST whose outcome is unknown is looked up by client_order_id; only when the broker has not
///          got it after four looks over seconds is it sent again, under the same id. "must be unique" means
///          it got there. An order that turns up after it was given up is cancelled.
/// Truth    trade_updates, and a poll of everything not terminal each `poll_interval` and after every
///          reconnect.
class AlpacaBroker final : public LiveBrokerInterface {
 public:
  /// `on_ready` runs on the workers' threads when poll() or notices() have news: it must only wake somebody
  /// up. The universe must outlive the broker. Errc::usage: a URL that is not one, or empty keys.
  [[nodiscard]] static Result<std::unique_ptr<AlpacaBroker>> create(AlpacaBrokerOptions options,
                                                                    const Universe& universe,
                                                                    std::function<void()> on_ready = {});
  ~AlpacaBroker() override;

  /// Starts the stream and the polls.
  void start() override;

  // BrokerInterface
  void submit(const Approved<Order>& order, TimePoint received) override;
  void cancel(const OrderKey& order) override;
  [[nodiscard]] std::vector<Event> poll() override;

  // The connection's life
  void resume(const Order& order, TimePoint submitted_at, double booked_shares, double booked_usd, bool ended) override;
  [[nodiscard]] bool stream_up() const override;
  [[nodiscard]] bool idle() const override;
  [[nodiscard]] std::size_t open_order_count() const override;
  [[nodiscard]] std::vector<SentOrder> take_sent() override;
  [[nodiscard]] std::uint64_t updates_received() const override;

  // BrokerAccountInterface
  using BrokerAccountInterface::open_orders;
  using BrokerAccountInterface::positions;
  [[nodiscard]] std::vector<BrokerNotice> notices() override;
  [[nodiscard]] Result<BrokerAccount> account() override;
  [[nodiscard]] Result<std::vector<BrokerPosition>> positions(bool urgent) override;
  [[nodiscard]] Result<std::vector<BrokerOrder>> open_orders(bool urgent) override;
  [[nodiscard]] Result<std::vector<BrokerOrder>> orders_since(TimePoint after) override;
  [[nodiscard]] Result<BrokerOrder> order_by_client_id(const std::string& client_order_id) override;
  [[nodiscard]] Result<std::vector<AccountActivity>> activities_since(TimePoint after) override;
  [[nodiscard]] Result<MarketClock> clock() override;
  [[nodiscard]] Result<std::optional<CalendarDay>> calendar(Date date) override;
  [[nodiscard]] Result<BrokerAsset> asset(const std::string& symbol) override;
  [[nodiscard]] Result<> cancel_by_broker_id(const std::string& id) override;
  [[nodiscard]] Result<std::string> close_position(const std::string& symbol, std::optional<double> shares) override;

 private:
  struct Impl;
  explicit AlpacaBroker(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace sentio
