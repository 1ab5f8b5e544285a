#include "order_poller.h"

#include <algorithm>
#include <utility>

#include "sentio/log/log.h"

namespace sentio {
namespace {

/// The broker's clock and ours may differ, and `after` excludes its bound.
constexpr std::chrono::minutes kMargin{5};

}  // namespace

OrderPoller::OrderPoller(TradingApi api, BrokerBook& book, Timeline time,
                         std::function<TimePoint()> now, std::chrono::nanoseconds interval,
                         std::function<void(const BrokerBook::Followup&)> follow_up)
    : api_(std::move(api)),
      book_(book),
      time_(std::move(time)),
      now_(std::move(now)),
      interval_(interval),
      follow_up_(std::move(follow_up)) {}

OrderPoller::~OrderPoller() {
  stop();
}

void OrderPoller::stop() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  changed_.notify_all();
  api_.cancel();
  if (thread_.joinable()) thread_.join();
}

void OrderPoller::start() {
  thread_ = std::thread([this] { run(); });
}

// Under the lock. A poll that was wanted earlier stays wanted then.
void OrderPoller::schedule(TimePoint at) {
  if (next_ && *next_ <= at) return;
  next_ = at;
  if (!polling_) due_ = time_.due(at);
  changed_.notify_all();
}

void OrderPoller::watch() {
  const std::lock_guard lock(mutex_);
  schedule(time_.now() + interval_);
}

void OrderPoller::poll_soon() {
  const std::lock_guard lock(mutex_);
  schedule(time_.now());
}

void OrderPoller::run() {
  const LogThread name("order-poller");
  std::unique_lock lock(mutex_);
  while (!stop_) {
    if (!next_) {
      changed_.wait(lock);
    } else if (time_.now() < *next_) {
      time_.wait(lock, changed_, *next_);
    } else {
      next_.reset();
      polling_ = true;
      lock.unlock();
      poll();
      lock.lock();
      polling_ = false;
      if (book_.look([](const OrderTracker& tracker) { return !tracker.open().empty(); })) {
        schedule(time_.now() + interval_);
      }
      due_ = next_ ? time_.due(*next_) : Timeline::Due{};
    }
  }
}

void OrderPoller::poll() {
  std::optional<TimePoint> oldest;
  book_.look([&](const OrderTracker& tracker) {
    for (const TrackedOrder* o : tracker.open()) {
      if (!oldest || o->submitted_at < *oldest) oldest = o->submitted_at;
    }
  });
  if (!oldest) return;
  const auto orders = api_.orders_after(*oldest - kMargin);
  if (!orders) {
    const bool first = !std::exchange(failing_, true);
    const bool keys = orders.error().code == Errc::unauthorized;
    if (first) {
      log_line(LogLevel::warn, "poll_fails", {{"error", orders.error().message()}});
      book_.note({keys ? BrokerNotice::Kind::unauthorized : BrokerNotice::Kind::request_failed, "", "",
                  "poll of open orders: " + orders.error().message()});
    }
    return;
  }
  if (std::exchange(failing_, false)) log_line(LogLevel::info, "poll_works_again");
  for (const AlpacaOrder& order : *orders) take(order);
}

void OrderPoller::take(const AlpacaOrder& order) {
  // Executions have exact prices; the order alone has their average.
  if (book_.look([&](const OrderTracker& tracker) { return tracker.behind(order); })) {
    if (auto rows = api_.fills_of(order.id)) {
      book_.with([&](OrderTracker& tracker) {
        tracker.meet(order);
        for (const Activity& row : *rows) {
          if (const auto* fill = std::get_if<FillActivity>(&row)) tracker.apply(*fill);
        }
      });
    }
  }
  follow_up_(book_.apply(order, now_(), true));
}

}  // namespace sentio
