#pragma once
/// Orders on an Alpaca account: REST and trade_updates behind BrokerInterface.

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sentio/broker/alpaca_types.h"
#include "sentio/broker/order_request.h"
#include "sentio/broker/order_tracker.h"
#include "sentio/config/universe.h"
#include "sentio/core/calendar.h"
#include "sentio/net/timeline.h"
#include "sentio/ports/broker_interface.h"

namespace sentio {

struct AlpacaBrokerOptions {
  std::string trading_url = "https://paper-api.alpaca.markets";
  std::string stream_url = "wss://paper-api.alpaca.markets/stream";
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
class AlpacaBroker final : public BrokerInterface {
 public:
  /// `on_ready` runs on the workers' threads when poll() or notices() have news: it must only wake somebody
  /// up. The universe must outlive the broker. Errc::usage: a URL that is not one, or empty keys.
  [[nodiscard]] static Result<std::unique_ptr<AlpacaBroker>> create(AlpacaBrokerOptions options,
                                                                    const Universe& universe,
                                                                    std::function<void()> on_ready = {});
  ~AlpacaBroker() override;

  /// Starts the stream and the polls; before it only queries and resume() do anything on the wire.
  void start();

  void submit(const Approved<Order>& order, TimePoint received) override;
  void cancel(const OrderKey& order) override;
  [[nodiscard]] std::vector<Event> poll() override;
  /// What is not an event of the session, in order.
  [[nodiscard]] std::vector<BrokerNotice> notices();

  /// The sends that began since the last call: how fast an order leaves.
  [[nodiscard]] std::vector<SentOrder> take_sent();

  /// After a restart: an order of ours that the journal knows, with what was booked of it. It is looked up
  /// unless it has `ended`.
  void resume(const Order& order, TimePoint submitted_at, double booked_shares, double booked_usd,
              bool ended = false);

  [[nodiscard]] bool stream_up() const;
  /// No order or cancel is queued or under way.
  [[nodiscard]] bool idle() const;
  /// Orders without their end.
  [[nodiscard]] std::size_t open_order_count() const;
  /// For drivers in lock step: trade_updates taken in so far.
  [[nodiscard]] std::uint64_t updates_received() const;

  // Queries: blocking, a few tries each.
  [[nodiscard]] Result<BrokerAccount> account();
  /// `urgent`: with the quota of exits and one try, because something waits for it that must not be late.
  [[nodiscard]] Result<std::vector<BrokerPosition>> positions(bool urgent = false);
  [[nodiscard]] Result<std::vector<BrokerOrder>> open_orders(bool urgent = false);
  /// Whatever their status, by submission; open ones among them.
  [[nodiscard]] Result<std::vector<BrokerOrder>> orders_since(TimePoint after);
  [[nodiscard]] Result<MarketClock> clock();
  /// nullopt: the broker's calendar knows no session on that date.
  [[nodiscard]] Result<std::optional<CalendarDay>> calendar(Date date);
  [[nodiscard]] Result<BrokerAsset> asset(const std::string& symbol);
  [[nodiscard]] Result<BrokerOrder> order_by_client_id(const std::string& client_order_id);
  /// For orders that are not the session's (adopt, flatten). Ok: accepted, or it was already done.
  [[nodiscard]] Result<> cancel_by_broker_id(const std::string& id);
  /// Sells (or buys back) a position at the market, all of it or `shares` of it; ok also when there is none.
  [[nodiscard]] Result<> close_position(const std::string& symbol, std::optional<double> shares = {});

 private:
  struct Impl;
  explicit AlpacaBroker(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace sentio
