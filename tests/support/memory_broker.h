#pragma once
/// A process that trades at a MemoryAccount: LiveBrokerInterface without a wire.

#include <unistd.h>

#include <cmath>
#include <iterator>

#include "memory_account.h"
#include "sentio/ports/live_broker.h"

namespace sentio::testing {

/// One process at the account. After a restart: another one, told of its orders by resume().
class MemoryBroker final : public LiveBrokerInterface {
 public:
  /// The universe is that of the orders. `on_news` as AlpacaBroker's.
  MemoryBroker(MemoryAccount& account, const Universe& universe, std::function<void()> on_news = {})
      : account_(account), universe_(universe) {
    account_.wake = std::move(on_news);
  }
  ~MemoryBroker() override { account_.wake = {}; }

  bool stream = true;                 ///< stream_up()
  std::vector<BrokerNotice> news;     ///< what notices() says next

  using BrokerAccountInterface::open_orders;
  using BrokerAccountInterface::positions;

  // ---- the session's orders -------------------------------------------------------------------------
  void submit(const Approved<Order>& approved, TimePoint) override {
    const std::lock_guard lock(account_.mutex_);
    const Order& order = approved.get();
    sent_.push_back({order.key, std::chrono::steady_clock::now()});
    const auto why = account_.refuses ? account_.refuses(order) : std::nullopt;
    if (why) {
      refused_.emplace_back(OrderRejected{order.key, *why});
      return account_.tell();
    }
    const std::string& symbol = universe_[order.symbol].name;
    const std::string id = account_.place(client_id(order), symbol, order.side, order.qty.v,
                                          order.limit ? order.limit->v : 0);
    mine_.push_back({order.key, id});
    account_.tell();
  }
  void cancel(const OrderKey& key) override {
    for (const Mine& m : mine_) {
      if (m.key == key && !m.id.empty() && !m.ended) account_.cancel(m.id);
    }
  }
  std::vector<Event> poll() override {
    const std::lock_guard lock(account_.mutex_);
    std::vector<Event> events = std::exchange(refused_, {});
    for (Mine& m : mine_) hear(m, events);
    updates_ += events.size();
    return events;
  }
  void resume(const Order& order, TimePoint, double booked_shares, double, bool ended) override {
    const std::lock_guard lock(account_.mutex_);
    const auto at = std::ranges::find(account_.orders, client_id(order),
                                      [](const MemoryAccount::Entry& e) { return e.order.client_order_id; });
    Mine mine{.key = order.key, .ended = ended};
    if (at != account_.orders.end()) {
      mine.id = at->order.id;
      for (double shares = 0; mine.told < at->executions.size() && shares < booked_shares; ++mine.told) {
        shares += at->executions[mine.told].shares;
      }
    } else if (!ended) {
      mine.ended = true;  // it never got here, and is not sent again
      refused_.emplace_back(OrderRejected{order.key, "the broker does not know the order"});
    }
    mine_.push_back(std::move(mine));
  }
  void start() override { started = true; }
  [[nodiscard]] bool stream_up() const override { return stream && started; }
  [[nodiscard]] bool idle() const override { return true; }
  [[nodiscard]] std::size_t open_order_count() const override {
    return static_cast<std::size_t>(std::ranges::count(mine_, false, &Mine::ended));
  }
  std::vector<SentOrder> take_sent() override { return std::exchange(sent_, {}); }
  [[nodiscard]] std::uint64_t updates_received() const override { return updates_; }
  bool started = false;

  // ---- the account ----------------------------------------------------------------------------------
  Result<BrokerAccount> account() override {
    return question("account", [this]() -> Result<BrokerAccount> {
      double equity = account_.cash;
      for (const auto& [symbol, h] : account_.holdings_) equity += h.shares * account_.prices_.at(symbol);
      return BrokerAccount{.id = "memory-" + std::to_string(::getpid()),  // tests run side by side
                           .status = account_.hindrances.empty() ? "ACTIVE" : "HINDERED",
                           .currency = account_.currency,
                           .cash = decimal(account_.cash),
                           .equity = decimal(equity),
                           .buying_power = decimal(account_.cash),
                           .pending_fees = account_.pending_fees,
                           .leverage = 1,
                           .hindrances = account_.hindrances};
    });
  }
  Result<std::vector<BrokerPosition>> positions(bool) override {
    return question("positions", [this]() -> Result<std::vector<BrokerPosition>> {
      std::vector<BrokerPosition> all;
      const auto& history = account_.history_;
      const auto then = std::ranges::find_if(history.rbegin(), history.rend(), [this](const auto& entry) {
        return entry.first <= account_.now() - account_.positions_lag;
      });
      if (then == history.rend()) return all;
      for (const auto& [symbol, h] : then->second) {
        all.push_back({symbol, h.shares, decimal(h.shares), decimal(h.shares - account_.reserved(symbol)), decimal(h.entry)});
      }
      return all;
    });
  }
  Result<std::vector<BrokerOrder>> open_orders(bool) override {
    return question("open_orders", [this] { return orders_if([](const BrokerOrder& o) { return !o.ended; }); });
  }
  Result<std::vector<BrokerOrder>> orders_since(TimePoint after) override {
    return question("orders_since",
                    [&] { return orders_if([&](const BrokerOrder& o) { return o.submitted_at >= after; }); });
  }
  Result<BrokerOrder> order_by_client_id(const std::string& id) override {
    return question("order_by_client_id", [&]() -> Result<BrokerOrder> {
      const auto found = orders_if([&](const BrokerOrder& o) { return o.client_order_id == id; });
      if (found->empty()) return fail(Errc::not_found, id, "is not known");
      return found->front();
    });
  }
  Result<std::vector<AccountActivity>> activities_since(TimePoint after) override {
    return question("activities_since", [&]() -> Result<std::vector<AccountActivity>> {
      std::vector<AccountActivity> all;
      std::ranges::copy_if(account_.activities, std::back_inserter(all), [&](const auto& a) { return a.at >= after; });
      return all;
    });
  }
  Result<MarketClock> clock() override {
    return question("clock", [this]() -> Result<MarketClock> {
      return MarketClock{.timestamp = account_.now() + account_.clock_ahead};
    });
  }
  Result<std::optional<CalendarDay>> calendar(Date date) override {
    return question("calendar", [&]() -> Result<std::optional<CalendarDay>> {
      if (const auto told = account_.calendar.find(date); told != account_.calendar.end()) return told->second;
      const auto hours = NyseCalendar::session(date);
      if (!hours) return std::optional<CalendarDay>{};
      const std::chrono::minutes open{570};
      return CalendarDay{date, open, open + std::chrono::minutes{hours->minutes}};
    });
  }
  Result<BrokerAsset> asset(const std::string& symbol) override {
    return question("asset", [&]() -> Result<BrokerAsset> {
      const auto at = account_.assets.find(symbol);
      if (at == account_.assets.end()) return fail(Errc::not_found, symbol, "is not known");
      return at->second;
    });
  }
  Result<> cancel_by_broker_id(const std::string& id) override {
    return question("cancel", [&]() -> Result<> {
      if (account_.find(id) == nullptr) return fail(Errc::not_found, id, "is not known");
      account_.cancel(id);
      return {};
    });
  }
  Result<std::string> close_position(const std::string& symbol, std::optional<double> shares) override {
    return question("close", [&]() -> Result<std::string> {
      const double held = account_.held(symbol), qty = shares.value_or(std::abs(held));
      if (held == 0) return std::string();
      if (held > 0 && qty > held - account_.reserved(symbol)) {
        return fail(Errc::rejected, "close " + symbol, "shares are held for orders");
      }
      return account_.place("", symbol, held > 0 ? Side::sell : Side::buy, qty);
    });
  }
  std::vector<BrokerNotice> notices() override { return std::exchange(news, {}); }

 private:
  /// An order of the session: how much of it has gone out as events.
  struct Mine {
    OrderKey key;
    std::string id;  ///< the broker's; empty: it never got there
    std::size_t told = 0;
    bool ended = false;
  };
  [[nodiscard]] std::string client_id(const Order& order) const {
    return client_order_id(order.key, universe_[order.symbol].name, order.decided_at);
  }
  void hear(Mine& m, std::vector<Event>& events) {
    if (m.ended || m.id.empty()) return;
    const MemoryAccount::Entry& entry = *account_.find(m.id);
    for (; m.told < entry.executions.size(); ++m.told) {
      const MemoryAccount::Execution& x = entry.executions[m.told];
      events.emplace_back(OrderFilled{
          Fill{.order = m.key, .qty = Qty{x.shares}, .price = Price{x.price}, .at = x.at, .execution = x.number}});
    }
    if (!entry.order.replaced_by.empty()) {  // it goes on in its successor
      m.id = entry.order.replaced_by;
      m.told = 0;
      return hear(m, events);
    }
    m.ended = entry.order.ended;
    if (m.ended && entry.order.status != "filled") events.emplace_back(OrderCanceled{m.key});
  }
  template <class Answer>
  auto question(const std::string& name, Answer answer) -> decltype(answer()) {
    const std::lock_guard lock(account_.mutex_);
    if (auto heard = account_.answers(name); !heard) return tl::unexpected(heard.error());
    return answer();
  }
  template <class Wanted>
  Result<std::vector<BrokerOrder>> orders_if(Wanted wanted) const {
    std::vector<BrokerOrder> all;
    for (const auto& entry : account_.orders) {
      BrokerOrder order = entry.order;
      for (std::string id = order.replaces; !id.empty(); id = account_.find(id)->order.replaces) {
        order.client_order_id = account_.find(id)->order.client_order_id;
      }
      if (wanted(order)) all.push_back(std::move(order));
    }
    return all;
  }

  MemoryAccount& account_;
  const Universe& universe_;
  std::vector<Mine> mine_;
  std::vector<Event> refused_;
  std::vector<SentOrder> sent_;
  std::uint64_t updates_ = 0;
};

}  // namespace sentio::testing
