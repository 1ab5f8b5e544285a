/// A live day's orders: on their way to the broker, refused, sold by the broker itself.

#include <utility>

#include "day/live_day.h"
#include "sentio/store/atomic_file.h"
#include "start/live_start.h"

namespace sentio {

void LiveDay::tell_odd(const Action& action) {
  if (const auto* cancel = std::get_if<CancelOrder>(&action)) {
    const auto told = teller_.cancels(cancel->order, names_[cancel->order.symbol]);
    if (told) alert(AlertKind::trouble, *told);
  }
  const auto* decision = std::get_if<DecisionRecord>(&action);
  if (decision == nullptr || decision->reason != Reason::exit_resting) return;
  alert(AlertKind::trouble, names_[decision->symbol] + ": the sale has rested at the broker for two minutes while others "
                                                       "traded; cancelling it and ordering it again");
}

void LiveDay::order(const Action& action) {
  if (const auto* submit = std::get_if<SubmitOrder>(&action)) return send(submit->order);
  if (const auto* cancel = std::get_if<CancelOrder>(&action)) return broker_.cancel(cancel->order);
}

void LiveDay::latch_breaker(const BreakerTripped& tripped) {
  char text[80];
  std::snprintf(text, sizeof text, "circuit breaker: %.2f%% below the day's peak, everything is sold",
                100 * tripped.drawdown);
  alert(AlertKind::breaker, text);
  // A restart latches it again by stepping the journal; the file is for the day whose journal is lost.
  const auto written = write_file_atomically(breaker_file(options_.folder, options_.hours.date), "{\"breaker\":true}\n");
  if (written) return;
  alert(AlertKind::trouble, written.error().message() + "; only the journal knows that the breaker has tripped: keep it");
}

void LiveDay::send(const Approved<Order>& order) {
  const Order& o = order.get();
  if (now_ >= options_.hours.close) {
    // A broker would keep it for tomorrow's open, when nobody expects it.
    answers_.emplace_back(OrderRejected{o.key, "the session is over"});
    return;
  }
  if (close_out_.handed_over()) {
    answers_.emplace_back(OrderRejected{o.key, "the broker closes the position"});
    return;
  }
  if (!options_.dry_run) {
    stopwatch_.submitted(o.key, set_complete_);
    return broker_.submit(order, now_);
  }
  // A cancelled exit would be ordered again at once.
  if (o.side == Side::sell) {
    answers_.emplace_back(OrderRejected{o.key, "dry run"});
  } else {
    answers_.emplace_back(OrderCanceled{o.key, Reason::broker_canceled});
  }
}

/// The decisions say that an order was refused, not why.
Result<> LiveDay::tell_refusal(const Event& event) {
  const auto* refused = std::get_if<OrderRejected>(&event);
  if (refused == nullptr) return {};
  if (refused->order.symbol >= names_.size()) return {};  // step() refuses it
  const bool exit = refused->order.side == Side::sell;
  const std::string text = names_[refused->order.symbol] + (exit ? ": the exit" : ": the entry") +
                           " was refused by the broker: " + refused->detail;
  if (exit) {
    alert(AlertKind::trouble, text + "; trying again");
  } else if (const auto told = options_.dry_run ? std::nullopt : teller_.refused(*refused, names_[refused->order.symbol])) {
    alert(AlertKind::trouble, *told);
  }
  return log(text);
}

Result<> LiveDay::broker_sold(std::vector<BrokerSale> sales) {
  if (sales.empty() || over_) return {};
  close_out_.sold(std::move(sales));
  if (auto done = book_sales(); !done) return done;
  return write_out();
}

Result<> LiveDay::book_sales() {
  while (const auto sale = close_out_.take_sale(*session_)) {
    if (auto done = step(*sale); !done) return done;
  }
  return {};
}

}  // namespace sentio
