#include "sockets/bar_socket.h"

namespace sentio::exchange {

void BarSocket::deliver(std::span<const DataItem> items, bool one_by_one) {
  if (!authenticated()) return;
  Json messages = Json::array();
  for (const DataItem& item : items) {
    auto message = shown(item);
    if (!message) continue;
    messages.push_back(*std::move(message));
    exchange_->count_data_items(1);
    if (item.kind == DataKind::bar && item.bar.start >= minute_) {
      if (item.bar.start > minute_) sent_.clear();
      minute_ = item.bar.start;
      sent_.insert(item.symbol);
    }
    if (one_by_one) send(std::exchange(messages, Json::array()));
  }
  if (!messages.empty()) send(std::move(messages));
}

int BarSocket::bars_sent(TimePoint start) const {
  return start == minute_ ? static_cast<int>(sent_.size()) : 0;
}

void BarSocket::drop() {
  gone_ = true;
  peer_->drop();
}

}  // namespace sentio::exchange
