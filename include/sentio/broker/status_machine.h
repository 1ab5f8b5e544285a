#pragma once
/// Which order status may follow which.
///
/// Alpaca publishes no formal machine; this one is drawn from its status texts, its list of events and
/// recorded sessions. It never decides what is booked (fills are cumulative); it tells news from old news,
/// and what a person should hear about.

#include "sentio/broker/alpaca_types.h"

namespace sentio {

enum class Transition : std::uint8_t {
  same,     // said before
  next,     // one legal step
  skipped,  // legal over states that we were not told of
  behind,   // only legal the other way round: a message that was overtaken
  illegal,  // no legal way, among them everything after a terminal state
};

/// `unknown` on either side counts as `next` unless `from` is terminal: a new word must not stop anything.
[[nodiscard]] Transition transition(OrderStatus from, OrderStatus to);

}  // namespace sentio
