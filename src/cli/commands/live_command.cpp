/// `live`: trade today's session, and its older spelling `live-trade`.

#include "commands.h"
#include "commands/live_command.h"

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <thread>

#include "options/account_flags.h"
#include "options/checked_bars.h"
#include "options/signal_stop.h"
#include "output/end_record.h"
#include "output/live_report.h"
#include "output/progress.h"
#include "sentio/analysis/override_reason.h"
#include "sentio/analysis/preflight.h"
#include "sentio/live/instance_lock.h"
#include "sentio/live/paper_days.h"
#include "sentio/log/log.h"
#include "sentio/store/atomic_file.h"

namespace sentio::cli {

namespace {

namespace fs = std::filesystem;

constexpr std::chrono::seconds kAlertsMax{5};

constexpr const char* kLiveExamples =
    "Examples:\n"
    "  sentio_cli live --paper\n"
    "  sentio_cli live --paper --dry-run --feed alpaca\n"
    "  sentio_cli live --real --alert-url https://ntfy.sh/my-topic\n"
    "  SENTIO_REAL_TRADING=yes sentio_cli live --real --yes --alert-cmd 'notify-send sentio'   # unattended\n"
    "\n"
    "Warms up on the 20 sessions before today, checks account, clock, calendar and book, trades until 15:58 New\n"
    "York and ends with the session. Files: LOG-DIR/live_trading. Started again within the day it goes on where\n"
    "it was. Ctrl-C sells everything (or keeps it, --on-exit hold); twice leaves at once. A file named\n"
    ".maintenance_mode in the working directory stops entries while it is there. Keys: config.env.\n"
    "Exit codes: 3 data or calendar, 4 broker, keys, clock, 5 books that differ, 6 halted, 7 not flat in time,\n"
    "8 no session today, 9 already running.";

/// Real money needs somebody who says so, or who has said so twice.
void confirm_or_finish(const LiveFlags& flags) {
  if (flags.yes) {
    const char* said = std::getenv("SENTIO_REAL_TRADING");
    if (said != nullptr && std::string(said) == "yes") return;
    finish(Error{Errc::usage, "--yes", "with --real also needs SENTIO_REAL_TRADING=yes in the environment"});
  }
  if (::isatty(STDIN_FILENO) == 0) {
    finish(Error{Errc::usage, "--real",
                 "asks for confirmation on a terminal; unattended it needs --yes and SENTIO_REAL_TRADING=yes"});
  }
  word_or_finish("This trades REAL MONEY. Type REAL to go on: ", "REAL", "--real");
}

/// The checklist, shown always, obeyed unless there is a reason.
Result<> run_preflight(const LiveFlags& flags, const LiveRunOptions& options, const BrokerAccount& account, Date date) {
  auto days = read_paper_days(options.folder, date);
  if (!days) return tl::unexpected(days.error());
  const Preflight verdict = preflight({.date = date,
                                       .paper_folder = options.folder.string(),
                                       .days = *std::move(days),
                                       .instruments = options.setup.universe.as_listed(),
                                       .equity = account.equity.value,
                                       .keys_real = true,
                                       .stop_loss_pct = options.setup.config.rotation.stop_loss_pct,
                                       .alerts_configured = !flags.alert_url.empty() || !flags.alert_command.empty()},
                                      value_or_finish(targets_named("handbook")));
  std::fputs(preflight_text(verdict).c_str(), stderr);
  if (verdict.ok() || options.policy.dry_run) return {};
  if (!options.policy.override_preflight.empty()) {
    print_warning("pre-flight overridden: " + options.policy.override_preflight);
    return {};
  }
  return fail(Errc::usage, "pre-flight", "refused; trade on paper until every line holds, or give a reason with --override-preflight");
}

LiveRunOptions options_or_finish(const LiveFlags& flags, LiveAccount account) {
  LiveRunOptions o{.setup = setup_or_finish(flags.common)};
  o.account.which = account;
  o.folder = log_folder_or_finish(flags.common, "live_trading");
  keep_out_of_log(flags.alert_url);
  begin_log(flags.common, "live");
  o.account.keys = keys_or_finish(flags.account, account);
  o.account.endpoints = endpoints_or_finish(flags.account, account, flags.alpaca_feed);
  if (flags.feed == "polygon" && o.account.keys.polygon_key.empty()) {
    finish(Error{Errc::unauthorized, "--feed polygon", "POLYGON_API_KEY is not set"});
  }
  o.bars.feed = flags.feed == "polygon" ? FeedChoice::polygon
           : flags.feed == "alpaca" ? FeedChoice::alpaca
                                    : FeedChoice::automatic;
  o.bars.alpaca_feed = flags.alpaca_feed;
  o.bars.alpaca_quotes = flags.quotes;
  o.bars.data_dir = flags.common.data_dir;
  o.bars.stamp = stamp_of(flags.common);
  o.bars.accepted = accepted_or_finish(flags.common);
  o.bars.warmup_state = flags.warmup_state;
  o.bars.warmup_sessions = flags.warmup_days;
  o.bars.warmup_from_feed = flags.warmup_from == "feed";
  o.bars.allow_short_warmup = flags.allow_short_warmup;
  o.bars.jobs = flags.jobs > 0 ? flags.jobs : static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
  o.policy.dry_run = flags.dry_run;
  o.policy.adopt = flags.adopt;
  o.policy.on_exit = flags.on_exit == "hold" ? OnExit::hold : OnExit::flatten;
  if (flags.orders == "marketable-limit") {
    o.policy.order_style = {OrderStyle::Kind::marketable_limit, Bps{flags.limit_offset_bps}};
  }
  value_or_finish(check_order_style(o.policy.order_style, o.setup.config.risk));
  o.policy.override_preflight = harmless_reason(flags.override_preflight);
  if (!flags.override_preflight.empty() && o.policy.override_preflight.empty()) {
    finish(Error{Errc::usage, "--override-preflight", "needs a reason that can be read"});
  }
  return o;
}

Result<std::unique_ptr<AlertDesk>> make_alert_desk(const LiveFlags& flags, LiveAccount account) {
  return AlertDesk::create({.url = flags.alert_url,
                            .command = flags.alert_command,
                            .extra_ca_file = flags.account.ca_file,
                            .subject = "sentio " + std::string(to_string(account))});
}

/// What fails before anything is connected is told on standard error, where cron has nobody who reads it.
LiveRunOptions options_or_alert(const LiveFlags& flags, LiveAccount account) {
  try {
    return options_or_finish(flags, account);
  } catch (const CLI::RuntimeError& ended) {
    if (const auto desk = make_alert_desk(flags, account)) {
      (*desk)->post(AlertKind::halt, "the start was refused with exit code " + std::to_string(ended.get_exit_code()) +
                                         "; its standard error says why");
      (void)(*desk)->close(kAlertsMax);
    }
    throw;
  }
}

void tell_people(LiveRunOptions& options, ProgressLine& progress, bool quiet) {
  options.observers.say = [&progress, quiet](const std::string& text) {
    progress.clear();
    if (!quiet) std::fprintf(stderr, "%s\n", text.c_str());
  };
  options.observers.warning = [&progress](const std::string& text) {
    progress.clear();
    print_warning(text);
  };
  options.observers.progress = [&progress](TimePoint now, double equity) {
    const auto hours = NyseCalendar::session(new_york_date(now));
    if (!hours) return;
    char note[40];
    std::snprintf(note, sizeof note, "equity %.0f", equity);
    const auto done = static_cast<int>((now - hours->open) / kBarLength);
    progress.update(std::clamp(done, 0, hours->minutes), hours->minutes, "minutes", note);
  };
}

/// Nobody may be left without the reason of a start that failed.
LiveRunResult live_or_finish(const LiveRunOptions& options, AlertDesk& alerts) {
  auto result = run_live(options);
  if (result) return *std::move(result);
  if (result.error().code == Errc::no_session) {
    // Cron's evidence that it did run on a closed day; nobody needs an alert.
    const fs::path record = options.folder / ("session_" + result.error().where + ".log");
    // A day whose journal was moved away has one that says more.
    std::error_code ignored;
    if (!fs::exists(record, ignored)) value_or_finish(write_file_atomically(record, result.error().message() + "\n"));
    finish(result.error());
  }
  // The check of the books tells by itself.
  if (result.error().code != Errc::reconciliation) alerts.post(AlertKind::halt, result.error().message());
  (void)alerts.close(kAlertsMax);
  finish(result.error());
}

[[noreturn]] void trade_day(const LiveFlags& flags, LiveAccount account, EndRecord& record) {
  const Targets targets = value_or_finish(targets_named(flags.targets));
  LiveRunOptions options = options_or_alert(flags, account);
  if (account == LiveAccount::real) {
    options.observers.before_trading = [&flags, &options](const BrokerAccount& broker, Date date) {
      return run_preflight(flags, options, broker, date);
    };
  }
  if (account == LiveAccount::real && !flags.dry_run) confirm_or_finish(flags);
  record.hold(value_or_finish(InstanceLock::take(options.folder)));
  options.observers.write_report = [&](const LiveRunResult& result) {
    return write_live_report(options.folder, result, targets);
  };
  StopSignal stop;
  const SignalStop signals([&stop] { stop.request(); });
  const auto alerts = value_or_finish(make_alert_desk(flags, account));  // its threads come after the signals
  options.observers.stop = &stop;
  options.observers.times = &record.times();
  ProgressLine progress(!flags.common.quiet && !flags.common.json);
  tell_people(options, progress, flags.common.quiet || flags.common.json);
  options.observers.alerts = Alerts([&alerts](AlertKind kind, const std::string& text) { alerts->post(kind, text); });
  const LiveRunResult result = live_or_finish(options, *alerts);
  progress.clear();
  const std::string delivered = alerts->close(kAlertsMax);
  if (result.already_ended) {
    record.ended_before();
    if (!flags.common.quiet) print_or_finish("The session of " + format_date(result.hours.date) + " has ended already.\n");
    finish(ExitCode::ok);
  }
  record.take(result);
  print_live_report(options.folder, result, targets, flags.common, alerts->configured() ? delivered + "\n" : "");
  const bool window = !result.whole_session && !result.stopped;
  finish_live(result, window || (result.stopped && options.policy.on_exit == OnExit::hold));
}

}  // namespace

void run_live_command(const LiveFlags& flags) {
  const LiveAccount account = account_or_finish(flags.account);
  EndRecord record(flags, account);
  try {
    trade_day(flags, account, record);
  } catch (const CLI::RuntimeError& ended) {
    record.write(ended.get_exit_code(), ended.what());
    throw;
  } catch (const std::exception& e) {
    record.write(static_cast<int>(ExitCode::internal), e.what());
    throw;
  }
}

void add_live_flags(CLI::App& command, LiveFlags& flags) {
  add_account_flags(command, flags.account);
  command.add_option("--feed", flags.feed, "Bars from alpaca or polygon; auto: Polygon where its key is set")
      ->check(CLI::IsMember({"auto", "alpaca", "polygon"}))
      ->capture_default_str();
  command.add_option("--alpaca-feed", flags.alpaca_feed, "iex (free) or sip (all exchanges, paid)")
      ->check(CLI::IsMember({"iex", "sip"}))
      ->capture_default_str();
  command.add_flag("--quotes", flags.quotes, "Hear Alpaca's quotes as well (Polygon's always): only to measure executions by");
  command.add_flag("--dry-run", flags.dry_run, "Everything but orders");
  command.add_option("--on-exit", flags.on_exit, "What a signal does with positions: flatten or hold")
      ->check(CLI::IsMember({"flatten", "hold"}))
      ->capture_default_str();
  command.add_option("--entries", flags.orders, "Entries: market, or marketable-limit, a limit beyond the last close; exits are market orders")
      ->check(CLI::IsMember({"market", "marketable-limit"}))
      ->capture_default_str();
  command.add_option("--limit-offset-bps", flags.limit_offset_bps,
                     "How far beyond the last close that limit stands; below max_price_deviation")
      ->check(number_from(0, 1000))
      ->capture_default_str();
  command.add_flag("--adopt", flags.adopt, "Take over positions in our instruments that our orders do not explain");
  command.add_option("--warmup-days", flags.warmup_days, "Sessions before the day that teach the learners")
      ->check(CLI::Range(0, 1000))
      ->capture_default_str();
  command.add_option("--warmup-from", flags.warmup_from,
                     "Warm-up bars from files of --data-dir, or from the feed that is traded on, over REST: one exchange's "
                     "tape (iex) has some 2 % of the volume that files of all exchanges have")
      ->check(CLI::IsMember({"files", "feed"}))
      ->capture_default_str();
  command.add_option("--warmup-state", flags.warmup_state, "Start from this state of warmup-multi instead of bars")
      ->excludes("--warmup-from");
  command.add_flag("--allow-short-warmup", flags.allow_short_warmup, "Trade although sessions or bars are missing");
  command.add_option("--jobs", flags.jobs, "Threads for the warm-up (0 = all cores)")
      ->check(CLI::Range(0, 256))
      ->capture_default_str();
  command.add_option("--alert-url", flags.alert_url, "Webhook of Slack, Discord or ntfy")->envname("SENTIO_ALERT_URL");
  command.add_option("--alert-cmd", flags.alert_command, "Program to run for each alert; the text is its input");
  command.add_flag("--yes", flags.yes, "Do not ask; --real also needs SENTIO_REAL_TRADING=yes in the environment");
  command.add_option("--override-preflight", flags.override_preflight,
                     "Reason for real trading against the checklist; stands in the journal and in every report");
  add_targets_flag(command, flags.targets);
  add_setup_flags(command, flags.common);
  add_data_flag(command, flags.common);
  add_stamp_flag(command, flags.common);
  add_accept_flag(command, flags.common);
  add_output_flags(command, flags.common);
  add_log_level_flag(command, flags.common);
}

void add_live(CLI::App& app) {
  auto* command = app.add_subcommand("live", "Trade today's session on Alpaca, paper or real");
  auto flags = std::make_shared<LiveFlags>();
  add_live_flags(*command, *flags);
  command->footer(kLiveExamples);
  command->callback([flags] { run_live_command(*flags); });
}

}  // namespace sentio::cli
