#pragma once
/// What became of our orders, from messages that may come in any order, twice, or not at all.

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sentio/broker/alpaca_types.h"
#include "sentio/core/event.h"

namespace sentio {

/// One order from before its POST until long after its last event (late duplicates must still be known).
struct TrackedOrder {
  Order order;
  std::string client_order_id, symbol;
  std::string broker_id;                ///< empty until the broker named it
  std::optional<OrderStatus> status;    ///< none: not acknowledged yet
  std::optional<TimePoint> updated_at;  ///< the broker's, of the newest message
  TimePoint submitted_at{};
  double booked_shares = 0, booked_usd = 0;  ///< went out as OrderFilled, or as unbooked_shares
  bool ended = false;                        ///< its one terminal event went out (or its last fill)
  bool cancel_wanted = false;                ///< not to be sent (again)
  std::set<std::string> executions;          ///< ids already seen
};

/// State machine of every order by client_order_id.
///
/// Fills    Executions are places on the cumulative axis: the one that brought filled_qty to c with quantity
///          q is (c − q, c]. What is booked already is skipped, a gap is booked at the price that makes
///          filled_avg_price come out right. So REST answers, activities and the stream agree on the same
///          total whichever comes first.
/// Promise  Per order exactly one end: fills that add up to its quantity, OrderCanceled or OrderRejected;
///          nothing after it, and never more shares than ordered. What the broker says beyond that is a
///          notice.
/// Foreign  Orders we did not submit or resume are reported once and ignored, fractional ones as well.
/// Threads  one at a time; no clock: `now` is used only where a message carries no time.
class OrderTracker {
 public:
  /// Before the POST. The id must be new (SENTIO_CHECK).
  void submit(const Order& order, std::string_view client_order_id, std::string_view symbol, TimePoint now);
  /// After a restart: an order of ours with what the journal says was booked of it.
  void resume(const Order& order, std::string_view client_order_id, std::string_view symbol,
              TimePoint submitted_at, double booked_shares, double booked_usd, bool ended);

  /// From a POST's answer, a poll or a look-up.
  void apply(const AlpacaOrder& order, TimePoint now);
  void apply(const TradeUpdate& update, TimePoint now);
  /// A FILL row of the order with that broker id; books only what fits without a gap.
  void apply(const FillActivity& activity);
  /// The broker refused the POST (or it can never be sent): there is no order.
  void refuse(std::string_view client_order_id, std::string_view why);
  /// The session wants the order gone. Its client id; empty where it is gone already or nobody knows it.
  [[nodiscard]] std::string want_cancel(const OrderKey& key);
  /// An order that never got to the broker ends as canceled.
  void withdraw(std::string_view client_order_id);

  /// True where `order` reports more shares than are booked of it: its executions are worth fetching.
  [[nodiscard]] bool behind(const AlpacaOrder& order) const;

  [[nodiscard]] const TrackedOrder* find(std::string_view client_order_id) const;
  [[nodiscard]] const TrackedOrder* find(const OrderKey& key) const;
  /// Orders without their end, oldest first.
  [[nodiscard]] std::vector<const TrackedOrder*> open() const;

  /// In the order in which the orders were submitted, each order's own in the order they happened: whichever
  /// connection was faster, the ledger adds the same numbers in the same order.
  [[nodiscard]] std::vector<Event> take_events();
  [[nodiscard]] std::vector<BrokerNotice> take_notices();
  [[nodiscard]] bool has_news() const { return !events_.empty() || !notices_.empty(); }

 private:
  struct Execution {
    double shares = 0, price = 0;
    TimePoint at{};
  };
  TrackedOrder* own(const AlpacaOrder& order);
  void book_execution(TrackedOrder& o, const TradeUpdate& update, TimePoint now);
  void book_total(TrackedOrder& o, const AlpacaOrder& order, TimePoint at);
  void book(TrackedOrder& o, const Execution& execution);
  void move(TrackedOrder& o, const AlpacaOrder& order);
  void end(TrackedOrder& o, OrderStatus status);
  void emit(const TrackedOrder& o, Event event);
  void note(BrokerNotice::Kind kind, const TrackedOrder& o, std::string text);

  std::vector<TrackedOrder> orders_;  ///< in order of submission
  std::map<std::string, std::size_t, std::less<>> by_client_id_, by_broker_id_;
  std::set<std::string> foreign_seen_;
  std::vector<std::pair<std::size_t, Event>> events_;  ///< with the order's index
  std::vector<BrokerNotice> notices_;
};

}  // namespace sentio
