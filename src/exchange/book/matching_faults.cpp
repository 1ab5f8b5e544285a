// What a fault script does to orders that were taken.
#include "sentio/exchange/matching.h"

namespace sentio::exchange {

Matching::Entry* Matching::find_live(const std::string& id) {
  const auto found = by_id_.find(id);
  if (found == by_id_.end() || terminal(found->second->order.status)) return nullptr;
  return found->second;
}

void Matching::release(const std::string& id, TimePoint now) {
  Entry* entry = find_live(id);
  if (entry == nullptr || !entry->resting) return;
  entry->resting = false;
  if (!in_session(now)) return;
  entry->from = std::chrono::floor<std::chrono::minutes>(now);
  if (entry->order.status == OrderStatus::accepted) return start_working(*entry, now);
  meet_matched_minute(*entry, now);
}

void Matching::hold_cancel(const std::string& id, TimePoint now) {
  Entry* entry = find_live(id);
  if (entry == nullptr || entry->racing || entry->stuck) return;
  entry->stuck = true;
  entry->order.status = OrderStatus::pending_cancel;
  entry->order.updated_at = now;
  tell(*entry, "pending_cancel", now, now);
}

void Matching::finish_cancel(const std::string& id, TimePoint now) {
  Entry* entry = find_live(id);
  if (entry != nullptr && entry->stuck) end_order(*entry, OrderStatus::canceled, now);
}

void Matching::replace_by_broker(const std::string& id, TimePoint now) {
  Entry* old = find_live(id);
  if (old == nullptr || !in_session(now)) return;
  OrderRequest request = old->order.request;
  request.client_order_id.clear();  // whoever replaced it did not know ours: a uuid of its own
  if (request.qty) request.qty = left(*old);
  put_in_place(*old, request, now, nullptr);
}

}  // namespace sentio::exchange
