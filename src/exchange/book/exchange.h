#pragma once
/// The exchange without its wires: simulated day, market, faults, and who is listening.

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "book/data_item.h"
#include "faults/fault_state.h"
#include "book/peer.h"
#include "book/sim_clock.h"
#include "book/tape.h"
#include "sentio/exchange/exchange_server.h"
#include "sentio/exchange/matching.h"

namespace sentio::exchange {

/// Listens to market data (Alpaca's or Polygon's socket).
class DataListener {
 public:
  virtual ~DataListener() = default;
  virtual void deliver(std::span<const DataItem> items, bool one_by_one) = 0;
  [[nodiscard]] virtual bool authenticated() const = 0;
  /// Bars of the minute that starts at `start` sent so far, each symbol once.
  [[nodiscard]] virtual int bars_sent(TimePoint start) const = 0;
  virtual void drop() = 0;
};

/// Listens to trade_updates.
class UpdateListener {
 public:
  virtual ~UpdateListener() = default;
  /// False when this client did not ask for updates.
  virtual bool deliver(const std::string& frame) = 0;
  [[nodiscard]] virtual bool listening() const = 0;
  virtual void drop() = 0;
};

/// Listens to announcements.
class TimeListener {
 public:
  virtual ~TimeListener() = default;
  virtual void announce(const std::string& line) = 0;
};

/// Whether the fault can happen on an exchange of these symbols. Errors   not_found, usage.
[[nodiscard]] Result<> check_fault(const Fault& fault, const Universe& universe);

/// Everything runs on one thread. Before each use from outside, sync() brings simulated time up to date.
/// Members  more than twenty: the day's parts (clock, tape, matching, faults), who listens, and what of the faults lasts.
class Exchange {
 public:
  /// How long after a minute's start its opens are matched: orders decided on the bar that has just ended
  /// arrive by then. In lock step that moment comes with the acknowledgement.
  static constexpr std::chrono::seconds kMatchDelay{10};
  static constexpr std::chrono::milliseconds kBarLatency{500};  ///< minute's end → bars sent; lock step: 0

  Exchange(ExchangeOptions options, const SessionHours& hours);

  // ---- time
  [[nodiscard]] TimePoint now() const { return clock_.now(); }
  [[nodiscard]] bool lock_step() const { return options_.speed <= 0; }
  void start_clock();  ///< real time × speed starts to run
  void sync();
  /// When sync() is next worth calling; nullopt: never (lock step, or nothing left).
  [[nodiscard]] std::optional<ScaledTime::Wall::time_point> next_wake() const;
  [[nodiscard]] Result<> acknowledge(int minute);
  [[nodiscard]] Result<> advance(TimePoint to);
  [[nodiscard]] std::string hello() const;
  [[nodiscard]] std::string pending_announcement() const;  ///< empty when none is unacknowledged
  [[nodiscard]] std::string time_line(std::string_view type) const;

  // ---- faults
  [[nodiscard]] Result<> inject(const Fault& fault);
  [[nodiscard]] FaultState& faults() { return faults_; }
  [[nodiscard]] std::chrono::seconds clock_skew() const { return clock_skew_; }
  [[nodiscard]] bool calendar_disagrees() const { return calendar_disagrees_; }
  [[nodiscard]] bool wrong_keys_forbidden() const { return wrong_keys_forbidden_; }

  // ---- what clients do with orders, and what faults make of it
  [[nodiscard]] tl::expected<ExchangeOrder, Refusal> submit(const OrderRequest& request);
  [[nodiscard]] tl::expected<void, Refusal> cancel(const std::string& id);

  // ---- state
  [[nodiscard]] Matching& matching() { return matching_; }
  [[nodiscard]] const Matching& matching() const { return matching_; }
  [[nodiscard]] const Tape& tape() const { return tape_; }
  [[nodiscard]] const ExchangeOptions& options() const { return options_; }
  [[nodiscard]] const Universe& universe() const { return options_.universe; }
  [[nodiscard]] const std::vector<std::pair<TimePoint, double>>& equity_curve() const {
    return equity_curve_;
  }
  [[nodiscard]] bool credentials_match(std::string_view key, std::string_view secret) const;
  [[nodiscard]] bool polygon_key_matches(std::string_view key) const;
  ExchangeStatistics statistics() const;
  void count_request() { ++requests_; }

  // ---- sockets
  /// A socket of that path ended without a close frame: where lingering is on, its place stays taken.
  void lost_socket(const std::string& path);
  [[nodiscard]] bool place_lingers(const std::string& path) const;
  /// The bar (quotes and statuses as they are) as one exchange's tape would have it; nullopt: no trade there.
  [[nodiscard]] std::optional<DataItem> on_iex(DataItem item) const;
  [[nodiscard]] std::optional<Bar> on_iex(SymbolId symbol, Bar bar) const;

  // ---- listeners (added by their constructors, removed by their destructors)
  void add(DataListener* listener) { data_listeners_.push_back(listener); }
  void add(UpdateListener* listener) { update_listeners_.push_back(listener); }
  void add(TimeListener* listener) { time_listeners_.push_back(listener); }
  void remove(DataListener* listener) { std::erase(data_listeners_, listener); }
  void remove(UpdateListener* listener) { std::erase(update_listeners_, listener); }
  void remove(TimeListener* listener) { std::erase(time_listeners_, listener); }
  [[nodiscard]] const std::vector<DataListener*>& data_listeners() const { return data_listeners_; }
  /// Sends the order events that came up since the last call.
  void flush_updates();
  void count_data_items(std::size_t n) { data_items_ += n; }

 private:
  void schedule_day();
  void schedule_faults();
  void end_minute(int i);
  void end_day();
  void match(int i);
  void publish(std::vector<DataItem> items);
  void deliver(const std::vector<DataItem>& items, bool one_by_one);
  [[nodiscard]] Result<> apply(const Fault& fault);
  [[nodiscard]] std::optional<Refusal> refused_by_script(const OrderRequest& request, SymbolId symbol);
  void set_asset(const Fault& fault);
  void replace_orders(const Fault& fault);
  [[nodiscard]] Result<> place_foreign_order(const Fault& fault);
  void move_cash(const Fault& fault);
  void thin_out(const Fault& fault);
  void trade_elsewhere(const Fault& fault);
  /// Runs `action` after `span`, then sends the order events that came of it.
  void do_later(std::chrono::seconds span, std::function<void()> action);
  void halt(SymbolId symbol, std::chrono::seconds lasts);
  void revise_later(SymbolId symbol);
  void broadcast(const std::string& line);
  [[nodiscard]] std::string minute_line(int minute) const;
  void add_counts(nlohmann::ordered_json& line) const;
  [[nodiscard]] int last_minute() const { return options_.to_minute.value_or(hours_.minutes - 1); }

  ExchangeOptions options_;
  SessionHours hours_;
  SimClock clock_;
  std::optional<ScaledTime> scaled_;
  Tape tape_;
  FillPrices prices_;
  Matching matching_;
  FaultState faults_;
  std::chrono::seconds clock_skew_{0};
  struct Thin {
    Fault fault;
    TimePoint from;  ///< bars that end after it
  };
  std::vector<Thin> thin_;
  std::chrono::seconds data_lingers_{0}, stream_lingers_{0};
  std::map<std::string, TimePoint> lingering_;  ///< until when a path's place is taken
  bool calendar_disagrees_ = false, wrong_keys_forbidden_ = false;
  int announced_ = -1;     ///< the last minute announced
  int acknowledged_ = -2;  ///< the last minute acknowledged
  bool closed_ = false;
  std::uint64_t requests_ = 0, events_ = 0, data_items_ = 0;
  std::vector<std::pair<TimePoint, double>> equity_curve_;
  std::vector<DataListener*> data_listeners_;
  std::vector<UpdateListener*> update_listeners_;
  std::vector<TimeListener*> time_listeners_;
};

}  // namespace sentio::exchange
