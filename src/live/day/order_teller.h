#pragma once
/// What people hear of orders that do not do what they should: once, not with every minute.

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <map>
#include <optional>
#include <set>
#include <string>

#include "sentio/core/event.h"

namespace sentio {

/// Threads  one at a time.
class OrderTeller {
 public:
  /// The line for a refused purchase that nobody was told of yet; figures in the broker's words make no difference.
  [[nodiscard]] std::optional<std::string> refused(const OrderRejected& order, const std::string& name) {
    const bool all = order.scope == RefusalScope::account;
    std::string kind = all ? std::string("*") : name;
    std::ranges::copy_if(order.detail, std::back_inserter(kind), [](char c) { return c < '0' || c > '9'; });
    if (!told_.insert(kind).second) return std::nullopt;
    const char* consequence = all                                    ? "; all purchases pause, longer each time"
                              : order.scope == RefusalScope::symbol ? "; its purchases pause, longer each time"
                                                                     : "";
    return name + ": the entry was refused by the broker: " + order.detail + consequence;
  }

  /// The session sends a cancel of that symbol's order. A line when one is repeated, and at every tenth time.
  [[nodiscard]] std::optional<std::string> cancels(const OrderKey& order, const std::string& name) {
    auto& [key, times] = cancels_[order.symbol];
    times = key == order ? times + 1 : 1;
    key = order;
    if (times % 10 != 2) return std::nullopt;
    return name + ": the cancel of our order has had no end for minutes, it is asked for again; look at the broker's pages";
  }

 private:
  std::set<std::string> told_;
  std::map<SymbolId, std::pair<OrderKey, int>> cancels_;
};

}  // namespace sentio
