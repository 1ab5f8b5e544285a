#include "watch/account_watch.h"

#include <algorithm>
#include <utility>

#include "sentio/log/log.h"
#include "watch/cash_movements.h"

namespace sentio {
namespace {

/// How long the broker's sale is waited for before the next rung asks again.
constexpr int kSaleLooks = 6;
constexpr std::chrono::milliseconds kSalePause{2'000};

/// A closing order may have been taken just before anybody asked.
constexpr std::chrono::minutes kSalesBefore{2};

}  // namespace

AccountWatch::AccountWatch(BrokerAccountInterface& broker, const Universe& universe, Timeline time,
                           std::function<TimePoint()> now, std::function<void()> wake)
    : broker_(broker),
      time_(std::move(time)),
      now_(std::move(now)),
      wake_(std::move(wake)),
      flatten_(broker, universe, {.whose = FlattenPolicy::Whose::ours, .urgent = true},
               {.deed = [this](const std::string& text) { tell("at the broker: " + text); },
                .trouble = [this](const std::string& text) { tell("at the broker: " + text); },
                .wait = [this](std::chrono::milliseconds span) { return pause(span); },
                .market_open = [this] { return market_open(); }}),
      thread_([this] { run(); }) {}

AccountWatch::~AccountWatch() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void AccountWatch::ask(std::optional<TimePoint> movements_since) {
  const std::lock_guard lock(mutex_);
  ask_ = true;
  movements_since_ = movements_since;
  if (!working_) due_ = time_.due(time_.now());
  changed_.notify_all();
}

void AccountWatch::close_out(std::vector<OwnShares> shares, std::function<bool()> open) {
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

std::vector<BrokerSale> AccountWatch::take_sold() {
  const std::lock_guard lock(mutex_);
  return std::exchange(sold_, {});
}

std::vector<std::string> AccountWatch::take_lines() {
  const std::lock_guard lock(mutex_);
  return std::exchange(lines_, {});
}

void AccountWatch::run() {
  const LogThread name("account-watch");
  std::unique_lock lock(mutex_);
  while (!stop_) {
    if (!ask_ && close_.empty()) {
      changed_.wait(lock);
      continue;
    }
    working_ = true;
    const bool fetching = std::exchange(ask_, false);
    const auto since = movements_since_;
    const std::vector<OwnShares> closing = std::exchange(close_, {});
    lock.unlock();
    if (!closing.empty()) close_positions(closing);
    std::optional<Result<BrokerBookSnapshot>> snapshot;
    if (fetching) snapshot = read_now(since);
    lock.lock();
    if (snapshot) snapshot_ = std::move(snapshot);
    working_ = false;
    wake_();
    if (!ask_ && close_.empty()) due_.reset();
  }
}

Result<BrokerBookSnapshot> AccountWatch::read_now(std::optional<TimePoint> movements_since) {
  auto account = broker_.account();
  if (!account) return tl::unexpected(account.error());
  auto positions = broker_.positions();
  if (!positions) return tl::unexpected(positions.error());
  BrokerBookSnapshot book{*std::move(account), *std::move(positions), std::nullopt};
  if (movements_since) book.movements = movements(*movements_since);
  return book;
}

/// The account comes first: what moved after it was read is not missed at the next look.
Result<std::vector<AccountActivity>> AccountWatch::movements(TimePoint since) {
  const auto activities = broker_.activities_since(since);
  if (!activities) return tl::unexpected(activities.error());
  const auto orders = broker_.orders_since(since);
  if (!orders) return tl::unexpected(orders.error());
  const std::lock_guard lock(mutex_);
  return not_ours(*activities, *orders, closing_);
}

void AccountWatch::close_positions(const std::vector<OwnShares>& shares) {
  if (!sales_since_) sales_since_ = now_() - kSalesBefore;
  flatten_.ours(shares);
  flatten_.ask_again();
  watch_sales(shares);  // of an earlier rung
  (void)flatten_.attempt();
  for (int look = 0; look < kSaleLooks && !stopping(); ++look) {
    watch_sales(shares);
    const auto left = flatten_.left();
    if ((left && left->empty()) || !pause(kSalePause)) return;
  }
}

bool AccountWatch::stopping() {
  const std::lock_guard lock(mutex_);
  return stop_;
}

/// False: the process ends.
bool AccountWatch::pause(std::chrono::milliseconds span) {
  std::unique_lock lock(mutex_);
  return !time_.pause(lock, changed_, span, [this] { return stop_; });
}

void AccountWatch::tell(std::string line) {
  log_line(LogLevel::warn, "close_out", {{"text", line}});
  const std::lock_guard lock(mutex_);
  lines_.push_back(std::move(line));
}

bool AccountWatch::market_open() {
  std::function<bool()> open;
  {
    const std::lock_guard lock(mutex_);
    open = open_;
  }
  return open();
}

/// The broker's orders have names of its own; those of ours report themselves.
void AccountWatch::watch_sales(const std::vector<OwnShares>& shares) {
  const auto orders = broker_.orders_since(*sales_since_);
  if (!orders) return;
  for (const BrokerOrder& order : *orders) {
    const bool ours = std::any_of(shares.begin(), shares.end(), [&](const OwnShares& s) { return s.symbol == order.symbol; });
    if (!ours || order.side != Side::sell || !order.filled_avg_price || parse_client_order_id(order.client_order_id)) continue;
    auto& [qty, usd] = told_[order.id];
    const double more = order.filled_qty.value - qty;
    const double more_usd = order.filled_qty.value * order.filled_avg_price->value - usd;
    if (more <= 0) continue;
    qty += more;
    usd += more_usd;
    const std::lock_guard lock(mutex_);
    closing_.insert(order.id);
    sold_.push_back({order.symbol, more, more_usd / more, order.filled_at.value_or(now_())});
  }
}

}  // namespace sentio
