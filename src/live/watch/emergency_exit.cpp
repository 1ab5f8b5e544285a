#include "watch/emergency_exit.h"

#include <thread>

#include "sentio/core/client_order_id.h"
#include "sentio/core/text/text.h"
#include "sentio/live/broker_flatten.h"
#include "sentio/live/ledger_check.h"

namespace sentio {

namespace {

using Wall = std::chrono::steady_clock;

constexpr std::chrono::seconds kExitMax{12};
constexpr std::chrono::milliseconds kLook{500};
constexpr int kSendLooks = 100;
constexpr std::chrono::milliseconds kSendLook{50};
constexpr const char* kByHand = "; look at the broker's own pages and run sentio_cli flatten";

/// Orders decided in the last moment are still on their way, and only what has arrived can be cancelled.
void await_last_sends(const LiveBrokerInterface& broker) {
  for (int look = 0; look < kSendLooks && !broker.idle(); ++look) std::this_thread::sleep_for(kSendLook);
}

/// What the broker has executed of a working order beyond what could be booked; where it cannot be asked, a purchase
/// counts as bought: the position tells how much of it there is.
double executed_since(LiveBrokerInterface& broker, const WorkingOrder& working, const std::string& name) {
  const Order& order = working.order;
  const auto found = broker.order_by_client_id(client_order_id(order.key, name, order.decided_at));
  if (found) return found->filled_qty.value - working.filled.v;
  return order.side == Side::buy && found.error().code != Errc::not_found ? working.left().v : 0;
}

/// The ledger's shares, and those of executions that it does not know of any more.
std::vector<OwnShares> shares_at_the_end(LiveBrokerInterface& broker, const TradingSession& session) {
  std::vector<OwnShares> shares;
  for (std::size_t i = 0; i < session.universe().size(); ++i) {
    const auto symbol = static_cast<SymbolId>(i);
    const std::string& name = session.universe()[symbol].name;
    double qty = session.ledger().position(symbol).qty.v;
    if (const WorkingOrder* working = session.working_orders().find(symbol)) {
      qty += (working->order.side == Side::buy ? 1 : -1) * executed_since(broker, *working, name);
    }
    if (qty > 0) shares.push_back({name, qty});
  }
  return shares;
}

std::string text_of_kept(LiveBrokerInterface& broker, const Universe& universe, const std::string& problems) {
  const auto positions = broker.positions();
  if (!positions) return "what is held is unknown" + problems + kByHand;
  const auto held = held_at_broker(universe, *positions);
  if (held.empty()) return "open purchases are cancelled and nothing is held" + problems;
  return "buys are cancelled, positions are kept and nobody watches them: " + joined(held) + problems;
}

}  // namespace

std::string leave_account(LiveBrokerInterface& broker, const TradingSession& session, OnExit on_exit) {
  const bool keep = on_exit == OnExit::hold;
  std::string problems;
  BrokerFlatten flatten(broker, session.universe(), {.whose = FlattenPolicy::Whose::ours, .keep_positions = keep},
                        {.deed = [](const std::string&) {},
                         .trouble = [&problems](const std::string& text) { problems += "; " + text; },
                         .wait =
                             [](std::chrono::milliseconds span) {
                               std::this_thread::sleep_for(span);
                               return true;
                             },
                         .market_open = {}});
  await_last_sends(broker);
  flatten.cancel();
  if (keep) return text_of_kept(broker, session.universe(), problems);
  flatten.ours(shares_at_the_end(broker, session));
  for (const auto end = Wall::now() + kExitMax;; std::this_thread::sleep_for(kLook)) {
    problems.clear();
    (void)flatten.attempt();
    const auto left = flatten.left();
    if (left && left->empty()) return "open orders are cancelled and nothing of ours is held" + problems;
    if (Wall::now() < end) continue;
    if (!left) return "what is held is unknown" + problems + kByHand;
    return "NOT FLAT, sales were ordered: " + joined(*left) + problems + kByHand;
  }
}

}  // namespace sentio
