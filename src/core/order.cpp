#include "sentio/core/order.h"

#include <cstdio>

#include "sentio/core/records.h"

namespace sentio {

std::string_view to_string(Reason r) {
  switch (r) {
    case Reason::none: return "none";
    case Reason::entered: return "entered";
    case Reason::eod: return "eod";
    case Reason::circuit_breaker: return "circuit_breaker";
    case Reason::stop_loss: return "stop_loss";
    case Reason::profit_target: return "profit_target";
    case Reason::stale_signal: return "stale_signal";
    case Reason::weak_signal: return "weak_signal";
    case Reason::negative_edge: return "negative_edge";
    case Reason::rotated_out: return "rotated_out";
    case Reason::operator_flatten: return "operator_flatten";
    case Reason::entry_expired: return "entry_expired";
    case Reason::exit_resting: return "exit_resting";
    case Reason::skipped_set: return "skipped_set";
    case Reason::below_entry_strength: return "below_entry_strength";
    case Reason::cost_gate: return "cost_gate";
    case Reason::no_real_bar: return "no_real_bar";
    case Reason::cooling_down: return "cooling_down";
    case Reason::no_free_slot: return "no_free_slot";
    case Reason::opposite_side: return "opposite_side";
    case Reason::after_cutoff: return "after_cutoff";
    case Reason::maintenance: return "maintenance";
    case Reason::breaker_open: return "breaker_open";
    case Reason::entries_suspended: return "entries_suspended";
    case Reason::halted: return "halted";
    case Reason::refusal_pause: return "refusal_pause";
    case Reason::learner_unhealthy: return "learner_unhealthy";
    case Reason::insufficient_cash: return "insufficient_cash";
    case Reason::risk_order_size: return "risk_order_size";
    case Reason::risk_price_band: return "risk_price_band";
    case Reason::risk_order_rate: return "risk_order_rate";
    case Reason::broker_rejected: return "broker_rejected";
    case Reason::broker_canceled: return "broker_canceled";
    case Reason::closed_by_broker: return "closed_by_broker";
  }
  return "unknown";
}

std::string_view to_string(DecisionKind k) {
  switch (k) {
    case DecisionKind::enter: return "enter";
    case DecisionKind::exit: return "exit";
    case DecisionKind::cancel: return "cancel";
    case DecisionKind::blocked: return "blocked";
    case DecisionKind::halt: return "halt";
  }
  return "unknown";
}

std::string client_order_id(const OrderKey& key, std::string_view symbol, TimePoint decided_at) {
  using namespace std::chrono;
  const auto wall = floor<minutes>(new_york_time_of_day(decided_at)).count();
  char text[64];
  const int n = std::snprintf(text, sizeof text, "sen-%04d%02u%02u-%02d%02d-%.*s-%c-%u",
                              static_cast<int>(key.session.year()), static_cast<unsigned>(key.session.month()),
                              static_cast<unsigned>(key.session.day()), static_cast<int>(wall / 60),
                              static_cast<int>(wall % 60), static_cast<int>(symbol.size()), symbol.data(),
                              key.side == Side::buy ? 'B' : 'S', static_cast<unsigned>(key.attempt));
  return {text, static_cast<std::size_t>(n)};
}

std::string order_id(const TradeRecord& trade, std::string_view symbol) {
  std::string id = client_order_id(trade.order, symbol, trade.decided_at);
  if (trade.reason == Reason::closed_by_broker) id.replace(0, id.find('-'), "broker");
  return id;
}

}  // namespace sentio
