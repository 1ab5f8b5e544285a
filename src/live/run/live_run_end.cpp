/// How a live run ends: books, report, and what becomes of the account where the day broke off.

#include <cmath>
#include <thread>

#include "run/live_run_steps.h"
#include "sentio/live/ledger_check.h"
#include "sentio/run/run_manifest.h"
#include "watch/emergency_exit.h"

namespace sentio {
namespace {

using Wall = std::chrono::steady_clock;

constexpr std::chrono::milliseconds kBooksMax{15'000}, kBooksMaxSimulated{300}, kBooksPause{250};

}  // namespace

/// A day that cannot be recorded any more ends, and must not leave its shares to nobody.
Error LiveRun::halted(Error error) {
  if (day_ == nullptr) return error;
  if (!options_.policy.dry_run && !options_.policy.rehearsal) {
    error.detail += "; " + leave_account(*broker_, day_->session(), options_.policy.on_exit);
  }
  alert(AlertKind::halt, error.message());
  if (loop_ != nullptr) loop_->write_status("halted", error.message());
  return error;
}

Result<> LiveRun::read_books(LiveRunResult& result) {
  result.held.clear();
  result.differences.clear();
  result.warnings.clear();
  result.books_settled = true;
  const auto book = loop_->read_book();
  result.book_read = book.has_value();
  if (!book) {
    result.differences.push_back("the broker's book cannot be read: " + book.error().message());
  } else {
    result.held = held_at_broker(options_.setup.universe, book->positions);
    if (!options_.policy.dry_run) {
      auto verdict = loop_->judge_now(*book);
      if (!verdict) return tl::unexpected(verdict.error());
      result.books_settled = verdict->settled;
      result.differences = std::move(verdict->shares);
      if (verdict->cash_short) result.warnings.push_back(*std::move(verdict->cash_short));
    }
  }
  result.flat = result.book_read && result.held.empty() && day_->session().flat();
  return {};
}

/// Positions lag behind fills by seconds, and a difference counts once it is seen twice.
Result<> LiveRun::last_look(LiveRunResult& result) {
  if (auto done = read_books(result); !done) return done;
  const auto open_question = [&] {
    return !result.books_settled || (day_->session().flat() && !(result.held.empty() && result.differences.empty()));
  };
  const auto end = Wall::now() + (clock_.simulated ? kBooksMaxSimulated : kBooksMax);
  while (open_question() && Wall::now() < end) {
    std::this_thread::sleep_for(kBooksPause);
    if (auto done = read_books(result); !done) return done;
  }
  return {};
}

/// "TQQQ 10, SPXL 3": by the broker, or by our own book where the broker cannot be asked.
std::string LiveRun::shares_left(const LiveRunResult& result) const {
  std::string text;
  const auto add = [&text](const std::string& shares) { text += (text.empty() ? "" : ", ") + shares; };
  for (const std::string& held : result.held) add(held);
  if (result.book_read) return text;
  for (const OwnShares& own : own_shares(day_->session())) add(own.symbol + " " + std::to_string(std::llround(own.qty)));
  return text;
}

Result<LiveRunResult> LiveRun::finish() {
  LiveRunResult result{.hours = clock_.hours};
  result.stopped = loop_->stopped();
  result.whole_session = day_->over() && clock_.last_minute == clock_.hours.minutes - 1;
  result.late_flat = day_->late_flat();
  result.breaker = day_->session().risk().breaker_open();
  if (auto done = last_look(result); !done) return tl::unexpected(done.error());
  result.latency = loop_->latency();
  DayResult day = day_->end();
  for (const std::string& difference : result.differences) {
    if (auto done = day_->log("difference: " + difference); !done) return tl::unexpected(done.error());
  }
  for (const std::string& warning : result.warnings) {
    if (auto done = day_->log("warning: " + warning); !done) return tl::unexpected(done.error());
  }
  const bool closed_for_us = result.book_read && result.held.empty();
  const std::string state = result.flat     ? "flat, "
                            : closed_for_us ? "flat at the broker, not in our book, "
                                            : "NOT FLAT (" + shares_left(result) + "), ";
  const std::string note = state + std::to_string(day.orders_filled) + " orders filled";
  if (auto done = day_->log((options_.policy.rehearsal ? "rehearsal ends: " : "the day ends: ") + note); !done) {
    return tl::unexpected(done.error());
  }
  loop_->write_status("ended", note);
  result.note = note;
  result.run = run_of(std::move(day));
  result.run.warnings = result.warnings;
  if (options_.observers.write_report) {
    if (auto done = options_.observers.write_report(result); !done) return tl::unexpected(done.error());
  }
  if (auto done = day_->mark_ended(); !done) return tl::unexpected(done.error());
  alert(result.flat ? AlertKind::stop : AlertKind::not_flat, format_date(clock_.hours.date) + " ends: " + note);
  return result;
}

RunResult LiveRun::run_of(DayResult day) const {
  RunResult run;
  run.strategy_name = options_.setup.config.name;
  run.config_name = options_.setup.config_name;
  run.trials = options_.setup.trials;
  run.manifest =
      run_manifest(options_.setup.config, options_.setup.universe, options_.setup.fees, bar_files_);
  note_data(run.manifest, {data_findings_, options_.bars.accepted});
  run.mode = "live";
  run.instruments = options_.setup.universe.as_listed();
  run.capital = day_->session().capital().v;
  run.warmup_sessions = warmup_sessions_;
  run.warmup_sessions_wanted = options_.bars.warmup_sessions;
  run.synthetic = synthetic_;
  run.preflight_override = day_->override_preflight();
  run.days.push_back(std::move(day));
  return run;
}

void LiveRun::note_end() const {
  if (options_.observers.times != nullptr && clock_.pacer) options_.observers.times->ended = clock_.pacer->now();
}

}  // namespace sentio
