#pragma once
/// The faults that are switched on right now.

#include <optional>
#include <string_view>
#include <vector>

#include "sentio/core/time.h"
#include "sentio/exchange/fault_script.h"

namespace sentio::exchange {

/// A REST call as faults tell calls apart.
struct Call {
  std::string_view method, path;
  bool orders = false, data = false;
};

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
  /// The same for faults that meet only some REST calls.
  [[nodiscard]] std::optional<Fault> take_for_call(FaultKind kind, TimePoint now, const Call& call) {
    return take_if(now, [&](const Fault& f) { return f.kind == kind && meets(f, call); });
  }
  /// The same for faults that meet one of the sockets: "data" or "stream".
  [[nodiscard]] std::optional<Fault> take_for_socket(FaultKind kind, TimePoint now, std::string_view socket) {
    return take_if(now, [&](const Fault& f) { return f.kind == kind && f.text == socket; });
  }
  /// A limit that a subscription of so many entries is beyond.
  [[nodiscard]] bool beyond_limit(TimePoint now, std::size_t entries) {
    return take_if(now,
                   [entries](const Fault& f) {
                     return f.kind == FaultKind::symbol_limit && static_cast<double>(entries) > f.qty;
                   })
        .has_value();
  }
  [[nodiscard]] bool muted(TimePoint now, std::string_view symbol) {
    return take_if(
               now,
               [symbol](const Fault& f) { return f.kind == FaultKind::mute_symbol && f.symbol == symbol; })
        .has_value();
  }
  [[nodiscard]] static bool meets(const Fault& fault, const Call& call) {
    if (fault.target == FaultTarget::orders && !call.orders) return false;
    if (fault.target == FaultTarget::data && !call.data) return false;
    if (!fault.method.empty() && fault.method != call.method) return false;
    if (!fault.path.ends_with('*')) return fault.path.empty() || fault.path == call.path;
    return call.path.starts_with(std::string_view(fault.path).substr(0, fault.path.size() - 1));
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
