#pragma once
/// How a replayed or imitated market fills orders. ReplayBroker and exchange-sim share this code.

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "sentio/config/rotation_config.h"
#include "sentio/config/universe.h"
#include "sentio/core/bar.h"
#include "sentio/core/order.h"
#include "sentio/execution/fill_prices.h"

namespace sentio {

/// Market orders against recorded minutes; a limit is not looked at.
///
/// An order received in [T, T+60 s) fills at the open of the first REAL bar with start ≥ T, half a spread
/// worse, rounded to 1e-4 USD. Entries take at most floor(participation · volume) shares of each real bar and
/// work on; exits fill whole at the first real bar, the part above that share one half-spread worse (its own
/// Fill, so prices stay exact). No bar left in the session: exits get the last trade two half-spreads worse
/// (Fill::last_resort), entries expire. A forward-filled minute is never a price.
/// Spread per share: half_spread_per_share(symbol, open); Fill::spread_cost = qty × |price - open|.
/// Execution numbers are unique over the model's life. The universe must outlive the model.
class FillModel {
 public:
  FillModel(const FillConfig& config, const Universe& universe);
  void begin_session();
  /// `working_from`: the earliest bar start that may fill it (the minute in which the order is received:
  /// what is decided on the set that ends at T meets the open at T, however many seconds the wire takes).
  void submit(const Order& order, TimePoint working_from);
  /// Removes what is left of an order; false if it was not working any more.
  bool cancel(const OrderKey& order);
  /// A session minute: `bars` by SymbolId, nullopt = no trade. Fills at the opens, in order of submission; an order
  /// that has `passed` over minutes (by SymbolId, as FillPrices gives them), at worst_open().
  [[nodiscard]] std::span<const Fill> on_minute(TimePoint start, std::span<const std::optional<Bar>> bars,
                                                std::span<const PassedPrices> passed = {});
  /// Immediate fill at `bar.close` ± half-spread, whole (FillTiming::same_close only); never dated before
  /// its decision.
  [[nodiscard]] Fill fill_at_close(const Order& order, const Bar& bar);
  struct End {
    std::vector<Fill> fills;        ///< last resort exits
    std::vector<OrderKey> expired;  ///< entries whose rest is dropped
  };
  [[nodiscard]] End end_session(TimePoint close);
  [[nodiscard]] bool working(const OrderKey& order) const;

 private:
  struct Working {
    Order order;
    TimePoint from;
    double left;
  };
  void fill_at_open(Working& working, const Bar& bar, Price open);
  [[nodiscard]] Fill fill_of(const Order& order, double qty, Price unspread, int half_spreads, TimePoint at);

  FillConfig config_;
  const Universe* universe_;
  std::vector<Working> working_;
  std::vector<Price> last_trade_;  ///< close of the session's last real bar; 0 = none yet
  std::vector<Fill> fills_;
  std::uint64_t next_execution_ = 1;
};

}  // namespace sentio
