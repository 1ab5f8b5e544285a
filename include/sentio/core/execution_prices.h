#pragma once
/// One execution of a live day and the prices it is judged against: a line of executions_D.jsonl.

#include <cmath>
#include <string>

#include "sentio/core/time.h"

namespace sentio {

/// USD per share; NaN where nobody knows.
struct ExecutionPrices {
  TimePoint ts{};  ///< of the execution
  std::string symbol, order_id, side;
  double qty = 0, price = 0;
  double decision_close = NAN;  ///< the close that the order was decided on
  double next_open = NAN;       ///< of the first minute with a bar that the order could meet
  double minute_open = NAN;     ///< of the minute in which it was executed
  double half_spread = NAN;     ///< what mock charges a share at minute_open
  double bid = NAN, ask = NAN;  ///< of the last quote heard before
  double quote_age_s = NAN;     ///< its age then
  [[nodiscard]] bool buy() const { return side == "buy"; }
  [[nodiscard]] double notional() const { return qty * price; }
};

}  // namespace sentio
