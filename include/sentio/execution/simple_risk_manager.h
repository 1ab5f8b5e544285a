#pragma once
/// Limits between a decision and the wire: nothing reaches a broker that this class has not approved.

#include <variant>

#include "sentio/config/rotation_config.h"
#include "sentio/core/approved.h"
#include "sentio/core/order.h"

namespace sentio {

struct Refused {
  Order order;
  Reason reason = Reason::none;
};

class SimpleRiskManager {
 public:
  explicit SimpleRiskManager(const RiskConfig& config);
  /// A day begins with this equity; the breaker is closed again.
  void on_session_open(Usd equity);
  /// Marks equity after a set. True exactly once a day: when the drawdown from the session's peak
  /// (opening equity included) reaches the limit. From then on breaker_open() until the next session.
  [[nodiscard]] bool on_equity(Usd equity);
  [[nodiscard]] bool breaker_open() const { return breaker_open_; }
  /// The outside remembers a tripped breaker over restarts and tells us here.
  void latch_breaker() { breaker_open_ = true; }
  [[nodiscard]] double drawdown() const { return drawdown_; }

  /// Entries, at the price that is sent (Order::price()): breaker closed, notional within `max_order_fraction` of
  /// equity, price within `max_price_deviation` of the last close, at most `max_orders_per_minute` orders decided in
  /// one set.
  /// Exits always pass (being flat comes first) but count towards the rate; refused orders do not.
  [[nodiscard]] std::variant<Approved<Order>, Refused> review(const Order& order, Price last_close,
                                                              Usd equity);

 private:
  [[nodiscard]] Reason entry_barrier(const Order& order, Price last_close, Usd equity) const;

  RiskConfig config_;
  double peak_ = 0, drawdown_ = 0;
  bool breaker_open_ = false;
  TimePoint minute_{};
  int orders_this_minute_ = 0;
};

}  // namespace sentio
