#include "sentio/runtime/live_pacer.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <thread>
#include <utility>

namespace sentio {

namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using Wall = std::chrono::steady_clock;

constexpr milliseconds kTick{1};
constexpr seconds kAnswerMax{30};
/// slow-rest faults last in real time.
constexpr seconds kIdleMax{120};
/// What was sent arrives over loopback or was lost with its connection.
constexpr milliseconds kArrivalMax{1500};
constexpr milliseconds kFeedBackMax{250};
/// The exchange ends the day that long after the last minute.
constexpr seconds kDayEndDelay{10};
constexpr milliseconds kLongestSleep{500};

}  // namespace

void LivePacer::wake() {
  {
    const std::lock_guard lock(mutex_);
    news_ = true;
  }
  changed_.notify_all();
}

bool LivePacer::take_news() {
  const std::lock_guard lock(mutex_);
  return std::exchange(news_, false);
}

void LivePacer::sleep(std::chrono::nanoseconds real) {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, real, [this] { return news_; });
}

Result<> RealTimePacer::wait(TimePoint deadline) {
  const std::chrono::duration<double, std::nano> left = deadline - now();
  const auto real = std::chrono::nanoseconds{static_cast<std::int64_t>(left.count() / speed_)};
  if (real.count() > 0) sleep(std::min<std::chrono::nanoseconds>(real, kLongestSleep));
  (void)take_news();
  return {};
}

// ---- lock step ------------------------------------------------------------------------------------

template <class Condition>
bool LockStepPacer::until(Condition done, milliseconds real_max) {
  const auto end = Wall::now() + real_max;
  while (!done()) {
    if (Wall::now() > end) return false;
    std::this_thread::sleep_for(std::chrono::microseconds{100});
  }
  return true;
}

Result<> LockStepPacer::connect(const std::string& url, const SessionHours& hours) {
  hours_ = hours;
  if (auto started = control_.connect(url); !started) return started;
  auto hello = read();
  if (!hello) return tl::unexpected(hello.error());
  if (hello->type != "hello") return fail(Errc::malformed, "control", "no greeting but " + hello->type);
  return {};
}

Result<LockStepPacer::Told> LockStepPacer::read() {
  const auto end = Wall::now() + kAnswerMax;
  while (Wall::now() < end) {
    const auto event = control_.next(seconds{1});
    if (!event || std::holds_alternative<WsOpened>(*event)) continue;
    const auto* message = std::get_if<WsMessage>(&*event);
    if (message == nullptr) return fail(Errc::network, "control", "the exchange hung up");
    const auto j = nlohmann::json::parse(message->data, nullptr, false);
    if (!j.is_object()) return fail(Errc::malformed, "control", "not a JSON object");
    Told told{.type = j.value("type", "")};
    if (told.type == "ok") continue;
    if (told.type == "error") return fail(Errc::internal, "control", j.value("message", ""));
    const auto now = parse_timestamp(j.value("now", ""));
    if (!now) return tl::unexpected(now.error());
    now_ = std::max(now_.load(), now->time_since_epoch().count());
    told.updates = j.value("events", std::uint64_t{0});
    told.items = j.value("items", std::uint64_t{0});
    if (told.type == "hello" || told.type == "minute") minute_ = j.value("minute", -1);
    if (told.type == "hello") last_ = j.value("last", -1);
    if (told.type == "closed") closed_ = true;
    return told;
  }
  return fail(Errc::timed_out, "control", "the exchange does not answer");
}

Result<LockStepPacer::Told> LockStepPacer::ask(const std::string& message) {
  if (auto sent = control_.send_text(message); !sent) return tl::unexpected(sent.error());
  return read();
}

void LockStepPacer::await_arrival(const Told& told) {
  if (!until([&] { return probes_.updates_received() + updates_lost_ >= told.updates; }, kArrivalMax)) {
    updates_lost_ = told.updates - probes_.updates_received();
  }
  if (!until([&] { return probes_.items_received() + items_lost_ >= told.items; }, kArrivalMax)) {
    items_lost_ = told.items - probes_.items_received();
  }
}

// Updates can be lost; an order that is still open when a minute is over is asked for.
void LockStepPacer::ask_for_open_orders() {
  if (probes_.orders_open() == 0) return;
  const std::uint64_t before = probes_.polls_done();
  probes_.poll_soon();
  (void)until([&] { return probes_.polls_done() > before; }, kArrivalMax);
}

TimePoint LockStepPacer::next_announcement() const {
  return minute_ < last_ ? hours_.minute_end(minute_ + 1) : hours_.minute_end(last_) + kDayEndDelay;
}

Result<> LockStepPacer::settle() {
  if (!until([&] { return probes_.broker_idle(); }, kIdleMax)) {
    return fail(Errc::timed_out, "rehearsal", "an order request does not end");
  }
  if (closed_) return {};
  const auto told = ask(nlohmann::json{{"type", "advance"}, {"to", format_utc(now())}}.dump());
  if (!told) return tl::unexpected(told.error());
  await_arrival(*told);
  return {};
}

Result<> LockStepPacer::wait(TimePoint deadline) {
  if (take_news()) return {};
  if (auto settled = settle(); !settled) return settled;
  if (take_news()) return {};
  if (closed_) {
    now_ = std::max(now_.load(), deadline.time_since_epoch().count());
    return {};
  }
  // A connection comes back within milliseconds of real time, which must not be minutes of the day.
  if (!probes_.feed_up() && until([&] { return probes_.feed_up(); }, kFeedBackMax)) return {};
  const bool minute_first = next_announcement() <= deadline;
  const auto told =
      ask(minute_first ? nlohmann::json{{"type", "ack"}, {"minute", minute_}}.dump()
                       : nlohmann::json{{"type", "advance"}, {"to", format_utc(deadline)}}.dump());
  if (!told) return tl::unexpected(told.error());
  await_arrival(*told);
  if (minute_first) ask_for_open_orders();
  return {};
}

}  // namespace sentio
