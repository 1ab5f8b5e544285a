#pragma once
/// The order tracker shared by the threads of a broker.

#include <functional>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "sentio/broker/order_tracker.h"

namespace sentio {

/// Every change runs under one lock; whoever changed something wakes the consumer outside of it.
class BrokerBook {
 public:
  explicit BrokerBook(std::function<void()> on_ready) : on_ready_(std::move(on_ready)) {}

  /// Calls `change(tracker)` and returns its result.
  template <class Change>
  decltype(auto) with(Change change) {
    struct Wake {
      BrokerBook& book;
      bool news = false;
      ~Wake() {
        if (news && book.on_ready_) book.on_ready_();
      }
    } wake{*this};
    const std::lock_guard lock(mutex_);
    struct Check {
      Wake& wake;
      BrokerBook& book;
      ~Check() { wake.news = book.tracker_.has_news() || !book.notices_.empty(); }
    } check{wake, *this};
    return change(tracker_);
  }
  /// Read only: wakes nobody.
  template <class Read>
  decltype(auto) look(Read read) const {
    const std::lock_guard lock(mutex_);
    return read(tracker_);
  }

  /// What a message leaves to be done about an order of ours.
  struct Followup {
    enum class What { nothing, cancel, look_up, poll } what = What::nothing;
    std::string client_order_id;  ///< ours, whatever the message called it
  };
  /// `executions_known`: of what has replaced an order of ours they were applied before.
  Followup apply(const AlpacaOrder& order, TimePoint now, bool executions_known = false) {
    return with([&](OrderTracker& tracker) {
      if (!executions_known && tracker.ambiguous(order)) return poll_for(tracker, order);
      tracker.apply(order, now);
      return followup(tracker, order);
    });
  }
  Followup apply(const TradeUpdate& update, TimePoint now) {
    return with([&](OrderTracker& tracker) {
      if (!update.qty && tracker.ambiguous(update.order)) return poll_for(tracker, update.order);
      tracker.apply(update, now);
      return followup(tracker, update.order);
    });
  }

  void note(BrokerNotice notice) {
    with([&](OrderTracker&) { notices_.push_back(std::move(notice)); });
  }
  void sent(const OrderKey& key, std::chrono::steady_clock::time_point at) {
    const std::lock_guard lock(mutex_);
    sent_.push_back({key, at});
  }
  [[nodiscard]] std::vector<SentOrder> take_sent() {
    const std::lock_guard lock(mutex_);
    return std::exchange(sent_, {});
  }
  [[nodiscard]] std::vector<Event> take_events() {
    const std::lock_guard lock(mutex_);
    return tracker_.take_events();
  }
  [[nodiscard]] std::vector<BrokerNotice> take_notices() {
    const std::lock_guard lock(mutex_);
    std::vector<BrokerNotice> all = tracker_.take_notices();
    all.insert(all.end(), std::make_move_iterator(notices_.begin()), std::make_move_iterator(notices_.end()));
    notices_.clear();
    return all;
  }

 private:
  static Followup poll_for(OrderTracker& tracker, const AlpacaOrder& order) {
    tracker.meet(order);
    return {Followup::What::poll, tracker.owner(order)->client_order_id};
  }
  /// Cancelled is what lives at the broker though it ended for us, but for what somebody made of it: that is theirs.
  static Followup followup(const OrderTracker& tracker, const AlpacaOrder& order) {
    using What = Followup::What;
    const TrackedOrder* o = tracker.owner(order);
    if (o == nullptr) return {};
    const bool stray = o->ended && o->legs.size() == 1 && !is_terminal(order.status) &&
                       order.filled_qty.value < o->order.qty.v - kShareTolerance;
    return {stray                                  ? What::cancel
            : o->successor_awaited && !o->ended ? What::look_up
                                                  : What::nothing,
            o->client_order_id};
  }

  std::function<void()> on_ready_;
  mutable std::mutex mutex_;
  OrderTracker tracker_;
  std::vector<BrokerNotice> notices_;
  std::vector<SentOrder> sent_;
};

}  // namespace sentio
