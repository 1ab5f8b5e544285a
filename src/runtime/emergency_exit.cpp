#include "sentio/runtime/emergency_exit.h"

#include <algorithm>
#include <thread>

#include "sentio/broker/order_request.h"
#include "sentio/runtime/ledger_check.h"

namespace sentio {

namespace {

constexpr int kExitCancelLooks = 10, kExitSaleLooks = 20;
constexpr std::chrono::milliseconds kLook{500};
constexpr int kSendLooks = 100;
constexpr std::chrono::milliseconds kSendLook{50};
constexpr const char* kByHand = "; look at the broker's own pages and run sentio_cli flatten";

/// Buys first of all: nothing may be added to what nobody watches.
Result<int> cancel_ours(AlpacaBroker& broker, const Universe& universe, bool sells_too) {
  const auto orders = broker.open_orders();
  if (!orders) return tl::unexpected(orders.error());
  int open = 0;
  for (const Side side : {Side::buy, Side::sell}) {
    for (const BrokerOrder& order : *orders) {
      const auto id = parse_client_order_id(order.client_order_id);
      if (!id || id->side != side || !universe.find(order.symbol)) continue;
      if (side == Side::sell && !sells_too) continue;
      ++open;
      if (auto done = broker.cancel_by_broker_id(order.id); !done) return tl::unexpected(done.error());
    }
  }
  return open;
}

Result<> close_all(AlpacaBroker& broker, const Universe& universe) {
  const auto positions = broker.positions();
  if (!positions) return tl::unexpected(positions.error());
  Result<> first_problem;
  for (const BrokerPosition& p : *positions) {
    if (!universe.find(p.symbol) || p.shares <= 0) continue;
    auto done = broker.close_position(p.symbol);
    if (!done && first_problem) first_problem = std::move(done);
  }
  return first_problem;
}

/// Orders decided in the last moment are still on their way, and only what has arrived can be cancelled.
void await_last_sends(const AlpacaBroker& broker) {
  for (int look = 0; look < kSendLooks && !broker.idle(); ++look) std::this_thread::sleep_for(kSendLook);
}

std::string joined(const std::vector<std::string>& held) {
  std::string text;
  for (const std::string& h : held) text += (text.empty() ? "" : ", ") + h;
  return text;
}

}  // namespace

std::string leave_account(AlpacaBroker& broker, const Universe& universe, OnExit on_exit) {
  const bool sell = on_exit == OnExit::flatten;
  std::string problem;
  await_last_sends(broker);
  for (int look = 0; look < kExitCancelLooks; ++look) {
    const auto open = cancel_ours(broker, universe, sell);
    problem = open ? std::string() : "; " + open.error().message();
    if (open && *open == 0) break;
    std::this_thread::sleep_for(kLook);
  }
  if (sell) {
    if (auto done = close_all(broker, universe); !done) problem += "; " + done.error().message();
  }
  for (int look = 0;; ++look) {
    const auto positions = broker.positions();
    if (!positions) return "what is held is unknown" + problem + kByHand;
    const auto held = held_at_broker(universe, *positions);
    if (held.empty()) return "open orders are cancelled and nothing is held" + problem;
    if (!sell)
      return "buys are cancelled, positions are kept and nobody watches them: " + joined(held) + problem;
    if (look >= kExitSaleLooks) return "NOT FLAT, sales were ordered: " + joined(held) + problem + kByHand;
    std::this_thread::sleep_for(kLook);
  }
}

}  // namespace sentio
