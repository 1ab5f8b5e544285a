#include "start/live_start.h"

#include <algorithm>
#include <system_error>
#include <thread>

#include "sentio/store/journal.h"
#include "start/start_questions.h"

namespace sentio {
namespace {

namespace fs = std::filesystem;

/// Positions lag behind fills by up to ten seconds.
constexpr int kBookLooks = 20, kBookLooksSimulated = 3;
constexpr int kStartCancelLooks = 40;

class Start {
 public:
  Start(BrokerAccountInterface& broker, LivePacer& pacer, const LiveStartOptions& options)
      : broker_(broker), pacer_(pacer), options_(options) {}

  Result<LiveStart> run() {
    for (const auto stage : {&Start::account, &Start::clock, &Start::calendar, &Start::assets, &Start::journal,
                             &Start::patient_book, &Start::in_time, &Start::forgotten_orders, &Start::resumed_book}) {
      if (auto done = (this->*stage)(); !done) return tl::unexpected(done.error());
    }
    return std::move(start_);
  }

 private:
  Result<> account() {
    auto account = ask_account(broker_);
    if (!account) return tl::unexpected(account.error());
    start_.account = *std::move(account);
    if (options_.claim) {
      if (auto claimed = options_.claim(start_.account); !claimed) return claimed;
    }
    start_.warnings = account_warnings(start_.account);
    return check_account(start_.account);
  }

  Result<> clock() {
    const auto skew = ask_clock(broker_, pacer_);
    if (!skew) return tl::unexpected(skew.error());
    start_.clock_skew_seconds = skew->seconds;
    return skew->verdict;
  }

  Result<> calendar() { return ask_calendar(broker_, options_.hours); }

  Result<> assets() {
    const auto warnings = ask_assets(broker_, options_.setup.universe);
    if (!warnings) return tl::unexpected(warnings.error());
    start_.warnings.insert(start_.warnings.end(), warnings->begin(), warnings->end());
    return {};
  }

  Result<> journal() {
    if (options_.fresh) return forget_breaker(options_.folder, options_.hours.date);
    const auto latched = breaker_latched(options_.folder, options_.hours.date);
    if (!latched) return tl::unexpected(latched.error());
    start_.breaker_latched = *latched;
    const fs::path file = options_.folder / ("journal_" + format_date(options_.hours.date) + ".jsonl");
    const auto begun = is_there(file);
    if (!begun) return tl::unexpected(begun.error());
    if (!*begun) return {};
    auto day = replay_journal(file);
    if (!day) {
      Error error = day.error();
      error.detail += "; put back what is missing, or move the journal away to begin anew with what is held";
      return tl::unexpected(std::move(error));
    }
    if (auto same = same_run(day->header, file); !same) return same;
    start_.resumed = *std::move(day);
    return {};
  }

  /// What cannot be looked at is not absent: the day may have begun.
  static Result<bool> is_there(const fs::path& file) {
    std::error_code problem;
    const bool there = fs::exists(file, problem);
    if (problem) return fail(Errc::io, file.string(), "cannot be looked at: " + problem.message());
    return there;
  }

  Result<> same_run(const RunHeader& recorded, const fs::path& file) const {
    RunHeader ours = recorded;
    ours.date = options_.hours.date;
    ours.mode = options_.mode;
    ours.options.config = options_.setup.config;
    ours.options.universe = options_.setup.universe;
    ours.options.fees = options_.setup.fees;
    ours.options.order_style = options_.order_style;
    if (encode_run_header(ours) == encode_run_header(recorded)) return {};
    return fail(Errc::reconciliation, file.string(),
                "the day was begun with another configuration or style of entries, or as " + recorded.mode + " instead of " +
                    options_.mode + "; start it the same way, or move the journal away to begin anew with what is held");
  }

  Result<> book() {
    // The journal explains more than orders do (positions that were adopted); resumed_book() asks it.
    const bool adopt = options_.adopt || start_.resumed.has_value();
    auto book = ask_book(broker_, pacer_.now(), options_.setup.universe, options_.hours.date, adopt);
    if (!book) return tl::unexpected(book.error());
    start_.book = *std::move(book);
    if (options_.adopt || start_.book.foreign_open.empty()) return {};
    return fail(Errc::reconciliation, start_.book.foreign_open.front().symbol,
                "an open order that is not ours; cancel it, or let --adopt do so");
  }

  /// A fill between the two questions reads as a foreign position, and positions lag behind fills by seconds.
  Result<> patient_book() {
    Result<> done = book_that_fits();
    const int looks = pacer_.simulated() ? kBookLooksSimulated : kBookLooks;
    for (int look = 1; look < looks && !done && done.error().code == Errc::reconciliation; ++look) {
      std::this_thread::sleep_for(options_.book_pause);
      done = book_that_fits();
    }
    return done;
  }

  /// A day that begins after its close trades nothing; only shares that are held are worth saying so.
  [[nodiscard]] Result<> in_time() {
    if (start_.resumed || !start_.book.held.empty() || pacer_.now() < options_.hours.close) return {};
    return fail(Errc::no_session, format_date(options_.hours.date),
                "the session ended at " + format_new_york(options_.hours.close).substr(11, 5) +
                    " New York; there is nothing to trade any more today");
  }

  [[nodiscard]] bool remembered(const BrokerOrder& order) const {
    if (!start_.resumed) return false;
    const Universe& universe = options_.setup.universe;
    return std::any_of(start_.resumed->orders.begin(), start_.resumed->orders.end(), [&](const RecordedOrder& o) {
      return client_order_id(o.order.key, universe[o.order.symbol].name, o.order.decided_at) ==
             order.client_order_id;
    });
  }

  [[nodiscard]] std::vector<BrokerOrder> to_cancel() const {
    std::vector<BrokerOrder> orders = start_.book.foreign_open;
    for (const BrokerOrder& order : start_.book.own_open) {
      if (!remembered(order)) orders.push_back(order);
    }
    return orders;
  }

  /// What they have bought meanwhile is in the positions that are read again.
  Result<> forgotten_orders() {
    for (int look = 0; look < kStartCancelLooks; ++look) {
      const std::vector<BrokerOrder> orders = to_cancel();
      if (orders.empty()) {
        start_.notes.insert(start_.notes.end(), start_.book.notes.begin(), start_.book.notes.end());
        return {};
      }
      for (const BrokerOrder& order : orders) {
        if (look == 0) start_.notes.push_back("cancelling open order " + order.client_order_id);
        if (auto done = broker_.cancel_by_broker_id(order.id); !done) return done;
      }
      std::this_thread::sleep_for(options_.cancel_pause);
      if (auto done = book(); !done) return done;
    }
    return fail(Errc::reconciliation, "open orders",
                "an order in our instruments cannot be cancelled; cancel it by hand");
  }

  Result<> book_that_fits() {
    if (auto done = book(); !done) return done;
    return resumed_book();
  }

  Result<> resumed_book() {
    if (!start_.resumed) return {};
    auto fits = check_resumed(options_.setup.universe, start_.book, *start_.resumed->session);
    if (!fits) fits.error().detail += "; once flat, move the journal away to begin anew";
    return fits;
  }

  BrokerAccountInterface& broker_;
  LivePacer& pacer_;
  const LiveStartOptions& options_;
  LiveStart start_;
};

}  // namespace

Result<LiveStart> check_start(BrokerAccountInterface& broker, LivePacer& pacer, const LiveStartOptions& options) {
  return Start(broker, pacer, options).run();
}

fs::path breaker_file(const fs::path& folder, Date date) {
  return folder / ("breaker_" + format_date(date) + ".json");
}

Result<bool> breaker_latched(const fs::path& folder, Date date) {
  const fs::path file = breaker_file(folder, date);
  std::error_code problem;
  auto type = fs::symlink_status(file, problem).type();
  if (type == fs::file_type::not_found) return false;
  if (type == fs::file_type::symlink) type = fs::status(file, problem).type();
  if (type == fs::file_type::none) {
    return fail(Errc::io, file.string(),
                "cannot be looked at: " + problem.message() + "; it may say that the breaker tripped today");
  }
  return true;
}

Result<> forget_breaker(const fs::path& folder, Date date) {
  const fs::path file = breaker_file(folder, date);
  std::error_code problem;
  fs::remove(file, problem);
  return problem ? fail(Errc::io, file.string(), "cannot be removed: " + problem.message()) : Result<>{};
}

}  // namespace sentio
