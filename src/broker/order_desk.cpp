#include "order_desk.h"

#include <algorithm>
#include <utility>

#include "sentio/log/log.h"
#include "sentio/net/backoff.h"

namespace sentio {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr int kSendsMax = 6;  // of one order, all under one id
constexpr int kLooksMax = 4;  // a 404 right after a timed-out POST means "not yet"
constexpr int kCancelsMax = 20;
/// Never at a full minute, when orders go.
constexpr seconds kWarmFirst{47}, kWarmInterval{40};

std::chrono::nanoseconds delay(int tries, const std::string& id) {
  return backoff_delay(std::min(tries, 10), milliseconds{300}, seconds{5}, std::hash<std::string>{}(id));
}

const char* word(WriteOutcome::Kind kind) {
  switch (kind) {
    case WriteOutcome::Kind::done:
      return "done";
    case WriteOutcome::Kind::refused:
      return "refused";
    case WriteOutcome::Kind::not_sent:
      return "not_sent";
    case WriteOutcome::Kind::ambiguous:
      return "unknown";
    case WriteOutcome::Kind::stopped:
      return "stopped";
  }
  return "";
}

void tell_answer(const char* what, const std::string& id, const WriteOutcome& outcome) {
  const bool expected = outcome.kind == WriteOutcome::Kind::done || outcome.kind == WriteOutcome::Kind::stopped;
  log_line(expected ? LogLevel::debug : LogLevel::warn, what,
           {{"id", id}, {"answer", word(outcome.kind)}, {"why", outcome.why}});
}

Urgency urgency_of(const Order& order) {
  return order.side == Side::sell ? Urgency::exit : Urgency::entry;
}

}  // namespace

OrderDesk::OrderDesk(std::vector<TradingApi> lanes, BrokerBook& book, Timeline time,
                     std::function<TimePoint()> now, std::function<void()> poll_soon)
    : book_(book), time_(std::move(time)), now_(std::move(now)), poll_soon_(std::move(poll_soon)) {
  for (TradingApi& api : lanes) lanes_.push_back(std::make_unique<Lane>(std::move(api)));
  for (auto& lane : lanes_) lane->thread = std::thread([this, &lane = *lane] { run(lane); });
}

OrderDesk::~OrderDesk() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  for (auto& lane : lanes_) {
    lane->changed.notify_all();
    lane->api.cancel();
  }
  for (auto& lane : lanes_) lane->thread.join();
}

void OrderDesk::submit(const Order& order, std::string client_order_id, std::string symbol) {
  {
    const std::lock_guard lock(mutex_);
    sheets_[client_order_id] = Sheet{order, std::move(symbol), 0};
  }
  put({Kind::submit, std::move(client_order_id), {}, urgency_of(order)}, {});
}

void OrderDesk::cancel(std::string client_order_id) {
  put({Kind::cancel, std::move(client_order_id), {}, Urgency::exit}, {});
}

void OrderDesk::look_up(std::string client_order_id) {
  {
    const std::lock_guard lock(mutex_);
    const auto same = [&](const Task& t) { return t.kind == Kind::look_up && t.client_order_id == client_order_id; };
    if (std::any_of(tasks_.begin(), tasks_.end(), same)) return;
  }
  put({Kind::look_up, std::move(client_order_id), {}, Urgency::entry}, {});
}

bool OrderDesk::idle() const {
  const std::lock_guard lock(mutex_);
  const auto real = [](const Task& task) { return task.kind != Kind::keep_warm; };
  return !any_working() && std::none_of(tasks_.begin(), tasks_.end(), real);
}

void OrderDesk::keep_warm() {
  const auto into_minute = now_() - std::chrono::floor<std::chrono::minutes>(now_());
  put({Kind::keep_warm, {}, {}, Urgency::background}, kWarmFirst - into_minute + std::chrono::minutes{into_minute < kWarmFirst ? 0 : 1});
}

bool OrderDesk::any_working() const {
  return std::any_of(lanes_.begin(), lanes_.end(), [](const auto& lane) { return lane->working; });
}

bool OrderDesk::is_turn_of(const Lane& lane) const {
  for (const auto& before : lanes_) {
    if (before.get() == &lane) return true;
    if (!before->working) return false;
  }
  return false;
}

void OrderDesk::put(Task task, std::chrono::nanoseconds wait) {
  const std::lock_guard lock(mutex_);
  task.due = time_.now() + wait;
  task.number = ++numbers_;
  tasks_.push_back(std::move(task));
  announce();
  wake_first_idle();
}

// Under the lock. Only the lane whose turn it is: the others would run for nothing, in the way of the one that
// sends. Lanes at work look at the queue when they are done.
void OrderDesk::wake_first_idle() {
  for (auto& lane : lanes_) {
    if (!lane->working) return lane->changed.notify_all();
  }
}

// Under the lock. With every lane at work nobody can begin what is due: their own tokens count.
void OrderDesk::announce() {
  const bool busy = std::all_of(lanes_.begin(), lanes_.end(), [](const auto& lane) { return lane->working; });
  const auto first = std::min_element(tasks_.begin(), tasks_.end(),
                                      [](const Task& a, const Task& b) { return a.due < b.due; });
  due_ = busy || first == tasks_.end() ? Timeline::Due{} : time_.due(first->due);
}

bool OrderDesk::next(Lane& lane, Task& task) {
  std::unique_lock lock(mutex_);
  lane.working = false;
  announce();
  lane.due.reset();
  const auto before = [](const Task& a, const Task& b) {
    if (a.urgency != b.urgency) return a.urgency < b.urgency;
    return a.number < b.number;
  };
  while (!stop_) {
    const TimePoint now = time_.now();
    auto best = tasks_.end();
    TimePoint wake = now + seconds{3600};
    for (auto it = tasks_.begin(); it != tasks_.end(); ++it) {
      if (it->due > now) {
        wake = std::min(wake, it->due);
      } else if (best == tasks_.end() || before(*it, *best)) {
        best = it;
      }
    }
    if (best != tasks_.end() && is_turn_of(lane)) {
      task = std::move(*best);
      tasks_.erase(best);
      lane.working = true;
      lane.due = time_.due(now);
      announce();
      if (!tasks_.empty()) wake_first_idle();
      return true;
    }
    if (tasks_.empty() || !is_turn_of(lane)) {
      lane.changed.wait(lock);
    } else {
      time_.wait(lock, lane.changed, wake);
    }
  }
  return false;
}

void OrderDesk::run(Lane& lane) {
  const LogThread name("order-lane");
  Task task;
  while (next(lane, task)) work(lane, std::move(task));
}

void OrderDesk::work(Lane& lane, Task task) {
  switch (task.kind) {
    case Kind::submit:
      return work_submit(lane.api, std::move(task));
    case Kind::look_up:
      return work_look_up(lane.api, std::move(task));
    case Kind::cancel:
      return work_cancel(lane.api, std::move(task));
    case Kind::keep_warm:
      return work_keep_warm(lane.api, std::move(task));
  }
}

void OrderDesk::work_submit(TradingApi& api, Task task) {
  // A repetition may have been overtaken by news of the first send, or by a cancel: an order that the session
  // has given up must not be sent minutes later, when the broker can be reached again.
  const bool settled = book_.with([&](OrderTracker& tracker) {
    const TrackedOrder* o = tracker.find(task.client_order_id);
    if (o == nullptr || o->ended || !o->broker_id.empty()) return true;
    if (o->cancel_wanted) tracker.withdraw(task.client_order_id);
    return o->cancel_wanted;
  });
  if (settled) return;
  Sheet sheet;
  {
    const std::lock_guard lock(mutex_);
    Sheet& kept = sheets_.at(task.client_order_id);
    ++kept.sends;
    sheet = kept;
  }
  auto body = order_request_json(sheet.order, sheet.symbol, task.client_order_id);
  if (!body) return give_up(task, body.error().message());
  log_line(LogLevel::debug, "order_send",
           {{"id", task.client_order_id}, {"symbol", sheet.symbol}, {"sends", sheet.sends}});
  WriteOutcome outcome = api.write("POST", "/v2/orders", {}, std::move(*body), task.urgency);
  tell_answer("order_answer", task.client_order_id, outcome);
  // The first send may have ended before it began: only its repetition leaves then.
  if (outcome.sent_at != decltype(outcome.sent_at){}) book_.sent(sheet.order.key, outcome.sent_at);
  switch (outcome.kind) {
    case WriteOutcome::Kind::done:
      if (const auto order = parse_order(outcome.body)) return accept(*order);
      return put({Kind::look_up, task.client_order_id, {}, task.urgency}, {});
    case WriteOutcome::Kind::refused:
      // "must be unique": an earlier send of ours got there.
      if (refusal(outcome.error) == Refusal::duplicate_id) {
        return put({Kind::look_up, task.client_order_id, {}, task.urgency}, {});
      }
      if (refusal(outcome.error) == Refusal::unauthorized) {
        book_.note({BrokerNotice::Kind::unauthorized, task.client_order_id, sheet.symbol, outcome.why});
      }
      return give_up(task, outcome.why, scope_of(outcome.error));
    case WriteOutcome::Kind::not_sent: {
      if (sheet.sends >= kSendsMax) return give_up(task, "could not be sent: " + outcome.why);
      const auto wait = delay(sheet.sends, task.client_order_id);
      return put(std::move(task), wait);
    }
    case WriteOutcome::Kind::ambiguous:
      book_.note({BrokerNotice::Kind::request_failed, task.client_order_id, sheet.symbol,
                  "order of unknown outcome, looking it up: " + outcome.why});
      return put({Kind::look_up, task.client_order_id, {}, task.urgency}, milliseconds{200});
    case WriteOutcome::Kind::stopped:
      return;
  }
}

void OrderDesk::work_look_up(TradingApi& api, Task task) {
  const std::string successor = successor_of(task.client_order_id);
  const auto order = successor.empty() ? api.order_by_client_id(task.client_order_id, task.urgency, 1)
                                       : api.order_by_id(successor, task.urgency, 1);
  if (order) return accept(*order, task);
  const bool unknown = order.error().code == Errc::not_found;
  if (!successor.empty() && unknown) return look_again(std::move(task));
  ++task.tries;
  const auto wait = delay(task.tries, task.client_order_id);
  log_line(LogLevel::debug, "look_up_answer",
           {{"id", task.client_order_id}, {"tries", task.tries}, {"error", order.error().message()}});
  if (!unknown || task.tries < kLooksMax) return put(std::move(task), wait);
  int sends = 0;
  {
    const std::lock_guard lock(mutex_);
    const auto sheet = sheets_.find(task.client_order_id);
    sends = sheet == sheets_.end() ? kSendsMax : sheet->second.sends;
  }
  // Resumed orders have no sheet: what the broker does not know days or hours later never got there.
  if (sends >= kSendsMax) return give_up(task, "the broker does not know the order");
  put({Kind::submit, task.client_order_id, {}, task.urgency}, {});
}

/// The broker id of what has replaced an order and was not heard of yet; empty: the order itself is asked for.
std::string OrderDesk::successor_of(const std::string& client_order_id) const {
  return book_.look([&](const OrderTracker& tracker) {
    const TrackedOrder* o = tracker.find(client_order_id);
    return o != nullptr && o->successor_awaited && o->legs.size() > 1 ? o->broker_id : std::string();
  });
}

/// For what replaced an order of ours, a few times, ever more slowly.
void OrderDesk::look_again(Task task) {
  if (++task.tries < kLooksMax) {
    const auto wait = delay(task.tries, task.client_order_id);
    return put(std::move(task), wait);
  }
  book_.with([&](OrderTracker& tracker) { tracker.lose_successor(task.client_order_id); });
}

void OrderDesk::work_cancel(TradingApi& api, Task task) {
  std::string broker_id;
  const bool open = book_.look([&](const OrderTracker& tracker) {
    const TrackedOrder* o = tracker.find(task.client_order_id);
    if (o == nullptr) return false;
    if (o->status == OrderStatus::pending_cancel) return false;  // it has been asked for: its end comes or is polled
    broker_id = o->broker_id;
    // Ended without a name: refused, there is nothing to cancel.
    if (broker_id.empty()) return !o->ended;
    return !o->status || !is_terminal(*o->status);
  });
  if (!open) return;
  // Not acknowledged: its POST or look-up is on the way, and ends it or names it.
  if (broker_id.empty()) return put(std::move(task), milliseconds{200});
  const auto wait = delay(task.tries, task.client_order_id);
  if (++task.tries > kCancelsMax) {
    book_.note(
        {BrokerNotice::Kind::request_failed, task.client_order_id, "", "the cancel could not be sent"});
    return;
  }
  const WriteOutcome outcome =
      api.write("DELETE", "/v2/orders/" + broker_id, {}, std::nullopt, Urgency::exit);
  tell_answer("cancel_answer", task.client_order_id, outcome);
  switch (outcome.kind) {
    case WriteOutcome::Kind::done:
      return poll_soon_();  // accepted, not yet cancelled
    case WriteOutcome::Kind::refused: {
      Task look{Kind::look_up, task.client_order_id, {}, Urgency::exit};
      look.cancels = task.tries;
      return put(std::move(look), {});
    }
    case WriteOutcome::Kind::not_sent:
    case WriteOutcome::Kind::ambiguous:
      return put(std::move(task), wait);  // cancelling twice does no harm
    case WriteOutcome::Kind::stopped:
      return;
  }
}

// Nothing hangs on the answer, but that our keys are no longer good.
void OrderDesk::work_keep_warm(TradingApi& api, Task task) {
  const auto answer = api.get("/v2/clock", {}, Urgency::background, 1);
  if (!answer && answer.error().code == Errc::unauthorized) {
    book_.note({BrokerNotice::Kind::unauthorized, "", "", answer.error().message()});
  }
  put(std::move(task), kWarmInterval);
}

// A cancel that was refused although the order lives is tried again, ever more slowly.
void OrderDesk::accept(const AlpacaOrder& order, const Task& asked) {
  using What = BrokerBook::Followup::What;
  const auto next = book_.apply(order, now_());
  if (next.what == What::poll) return poll_soon_();
  if (next.what == What::look_up) {
    // Of a replacement that is known by name the first look is still to come.
    const bool same_answer = asked.kind == Kind::look_up && successor_of(next.client_order_id).empty();
    Task look = asked;
    look.kind = Kind::look_up;
    look.client_order_id = next.client_order_id;
    if (same_answer) return look_again(std::move(look));
    look.tries = 0;
    return put(std::move(look), {});
  }
  const bool refused = asked.cancels > 0 && book_.look([&](const OrderTracker& tracker) {
    const TrackedOrder* o = tracker.owner(order);
    return o != nullptr && !o->ended && o->cancel_wanted && !is_terminal(order.status);
  });
  if (next.what != What::cancel && !refused) return;
  Task again{Kind::cancel, next.client_order_id, {}, Urgency::exit};
  again.tries = asked.cancels;
  put(std::move(again), asked.cancels > 0 ? delay(asked.cancels, next.client_order_id) : std::chrono::nanoseconds{0});
}

void OrderDesk::give_up(const Task& task, const std::string& why, RefusalScope scope) {
  log_line(LogLevel::warn, "order_given_up", {{"id", task.client_order_id}, {"why", why}});
  book_.with([&](OrderTracker& tracker) {
    if (tracker.find(task.client_order_id) != nullptr) tracker.refuse(task.client_order_id, why, scope);
  });
}

}  // namespace sentio
