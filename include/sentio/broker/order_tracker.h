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

/// One of the broker's orders that an order of ours has been, on its own cumulative axis.
struct BrokerLeg {
  std::string broker_id;
  double booked_shares = 0, booked_usd = 0;
  bool seen = false;  ///< the broker has said something of it, not only its name
};

/// One order from before its POST until long after its last event (late duplicates must still be known).
struct TrackedOrder {
  Order order;
  std::string client_order_id, symbol;
  std::string broker_id;                ///< of the leg at work; empty until the broker named it
  std::vector<BrokerLeg> legs;          ///< the first, then what replaced it, and so on
  bool successor_awaited = false;       ///< replaced, and nothing has been heard of what took its place
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
/// Replaced An order of ours that somebody replaces at the broker (in its app, by a desk) goes on in its successor,
///          whatever client id that bears: its fills are ours, its end is the end, a cancel goes to it. Whether a
///          successor counts its predecessor's shares among its own is documented nowhere: the first of its executions
///          tells. Where there is none to see (ambiguous()) it is taken to do so if it has at least as many.
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
  void refuse(std::string_view client_order_id, std::string_view why, RefusalScope scope = RefusalScope::order);
  /// The session wants the order gone. Its client id; empty where it is gone already or nobody knows it.
  [[nodiscard]] std::string want_cancel(const OrderKey& key);
  /// An order that never got to the broker ends as canceled.
  void withdraw(std::string_view client_order_id);

  /// The successor of a replaced order cannot be found: the order ends as canceled.
  void lose_successor(std::string_view client_order_id);

  /// A name of an order of ours is learnt, nothing else: for executions that are booked before the order's own word.
  void meet(const AlpacaOrder& order);
  /// A successor that nothing was heard of, with so many shares that its predecessor's may be among them: its executions
  /// should be applied before it is.
  [[nodiscard]] bool ambiguous(const AlpacaOrder& order) const;
  /// Ours under any of its names; null: somebody else's.
  [[nodiscard]] const TrackedOrder* owner(const AlpacaOrder& order) const;
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
  /// The order and the leg that a message is about.
  struct Place {
    TrackedOrder* order = nullptr;
    std::size_t leg = 0;
  };
  [[nodiscard]] std::optional<std::size_t> index_of(const AlpacaOrder& order) const;
  Place own(const AlpacaOrder& order, double shares_before);
  void note_foreign(const AlpacaOrder& order);
  [[nodiscard]] std::optional<std::size_t> leg_of(std::size_t index, const AlpacaOrder& order);
  void add_leg(std::size_t index, const std::string& broker_id);
  static void see(TrackedOrder& o, BrokerLeg& leg, double shares_before);
  void follow(TrackedOrder& o, const AlpacaOrder& replaced);
  void book_execution(Place place, const TradeUpdate& update, TimePoint now);
  void book_total(Place place, const AlpacaOrder& order, TimePoint at);
  void book(Place place, const Execution& execution);
  void move(Place place, const AlpacaOrder& order);
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
