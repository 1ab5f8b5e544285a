#include "sentio/broker/status_machine.h"

#include <array>
#include <cstdint>
#include <initializer_list>

namespace sentio {
namespace {

using Set = std::uint32_t;  // bit = OrderStatus
using Table = std::array<Set, kOrderStatuses>;

constexpr Set bit(OrderStatus s) {
  return Set{1} << static_cast<unsigned>(s);
}
constexpr Set set(std::initializer_list<OrderStatus> list) {
  Set all = 0;
  for (const OrderStatus s : list) all |= bit(s);
  return all;
}

constexpr Table direct_steps() {
  using enum OrderStatus;
  constexpr Set kDone = set({filled, canceled, expired, replaced, rejected});
  constexpr Set kWaiting = set({pending_cancel, pending_replace});
  constexpr Set kOdd = set({done_for_day, stopped, suspended, calculated, accepted_for_bidding});
  constexpr Set kWorking = set({new_, partially_filled}) | kWaiting | kOdd;
  Table t{};
  const auto row = [&t](OrderStatus s, Set next) { t[static_cast<std::size_t>(s)] = next; };
  row(pending_review, set({accepted, pending_new, new_, rejected, canceled}));
  row(accepted, set({pending_new, new_, canceled, pending_cancel, rejected, expired}));
  row(pending_new, set({accepted, new_, partially_filled, filled, rejected, canceled}));
  row(held, set({new_, canceled}));
  row(new_, (kWorking & ~bit(new_)) | kDone);
  row(partially_filled,
      set({filled, pending_cancel, canceled, pending_replace, replaced, expired, done_for_day}));
  // Back to where it was when the venue refuses the cancel or the replacement.
  row(pending_cancel, set({canceled, partially_filled, filled, new_, accepted, expired}));
  row(pending_replace, set({replaced, filled, partially_filled, new_, canceled, expired}));
  row(done_for_day, set({new_, filled, canceled, expired}));
  for (const OrderStatus s : {stopped, suspended, calculated, accepted_for_bidding}) {
    row(s, (kWorking & ~bit(s)) | kDone);
  }
  return t;
}

constexpr Table kDirect = direct_steps();

/// Without the steps back (a refused cancel, a day that goes on), which would put everything on one circle.
constexpr Table forward_steps() {
  using enum OrderStatus;
  Table t = kDirect;
  for (const OrderStatus s : {pending_cancel, pending_replace, done_for_day, stopped, suspended, calculated,
                              accepted_for_bidding}) {
    t[static_cast<std::size_t>(s)] &= ~set({new_, accepted});
  }
  return t;
}

/// Reachable in one step or more.
constexpr Table reachable(Table t) {
  for (std::size_t round = 0; round < kOrderStatuses; ++round) {
    for (std::size_t from = 0; from < kOrderStatuses; ++from) {
      for (std::size_t via = 0; via < kOrderStatuses; ++via) {
        if ((t[from] >> via & 1U) != 0) t[from] |= t[via];
      }
    }
  }
  return t;
}

constexpr Table kReachable = reachable(forward_steps());

constexpr bool in(const Table& t, OrderStatus from, OrderStatus to) {
  return (t[static_cast<std::size_t>(from)] & bit(to)) != 0;
}

}  // namespace

Transition transition(OrderStatus from, OrderStatus to) {
  if (from == to) return Transition::same;
  if (is_terminal(from))
    return is_terminal(to) || !in(kReachable, to, from) ? Transition::illegal : Transition::behind;
  if (from == OrderStatus::unknown || to == OrderStatus::unknown) return Transition::next;
  if (in(kDirect, from, to)) return Transition::next;
  if (in(kReachable, from, to)) return Transition::skipped;
  return in(kReachable, to, from) ? Transition::behind : Transition::illegal;
}

}  // namespace sentio
