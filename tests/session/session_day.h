#pragma once
/// One session of two instruments that is told events through the door, and what it was told and did.

#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "planted_signals.h"
#include "sentio/session/trading_session.h"
#include "sentio/store/journal.h"

namespace sentio::testing {

inline constexpr SymbolId AAA = 0, BBB = 1;
inline const std::vector<std::string> kNames{"AAA", "BBB"};
inline constexpr double kClose = 100;

/// 2025-07-03, 09:30-13:00.
inline SessionHours half_day() { return *NyseCalendar::session(std::chrono::year{2025} / 7 / 3); }
inline SessionHours next_day() { return *NyseCalendar::session(std::chrono::year{2025} / 7 / 7); }

/// "submit sell BBB 10 of minute 0.1 at 13:30:00Z": everything that an order or a record of it says.
inline std::string describe(const OrderKey& key) {
  return std::string(to_string(key.side)) + " " + kNames[key.symbol] + " " + std::to_string(key.minute) + "." +
         std::to_string(key.attempt);
}
inline std::string describe(const Action& action) {
  char numbers[120] = "";
  if (const auto* submit = std::get_if<SubmitOrder>(&action)) {
    const Order& o = submit->order.get();
    std::snprintf(numbers, sizeof numbers, " %.17g %.17g ", o.qty.v, o.reference.v);
    return "submit " + describe(o.key) + numbers + std::string(to_string(o.reason)) + " " + format_utc(o.decided_at);
  }
  if (const auto* cancel = std::get_if<CancelOrder>(&action)) return "cancel " + describe(cancel->order);
  if (const auto* d = std::get_if<DecisionRecord>(&action)) {
    return std::string(to_string(d->kind)) + " " + kNames[d->symbol] + " " + std::string(to_string(d->reason)) + " " +
           format_utc(d->ts);
  }
  if (const auto* t = std::get_if<TradeRecord>(&action)) {
    std::snprintf(numbers, sizeof numbers, " %.17g %.17g %.17g ", t->qty, t->price, t->pnl);
    return "trade " + describe(t->order) + numbers + format_utc(t->ts);
  }
  if (const auto* p = std::get_if<PositionsRecord>(&action)) {
    std::snprintf(numbers, sizeof numbers, "positions %.17g %.17g", p->cash, p->equity);
    return numbers;
  }
  return std::holds_alternative<BreakerTripped>(action) ? "breaker" : "";
}

class SessionDay {
 public:
  /// AAA is wanted (bought, then kept) while `*wanted`.
  SessionDay() : session({.config = {}, .universe = universe(), .fees = fees()}, signals()) {}

  static Universe universe() {
    return Universe({{.name = "AAA", .boost = 1.5, .half_spread = Bps{1}},
                     {.name = "BBB", .boost = 1.5, .half_spread = Bps{1}}});
  }
  static FeeTable fees() {
    return FeeTable({{.from = std::chrono::year{2025} / 1 / 2,
                      .sec_rate = 27.8e-6,
                      .taf_per_share = 0.000166,
                      .taf_cap = 8.3}});
  }

  /// Through the door. Returns what became of it, one letter an action that concerns orders: B booked, E entry and
  /// S exit submitted, C cancel; "-": nothing; "R": refused.
  std::string tell(TimePoint now, const Event& event) {
    const auto fits = session.fits(now, event);
    if (!fits) {
      refusal = fits.error().detail;
      return "R";
    }
    told.push_back({now, event});
    wishes.push_back(*wanted);
    std::string letters;
    for (const Action& action : session.step(now, event)) {
      done.push_back(describe(action));
      if (const auto* trade = std::get_if<TradeRecord>(&action)) {
        last_trade = *trade;
        letters += 'B';
      }
      if (std::holds_alternative<CancelOrder>(action)) letters += 'C';
      if (const auto* submit = std::get_if<SubmitOrder>(&action)) {
        last_order = submit->order.get();
        letters += last_order->side == Side::buy ? 'E' : 'S';
      }
    }
    latest = now;
    return letters.empty() ? "-" : letters;
  }
  std::string open() { return tell(hours.open - std::chrono::minutes{10}, SessionOpened{.hours = hours}); }
  std::string adopt(SymbolId symbol, double qty = 10) {
    return tell(latest, PositionAdopted{symbol, Qty{qty}, Price{kClose}});
  }
  [[nodiscard]] BarsArrived bars(int minute, double close = kClose, bool observe_only = false) const {
    const Bar bar{hours.minute_start(minute), close, close, close, close, 1e6};
    return {.minute = minute, .bars = {bar, bar}, .observe_only = observe_only};
  }
  std::string set(int minute, bool observe_only = false) {
    return tell(hours.minute_end(minute), bars(minute, kClose, observe_only));
  }
  [[nodiscard]] const WorkingOrder* working(SymbolId symbol) const {
    const TradingSession& s = session;
    return s.working_orders().find(symbol);
  }
  /// All or `qty` of the symbol's order, at its reference.
  [[nodiscard]] OrderFilled fill(SymbolId symbol, double qty = 0) {
    const Order& order = working(symbol)->order;
    return {{.order = order.key, .qty = qty > 0 ? Qty{qty} : working(symbol)->left(), .price = order.reference,
             .at = latest, .execution = ++executions}};
  }

  SessionHours hours = half_day();
  std::shared_ptr<bool> wanted = std::make_shared<bool>(false);
  std::uint64_t executions = 0;
  TimePoint latest{};
  TradingSession session;
  std::vector<TimedEvent> told;
  std::vector<bool> wishes;  ///< `*wanted` at each
  std::vector<std::string> done;
  std::optional<Order> last_order;
  std::optional<TradeRecord> last_trade;
  std::string refusal;

 private:
  std::unique_ptr<SignalSource> signals() {
    return std::make_unique<PlantedSignals>(kNames.size(), [on = wanted](SymbolId symbol, int, SymbolSignal& s) {
      s.confidence = 0.9;
      s.probability = *on && symbol == AAA ? 0.9 : 0.1;
    });
  }
};

}  // namespace sentio::testing
