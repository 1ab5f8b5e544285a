#include "sentio/live/order_latency.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace sentio {

SetArrivals::SetArrivals(const SessionHours& hours, double pace)
    : hours_(hours), pace_(pace), last_bar_(static_cast<std::size_t>(hours.minutes)) {}

void SetArrivals::looked(WallPoint at, TimePoint now) {
  looked_at_ = at;
  now_ = now;
}

void SetArrivals::bar(TimePoint start, WallPoint received) {
  const auto minute = hours_.minute_of(start);
  if (!minute) return;
  WallPoint& last = last_bar_[static_cast<std::size_t>(*minute)];
  last = std::max(last, received);
}

WallPoint SetArrivals::wall(TimePoint session_time) const {
  if (pace_ <= 0) return looked_at_;
  const std::chrono::duration<double, std::nano> ago = now_ - session_time;
  return looked_at_ - std::chrono::nanoseconds{std::llround(ago.count() / pace_)};
}

WallPoint SetArrivals::complete(int minute, bool whole, TimePoint deadline) const {
  if (!whole) return std::max(up_at_, wall(deadline));
  const WallPoint last = last_bar_[static_cast<std::size_t>(minute)];
  if (last == WallPoint{}) return looked_at_;  // all of it was back-filled
  // Bars exist from their minute's end only, whatever a fast server clock says.
  return std::max({last, up_at_, pace_ > 0 ? wall(hours_.minute_end(minute)) : last});
}

double OrderLatency::quantile(double q) const {
  if (us.empty()) return std::nan("");
  std::vector<double> sorted = us;
  std::sort(sorted.begin(), sorted.end());
  const auto last = static_cast<double>(sorted.size() - 1);
  return sorted[static_cast<std::size_t>(std::ceil(q * last))];
}

std::string latency_line(const OrderLatency& latency) {
  if (latency.us.empty() && latency.not_on_a_set + latency.never_left == 0) return {};
  char text[160];
  std::snprintf(text, sizeof text, "Orders: %zu sent", latency.us.size());
  std::string line = text;
  if (!latency.us.empty()) {
    std::snprintf(text, sizeof text, ", p50 %.0f us, p99 %.0f us, worst %.0f us after their bars",
                  latency.quantile(.5), latency.quantile(.99), latency.quantile(1));
    line += text;
  }
  std::string left_out;
  if (latency.not_on_a_set > 0) left_out = std::to_string(latency.not_on_a_set) + " not decided on bars";
  if (latency.never_left > 0) {
    left_out += (left_out.empty() ? "" : ", ") + std::to_string(latency.never_left) + " never sent";
  }
  if (!left_out.empty()) line += "; not measured: " + left_out;
  return line + "\n";
}

void OrderStopwatch::submitted(const OrderKey& order, std::optional<WallPoint> complete) {
  orders_.push_back({order, complete, {}});
}

void OrderStopwatch::left(const OrderKey& order, WallPoint at) {
  const auto entry = std::find_if(orders_.rbegin(), orders_.rend(), [&](const Entry& e) { return e.order == order; });
  if (entry != orders_.rend() && !entry->left) entry->left = at;
}

OrderLatency OrderStopwatch::result() const {
  OrderLatency latency;
  for (const Entry& e : orders_) {
    if (!e.complete) {
      ++latency.not_on_a_set;
    } else if (!e.left) {
      ++latency.never_left;
    } else {
      latency.us.push_back(std::chrono::duration<double, std::micro>(*e.left - *e.complete).count());
    }
  }
  return latency;
}

}  // namespace sentio
