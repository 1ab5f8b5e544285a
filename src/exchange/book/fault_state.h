#pragma once
/// The faults that are switched on right now.

#include <optional>
#include <vector>

#include "sentio/core/time.h"
#include "sentio/exchange/fault_script.h"

namespace sentio::exchange {

class FaultState {
 public:
  void add(const Fault& fault, TimePoint now) {
    active_.push_back(
        {fault, fault.lasts.count() > 0 ? std::optional(now + fault.lasts) : std::nullopt, fault.count});
  }
  /// The first active fault of that kind; a counted one is used up by one.
  [[nodiscard]] std::optional<Fault> take(FaultKind kind, TimePoint now) {
    return take_if(now, [kind](const Fault& f) { return f.kind == kind; });
  }
  /// The same for faults that meet only some orders.
  [[nodiscard]] std::optional<Fault> take_for_order(FaultKind kind, TimePoint now, std::string_view symbol,
                                                    Side side) {
    return take_if(now, [&](const Fault& f) { return f.kind == kind && meets(f, symbol, side); });
  }
  [[nodiscard]] static bool meets(const Fault& fault, std::string_view symbol, Side side) {
    return (fault.symbol.empty() || fault.symbol == symbol) && fault.side.value_or(side) == side;
  }
  /// The status the next REST call must answer with.
  [[nodiscard]] std::optional<int> take_status(TimePoint now, bool orders, bool data) {
    const auto fault = take_if(now, [orders, data](const Fault& f) {
      if (f.kind != FaultKind::http_status) return false;
      return f.target == FaultTarget::rest || (f.target == FaultTarget::orders && orders) ||
             (f.target == FaultTarget::data && data);
    });
    if (!fault) return std::nullopt;
    return fault->http_status;
  }

 private:
  struct Active {
    Fault fault;
    std::optional<TimePoint> until;  ///< nullopt: counted
    int left;
  };
  template <class Match>
  std::optional<Fault> take_if(TimePoint now, Match match) {
    std::erase_if(active_, [now](const Active& a) { return a.until ? now >= *a.until : a.left <= 0; });
    for (Active& a : active_) {
      if (!match(a.fault)) continue;
      --a.left;
      return a.fault;
    }
    return std::nullopt;
  }
  std::vector<Active> active_;
};

}  // namespace sentio::exchange
