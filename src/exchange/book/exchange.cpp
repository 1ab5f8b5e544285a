#include "book/exchange.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "sentio/core/check.h"
#include "wire/json_wire.h"

namespace sentio::exchange {

namespace {

TimePoint start_of(const ExchangeOptions& options, const SessionHours& hours) {
  return hours.minute_start(options.from_minute) - options.lead;
}

/// Comparison whose time does not tell how much of a secret was right.
bool same_text(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  unsigned difference = 0;
  for (std::size_t i = 0; i < a.size(); ++i) difference |= static_cast<unsigned char>(a[i] ^ b[i]);
  return difference == 0;
}

}  // namespace

Exchange::Exchange(ExchangeOptions options, const SessionHours& hours)
    : options_(std::move(options)),
      hours_(hours),
      clock_(start_of(options_, hours)),
      tape_(options_.recordings, options_.universe, hours),
      prices_(options_.universe.size()),
      matching_({options_.fill, hours, options_.cash, 4}, options_.universe),
      announced_(options_.from_minute - 1),
      acknowledged_(options_.from_minute - 2) {
  options_.recordings.clear();
  for (std::size_t id = 0; id < options_.universe.size(); ++id) {
    const auto symbol = static_cast<SymbolId>(id);
    prices_.begin_session(symbol, guard_after(tape_.range(symbol, {}, hours_.open - kBarLength, hours_.open)));
    auto before = tape_.close_before(symbol, hours_.open);
    if (!before) continue;
    matching_.set_previous_close(symbol, *before);
  }
  for (int i = 0; i < options_.from_minute; ++i) prices_.on_minute(tape_.minute(i));
  if (options_.from_minute > 0) matching_.finish_minute(prices_.bars());
  schedule_day();
  schedule_faults();
}

// ---- time -------------------------------------------------------------------------------------

void Exchange::schedule_day() {
  const auto latency = lock_step() ? std::chrono::milliseconds{0} : kBarLatency;
  const TimePoint first = hours_.minute_start(options_.from_minute);
  clock_.at(first, Turn::rest, [this] {
    matching_.open_session(now());
    flush_updates();
  });
  for (int i = options_.from_minute; i <= last_minute(); ++i) {
    clock_.at(hours_.minute_start(i) + kMatchDelay, Turn::rest, [this, i] { match(i); });
    clock_.at(hours_.minute_end(i) + latency, Turn::bars, [this, i] { end_minute(i); });
  }
  clock_.at(hours_.minute_end(last_minute()) + kMatchDelay, Turn::rest, [this] { end_day(); });
}

void Exchange::match(int i) {
  const auto bars = prices_.on_minute(tape_.minute(i));
  matching_.match_minute(hours_.minute_start(i), bars, now(), prices_.passed());
  flush_updates();
}

void Exchange::end_minute(int i) {
  const auto bars = tape_.minute(i);
  matching_.finish_minute(prices_.bars());
  equity_curve_.emplace_back(hours_.minute_start(i), matching_.book().equity());
  std::vector<DataItem> items;
  for (std::size_t id = 0; id < bars.size(); ++id) {
    if (!bars[id]) continue;
    DataItem item;
    item.symbol = static_cast<SymbolId>(id);
    item.bar = *bars[id];
    item.at = bar_end(item.bar);
    item.half_spread = half_spread_per_share(universe()[item.symbol], Price{item.bar.close}).v;
    const auto day = tape_.day_so_far(item.symbol, hours_.minute_end(i));
    item.day_volume = day->volume;
    item.day_open = day->open;
    items.push_back(item);
    item.kind = DataKind::quote;
    items.push_back(item);
    item.kind = DataKind::daily_bar;
    item.bar = *day;
    items.push_back(item);
  }
  publish(std::move(items));
  announced_ = i;
  broadcast(minute_line(i));
  if (lock_step()) clock_.hold();
}

void Exchange::end_day() {
  if (last_minute() == hours_.minutes - 1) {
    matching_.close_session(now());
    flush_updates();
  }
  closed_ = true;
  broadcast(time_line("closed"));
  if (lock_step()) clock_.hold();
}

void Exchange::start_clock() {
  if (!lock_step()) scaled_.emplace(clock_.now(), options_.speed);
}

void Exchange::sync() {
  if (scaled_) clock_.advance_to(std::max(scaled_->now(), clock_.now()));
}

std::optional<ScaledTime::Wall::time_point> Exchange::next_wake() const {
  const auto next = clock_.next();
  if (!scaled_ || !next) return std::nullopt;
  return scaled_->wall_of(*next);
}

Result<> Exchange::acknowledge(int minute) {
  if (!lock_step()) return {};
  if (minute != announced_ || acknowledged_ == announced_) {
    return fail(
        Errc::out_of_order, "ack",
        "minute " + std::to_string(announced_) + " is the one to acknowledge, not " + std::to_string(minute));
  }
  acknowledged_ = minute;
  // Runs until the next minute, or the day's end, holds the clock.
  const TimePoint until = clock_.next().value_or(now()) + std::chrono::hours{24};
  clock_.advance_to(until);
  return {};
}

Result<> Exchange::advance(TimePoint to) {
  if (!lock_step()) return fail(Errc::usage, "advance", "only in lock step");
  if (announced_ < last_minute()) {
    to = std::min(to, hours_.minute_end(announced_ + 1) - std::chrono::nanoseconds{1});
  }
  if (to > now()) clock_.advance_to(to);
  return {};
}

void Exchange::add_counts(nlohmann::ordered_json& j) const {
  j["events"] = events_;
  j["items"] = data_items_;
  j["data"] = std::count_if(data_listeners_.begin(), data_listeners_.end(),
                            [](const DataListener* listener) { return listener->authenticated(); });
  j["streams"] = std::count_if(update_listeners_.begin(), update_listeners_.end(),
                               [](const UpdateListener* listener) { return listener->listening(); });
}

std::string Exchange::hello() const {
  nlohmann::ordered_json j;
  j["type"] = "hello";
  j["now"] = format_utc(now());
  j["date"] = format_date(hours_.date);
  j["first"] = options_.from_minute;
  j["last"] = last_minute();
  j["minute"] = announced_;
  j["lock_step"] = lock_step();
  j["speed"] = options_.speed;
  add_counts(j);
  return j.dump();
}

std::string Exchange::minute_line(int minute) const {
  const TimePoint start = hours_.minute_start(minute);
  int sent = 0;
  for (const DataListener* listener : data_listeners_) {
    if (listener->authenticated()) sent = listener->bars_sent(start);  // the newest one counts
  }
  nlohmann::ordered_json j;
  j["type"] = "minute";
  j["minute"] = minute;
  j["start"] = format_utc(start);
  j["sent"] = sent;
  j["now"] = format_utc(now());
  add_counts(j);
  return j.dump();
}

std::string Exchange::time_line(std::string_view type) const {
  nlohmann::ordered_json j;
  j["type"] = type;
  j["now"] = format_utc(now());
  add_counts(j);
  return j.dump();
}

std::string Exchange::pending_announcement() const {
  if (closed_) return time_line("closed");
  if (!lock_step() || announced_ < options_.from_minute || acknowledged_ == announced_) return {};
  return minute_line(announced_);
}

void Exchange::broadcast(const std::string& line) {
  for (TimeListener* listener : std::vector<TimeListener*>(time_listeners_)) listener->announce(line);
}

// ---- market data and events ---------------------------------------------------------------------

void Exchange::publish(std::vector<DataItem> items) {
  if (faults_.take(FaultKind::mute_data, now())) return;
  std::erase_if(items,
                [this](const DataItem& item) { return faults_.muted(now(), universe()[item.symbol].name); });
  const bool reorder = faults_.take(FaultKind::reorder_data, now()).has_value();
  if (reorder) std::reverse(items.begin(), items.end());
  const int times = faults_.take(FaultKind::duplicate_data, now()) ? 2 : 1;
  if (const auto delay = faults_.take(FaultKind::delay_data, now())) {
    clock_.at(now() + delay->amount, Turn::rest, [this, items = std::move(items), reorder, times] {
      for (int i = 0; i < times; ++i) deliver(items, reorder);
    });
    return;
  }
  for (int i = 0; i < times; ++i) deliver(items, reorder);
}

void Exchange::deliver(const std::vector<DataItem>& items, bool one_by_one) {
  for (DataListener* listener : std::vector<DataListener*>(data_listeners_))
    listener->deliver(items, one_by_one);
}

void Exchange::flush_updates() {
  for (const TradeUpdate& update : matching_.take_updates()) {
    if (faults_.take(FaultKind::lose_stream, now())) continue;
    const int times = faults_.take(FaultKind::duplicate_stream, now()) ? 2 : 1;
    const std::string frame = trade_update_frame(update, matching_);
    for (int i = 0; i < times; ++i) {
      bool sent = false;
      for (UpdateListener* listener : std::vector<UpdateListener*>(update_listeners_)) {
        sent = listener->deliver(frame) || sent;
      }
      if (sent) ++events_;
    }
  }
}

// ---- who may come in ------------------------------------------------------------------------------

bool Exchange::credentials_match(std::string_view key, std::string_view secret) const {
  const bool key_right = same_text(key, options_.key_id);
  return same_text(secret, options_.secret) && key_right;
}

bool Exchange::polygon_key_matches(std::string_view key) const {
  return same_text(key, options_.polygon_key.empty() ? options_.key_id : options_.polygon_key);
}

ExchangeStatistics Exchange::statistics() const {
  ExchangeStatistics s;
  s.requests = requests_;
  s.orders = matching_.orders().size();
  s.events = events_;
  s.data_items = data_items_;
  s.closed = closed_;
  s.cash = matching_.book().cash();
  s.equity = matching_.book().equity();
  return s;
}

}  // namespace sentio::exchange
