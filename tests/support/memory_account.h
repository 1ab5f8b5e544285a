#pragma once
/// A broker's account in memory, for tests of everything that talks to one: no sockets, no threads of its own.
///
///   MemoryAccount account(universe, [&] { return now; });
///   MemoryBroker broker(account);              // a process that trades there; the account outlives it
///   account.hold("TQQQ", 17);                  // as if somebody had bought them by hand
///   account.trouble["positions"] = {.times = 2};
///   account.market_opens({{"TQQQ", 50.25}});   // the next bar's opens: what is at work fills there
///
/// Prices   come from the test alone. Market orders fill at the next open of their symbol, limits where it is no worse.
/// Threads  verbs and questions may come from any; members are set while nobody asks.

#include <algorithm>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "sentio/config/universe.h"
#include "sentio/core/calendar.h"
#include "sentio/core/client_order_id.h"
#include "sentio/core/text/json_line.h"
#include "sentio/ports/broker_account.h"

namespace sentio::testing {

inline Decimal decimal(double value) {
  std::string text;
  append_number(text, value);
  return {text, value};
}

/// The broker's side: what is there whoever is connected.
class MemoryAccount {
 public:
  struct Execution {
    double shares = 0, price = 0;
    TimePoint at{};
    std::uint64_t number = 0;  ///< of the account: unique
  };
  struct Entry {
    BrokerOrder order;
    std::vector<Execution> executions;
    [[nodiscard]] double left() const { return order.ended ? 0 : order.qty->value - order.filled_qty.value; }
  };
  struct Holding {
    double shares = 0, entry = 0;
    friend bool operator==(const Holding&, const Holding&) = default;
  };
  struct Trouble {
    int times = 1;
    Errc code = Errc::network;
  };
  using Prices = std::map<std::string, double>;

  MemoryAccount(const Universe& universe, std::function<TimePoint()> clock) : now(std::move(clock)) {
    for (const SymbolInfo& s : universe) {
      assets[s.name] = {.symbol = s.name, .status = "active", .active = true, .tradable = true};
    }
  }

  // ---- how it behaves -------------------------------------------------------------------------------
  std::function<TimePoint()> now;
  double cash = 100'000, pending_fees = 0;
  std::string currency = "USD";
  std::vector<std::string> hindrances;
  std::map<std::string, BrokerAsset> assets;
  std::map<Date, std::optional<CalendarDay>> calendar;  ///< where it is not the NYSE's
  std::chrono::nanoseconds clock_ahead{0};
  /// By the question's or deed's name ("account", "cancel", "close" …): that many are not answered.
  std::map<std::string, Trouble> trouble;
  /// Why a session's order is refused; nothing: it is taken.
  std::function<std::optional<std::string>(const Order&)> refuses;
  double fills_at_most = 1e9;               ///< shares of an order at one open: the rest comes with the next
  bool fills_at_once = false;               ///< market orders, at the last price
  bool cancels_wait = false;                ///< an order stays at work, marked, until let_cancels_through()
  std::chrono::nanoseconds positions_lag{0};  ///< positions() is that old
  /// What an order gets at an open; empty: the open.
  std::function<double(const std::string& symbol, Side side, double open)> price_at;
  std::function<void()> wake;               ///< a process listens: something happened to an order

  // ---- what has become of it ------------------------------------------------------------------------
  std::vector<Entry> orders;                ///< by submission
  std::vector<AccountActivity> activities;
  std::map<std::string, int> asked;         ///< how often, by name

  // ---- verbs ----------------------------------------------------------------------------------------
  /// Shares that no order here has bought; negative ones go.
  void hold(const std::string& symbol, double shares, double entry = 50) {
    const std::lock_guard lock(mutex_);
    book(symbol, shares, entry);
    prices_.try_emplace(symbol, entry);
  }
  [[nodiscard]] double held(const std::string& symbol) const {
    const std::lock_guard lock(mutex_);
    const auto at = holdings_.find(symbol);
    return at == holdings_.end() ? 0 : at->second.shares;
  }
  /// By anybody: a session, a hand, the broker itself. Returns the broker's id. Limit 0: a market order.
  std::string place(const std::string& client_id, const std::string& symbol, Side side, double qty, double limit = 0) {
    const std::lock_guard lock(mutex_);
    const std::string id = "id-" + std::to_string(orders.size() + 1);
    Entry entry{.order = {.id = id, .client_order_id = client_id.empty() ? "the-brokers-" + id : client_id}};
    entry.order.symbol = symbol;
    entry.order.status = "new";
    entry.order.side = side;
    entry.order.qty = decimal(qty);
    if (limit > 0) entry.order.limit_price = decimal(limit);
    entry.order.submitted_at = now();
    orders.push_back(std::move(entry));
    const auto last = prices_.find(symbol);
    if (fills_at_once && limit == 0 && last != prices_.end()) execute(orders.back(), qty, last->second, now());
    return id;
  }
  /// The opens of a minute: what is at work meets them. `at`: of the executions.
  void market_opens(const Prices& opens, TimePoint at) {
    const std::lock_guard lock(mutex_);
    for (const auto& [symbol, price] : opens) prices_[symbol] = price;
    for (Entry& entry : orders) meet(entry, opens, at);
    tell();
  }
  void market_opens(const Prices& opens) { market_opens(opens, now()); }
  /// Somebody changed the order at the broker's: another takes its place. Returns that one's id.
  std::string replace(const std::string& id, double qty) {
    const std::lock_guard lock(mutex_);
    end(*find(id), "replaced");
    const BrokerOrder old = find(id)->order;
    const std::string next = place("", old.symbol, *old.side, qty, old.limit_price ? old.limit_price->value : 0);
    find(next)->order.replaces = id;
    find(id)->order.replaced_by = next;
    tell();
    return next;
  }
  /// A dividend, a fee, a deposit.
  void move_cash(double usd, const std::string& what) {
    const std::lock_guard lock(mutex_);
    cash += usd;
    activities.push_back({.id = "a-" + std::to_string(activities.size() + 1), .what = what, .cash = usd, .at = now()});
  }
  void let_cancels_through() {
    const std::lock_guard lock(mutex_);
    for (Entry& entry : orders) {
      if (entry.order.cancel_pending) end(entry, "canceled");
    }
    tell();
  }
  /// The broker ends an order by itself.
  void expire(const std::string& id) {
    const std::lock_guard lock(mutex_);
    end(*find(id), "expired");
    tell();
  }
  /// By its broker id; nothing where it has ended.
  void cancel(const std::string& id) {
    const std::lock_guard lock(mutex_);
    Entry& entry = *find(id);
    if (cancels_wait && !entry.order.ended) {
      entry.order.cancel_pending = true;
    } else {
      end(entry, "canceled");
    }
    tell();
  }
  /// Client ids of what is at work; "closing TQQQ 10" for the broker's own.
  [[nodiscard]] std::vector<std::string> at_work() const {
    const std::lock_guard lock(mutex_);
    std::vector<std::string> ids;
    for (const auto& [o, executions] : orders) {
      if (o.ended) continue;
      ids.push_back(o.client_order_id.starts_with("the-brokers-") ? "closing " + o.symbol + " " + o.qty->text
                                                                  : o.client_order_id);
    }
    std::ranges::sort(ids);
    return ids;
  }

 private:
  friend class MemoryBroker;

  [[nodiscard]] Entry* find(const std::string& id) {
    const auto at = std::ranges::find(orders, id, [](const Entry& e) { return e.order.id; });
    return at == orders.end() ? nullptr : &*at;
  }
  static void end(Entry& entry, const char* status) {
    if (entry.order.ended) return;
    entry.order.ended = true;
    entry.order.cancel_pending = false;
    entry.order.status = status;
  }
  void tell() const {
    if (wake) wake();
  }
  void book(const std::string& symbol, double shares, double price) {
    Holding& h = holdings_[symbol];
    if (shares > 0) h.entry = (h.shares * h.entry + shares * price) / (h.shares + shares);
    h.shares += shares;
    if (h.shares == 0) holdings_.erase(symbol);
    history_.emplace_back(now(), holdings_);
  }
  void meet(Entry& entry, const Prices& opens, TimePoint at) {
    const auto open = opens.find(entry.order.symbol);
    if (open == opens.end() || entry.left() <= 0) return;
    const bool buy = entry.order.side == Side::buy;
    const auto& limit = entry.order.limit_price;
    if (limit && (buy ? open->second > limit->value : open->second < limit->value)) return;
    const double price = price_at ? price_at(entry.order.symbol, *entry.order.side, open->second) : open->second;
    execute(entry, std::min(entry.left(), fills_at_most), price, at);
  }
  void execute(Entry& entry, double shares, double price, TimePoint at) {
    BrokerOrder& o = entry.order;
    const double sign = o.side == Side::buy ? 1 : -1;
    const double usd = o.filled_avg_price ? o.filled_avg_price->value * o.filled_qty.value : 0;
    o.filled_qty = decimal(o.filled_qty.value + shares);
    o.filled_avg_price = decimal((usd + shares * price) / o.filled_qty.value);
    o.filled_at = at;
    o.status = "partially_filled";
    if (entry.left() <= 0) end(entry, "filled");
    entry.executions.push_back({shares, price, at, ++executions_});
    cash -= sign * shares * price;
    book(o.symbol, sign * shares, price);
    activities.push_back({.id = "a-" + std::to_string(activities.size() + 1),
                          .what = "execution",
                          .cash = -sign * shares * price,
                          .order_id = o.id,
                          .symbol = o.symbol,
                          .side = o.side,
                          .shares = shares,
                          .price = price,
                          .at = at});
  }
  /// Shares of the symbol that sales at work hold.
  [[nodiscard]] double reserved(const std::string& symbol) const {
    double shares = 0;
    for (const Entry& e : orders) {
      if (e.order.symbol == symbol && e.order.side == Side::sell) shares += e.left();
    }
    return shares;
  }
  [[nodiscard]] Result<> answers(const std::string& question) {
    ++asked[question];
    const auto at = trouble.find(question);
    if (at == trouble.end() || at->second.times-- <= 0) return {};
    return fail(at->second.code, question, "is not answered");
  }

  mutable std::recursive_mutex mutex_;  ///< place() within a verb
  std::map<std::string, Holding> holdings_;
  std::vector<std::pair<TimePoint, std::map<std::string, Holding>>> history_;
  Prices prices_;  ///< the last ones
  std::uint64_t executions_ = 0;
};

}  // namespace sentio::testing
