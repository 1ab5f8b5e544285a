#include "sentio/mock/replay_broker.h"

#include <algorithm>
#include <utility>

namespace sentio {

ReplayBroker::ReplayBroker(const FillConfig& config, const Universe& universe)
    : timing_(config.timing), prices_(universe.size()), model_(config, universe), latest_(universe.size()) {}

void ReplayBroker::begin_session() {
  model_.begin_session();
  for (std::size_t id = 0; id < latest_.size(); ++id) prices_.begin_session(static_cast<SymbolId>(id), PrintGuard{});
  std::fill(latest_.begin(), latest_.end(), std::nullopt);
  events_.clear();
}

void ReplayBroker::on_minute(TimePoint start, std::span<const std::optional<Bar>> raw) {
  const auto bars = prices_.on_minute(raw);
  for (const Fill& fill : model_.on_minute(start, bars, prices_.passed())) events_.emplace_back(OrderFilled{fill});
  if (timing_ != FillTiming::same_close) return;
  for (std::size_t id = 0; id < bars.size(); ++id) {
    if (bars[id]) latest_[id] = bars[id];
  }
}

void ReplayBroker::end_session(TimePoint close) {
  const FillModel::End end = model_.end_session(close);
  for (const Fill& fill : end.fills) events_.emplace_back(OrderFilled{fill});
  for (const OrderKey& order : end.expired) {
    events_.emplace_back(OrderCanceled{order, Reason::entry_expired});
  }
}

void ReplayBroker::submit(const Approved<Order>& order, TimePoint received) {
  const auto& latest = latest_[order->symbol];
  if (timing_ == FillTiming::same_close && latest) {
    events_.emplace_back(OrderFilled{model_.fill_at_close(order.get(), *latest)});
    return;
  }
  model_.submit(order.get(), std::chrono::floor<std::chrono::minutes>(received));
}

void ReplayBroker::cancel(const OrderKey& order) {
  if (model_.cancel(order)) events_.emplace_back(OrderCanceled{order});
}

std::vector<Event> ReplayBroker::poll() {
  return std::exchange(events_, {});
}

}  // namespace sentio
