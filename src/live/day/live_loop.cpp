#include "day/live_loop.h"

#include <unistd.h>

#include <algorithm>
#include <system_error>

#include "sentio/log/log.h"

namespace sentio {
namespace {

namespace fs = std::filesystem;
using std::chrono::seconds;

constexpr seconds kCheckInterval{60}, kCheckAgain{15};
/// Books are compared at half minutes, when no bars come and no orders go.
constexpr seconds kCheckOffset{30};
/// From then on the book may be anything.
constexpr int kMissedMax = 3;
constexpr seconds kFilesInterval{1}, kStatusInterval{5};  // real time
/// A window's last executions come with the next opens.
constexpr seconds kWindowGrace{10};
constexpr seconds kHoldMax{15};
constexpr std::chrono::minutes kFlattenMax{4};

}  // namespace

fs::path flatten_request_file(const fs::path& folder) {
  return folder / "flatten_request";
}

LiveLoop::LiveLoop(const LiveRunOptions& options, const LiveClock& clock, LiveDay& day, LiveBrokerInterface& broker,
                   const Alerts& alerts, LiveStatus status, std::vector<StatusLearner> learners)
    : policy_(options.policy),
      observers_(options.observers),
      folder_(options.folder),
      alerts_(alerts),
      clock_(clock),
      pacer_(*clock.pacer),
      day_(day),
      broker_(broker),
      status_(std::move(status)),
      details_{.learners = std::move(learners)},
      watch_(
          broker, day.session().universe(), pacer_.timeline(), [this] { return pacer_.now(); }, [this] { pacer_.wake(); }),
      next_check_(std::chrono::floor<std::chrono::minutes>(std::max(pacer_.now(), clock.hours.open)) + kCheckInterval +
                  kCheckOffset),
      judge_(day.session().universe()) {}

Result<> LiveLoop::run() {
  write_status("trading");
  // What was asked for while the day was made ready is heard before time goes on.
  for (const auto chore : {&LiveLoop::hear_signals, &LiveLoop::look_at_files}) {
    if (auto done = (this->*chore)(); !done) return done;
  }
  while (!finished()) {
    if (auto waited = pacer_.wait(std::min(day_.next_deadline(), next_look())); !waited) return waited;
    if (auto done = day_.pump(pacer_.now()); !done) return done;
    if (auto done = chores(); !done) return done;
    if (observers_.progress) observers_.progress(pacer_.now(), day_.session().ledger().equity().v);
  }
  return {};
}

bool LiveLoop::finished() const {
  if (day_.over()) return true;
  if (stopping_) {
    const bool done = policy_.on_exit == OnExit::hold ? !orders_open() : day_.session().flat();
    return done || pacer_.now() >= stop_by_ || observers_.stop->requests() > 1;
  }
  if (clock_.last_minute == clock_.hours.minutes - 1) return false;
  return pacer_.closed() || pacer_.now() > clock_.hours.minute_end(clock_.last_minute) + kWindowGrace;
}

Result<> LiveLoop::chores() {
  measure();
  for (const auto chore : {&LiveLoop::hear_broker, &LiveLoop::hear_signals, &LiveLoop::look_at_files,
                           &LiveLoop::check_books, &LiveLoop::hear_watch}) {
    if (auto done = (this->*chore)(); !done) return done;
  }
  if (Wall::now() >= status_written_ + kStatusInterval) write_status(stopping_ ? "stopping" : "trading");
  return {};
}

void LiveLoop::measure() {
  for (const SentOrder& order : broker_.take_sent()) day_.stopwatch().left(order.key, order.at);
}

OrderLatency LiveLoop::latency() {
  measure();
  return day_.stopwatch().result();
}

Result<> LiveLoop::hear_broker() {
  for (const BrokerNotice& notice : std::exchange(notices_early_, {})) {
    if (auto done = hear(notice); !done) return done;
  }
  for (const BrokerNotice& notice : broker_.notices()) {
    if (auto done = hear(notice); !done) return done;
  }
  return {};
}

Result<> LiveLoop::hear(const BrokerNotice& notice) {
  using Kind = BrokerNotice::Kind;
  const std::string about = notice.symbol.empty() ? notice.client_order_id : notice.symbol;
  const std::string text = "broker: " + (about.empty() ? "" : about + " ") + notice.text;
  if (auto done = day_.log(text); !done) return done;
  if (notice.kind == Kind::unauthorized) return judge_keys(keys_.refused(pacer_.now()), text);
  if (notice.kind == Kind::order_replaced) alert(AlertKind::trouble, text);
  if (notice.kind == Kind::foreign_order) return hear_foreign_order(notice, text);
  if (notice.kind == Kind::unbooked_shares || notice.kind == Kind::execution_changed) {
    alert(AlertKind::trouble, text);
    next_check_ = pacer_.now();
  }
  return {};
}

Result<> LiveLoop::judge_keys(KeyWatch::Verdict verdict, const std::string& told) {
  switch (verdict) {
    case KeyWatch::Verdict::nothing:
      return {};
    case KeyWatch::Verdict::suspend:
      return day_.set_keys_refused(true, "the broker refuses our keys, no entries until the account can be read: " + told);
    case KeyWatch::Verdict::lift:
      return day_.set_keys_refused(false, "the broker takes our keys again");
    case KeyWatch::Verdict::latch:
      return no_more_entries(told, "the broker refuses our keys");
  }
  return {};
}

/// Somebody else trades what we trade. The broker's own orders of the last rung are asked for by us.
Result<> LiveLoop::hear_foreign_order(const BrokerNotice& notice, const std::string& text) {
  if (!notice.at_work || day_.handed_over() || !day_.session().universe().find(notice.symbol)) return {};
  alerts_.warn(AlertKind::trouble, text + "; it can take shares or cash that we count on");
  next_check_ = pacer_.now();
  return {};
}

/// For what a retry cannot be expected to mend today.
Result<> LiveLoop::no_more_entries(const std::string& told, const std::string& why) {
  alert(AlertKind::halt, told + "; no more entries today");
  if (std::exchange(entries_over_, true)) return {};
  return day_.stop_entries(why);
}

Result<> LiveLoop::hear_signals() {
  if (stopping_ || observers_.stop == nullptr || observers_.stop->requests() == 0) return {};
  stopping_ = true;
  log_line(LogLevel::info, "stop_asked_for", {{"on_exit", policy_.on_exit == OnExit::hold ? "hold" : "flatten"}});
  const bool hold = policy_.on_exit == OnExit::hold;
  // Shares that are sold at the open are watched until they are, however long that takes.
  const bool early = !hold && pacer_.now() < clock_.hours.open;
  stop_by_ = early ? TimePoint::max()
                   : pacer_.now() + (hold ? std::chrono::nanoseconds{kHoldMax} : std::chrono::nanoseconds{kFlattenMax});
  alert(AlertKind::stop, hold                             ? "stopping on a signal; positions are kept"
                         : early && !day_.session().flat() ? "stopping on a signal; selling everything at the open"
                                                           : "stopping on a signal; selling everything");
  if (!hold) return day_.flatten("stopped by a signal");
  if (auto done = day_.stop_entries("stopped by a signal"); !done) return done;
  const WorkingOrders& working = day_.session().working_orders();
  for (std::size_t i = 0; i < working.symbols(); ++i) {
    const WorkingOrder* order = working.find(static_cast<SymbolId>(i));
    if (order != nullptr && order->order.side == Side::buy) broker_.cancel(order->order.key);
  }
  return {};
}

Result<> LiveLoop::look_at_files() {
  if (Wall::now() < files_seen_ + kFilesInterval) return {};
  files_seen_ = Wall::now();
  std::error_code problem;
  if (!policy_.rehearsal) {
    const bool on = fs::exists(kMaintenanceFile, problem);
    // An unreadable folder is no order to trade on.
    if (auto done = day_.set_maintenance(on || problem); !done) return done;
  }
  const fs::path request = flatten_request_file(folder_);
  if (!fs::exists(request, problem)) return {};
  fs::remove(request, problem);
  if (std::exchange(flatten_heard_, true)) return {};  // or it cannot be removed
  alert(AlertKind::halt, "flatten was requested: selling everything, no more entries today");
  return day_.flatten("flatten was requested");
}

// ---- the broker's book ------------------------------------------------------------------------------

Result<> LiveLoop::check_books() {
  if (auto book = watch_.take_snapshot()) {
    if (auto done = *book ? judge_books(**book) : miss_books(book->error()); !done) return done;
  }
  const TimePoint now = pacer_.now();
  if (now < next_look()) return {};
  // Nothing stands in the way of the question whether our keys are taken.
  const bool keys = keys_.look_at() && now >= *keys_.look_at();
  if (keys) keys_.looked(now);
  if (now >= next_check_) next_check_ = now + (unsettled_ ? kCheckAgain : kCheckInterval);
  if ((policy_.dry_run && !keys) || now >= clock_.hours.close) return {};
  asked_ = expected_book(day_.session());
  asked_at_ = now;
  watch_.ask(movements_since());
  return {};
}

TimePoint LiveLoop::next_look() const {
  return std::min(next_check_, keys_.look_at().value_or(TimePoint::max()));
}

/// Since midnight: what the account had moved before the day began is told from what came later by the judge.
std::optional<TimePoint> LiveLoop::movements_since() const {
  if (!judge_.wants_movements()) return std::nullopt;
  return clock_.hours.open - new_york_time_of_day(clock_.hours.open);
}

Result<> LiveLoop::miss_books(const Error& error) {
  log_line(LogLevel::warn, "book_not_read", {{"error", error.message()}});
  const std::string text = "the broker's book cannot be read: " + error.message();
  const bool blind = ++missed_ == kMissedMax && error.code != Errc::unauthorized;
  if (blind) return day_.set_books_unread(true, text + "; for three looks now");
  if (auto done = day_.log(text); !done) return done;
  if (error.code != Errc::unauthorized) return {};
  return judge_keys(keys_.account_refused(asked_at_, pacer_.now()), text);
}

/// The broker was asked a while ago: whatever our book allowed then or allows now is no difference.
Result<> LiveLoop::judge_books(const BrokerBookSnapshot& book) {
  if (auto done = judge_keys(keys_.account_read(asked_at_), {}); !done) return done;
  missed_ = 0;
  if (auto done = day_.set_books_unread(false, {}); !done) return done;
  if (policy_.dry_run) return {};
  if (!book.account.may_trade()) {
    auto done = no_more_entries("the broker has blocked the account", "the account may not trade");
    if (!done) return done;
  }
  const BookVerdict verdict = judge_.judge(either(asked_, expected_book(day_.session())), book);
  if (auto done = tell(verdict); !done) return done;
  unsettled_ = !verdict.settled;
  if (unsettled_) next_check_ = std::min(next_check_, pacer_.now() + kCheckAgain);
  const std::string stop = verdict.stop();
  if (stop.empty() && unsettled_) return {};
  return day_.set_mismatch(!stop.empty(), stop);
}

Result<> LiveLoop::tell(const BookVerdict& verdict) {
  for (const std::string& line : verdict.lines) {
    if (auto done = day_.log(line); !done) return done;
  }
  for (const std::string& text : verdict.alerts) {
    alerts_.warn(AlertKind::trouble, text);
    if (auto done = day_.log(text); !done) return done;
  }
  return {};
}

Result<BookVerdict> LiveLoop::judge_now(const BrokerBookSnapshot& book) {
  BookVerdict verdict = judge_.judge(expected_book(day_.session()), book);
  if (auto done = tell(verdict); !done) return tl::unexpected(done.error());
  return verdict;
}

void LiveLoop::close_at_broker(std::vector<OwnShares> shares) {
  watch_.close_out(std::move(shares), [this] { return pacer_.now() < clock_.hours.close; });
}

Result<> LiveLoop::hear_watch() {
  for (const std::string& line : watch_.take_lines()) {
    if (auto done = day_.log(line); !done) return done;
  }
  return day_.broker_sold(watch_.take_sold());
}

// ---- status.json ------------------------------------------------------------------------------------

void LiveLoop::write_status(const std::string& state, const std::string& exit_note) {
  status_written_ = Wall::now();
  const TradingSession& session = day_.session();
  const Ledger& ledger = session.ledger();
  status_.state = state;
  status_.exit_note = exit_note;
  status_.pid = ::getpid();
  status_.pace = clock_.pace;
  status_.written_at = pacer_.now();
  status_.last_bar = day_.last_bar();
  status_.minute = day_.last_minute();
  status_.feed_up = day_.feed_up();
  status_.stream_up = broker_.stream_up();
  status_.entries_suspended = day_.entry_gate().suspended();
  status_.maintenance = day_.entry_gate().closed_by(EntryStop::maintenance);
  status_.breaker = session.risk().breaker_open();
  status_.cash = ledger.cash().v;
  status_.equity = ledger.equity().v;
  status_.cash_explained = judge_.explained();
  status_.cash_allowance = cash_allowance(ledger.equity().v, ledger.executions(), ledger.fees_paid().v);
  status_.orders_open = static_cast<int>(broker_.open_order_count());
  const OrderLatency orders = day_.stopwatch().result();
  details_.order_latency = {.sent = static_cast<int>(orders.us.size()),
                                   .not_on_a_set = static_cast<int>(orders.not_on_a_set),
                                   .never_left = static_cast<int>(orders.never_left),
                                   .p50_us = orders.quantile(.5),
                                   .p99_us = orders.quantile(.99),
                                   .worst_us = orders.quantile(1)};
  status_.positions.clear();
  status_.unhealthy_symbols.clear();
  for (std::size_t i = 0; i < session.universe().size(); ++i) {
    const auto symbol = static_cast<SymbolId>(i);
    const std::string& name = session.universe()[symbol].name;
    const Position& p = ledger.position(symbol);
    if (p.qty.v > 0) status_.positions.push_back({name, p.qty.v, p.avg_entry.v, p.mark.v});
    if (!session.broken_limits()[i].healthy()) status_.unhealthy_symbols.push_back(name);
  }
  // Of no consequence for trading; a reader sees that it grows old.
  const auto done = sentio::write_status(folder_, status_, &details_);
  if (done) {
    status_failed_ = false;
  } else if (!std::exchange(status_failed_, true)) {  // once: it is tried every few seconds
    log_line(LogLevel::warn, "write_failed", {{"error", done.error().message()}});
  }
}

}  // namespace sentio
