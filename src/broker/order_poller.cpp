#include "order_poller.h"

#include <algorithm>
#include <utility>

namespace sentio {
namespace {

/// The broker's clock and ours may differ, and `after` excludes its bound.
constexpr std::chrono::minutes kMargin{5};

}  // namespace

OrderPoller::OrderPoller(TradingApi api, BrokerBook& book, const PacedTime& time,
                         std::function<TimePoint()> now, std::chrono::nanoseconds interval,
                         std::function<void(const std::string&)> cancel)
    : api_(std::move(api)),
      book_(book),
      time_(time),
      now_(std::move(now)),
      interval_(interval),
      cancel_(std::move(cancel)) {}

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

void OrderPoller::poll_soon() {
  {
    const std::lock_guard lock(mutex_);
    soon_ = true;
  }
  changed_.notify_all();
}

void OrderPoller::run() {
  for (;;) {
    {
      std::unique_lock lock(mutex_);
      changed_.wait_for(lock, time_.real(interval_), [this] { return soon_ || stop_; });
      if (stop_) return;
      soon_ = false;
    }
    poll();
    ++polls_done_;
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
      book_.note({keys ? BrokerNotice::Kind::unauthorized : BrokerNotice::Kind::request_failed, "", "",
                  "poll of open orders: " + orders.error().message()});
    }
    return;
  }
  failing_ = false;
  for (const BrokerOrder& order : *orders) take(order);
}

void OrderPoller::take(const BrokerOrder& order) {
  // Executions have exact prices; the order alone has their average.
  if (book_.look([&](const OrderTracker& tracker) { return tracker.behind(order); })) {
    if (auto rows = api_.fills_of(order.id)) {
      book_.with([&](OrderTracker& tracker) {
        for (const Activity& row : *rows) {
          if (const auto* fill = std::get_if<FillActivity>(&row)) tracker.apply(*fill);
        }
      });
    }
  }
  if (book_.apply(order, now_())) cancel_(order.client_order_id);
}

}  // namespace sentio
