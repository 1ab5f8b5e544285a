#pragma once
/// The imitation's account and order book: a pure state machine over the fill model of `execution`.

#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "sentio/config/rotation_config.h"
#include "sentio/config/universe.h"
#include "sentio/core/calendar.h"
#include "sentio/exchange/charges.h"
#include "sentio/exchange/orders.h"
#include "sentio/exchange/position_book.h"
#include "sentio/execution/fill_model.h"

namespace sentio::exchange {

struct MatchingOptions {
  FillConfig fill;
  SessionHours hours;
  double cash = 100'000;  ///< USD
  double multiplier = 4;  ///< margin; 1 = cash account
};

/// What the exchange says of an instrument. An order in one that is not `known`, `active` and `tradable` is
/// refused.
struct AssetTerms {
  bool known = true, active = true, tradable = true;
  std::vector<std::string> attributes;
};

/// How the exchange treats an order that it has taken.
struct Handling {
  bool rests = false;     ///< open, but it does not work until release()
  bool accepted = false;  ///< resting as `accepted` and not as `new`
};

/// A row of /v2/account/activities: one of the two.
struct Activity {
  const Execution* execution = nullptr;
  const CashMove* move = nullptr;
};

/// Orders, positions, cash and executions of one account on one session day.
///
/// Market orders fill as in ReplayBroker: received in [T, T+60 s) → open of the first real bar with start ≥
/// T. The owner calls match_minute(T) some seconds into that minute; orders that come later in it fill on
/// receipt. Limit orders fill only where that price is at or better than the limit. Stop and trailing orders
/// are triggered by finished bars (low or high) and then fill like the others. No fees unless set. Ids are
/// counters in the shape of uuids, so two runs with the same calls give the same bytes. Errors   a Refusal
/// with the HTTP status and body of the real service; it creates no order. Threads  one at a time. The
/// universe must outlive the object.
/// Members  more than twenty: one account's orders, book and history, and counters that name them in order.
class Matching {
 public:
  Matching(const MatchingOptions& options, const Universe& universe);

  // ---- time -------------------------------------------------------------------------------
  void open_session(TimePoint now);  ///< queued orders start to work
  /// The opens of the minute that starts at `start`; bars by SymbolId, nullopt = nothing traded. `passed` as of
  /// FillPrices.
  void match_minute(TimePoint start, std::span<const std::optional<Bar>> bars, TimePoint now,
                    std::span<const PassedPrices> passed = {});
  /// A minute is over: marks, stop triggers, trailing marks.
  void finish_minute(std::span<const std::optional<Bar>> bars);
  void close_session(TimePoint now);  ///< last resort exits, the rest of the day orders expires
  /// The last known price before the session, for marks and `lastday_price`.
  void set_previous_close(SymbolId symbol, double price);

  // ---- what clients do --------------------------------------------------------------------
  [[nodiscard]] tl::expected<ExchangeOrder, Refusal> submit(const OrderRequest& request, TimePoint now,
                                                            Handling handling = {});
  [[nodiscard]] tl::expected<ExchangeOrder, Refusal> replace(const std::string& id,
                                                             const ReplaceRequest& request, TimePoint now);
  [[nodiscard]] tl::expected<void, Refusal> cancel(const std::string& id, TimePoint now);

  // ---- faults -----------------------------------------------------------------------------
  void reject_next(int orders) { rejects_ += orders; }        ///< by the venue, after it was taken
  void split_next(int orders) { partials_ += orders; }        ///< half now, the rest at the next real bar
  void race_next_cancels(int cancels) { races_ += cancels; }  ///< taken, then the order fills
  void add_foreign_position(SymbolId symbol, double qty);
  void block_account() { blocked_ = true; }
  /// Each of these does nothing when the order is not (or no longer) as it must be.
  void release(const std::string& id, TimePoint now);      ///< a resting order starts to work
  void hold_cancel(const std::string& id, TimePoint now);  ///< `pending_cancel` until finish_cancel()
  void finish_cancel(const std::string& id, TimePoint now);
  /// The broker, a desk or an app puts another order in its place: `replaced`, then the new one's `new`.
  void replace_by_broker(const std::string& id, TimePoint now);

  [[nodiscard]] AssetTerms& asset(SymbolId symbol) { return assets_[symbol]; }
  [[nodiscard]] const AssetTerms& asset(SymbolId symbol) const { return assets_[symbol]; }
  void set_multiplier(double multiplier) { options_.multiplier = multiplier; }
  void set_buying_power(double usd) { buying_power_ = usd; }  ///< whatever is bought or sold
  void set_charges(const ChargeRates& rates, ChargesShown shown) { charges_.set(rates, shown); }
  void book_whole_cents() { book_.book_whole_cents(); }
  void move_cash(CashMove move);  ///< gives it its id
  /// An order in something that is not on this exchange, taken and filled at once.
  void trade_elsewhere(const std::string& name, Side side, double qty, double price, TimePoint now);

  // ---- what clients see -------------------------------------------------------------------
  [[nodiscard]] const ExchangeOrder* find(const std::string& id) const;
  [[nodiscard]] const ExchangeOrder* find_client(const std::string& client_order_id) const;
  [[nodiscard]] std::vector<const ExchangeOrder*> orders() const;  ///< by submission, oldest first
  [[nodiscard]] const std::vector<Execution>& executions() const { return executions_; }
  /// Executions and movements of cash, as they were booked. Good until the next one.
  [[nodiscard]] std::vector<Activity> activities() const;
  [[nodiscard]] const Charges& charges() const { return charges_; }
  [[nodiscard]] const PositionBook& book() const { return book_; }
  [[nodiscard]] double held_for_orders(SymbolId symbol) const;  ///< shares that working exits hold
  /// Ids of the orders that hold them, oldest first.
  [[nodiscard]] std::vector<std::string> orders_that_hold(SymbolId symbol) const;
  [[nodiscard]] double buying_power() const;
  [[nodiscard]] bool blocked() const { return blocked_; }
  [[nodiscard]] const MatchingOptions& options() const { return options_; }
  [[nodiscard]] std::optional<SymbolId> symbol(const std::string& name_or_asset_id) const;
  [[nodiscard]] std::string asset_id(SymbolId symbol) const;
  [[nodiscard]] std::string asset_id(const ExchangeOrder& order) const;
  [[nodiscard]] const Universe& universe() const { return *universe_; }
  /// Events since the last call, in order.
  [[nodiscard]] std::vector<TradeUpdate> take_updates();

 private:
  struct Entry {
    ExchangeOrder order;
    TimePoint from{};                  ///< earliest bar start that may fill it
    std::unique_ptr<FillModel> model;  ///< from its first eligible bar on
    double later = 0;                  ///< shares kept for the next real bar (split fault)
    double reference = 0;              ///< price its buying power is reserved at
    bool triggered = true;             ///< false: a stop that waits
    bool racing = false;               ///< a cancel was taken, the fill will win
    bool resting = false;              ///< not worked until released
    bool stuck = false;                ///< a cancel was taken and has no effect yet
  };
  [[nodiscard]] std::optional<Refusal> check(const OrderRequest& request, SymbolId symbol,
                                             TimePoint now) const;
  [[nodiscard]] std::optional<Refusal> check_wash_trade(const OrderRequest& request, SymbolId symbol) const;
  [[nodiscard]] std::optional<Refusal> check_funds(const OrderRequest& request, SymbolId symbol) const;
  Entry& add(const OrderRequest& request, SymbolId symbol, TimePoint now);
  void charge(const Execution& execution);
  void start_working(Entry& entry, TimePoint now);
  void meet_matched_minute(Entry& entry, TimePoint now);
  void put_in_place(Entry& old, const OrderRequest& request, TimePoint now, ExchangeOrder* reply);
  [[nodiscard]] Entry* find_live(const std::string& id);
  void match(Entry& entry, const Bar& bar, TimePoint now);
  [[nodiscard]] bool marketable(const Entry& entry, const Bar& bar) const;
  [[nodiscard]] double quantity_at(const Entry& entry, double price) const;
  void start_model(Entry& entry, double qty);
  void execute(Entry& entry, const Fill& fill, TimePoint now);
  void end_order(Entry& entry, OrderStatus status, TimePoint now);
  void tell(const Entry& entry, std::string_view event, TimePoint timestamp, TimePoint now,
            const Execution* execution = nullptr);
  [[nodiscard]] double left(const Entry& entry) const;
  /// The instant of the close belongs to the day: the last minute's decisions arrive then, and in lock step
  /// (as in mock) they still get the last resort.
  [[nodiscard]] bool in_session(TimePoint now) const {
    return now >= options_.hours.open && now <= options_.hours.close;
  }

  MatchingOptions options_;
  const Universe* universe_;
  std::vector<Universe> single_;  ///< one-symbol universes: each order has a fill model of its own
  PositionBook book_;
  std::vector<std::unique_ptr<Entry>> entries_;
  std::vector<Entry*> live_;  ///< not terminal, by submission
  std::map<std::string, Entry*, std::less<>> by_id_, by_client_id_;
  std::vector<Execution> executions_;
  std::vector<CashMove> moves_;
  std::vector<std::size_t> moved_after_;  ///< of each movement: how many executions were booked before it
  Charges charges_;
  std::vector<AssetTerms> assets_;  ///< by SymbolId
  std::optional<double> buying_power_;
  std::vector<TradeUpdate> updates_;
  std::optional<TimePoint> matched_start_;  ///< the minute whose opens were matched last
  std::vector<std::optional<Bar>> matched_bars_;
  std::vector<PassedPrices> matched_passed_;
  std::uint64_t next_id_ = 1, next_update_ = 1;
  int rejects_ = 0, partials_ = 0, races_ = 0;
  bool blocked_ = false;
};

}  // namespace sentio::exchange
