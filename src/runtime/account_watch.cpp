#include "sentio/runtime/account_watch.h"

#include <algorithm>
#include <utility>

namespace sentio {
namespace {

/// How long a cancel is waited for before the broker is asked to close the position all the same.
constexpr int kCancelLooks = 5;
constexpr std::chrono::milliseconds kCancelPause{500};
/// How long the broker's sale is waited for before the next rung asks again.
constexpr int kSaleLooks = 6;
constexpr std::chrono::milliseconds kSalePause{2'000};

bool ours_in(const BrokerOrder& order, const std::vector<AccountWatch::Shares>& shares) {
  return parse_client_order_id(order.client_order_id) &&
         std::any_of(shares.begin(), shares.end(),
                     [&](const AccountWatch::Shares& s) { return s.symbol == order.symbol; });
}

}  // namespace

AccountWatch::AccountWatch(AlpacaBroker& broker, Timeline time, std::function<TimePoint()> now,
                           std::function<void()> wake)
    : broker_(broker), time_(std::move(time)), now_(std::move(now)), wake_(std::move(wake)), thread_([this] { run(); }) {}

AccountWatch::~AccountWatch() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void AccountWatch::ask() {
  const std::lock_guard lock(mutex_);
  ask_ = true;
  if (!working_) due_ = time_.due(time_.now());
  changed_.notify_all();
}

void AccountWatch::close_out(std::vector<Shares> shares, std::function<bool()> open) {
  const std::lock_guard lock(mutex_);
  open_ = std::move(open);
  close_ = std::move(shares);
  if (!working_) due_ = time_.due(time_.now());
  changed_.notify_all();
}

std::optional<Result<BrokerBookSnapshot>> AccountWatch::take_snapshot() {
  const std::lock_guard lock(mutex_);
  return std::exchange(snapshot_, std::nullopt);
}

std::vector<AccountWatch::Sold> AccountWatch::take_sold() {
  const std::lock_guard lock(mutex_);
  return std::exchange(sold_, {});
}

std::vector<std::string> AccountWatch::take_lines() {
  const std::lock_guard lock(mutex_);
  return std::exchange(lines_, {});
}

void AccountWatch::run() {
  std::unique_lock lock(mutex_);
  while (!stop_) {
    if (!ask_ && close_.empty()) {
      changed_.wait(lock);
      continue;
    }
    working_ = true;
    const bool fetching = std::exchange(ask_, false);
    const std::vector<Shares> closing = std::exchange(close_, {});
    lock.unlock();
    std::vector<std::string> lines;
    if (!closing.empty()) lines = close_positions(closing);
    std::optional<Result<BrokerBookSnapshot>> snapshot;
    if (fetching) snapshot = fetch();
    lock.lock();
    lines_.insert(lines_.end(), lines.begin(), lines.end());
    if (snapshot) snapshot_ = std::move(snapshot);
    working_ = false;
    wake_();
    if (!ask_ && close_.empty()) due_.reset();
  }
}

Result<BrokerBookSnapshot> AccountWatch::fetch() {
  auto account = broker_.account();
  if (!account) return tl::unexpected(account.error());
  auto positions = broker_.positions();
  if (!positions) return tl::unexpected(positions.error());
  return BrokerBookSnapshot{*std::move(account), *std::move(positions)};
}

std::vector<std::string> AccountWatch::close_positions(const std::vector<Shares>& shares) {
  const TimePoint since = now_() - std::chrono::minutes{2};
  std::vector<std::string> lines;
  for (int look = 0; look < kCancelLooks; ++look) {
    const auto orders = broker_.open_orders(true);
    if (!orders) {
      lines.push_back("open orders are unknown: " + orders.error().message());
      break;
    }
    int open = 0;
    for (const BrokerOrder& order : *orders) {
      if (!ours_in(order, shares)) continue;
      ++open;
      if (auto done = broker_.cancel_by_broker_id(order.id); !done) lines.push_back(done.error().message());
    }
    if (open == 0) break;
    std::unique_lock lock(mutex_);
    if (time_.pause(lock, changed_, kCancelPause, [this] { return stop_; })) return lines;
  }
  watch_sales(shares, since);  // of an earlier rung
  const auto positions = broker_.positions(true);
  for (const Shares& s : shares) {
    const double qty = positions ? left_to_close(s, *positions) : s.qty;
    if (qty <= 0) continue;
    if (!open_()) {
      lines.push_back("the session is over: " + s.symbol + " is not closed any more");
      continue;
    }
    const auto done = broker_.close_position(s.symbol, qty);
    lines.push_back("closing " + s.symbol + " at the broker: " + (done ? "accepted" : done.error().message()));
  }
  for (int look = 0; look < kSaleLooks && !stopping(); ++look) {
    watch_sales(shares, since);
    const auto left = broker_.positions(true);
    if (left && std::none_of(shares.begin(), shares.end(), [&](const Shares& s) { return left_to_close(s, *left) > 0; })) {
      break;
    }
    std::unique_lock lock(mutex_);
    (void)time_.pause(lock, changed_, kSalePause, [this] { return stop_; });
  }
  return lines;
}

bool AccountWatch::stopping() {
  const std::lock_guard lock(mutex_);
  return stop_;
}

/// The broker's orders have names of its own; those of ours report themselves.
void AccountWatch::watch_sales(const std::vector<Shares>& shares, TimePoint since) {
  const auto orders = broker_.orders_since(since);
  if (!orders) return;
  for (const BrokerOrder& order : *orders) {
    const bool ours = std::any_of(shares.begin(), shares.end(), [&](const Shares& s) { return s.symbol == order.symbol; });
    if (!ours || order.side != Side::sell || !order.filled_avg_price || parse_client_order_id(order.client_order_id)) continue;
    auto& [qty, usd] = booked_[order.id];
    const double more = order.filled_qty.value - qty;
    const double more_usd = order.filled_qty.value * order.filled_avg_price->value - usd;
    if (more <= 0) continue;
    qty += more;
    usd += more_usd;
    const std::lock_guard lock(mutex_);
    sold_.push_back({order.symbol, more, more_usd / more, order.filled_at.value_or(now_())});
  }
}

/// The ledger does not learn what the broker closes: its position tells.
double AccountWatch::left_to_close(const Shares& ours, const std::vector<BrokerPosition>& positions) {
  const auto at = std::find_if(positions.begin(), positions.end(),
                               [&](const BrokerPosition& p) { return p.symbol == ours.symbol; });
  const double held = at == positions.end() ? 0 : at->shares;
  const double foreign = foreign_.emplace(ours.symbol, std::max(0.0, held - ours.qty)).first->second;
  return std::min(ours.qty, held - foreign);
}

}  // namespace sentio
