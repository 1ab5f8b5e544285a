#include <array>

#include "explain/explain_gates.h"

namespace sentio::mock_detail {

namespace {

struct Words {
  std::string_view reason, words;
};

constexpr std::array kWords{
    Words{"none", "nothing was to be done"},
    Words{"entered", "every condition was met: bought"},
    // a position
    Words{"eod", "the end of the day: everything goes"},
    Words{"circuit_breaker", "the circuit breaker is open: everything goes"},
    Words{"stop_loss", "the loss since entry reached the stop"},
    Words{"profit_target", "the gain since entry reached the target"},
    Words{"stale_signal", "the signal is stale or not valid any more"},
    Words{"weak_signal", "the strength fell below the exit threshold"},
    Words{"negative_edge", "the calibrated move turned against the position"},
    Words{"rotated_out", "it fell out of the first ranks and a stronger candidate takes its slot"},
    Words{"operator_flatten", "the operator wants out"},
    Words{"minimum_hold", "held: the minimum hold is not over"},
    // an order
    Words{"entry_expired", "the entry had worked for as long as it may: the rest is cancelled"},
    Words{"exit_resting", "the sale rested while others traded: it is cancelled and ordered again"},
    Words{"broker_rejected", "the broker refused the order"},
    Words{"broker_canceled", "the broker cancelled the order"},
    Words{"closed_by_broker", "the broker sold it by an order of its own"},
    Words{"order_at_work", "an order of it is at the broker already"},
    // a signal
    Words{"signal", "no valid signal"},
    Words{"buy_threshold", "the probability is below the threshold"},
    Words{"min_confidence", "the confidence is below the filter"},
    Words{"min_strength", "the strength is below the filter"},
    Words{"rank", "not among the ranks that have a slot"},
    // an entry
    Words{"skipped_set", "too many instruments had no bar: a skipped set ranks and buys nothing"},
    Words{"below_entry_strength", "the strength is below what an entry needs"},
    Words{"cost_gate", "the calibrated move does not pay for the round trip"},
    Words{"no_real_bar", "it had no real bar in this minute"},
    Words{"cooling_down", "it was sold a moment ago and is cooling down"},
    Words{"no_free_slot", "every slot is taken"},
    Words{"opposite_side", "the book holds the opposite side of the market"},
    Words{"after_cutoff", "too late in the day for entries"},
    Words{"maintenance", "maintenance mode: no entries"},
    Words{"breaker_open", "the circuit breaker is open: no entries"},
    Words{"entries_suspended", "entries are suspended"},
    Words{"halted", "trading in it is halted"},
    Words{"refusal_pause", "the broker has refused it a moment ago: a pause"},
    Words{"learner_unhealthy", "its learner is beyond a health limit"},
    Words{"insufficient_cash", "the free cash does not buy one share"},
    Words{"risk_order_size", "risk: the order is larger than its share of equity"},
    Words{"risk_price_band", "risk: the price is too far from the last close"},
    Words{"risk_order_rate", "risk: too many orders in this minute"},
};

}  // namespace

std::string reason_in_words(std::string_view reason) {
  for (const Words& row : kWords) {
    if (row.reason == reason) return std::string(row.words);
  }
  return std::string(reason);
}

}  // namespace sentio::mock_detail
