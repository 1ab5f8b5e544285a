#pragma once
/// One piece of market data on its way to the sockets, before it has a wire format.

#include <cstdint>
#include <string>

#include "sentio/core/bar.h"

namespace sentio::exchange {

enum class DataKind : std::uint8_t { bar, updated_bar, daily_bar, quote, status };

struct DataItem {
  DataKind kind = DataKind::bar;
  SymbolId symbol = 0;
  Bar bar{};               ///< bars of all kinds; a quote is derived from its close
  double half_spread = 0;  ///< quotes: USD per share
  TimePoint at{};          ///< quotes and statuses
  bool halted = false;     ///< statuses
  double day_volume = 0;   ///< accumulated volume of the session, this bar included
  double day_open = 0, day_vwap = 0;
};

}  // namespace sentio::exchange
