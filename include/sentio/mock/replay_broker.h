#pragma once
/// The broker of a mock session: recorded minutes fill the orders.

#include <optional>
#include <span>
#include <vector>

#include "sentio/config/rotation_config.h"
#include "sentio/config/universe.h"
#include "sentio/execution/fill_model.h"
#include "sentio/ports/broker_interface.h"

namespace sentio {

/// BrokerInterface over FillModel. Per minute the driver calls on_minute(start, bars), steps what poll()
/// gives, steps the bar set, performs its actions (submit, cancel) and polls again; end_session() after the
/// last one. FillTiming::next_open: an order received in [T, T+60 s) meets the open of the first real bar
/// from T on. FillTiming::same_close: it fills whole, at once, at the close of the symbol's latest bar (a
/// bias on show, NOT ACHIEVABLE); without any bar yet it waits for the next open. Never rejects. The universe
/// must outlive the broker.
class ReplayBroker final : public BrokerInterface {
 public:
  ReplayBroker(const FillConfig& config, const Universe& universe);
  void begin_session();
  /// Afterwards, of each symbol whose typical range is known from earlier sessions.
  void guard_prices(SymbolId symbol, const PrintGuard& guard) { prices_.begin_session(symbol, guard); }
  /// A session minute begins: fills at its opens, bad prints aside. `bars` by SymbolId, nullopt = no trade.
  void on_minute(TimePoint start, std::span<const std::optional<Bar>> bars);
  /// No bar is left: exits get the last resort, entries are cancelled as expired.
  void end_session(TimePoint close);

  void submit(const Approved<Order>& order, TimePoint received) override;
  void cancel(const OrderKey& order) override;
  [[nodiscard]] std::vector<Event> poll() override;

 private:
  FillTiming timing_;
  FillPrices prices_;
  FillModel model_;
  std::vector<std::optional<Bar>> latest_;  ///< by SymbolId; kept for same_close only
  std::vector<Event> events_;
};

}  // namespace sentio
